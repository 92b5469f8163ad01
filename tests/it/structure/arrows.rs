//! The arrows of ARCHITECTURE.md: which part of the code may use which.

use std::{collections::BTreeSet, fs};

use super::{root, rust_files, tokens};

/// What each module of the library may use of the others; a longer path allows that part alone.
const MODULES: &[(&str, &[&str])] = &[
    ("main", &[]),
    ("lib", &[]),
    ("cli", &["app", "auth", "care", "clock", "config", "graphql", "http", "store", "telemetry"]),
    ("app", &["auth", "care", "clock", "config", "http", "private", "store"]),
    ("http", &["auth", "care", "clock", "graphql", "store"]),
    ("graphql", &["auth", "care", "geo", "store"]),
    (
        "store",
        &[
            "auth::Scope",
            "auth::Denied",
            "auth::ContactReach",
            "auth::DemandReach",
            "care",
            "clock",
            "geo",
            "private",
            "secret",
        ],
    ),
    ("care", &["geo"]),
    ("auth", &["private"]),
    ("geo", &[]),
    (
        "config",
        &[
            "auth::IssuerConfig",
            "auth::IssuerError",
            "auth::check_issuers",
            "care::freshness",
            "graphql::gate",
            "graphql::attempts",
            "http::ImportLimits",
            "http::LoadLimits",
            "http::SocketLimits",
            "http::graphql::BodyLimits",
            "store::DatabaseUrl",
            "store::DatabaseLimits",
        ],
    ),
    ("clock", &[]),
    ("private", &[]),
    ("secret", &[]),
    ("telemetry", &[]),
];

/// What each module may use of our other crates.
const CRATES: &[(&str, &[&str])] = &[
    ("main", &["zorgkaart"]),
    ("lib", &["kaart"]),
    ("store", &["entity", "migration"]),
    ("care", &["entity::id", "entity::vocabulary"]),
    ("auth", &["entity::id"]),
];

const OURS: [&str; 4] = ["entity", "kaart", "migration", "zorgkaart"];
/// The crates with modules: those of `kaart` are modules of the library, which passes them on.
const MODULAR: [&str; 2] = ["kaart/src", "src"];
/// Parts of a row in `entity`.
const ROWS: [&str; 4] = ["Model", "ModelEx", "Entity", "ActiveModel"];

/// A path that a file names.
struct Named {
    file: String,
    /// The top module that the file belongs to.
    module: String,
    path: Vec<String>,
}

impl Named {
    fn text(&self) -> String {
        self.path.join("::")
    }

    fn complaint(&self) -> String {
        format!("{}: {}", self.file, self.text())
    }
}

/// Every path that the files under `folder` name.
fn named(folder: &str) -> Vec<Named> {
    let folder = root().join(folder);
    let mut found = Vec::new();
    for file in rust_files(&folder) {
        let inside = file.strip_prefix(&folder).unwrap().with_extension("");
        let mut module: Vec<&str> = vec!["crate"];
        module.extend(inside.iter().map(|part| part.to_str().unwrap()));
        let top = module[1].to_owned();
        if module.last() == Some(&"mod") || module.len() == 2 && matches!(module[1], "lib" | "main") {
            module.pop();
        }
        for path in tokens::paths(&fs::read_to_string(&file).unwrap(), &module) {
            let file = file.strip_prefix(root()).unwrap().display().to_string();
            found.push(Named { file, module: top.clone(), path });
        }
    }
    assert!(found.len() > 10, "nothing was read under {}", folder.display());
    found
}

/// Whether `path` is one of `allowed` or inside it.
fn is_allowed(path: &[String], allowed: &[&str]) -> bool {
    allowed.iter().any(|allowed| {
        let allowed: Vec<&str> = allowed.split("::").collect();
        path.len() >= allowed.len() && path.iter().zip(&allowed).all(|(a, b)| a == b)
    })
}

fn allowed<'a>(list: &[(&str, &'a [&'a str])], module: &str) -> &'a [&'a str] {
    list.iter().find(|(name, _)| *name == module).map_or(&[], |(_, allowed)| allowed)
}

fn assert_none(wrong: &BTreeSet<String>, rule: &str) {
    assert!(wrong.is_empty(), "{rule}\n{}", wrong.iter().cloned().collect::<Vec<_>>().join("\n"));
}

#[test]
fn modules_use_each_other_along_the_arrows() {
    let mut wrong = BTreeSet::new();
    for one in MODULAR.into_iter().flat_map(named) {
        assert!(MODULES.iter().any(|(module, _)| *module == one.module), "say what {} may use, in MODULES", one.module);
        let [base, inside @ ..] = one.path.as_slice() else { continue };
        let (inside, list) = match base.as_str() {
            "crate" => (inside, MODULES),
            name if OURS.contains(&name) => (one.path.as_slice(), CRATES),
            _ => continue,
        };
        let own = inside.first().is_none_or(|first| *first == one.module);
        if !own && !is_allowed(inside, allowed(list, &one.module)) {
            wrong.insert(one.complaint());
        }
    }
    assert_none(&wrong, "these go against the arrows (ARCHITECTURE.md; MODULES and CRATES in this test):");
}

#[test]
fn the_small_crates_use_nothing_of_ours() {
    let mut wrong = BTreeSet::new();
    for folder in ["entity/src", "migration/src"] {
        let ours = named(folder).into_iter().filter(|one| OURS.contains(&one.path[0].as_str()));
        wrong.extend(ours.map(|one| one.complaint()));
    }
    assert_none(&wrong, "`entity` and `migration` stand on their own:");
}

#[test]
fn rows_are_named_under_store_alone() {
    let mut wrong = BTreeSet::new();
    for one in MODULAR.into_iter().flat_map(named).filter(|one| one.module != "store") {
        let row = one.path.iter().any(|name| ROWS.contains(&name.as_str()));
        if one.path[0] == "sea_orm" || one.path[0] == "sqlx" || one.path[0] == "entity" && row {
            wrong.insert(one.complaint());
        }
    }
    assert_none(&wrong, "databases and rows are for src/store:");
}

#[test]
fn the_clock_is_read_in_one_place() {
    let mut wrong = BTreeSet::new();
    for one in ["src", "kaart/src", "entity/src", "migration/src"].into_iter().flat_map(named) {
        let text = one.text();
        let reads = ["Utc::now", "Local::now", "SystemTime::now"].iter().any(|now| text.ends_with(now));
        if reads && one.file != "src/clock.rs" {
            wrong.insert(one.complaint());
        }
    }
    assert_none(&wrong, "the time comes from src/clock.rs:");
}
