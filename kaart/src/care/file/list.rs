//! A list in one cell.

/// A list as a cell: semicolons between its items, and two for one that is in an item.
pub(in crate::care) fn list<T: AsRef<str>>(items: &[T]) -> String {
    items.iter().map(|item| item.as_ref().replace(';', ";;")).collect::<Vec<_>>().join("; ")
}

/// The items of a list in one cell.
pub(in crate::care) fn items(cell: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut rest = cell.chars().peekable();
    while let Some(c) = rest.next() {
        match items.last_mut() {
            _ if c == ';' && rest.next_if_eq(&';').is_none() => items.push(String::new()),
            Some(item) => item.push(c),
            None => {}
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_list_is_read_as_it_was_written(list_of in proptest::collection::vec("[a;=']{1,5}", 1..5)) {
            let read: Vec<String> = items(&list(&list_of)).iter().map(|item| item.trim().to_owned()).collect();
            prop_assert_eq!(read, list_of);
        }
    }
}
