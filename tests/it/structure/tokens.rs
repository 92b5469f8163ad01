//! Which paths a Rust file names: `crate::store::View`, `sea_orm::Value`, however they are written.

/// A path with the module that it is named in as its base: `["crate", "store", "View"]`.
pub(super) type Path = Vec<String>;

/// Words and punctuation, without comments and literals.
fn tokens(source: &str) -> Vec<String> {
    let chars: Vec<char> = source.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        at += match rest {
            ['/', '/', ..] => rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
            ['/', '*', ..] => block_comment(rest),
            ['r' | 'b' | 'c', ..] if raw_string(rest).is_some() => raw_string(rest).unwrap_or(1),
            ['"', ..] => string(rest),
            ['\'', '\\', ..] => 2 + rest[2..].iter().skip(1).position(|c| *c == '\'').map_or(1, |end| end + 2),
            ['\'', _, '\'', ..] => 3,
            [':', ':', ..] => {
                found.push("::".to_owned());
                2
            }
            [c, ..] if c.is_alphanumeric() || *c == '_' => {
                let length = rest.iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
                found.push(rest[..length].iter().collect());
                length
            }
            [c, ..] => {
                if !c.is_whitespace() {
                    found.push(c.to_string());
                }
                1
            }
            [] => 1,
        };
    }
    found
}

fn block_comment(rest: &[char]) -> usize {
    let mut depth = 0_u32;
    let mut at = 0;
    while at < rest.len() {
        match &rest[at..] {
            ['/', '*', ..] => {
                depth += 1;
                at += 2;
            }
            ['*', '/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn string(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != '"' {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The length of a raw string, if one begins here.
fn raw_string(rest: &[char]) -> Option<usize> {
    let prefix = rest.iter().take_while(|c| matches!(c, 'r' | 'b' | 'c')).count();
    let hashes = rest[prefix..].iter().take_while(|c| **c == '#').count();
    let is_raw = rest[..prefix].contains(&'r') && prefix <= 2 && rest.get(prefix + hashes) == Some(&'"');
    if !is_raw {
        return None;
    }
    let begin = prefix + hashes + 1;
    let end =
        (begin..rest.len()).find(|at| rest[*at] == '"' && rest[at + 1..].iter().take(hashes).all(|c| *c == '#'))?;
    Some(end + 1 + hashes)
}

/// Every path that `source` names, `self` and `super` resolved from `module` (`["crate", "geo", "cell"]`).
pub(super) fn paths(source: &str, module: &[&str]) -> Vec<Path> {
    let tokens = tokens(source);
    let mut found = Vec::new();
    // Modules inside the file, with the depth of braces at which each ends.
    let mut inside: Vec<(String, u32)> = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].as_str() {
            "mod" if tokens.get(at + 2).is_some_and(|next| next == "{") => inside.push((tokens[at + 1].clone(), depth)),
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                inside.retain(|(_, outer)| *outer < depth);
            }
            _ => {}
        }
        // `::a` begins a path, `b::a` and `<B>::a` do not.
        let goes_on = at >= 2 && tokens[at - 1] == "::" && (is_word(&tokens[at - 2]) || tokens[at - 2] == ">");
        let begins = is_word(&tokens[at]) && !goes_on;
        if begins && tokens.get(at + 1).is_some_and(|next| next == "::") {
            let mut here: Vec<&str> = module.to_vec();
            here.extend(inside.iter().map(|(name, _)| name.as_str()));
            let mut named = Vec::new();
            let end = tree(&tokens, at, &mut Vec::new(), &mut named);
            found.extend(named.into_iter().map(|path| resolved(path, &here)));
            // Braces of a use tree are no blocks.
            at = end;
        } else {
            at += 1;
        }
    }
    found
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Reads `a::b::{c, d::*}` at `at`; says where it ends.
fn tree(tokens: &[String], mut at: usize, prefix: &mut Path, found: &mut Vec<Path>) -> usize {
    let begin = prefix.len();
    loop {
        match tokens.get(at).map(String::as_str) {
            Some("{") => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token != "}") {
                    let next = tree(tokens, at, prefix, found);
                    // A comma, or `as name`.
                    at = if next == at { at + 1 } else { next };
                }
                prefix.truncate(begin);
                return at + 1;
            }
            Some(word) if is_word(word) || word == "*" => {
                prefix.push(word.to_owned());
                at += 1;
            }
            _ => break,
        }
        if tokens.get(at).is_some_and(|token| token == "::") {
            at += 1;
        } else {
            break;
        }
    }
    if prefix.len() > begin {
        found.push(prefix.clone());
        prefix.truncate(begin);
    }
    at
}

fn resolved(path: Path, module: &[&str]) -> Path {
    let mut base: Vec<String> = match path.first().map(String::as_str) {
        Some("self" | "super") => module.iter().map(|&name| name.to_owned()).collect(),
        _ => Vec::new(),
    };
    for name in path {
        match name.as_str() {
            "self" if !base.is_empty() => {}
            "super" => {
                base.pop();
            }
            _ => base.push(name),
        }
    }
    base
}

#[test]
fn a_path_is_found_however_it_is_written() {
    let source = r##"
        //! crate::no
        use crate::{auth::Denied, care::{id::PlaceId, self}};
        use super::super::geo as g;
        /* crate::no /* crate::no */ */
        fn f<'a>(c: char) -> super::Cell { let s = "crate::no \" crate::no"; let r = r#"crate::no"#; c == '"'; ::sea_orm::x() }
        mod tests { use super::*; mod deeper { use super::super::store::View; } }
        fn g() { self::here::f(crate::clock::now()) }
    "##;
    let found = paths(source, &["crate", "geo", "cell"]);
    let found: Vec<String> = found.iter().map(|path| path.join("::")).collect();
    assert_eq!(
        found,
        [
            "crate::auth::Denied",
            "crate::care::id::PlaceId",
            "crate::care",
            "crate::geo",
            "crate::geo::Cell",
            "sea_orm::x",
            "crate::geo::cell::*",
            "crate::geo::cell::store::View",
            "crate::geo::cell::here::f",
            "crate::clock::now",
        ]
    );
}
