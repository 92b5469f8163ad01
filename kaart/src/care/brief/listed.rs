//! What vervoer lists (postcodes, gemeenten, the cells of areas) as ranges of numbers: it comes where a number of a home lies
//! in one.

use std::sync::Arc;

use super::super::{
    postcode::Pc4,
    vervoer::{Destination, Vervoer},
};
use crate::geo::{Area, next_stored};

/// The number of a gemeente, a PC4 or a cell; the three never are the same. H3 sets bit 59 of its cells.
type Number = i64;

const PC4: Number = 1 << 56;
const CELL: Number = 1 << 59;

/// All that the arrangements of a place list: the first and the last of each range, in order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Listed(Arc<[[Number; 2]]>);

impl Listed {
    /// What these arrangements list; none: one of them lists what is no number.
    pub(super) fn of<'a>(vervoer: impl Iterator<Item = &'a Vervoer>) -> Option<Self> {
        let mut ranges = Vec::new();
        for one in vervoer {
            ranges.extend(one.postcodes.iter().flatten().map(|pc4| [postcode(*pc4); 2]));
            for code in one.gemeenten.iter().flatten() {
                ranges.push([gemeente(code)?; 2]);
            }
            ranges.extend(one.area.iter().flat_map(Area::ranges).map(|range| [*range.start(), *range.end()]));
        }
        ranges.sort_unstable();
        // Most cells of an area follow each other, and many postcodes.
        ranges.dedup_by(|[from, to], [_, before]| {
            let follows = *from <= next(*before);
            *before = if follows { *to.max(before) } else { *before };
            follows
        });
        Some(Self(ranges.into()))
    }

    /// The same elsewhere.
    pub(super) fn copy(&self) -> Self {
        Self(Arc::from(&*self.0))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn has(&self, number: Number) -> bool {
        let after = self.0.partition_point(|[from, _]| *from <= number);
        after.checked_sub(1).and_then(|last| self.0.get(last)).is_some_and(|[_, to]| number <= *to)
    }
}

/// What a home is listed by.
#[derive(Debug)]
pub(super) struct Home(Vec<Number>);

impl Home {
    /// None: its gemeente is no number.
    pub(super) fn of(home: &Destination) -> Option<Self> {
        let gemeente = home.gemeente_code.as_deref().map(gemeente);
        if gemeente == Some(None) {
            return None;
        }
        Some(Self(
            gemeente.flatten().into_iter().chain(home.pc4.map(postcode)).chain(Area::number(home.point)).collect(),
        ))
    }

    /// Whether it is among what is listed.
    pub(super) fn is_in(&self, listed: &Listed) -> bool {
        self.0.iter().any(|number| listed.has(*number))
    }
}

fn postcode(pc4: Pc4) -> Number {
    PC4 | Number::from(pc4.number())
}

/// The bytes of a code, `GM0344`; none: there are too many of them, or none.
fn gemeente(code: &str) -> Option<Number> {
    let fits = (1..=7).contains(&code.len()) && !code.starts_with('\0');
    fits.then(|| code.bytes().fold(0, |number, byte| number << 8 | Number::from(byte)))
}

/// The number that comes next among those of its kind.
fn next(number: Number) -> Number {
    if number >= CELL { next_stored(number) } else { number + 1 }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use super::*;
    use crate::geo::Point;

    #[test]
    fn numbers_of_different_kinds_differ() {
        let cell = Area::number(Point::new(52.09, 5.12).unwrap()).unwrap();
        let pc4 = |number| postcode(Pc4::from_number(number).unwrap());
        let last = "\u{7f}".repeat(7);
        let gemeenten = ["A", "GM0344", "GM0345", &last].map(|code| gemeente(code).unwrap());
        let numbers = [gemeenten.as_slice(), &[pc4(1_000), pc4(9_999), CELL, cell]].concat();
        assert!(numbers.is_sorted_by(|one, other| next(*one) <= *other), "{numbers:x?}");
        assert_eq!(["", "\0A", "GM034400"].map(gemeente), [None; 3]);
    }

    #[test]
    fn a_gemeente_that_is_no_number_is_left_to_the_whole_statement() {
        let point = Point::new(52.09, 5.12).unwrap();
        let home = |code: Option<&str>| Destination { point, pc4: None, gemeente_code: code.map(Into::into) };
        assert!(Home::of(&home(Some("a long code"))).is_none());
        assert_eq!(Home::of(&home(Some("GM0344"))).unwrap().0.len(), 2);
        assert_eq!(Home::of(&home(None)).unwrap().0.len(), 1);
    }
}
