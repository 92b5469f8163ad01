//! One linear pass over the bytes of a document, before anything recursive sees it.
//!
//! The parser descends once per bracket on the stack of its thread, so a few kilobytes of `[` end the process. This pass
//! knows the lexical grammar only (tokens, strings, comments), keeps a counter where the parser keeps a stack frame, and
//! accepts everything that the parser accepts.

use async_graphql::Pos;

use super::refusal::Refusal;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
const BLOCK_QUOTE: &[u8] = br#"""""#;
const ESCAPED_BLOCK_QUOTE: &[u8] = br#"\""""#;

/// What the pass counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// Lexical tokens.
    pub(super) tokens: u64,
    /// Brackets of any kind inside each other, at the deepest place.
    pub(super) nesting: u64,
    /// Bytes of the longest name.
    pub(super) longest_name: u64,
}

/// Counts what `source` holds, or says why it cannot be a document.
pub(super) fn survey(source: &str) -> Result<Survey, Refusal> {
    let mut survey = Survey::default();
    let mut open: u64 = 0;
    for token in tokens(source) {
        let (_, token) = token?;
        match token.as_bytes() {
            [b'(' | b'[' | b'{'] => {
                open += 1;
                survey.nesting = survey.nesting.max(open);
            }
            // Which bracket closes which is the parser's to say: it stops at the first that does not match, so up to
            // there this counter is its stack.
            [b')' | b']' | b'}'] => open = open.saturating_sub(1),
            name @ [b'_' | b'a'..=b'z' | b'A'..=b'Z', ..] => {
                survey.longest_name = survey.longest_name.max(u64::try_from(name.len()).unwrap_or(u64::MAX));
            }
            _ => {}
        }
        survey.tokens += 1;
    }
    Ok(survey)
}

/// The lexical tokens of `source`, each with where it begins, up to the first that is none.
pub(super) fn tokens(source: &str) -> impl Iterator<Item = Result<(usize, &str), Refusal>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let begin = at + ignored(source.as_bytes().get(at..)?);
        let rest = source.as_bytes().get(begin..).filter(|rest| !rest.is_empty())?;
        match length(rest) {
            Ok(length) => {
                at = begin + length;
                Some(Ok((begin, source.get(begin..at)?)))
            }
            Err(why) => {
                at = source.len();
                Some(Err(refuse(source, begin, why)))
            }
        }
    })
}

/// How many bytes at the start stand between tokens: blanks, commas, comments, byte order marks.
fn ignored(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(rest) = bytes.get(at..) {
        at += match rest {
            [b' ' | b'\t' | b'\n' | b'\r' | b',', ..] => 1,
            [b'#', ..] => run(rest, |byte| !matches!(byte, b'\n' | b'\r')),
            _ if rest.starts_with(BYTE_ORDER_MARK) => BYTE_ORDER_MARK.len(),
            _ => break,
        };
    }
    at
}

/// The length of the token that `rest` begins with, or why it begins with none.
fn length(rest: &[u8]) -> Result<usize, &'static str> {
    match rest {
        [b'(' | b'[' | b'{' | b')' | b']' | b'}' | b'!' | b'$' | b'&' | b':' | b'=' | b'@' | b'|', ..] => Ok(1),
        [b'.', b'.', b'.', ..] => Ok(3),
        [b'"', ..] => string(rest).ok_or("this string does not end; close it with a quotation mark"),
        [b'-' | b'0'..=b'9', after @ ..] => {
            Ok(1 + run(after, |byte| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte)))
        }
        [b'_' | b'a'..=b'z' | b'A'..=b'Z', ..] => Ok(run(rest, |byte| byte.is_ascii_alphanumeric() || byte == b'_')),
        _ => Err("this character has no meaning outside strings and comments"),
    }
}

/// How many bytes from the start satisfy `belongs`.
fn run(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|&byte| !belongs(byte)).unwrap_or(bytes.len())
}

/// The length of the string that `bytes` begin with, quotation marks included; `None` if it does not end.
fn string(bytes: &[u8]) -> Option<usize> {
    if bytes.starts_with(BLOCK_QUOTE) {
        let mut at = BLOCK_QUOTE.len();
        loop {
            let rest = bytes.get(at..)?;
            if rest.starts_with(BLOCK_QUOTE) {
                return Some(at + BLOCK_QUOTE.len());
            }
            at += if rest.starts_with(ESCAPED_BLOCK_QUOTE) { ESCAPED_BLOCK_QUOTE.len() } else { 1 };
        }
    }
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\n' | b'\r' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

fn refuse(source: &str, offset: usize, why: &str) -> Refusal {
    let at = position(source, offset);
    let found = source.get(offset..).and_then(|rest| rest.chars().next());
    let found = found.map_or_else(String::new, |found| {
        if found.is_control() { format!("U+{:04X}: ", u32::from(found)) } else { format!("`{found}`: ") }
    });
    Refusal::Parse {
        message: format!("Syntax error at line {}, column {}: {found}{why}.", at.line, at.column),
        at: Some(at),
    }
}

/// Line and column, counted from one, in characters.
pub(super) fn position(source: &str, offset: usize) -> Pos {
    let before = source.get(..offset).unwrap_or(source);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Pos {
        line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::parser::types::{DocumentOperations, Selection};
    use async_graphql_value::Value;
    use proptest::prelude::*;

    use super::*;

    fn counts(source: &str) -> (u64, u64) {
        let survey = survey(source).unwrap();
        (survey.tokens, survey.nesting)
    }

    #[test]
    fn tokens_and_nesting_are_counted_as_the_specification_does() {
        assert_eq!(counts(""), (0, 0));
        assert_eq!(counts("{ a }"), (3, 1));
        assert_eq!(
            counts("\u{feff}query Q($a: [Int!]! = [1, 2.5e-3]) { a(b: {c: $a}) ...F @skip(if: true) }"),
            (39, 3)
        );
        assert_eq!(counts("{a # [[[[ \"\n}"), (3, 1));
        assert_eq!(counts(r#"{a(b: "[[\"[\\")}"#), (8, 2));
        assert_eq!(counts(r#"{a(b: """[ " \""" [""")}"#), (8, 2));
        assert_eq!(counts(r#"{a(b: "", c: """""")}"#), (11, 2));
        assert_eq!(survey("{ abcde: _ }").unwrap().longest_name, 5);
    }

    #[test]
    fn thousands_of_brackets_are_only_counted() {
        let source = format!("{{a(b:{}{})}}", "[".repeat(20_000), "]".repeat(20_000));
        assert_eq!(survey(&source).unwrap().nesting, 20_002);
        assert_eq!(survey(&"{".repeat(60_000)).unwrap().nesting, 60_000);
    }

    #[test]
    fn what_no_token_begins_with_is_refused_with_its_place() {
        for (source, place, sign) in [
            ("{ a(b: \"x\n\") }", "line 1, column 8", "`\"`"),
            ("{\n é }", "line 2, column 2", "`é`"),
            ("{ a .. b }", "line 1, column 5", "`.`"),
            ("{ \u{0} }", "line 1, column 3", "U+0000"),
            ("{ a(b: \"\"\"x\"\") }", "line 1, column 8", "`\"`"),
        ] {
            let refusal = survey(source).unwrap_err();
            assert!(refusal.message().contains(place), "{}", refusal.message());
            assert!(refusal.message().contains(sign), "{}", refusal.message());
        }
    }

    /// Text that is rich in what the grammar is made of.
    fn soup() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("{"),
            Just("}"),
            Just("("),
            Just(")"),
            Just("["),
            Just("]"),
            Just("..."),
            Just(":"),
            Just("$a"),
            Just("@skip"),
            Just("\""),
            Just("\"\"\""),
            Just("\\"),
            Just("#"),
            Just("\n"),
            Just(" "),
            Just("a"),
            Just("query"),
            Just("fragment"),
            Just("on "),
            Just("1"),
            Just("-1.5e9"),
            Just("\u{feff}"),
            Just("é"),
        ];
        proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    fn value() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("1".to_owned()),
            Just("-0.5e+3".to_owned()),
            Just("$v".to_owned()),
            Just("RED".to_owned()),
            Just("\"\"\"a \" \\\"\"\" ]\"\"\"".to_owned()),
            "[ -~&&[^\"\\\\]]{0,8}".prop_map(|text| format!("\"{text}\\\"\"")),
        ];
        leaf.prop_recursive(6, 40, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(|values| format!("[{}]", values.join(","))),
                proptest::collection::vec(inner, 0..4).prop_map(|values| {
                    format!(
                        "{{{}}}",
                        values
                            .iter()
                            .enumerate()
                            .map(|(n, value)| format!("k{n}: {value}"))
                            .collect::<Vec<_>>()
                            .join(" ")
                    )
                }),
            ]
        })
    }

    /// Lists and objects inside each other, as the parser understood them.
    fn depth(value: &Value) -> u64 {
        match value {
            Value::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
            Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    proptest! {
        #[test]
        fn never_panics(source in any::<String>(), bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = survey(&source);
            let _ = survey(&String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn accepts_whatever_the_parser_accepts(source in soup()) {
            if parse_query(&source).is_ok() {
                prop_assert!(survey(&source).is_ok());
            }
        }

        #[test]
        fn counts_brackets_as_the_parser_nests_them(value in value(), comment in "[ -~]{0,10}") {
            let source = format!("{{ a(b: {value}) # {comment}\n }}");
            let document = parse_query(&source).unwrap();
            let DocumentOperations::Single(operation) = &document.operations else { unreachable!() };
            let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else { unreachable!() };
            prop_assert_eq!(survey(&source).unwrap().nesting, 2 + depth(&field.node.arguments[0].1.node));
        }
    }
}
