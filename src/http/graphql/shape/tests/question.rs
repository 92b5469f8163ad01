//! Questions of every form.

/// Turns numbers into a question.
struct Writer<'a> {
    numbers: std::slice::Iter<'a, u8>,
}

impl Writer<'_> {
    /// A number below `many`; 0 once all numbers are used.
    fn choose(&mut self, many: usize) -> usize {
        self.numbers.next().map_or(0, |number| usize::from(*number) % many)
    }

    fn set(&mut self, kind: &str, depth: usize) -> String {
        let selections: Vec<_> = (0..=self.choose(4)).map(|_| self.selection(kind, depth)).collect();
        format!("{{ {} }}", selections.join(" "))
    }

    fn selection(&mut self, kind: &str, depth: usize) -> String {
        let directive = match self.choose(12) {
            1 => "@skip(if: true)",
            2 => "@skip(if: false)",
            3 => "@include(if: $yes)",
            4 => "@skip(if: $yes)",
            _ => "",
        };
        let on = if kind == "Query" { ["Query"; 3] } else { ["Thing", "Other", "Any"] };
        match self.choose(10) {
            1 if depth > 0 => format!("... {directive} {}", self.set(kind, depth - 1)),
            2 if depth > 0 => {
                // Only fragments that could apply are valid.
                let on = if kind == "Any" { on[self.choose(3)] } else { [kind, on[2]][self.choose(2)] };
                format!("... on {on} {directive} {}", self.set(on, depth - 1))
            }
            3 if kind == "Thing" => format!("...T {directive}"),
            4 if kind == "Other" || kind == "Any" => format!("...A {directive}"),
            _ => self.field(kind, depth, directive),
        }
    }

    fn field(&mut self, kind: &str, depth: usize, directive: &str) -> String {
        let leaves: &[&str] = match kind {
            "Query" => &["__typename"],
            "Thing" => &["id", "late", "oddFails", "hardFails", "softFails", "numbers", "__typename"],
            "Other" => &["id", "tag", "hardFails", "__typename"],
            _ => &["id", "__typename"],
        };
        let objects: &[(&str, &str)] = match kind {
            "Query" => &[("hard", "Thing"), ("soft", "Thing"), ("list", "Thing"), ("any", "Any")],
            "Thing" => &[
                ("soft", "Thing"),
                ("hard", "Thing"),
                ("none", "Thing"),
                ("softList", "Thing"),
                ("holes", "Thing"),
                ("list", "Thing"),
                ("any", "Any"),
                ("anys", "Any"),
            ],
            "Other" => &[("soft", "Thing")],
            _ => &[],
        };
        let nested = depth > 0 && !objects.is_empty() && self.choose(3) > 0;
        let (name, below) = if nested {
            let (name, kind) = objects[self.choose(objects.len())];
            (name, self.set(kind, depth - 1))
        } else {
            (leaves[self.choose(leaves.len())], String::new())
        };
        // The engine does not see that a variable is used there.
        let directive = if name == "__typename" { "" } else { directive };
        let alias = if self.choose(8) == 7 { format!("again_{name}: ") } else { String::new() };
        format!("{alias}{name} {directive} {below}")
    }
}

/// A valid question of the things, by the numbers.
pub(super) fn question(numbers: &[u8]) -> String {
    let mut query = Writer { numbers: numbers.iter() }.set("Query", 5);
    if query.contains("$yes") {
        query = format!("query($yes: Boolean!) {query}");
    }
    if query.contains("...T") {
        query.push_str(" fragment T on Thing { late id soft { softFails late } any { id } }");
    }
    if query.contains("...A") {
        query.push_str(
            " fragment A on Any { ... on Other { soft { oddFails } tag } id ... on Thing { soft { id late } } }",
        );
    }
    query
}
