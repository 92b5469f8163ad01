//! Every file and folder that a document names exists.

use std::{collections::BTreeSet, fs};

use super::root;

/// The documents, and whether each must exist.
const DOCUMENTS: [(&str, bool); 5] = [
    ("README.md", true),
    ("ARCHITECTURE.md", true),
    ("CONTRIBUTING.md", false),
    ("docs/operations.md", true),
    ("seed/README.md", false),
];
const ENDINGS: [&str; 9] = [".rs", ".toml", ".csv", ".py", ".md", ".graphql", ".lock", ".mjs", ".sh"];

#[test]
fn every_path_in_the_documents_exists() {
    let mut missing = BTreeSet::new();
    for (document, required) in DOCUMENTS {
        let path = root().join(document);
        let Ok(text) = fs::read_to_string(&path) else {
            assert!(!required, "{document} is missing: it is where a reader begins");
            continue;
        };
        let lines = lines(&text);
        for Names { names, folders } in &lines {
            let from = [root().to_owned(), path.parent().unwrap().to_owned()];
            let from: Vec<_> = from.into_iter().chain(folders.iter().map(|folder| root().join(folder))).collect();
            // A name without a folder may be of any that the document names.
            let named = || lines.iter().flat_map(|line| &line.folders).map(|folder| root().join(folder));
            let exists = |name: &str| {
                from.iter().any(|folder| folder.join(name).exists())
                    || !name.contains('/') && named().any(|folder| folder.join(name).exists())
            };
            let gone = names.iter().filter(|name| !MADE.contains(&name.as_str()) && !exists(name));
            missing.extend(gone.map(|name| format!("{document}: {name}")));
        }
    }
    assert!(missing.is_empty(), "these documents name what is not there:\n{}", Vec::from_iter(missing).join("\n"));
}

/// Folders that the program makes.
const MADE: [&str; 6] =
    ["data/", "data_dir/keys", "data_dir/audit-head.jws", "data_dir/clock", "zorgkaart.db-wal", "zorgkaart.toml"];

/// What one line names.
#[derive(Debug, Default)]
struct Names {
    names: Vec<String>,
    /// The folders among them, in which the rest of the line may look.
    folders: Vec<String>,
}

/// The names of files and folders in a document: in links, and between backticks outside blocks of code.
fn lines(text: &str) -> Vec<Names> {
    let mut in_block = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            let links = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            let links = links.map(|link| link.split('#').next().unwrap_or_default());
            let names: Vec<String> = line
                .split('`')
                .skip(1)
                .step_by(2)
                .chain(links)
                .filter(|name| is_path(name))
                .map(str::to_owned)
                .collect();
            let folders = names.iter().filter_map(|name| Some(name.rsplit_once('/')?.0.to_owned())).collect();
            found.push(Names { names, folders });
        }
    }
    found
}

/// Whether a text looks like a path of this repository.
fn is_path(text: &str) -> bool {
    let plain = text.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
    let has_ending = ENDINGS.iter().any(|ending| text.len() > ending.len() && text.ends_with(ending));
    // What begins with `/` is a route, with `..` the repository's surroundings; media types look like paths.
    let of_others = ["/", "..", "application/", "text/"].iter().any(|start| text.starts_with(start));
    plain && !of_others && (has_ending || text.contains('/'))
}

#[test]
fn names_are_told_from_other_texts() {
    let text = "`src/app.rs`, [map](ARCHITECTURE.md#map) `application/json` `/graphql` `a b/c.rs` `src/{a,b}.rs`\n\
                ```\n`src/no.rs`\n```\n`src/geo/` (`cell.rs`) `https://example.org/x.md`";
    let lines: Vec<Vec<String>> = lines(text).into_iter().map(|line| line.names).collect();
    assert_eq!(lines, [vec!["src/app.rs", "ARCHITECTURE.md"], vec!["src/geo/", "cell.rs"]]);
}
