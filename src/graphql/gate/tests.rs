//! What the gate refuses and what it lets through.
#![expect(clippy::unwrap_used, reason = "a failed test should stop at once")]

use std::fmt::Write as _;

use async_graphql::{Pos, Variables};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::graphql::error::Code;

const INTROSPECTION: &str = include_str!("introspection.graphql");

fn gate(query: &str) -> Result<ExecutableDocument, Refusal> {
    gate_for(query, None, &Variables::default())
}

fn gate_with(query: &str, variables: serde_json::Value) -> Result<ExecutableDocument, Refusal> {
    gate_for(query, None, &Variables::from_json(variables))
}

fn gate_for(query: &str, name: Option<&str>, variables: &Variables) -> Result<ExecutableDocument, Refusal> {
    let mut document = admit(query, variables, &Limits::default())?;
    settle(&mut document, name, variables)?;
    Ok(document)
}

/// The limit that `query` exceeds, and by what.
fn over(query: &str) -> (Limit, u64) {
    match gate(query).unwrap_err() {
        Refusal::TooComplex { limit, found, .. } => (limit, found),
        other => unreachable!("not too complex: {other:?}"),
    }
}

fn repeat(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

#[test]
fn the_standard_introspection_question_passes() {
    gate(INTROSPECTION).unwrap();
}

#[test]
fn a_rich_question_passes() {
    gate(
        r#"{ placesNear(near: {postcode: "3511"}, first: 100, filter: {careForms: [LOGEREN]}) {
            edges { distanceKm vervoerReachesYou node {
                id name careForm capacity phone email freshness confirmedAt minAge maxAge leveringsvormen
                provider { id name phone } group { homogeneity size staffPerTen careCapabilities { capability offered } }
                location { street houseNumber postcode city gemeente { name } region { name } point { lat lng } }
                kwaliteitseisen { status source }
            } } pageInfo { hasNextPage endCursor } } }"#,
    )
    .unwrap();
}

#[test]
fn nesting_is_bounded_before_the_parser() {
    for open in ["[", "{a:"] {
        let (limit, found) = over(&format!("{{ a(b: {} }}", open.repeat(2_000)));
        assert_eq!((limit, found), (Limit::Nesting, 2_002));
    }
    assert_eq!(over(&"{a".repeat(5_000)).0, Limit::Nesting);
    assert_eq!(over(&format!("query($a: {}Int", "[".repeat(9_000))).0, Limit::Nesting);
    gate(&format!("{{ a(b: {}1{}) }}", "[".repeat(30), "]".repeat(30))).unwrap();
    assert_eq!(over(&format!("{{ a(b: {}1{}) }}", "[".repeat(31), "]".repeat(31))), (Limit::Nesting, 33));
}

#[test]
fn nesting_through_fragments_is_bounded() {
    let chain = repeat(200, |n| format!("fragment f{n} on Q {{ ...f{} }} ", n + 1));
    assert_eq!(over(&format!("{{ ...f0 }} {chain} fragment f200 on Q {{ a }}")).0, Limit::Nesting);
    // Also where no operation leads.
    assert_eq!(over(&format!("{{ a }} {chain} fragment f200 on Q {{ a }}")).0, Limit::Nesting);
}

#[test]
fn nesting_in_variables_is_bounded() {
    let deep = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
    gate_with("query($v: X) { a(b: $v) }", json!({ "v": deep(32) })).unwrap();
    let refusal = gate_with("query($v: X) { a(b: $v) }", json!({ "v": deep(33) })).unwrap_err();
    assert_eq!(refusal, Refusal::TooComplex { limit: Limit::Nesting, allowed: 32, found: 33 });
}

#[test]
fn every_limit_is_inclusive() {
    gate(&format!("{{ {} }}", "a:b ".repeat(30))).unwrap();
    assert_eq!(over(&format!("{{ {} }}", repeat(31, |n| format!("a{n}:b ")))), (Limit::Aliases, 31));

    gate(&format!("{{ {} }}", repeat(50, |n| format!("a{n} @skip(if: false) ")))).unwrap();
    assert_eq!(
        over(&format!("{{ {} }}", repeat(51, |n| format!("a{n} @include(if: true) ")))),
        (Limit::Directives, 51)
    );

    gate(&format!("{{ {} }}", "a ".repeat(51))).unwrap();
    assert_eq!(over(&format!("{{ {} }}", "a ".repeat(52))), (Limit::Duplicates, 51));

    gate(&format!("{{ {} }}", repeat(1_998, |n| format!("a{n} ")))).unwrap();
    assert_eq!(over(&format!("{{ {} }}", repeat(1_999, |n| format!("a{n} ")))), (Limit::Tokens, 2_001));

    gate(&format!("{}{}", "{a".repeat(16), "}".repeat(16))).unwrap();
    assert_eq!(over(&format!("{}{}", "{a".repeat(17), "}".repeat(17))), (Limit::Depth, 17));

    gate(&format!("{{ {} }}", "a".repeat(100))).unwrap();
    assert_eq!(over(&format!("{{ {} }}", "a".repeat(101))), (Limit::Name, 101));
}

#[test]
fn limits_count_fragments_where_they_are_spread() {
    assert_eq!(over("{ ...f ...f } fragment f on Q { a1:b a2:b a3:b a4:b a5:b a6:b a7:b a8:b a9:b a10:b a11:b a12:b a13:b a14:b a15:b a16:b }").0, Limit::Aliases);
    let spreads = "...f ".repeat(52);
    assert_eq!(over(&format!("{{ x {{ {spreads} }} }} fragment f on Q {{ a }}")), (Limit::Duplicates, 51));
    assert_eq!(over(&format!("{{ x {{ {} }} }}", "... { a } ".repeat(52))), (Limit::Duplicates, 51));
}

#[test]
fn a_page_of_everything_costs_too_much() {
    let (limit, found) = over(
        "{ placesNear(first: 100) { edges { node { availability(from: \"2026-01-01\", to: \"2026-03-01\") { date free } } } } }",
    );
    // 1 + 100 * (edges 1 + node 1 + availability 1 + 60 * 2)
    assert_eq!((limit, found), (Limit::Cost, 12_301));
    assert_eq!(over("{ regions { gemeenten { regions { gemeenten { a } } } } }").0, Limit::Cost);
}

#[test]
fn a_fragment_bomb_is_refused() {
    for end in ["a", "...nowhere"] {
        let mut query = "{ ...f0 }".to_owned();
        for n in 0..30 {
            write!(query, " fragment f{n} on Q {{ ...f{0} ...f{0} }}", n + 1).unwrap();
        }
        write!(query, " fragment f30 on Q {{ {end} }}").unwrap();
        assert_eq!(over(&query).0, Limit::Cost);
    }
}

#[test]
fn sums_do_not_overflow() {
    let mut query = "{ ...f0 }".to_owned();
    for n in 0..30 {
        write!(
            query,
            " fragment f{n} on Q {{ placesNear(first: 100) {{ ...f{0} }} ...f{0} ...f{0} ...f{0} ...f{0} }}",
            n + 1
        )
        .unwrap();
    }
    query.push_str(" fragment f30 on Q { a }");
    let limits = Limits { nesting: 100, depth: 100, ..Limits::default() };
    let refusal = admit(&query, &Variables::default(), &limits).unwrap_err();
    assert_eq!(refusal, Refusal::TooComplex { limit: Limit::Cost, allowed: 10_000, found: u64::MAX });
}

#[test]
fn operations_that_are_not_answered_are_walked_too() {
    let operations = repeat(13, |n| format!("query q{n} {{ ...f0 }} "));
    let mut query = operations;
    for n in 0..9 {
        write!(query, " fragment f{n} on Q {{ ...f{0} ...f{0} }}", n + 1).unwrap();
    }
    query.push_str(" fragment f9 on Q { a }");
    assert_eq!(over(&query).0, Limit::Cost);
}

#[test]
fn fragments_that_spread_themselves_are_invalid() {
    for query in [
        "{ ...f } fragment f on Q { ...f }",
        "{ ...f } fragment f on Q { a { ...g } } fragment g on Q { b { ... { ...f } } }",
        "{ a } fragment f on Q { ...g } fragment g on Q { ...f }",
    ] {
        assert_eq!(gate(query).unwrap_err().code(), Code::GraphqlValidationFailed);
    }
}

#[test]
fn a_member_of_an_input_object_is_given_once() {
    for (query, column) in [
        ("{ a(b: {c: 1, c: 2}) }", 15),
        ("{ a(b: {c: 1, c: 1}) }", 15),
        ("{ a(b: [{d: {c: RED e: 2 c: $v}}]) }", 26),
        ("{ a @skip(if: {c: 1, c: 2}) }", 22),
        ("query($v: X = {c: 1, c: 2}) { a(b: $v) }", 22),
        ("{ a(b: {c: {d: 1}, e: \"{c: \", c: 2}) }", 31),
    ] {
        let Refusal::Invalid { message, at } = gate(query).unwrap_err() else { unreachable!("{query}") };
        assert!(message.contains("\"c\""), "{message}");
        assert_eq!(at, Some(Pos { line: 1, column }), "{query}");
    }
    for query in [
        "{ a(b: {c: {c: 1}, d: [{c: c}, {c: c}]}, c: {c: 1}) { c: c x(c: 1) { c } c: c } }",
        "query q($c: X = {c: 1}, $d: X = {c: 2}) { a(c: $c, d: {c: $c d: $d}) }",
        "{ a(b: {c: \"c: 1\"} # c: 2\n) }",
    ] {
        gate(query).unwrap();
    }
    // A limit is the better answer when both are true.
    assert_eq!(over(&format!("{{ a(b: {}{{c: 1, c: 2}}{}) }}", "[".repeat(31), "]".repeat(31))).0, Limit::Nesting);
}

#[test]
fn one_large_variable_used_often_is_refused() {
    let uses = "$v ".repeat(900);
    let query = format!("query($v: [Int]) {{ a(b: [{uses}]) }}");
    gate_with(&query, json!({ "v": [1, 2, 3] })).unwrap();
    for large in [json!(vec![1; 20_000]), json!("x".repeat(60_000))] {
        let refusal = gate_with(&query, json!({ "v": large })).unwrap_err();
        assert!(matches!(refusal, Refusal::TooComplex { limit: Limit::Values, .. }), "{refusal:?}");
    }
}

#[test]
fn unknown_directives_are_invalid_everywhere() {
    for query in [
        "{ a @defer }",
        "query @cached { a }",
        "query($v: Int @x) { a(b: $v) }",
        "{ ...f @x } fragment f on Q { a }",
        "{ ...f } fragment f on Q @x { a }",
        "{ ... @x { a } }",
    ] {
        let refusal = gate(query).unwrap_err();
        assert_eq!(refusal.code(), Code::GraphqlValidationFailed, "{query}");
        assert!(refusal.message().contains("@skip and @include"), "{}", refusal.message());
    }
    // A limit is the better answer when both are true.
    assert_eq!(over(&format!("{{ a {} }}", "@x ".repeat(60))).0, Limit::Directives);
}

#[test]
fn what_does_not_parse_is_explained_without_repeating_it() {
    let long = "z".repeat(90);
    for query in ["", "{", "{ a(b: 8f31) }", "{ 8f31403dfe404bccbb0e835f2629c6a7 }", "{ a ? }", "fragment f on Q { a }"]
    {
        let refusal = gate(query).unwrap_err();
        assert_eq!(refusal.code(), Code::GraphqlParseFailed, "{query}");
    }
    let refusal = gate(&format!("{{ {long} {long} {long}(")).unwrap_err();
    assert!(!refusal.message().contains("zz"), "{}", refusal.message());
    assert_eq!(
        gate("{").unwrap_err(),
        Refusal::Parse {
            message: "Syntax error at line 1, column 2: expected selection.".to_owned(),
            at: Some(Pos { line: 1, column: 2 }),
        }
    );
    for query in ["{ a } { b }", "query q { a } query q { b }", "{ a } fragment f on Q { a } fragment f on Q { a }"] {
        assert_eq!(gate(query).unwrap_err().code(), Code::GraphqlValidationFailed, "{query}");
    }
}

#[test]
fn the_operation_must_be_chosen() {
    let choose = |query: &str, name| gate_for(query, name, &Variables::default());
    choose("{ a }", None).unwrap();
    choose("query q { a }", None).unwrap();
    choose("query q { a } query r { b }", Some("r")).unwrap();
    for (query, name) in [("{ a }", Some("q")), ("query q { a }", Some("r")), ("query q { a } query r { b }", None)] {
        assert_eq!(choose(query, name).unwrap_err().code(), Code::BadRequest);
    }
}

#[test]
fn variables_that_must_have_a_value_are_asked_for() {
    let query = "query($id: ID!, $n: Int! = 3) { a(id: $id, n: $n) }";
    gate_with(query, json!({ "id": "x" })).unwrap();
    for variables in [json!({}), json!({ "id": null }), json!({ "id": "x", "n": null })] {
        let refusal = gate_with(query, variables).unwrap_err();
        assert_eq!(refusal.code(), Code::BadUserInput);
    }
    assert_eq!(gate_with(query, json!({})).unwrap_err().message(), "Variable \"$id\" must have a value of type ID!.");
}

#[test]
fn arguments_whose_variable_is_left_out_are_left_out() {
    let document = gate_with(
        "query q($a: Int, $b: Int, $never: Int) { x(a: $a, b: $b, list: [$a, 1], in: {k: $a, l: 2}) ...f }
         fragment f on Q { y(a: $a) @skip(if: $a) }",
        json!({ "b": null }),
    )
    .unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let declared: Vec<_> = operation.node.variable_definitions.iter().map(|d| d.node.name.node.as_str()).collect();
    assert_eq!(declared, ["b", "never"]);
    let async_graphql::parser::types::Selection::Field(field) = &operation.node.selection_set.node.items[0].node else {
        unreachable!()
    };
    let arguments: Vec<_> =
        field.node.arguments.iter().map(|(name, value)| format!("{name}: {}", value.node)).collect();
    assert_eq!(arguments, ["b: $b", "list: [null, 1]", "in: {l: 2}"]);
    assert!(!format!("{:?}", document.fragments).contains("Variable"));
}

proptest! {
    #[test]
    fn never_panics(query in any::<String>(), bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = gate(&query);
        let _ = gate(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn never_panics_on_shuffled_grammar(pieces in proptest::collection::vec(
        prop_oneof![
            Just("{ "), Just("} "), Just("("), Just(") "), Just("...f "), Just("fragment f on Q {"), Just("a:"), Just("b "),
            Just("query q("), Just("$v: Int "), Just("$v "), Just("[1 "), Just("] "), Just("@skip(if: $v) "), Just("\"x\" "),
        ], 0..60)) {
        let _ = gate(&pieces.concat());
    }

    #[test]
    fn whatever_fills_64_kib_is_refused(piece in prop_oneof![
        Just("["), Just("{a"), Just("{"), Just("\""), Just("\"\"\""), Just("\\\"\"\""), Just("#"), Just("a:"), Just("..."),
        Just("{a(b:"), Just("@a"), Just("-1"), Just("fragment f on Q{"), Just("query q{a}"), Just("($v:"), Just("é"), Just(","),
    ], tail in "[ -~]{0,6}") {
        let query = format!("{}{tail}", piece.repeat(65_536 / piece.len()));
        prop_assert!(gate(&query).is_err());
    }
}
