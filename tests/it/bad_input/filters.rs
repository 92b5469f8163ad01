//! Filters, wishes, ids and pages.

use serde_json::{Value, json};

use super::{Asked, Bad, By, bad};

#[tokio::test]
async fn a_filter_is_of_known_codes_and_possible_numbers() {
    let asked = Asked::sqlite().await;
    let filter = |value: Value, argument, says| bad(By::Field, "PlaceFilter", value, argument, says);
    let kind = |value: Value, argument| bad(By::Type, "PlaceFilter", value, argument, "");
    let values = [
        filter(json!({"age": -1}), "filter.age", "from 0 to 120"),
        filter(json!({"age": 121}), "filter.age", "from 0 to 120"),
        filter(json!({"age": i32::MIN}), "filter.age", "from 0 to 120"),
        filter(json!({"region": "ZK99"}), "filter.region", "`regions` lists them, such as ZK23"),
        filter(json!({"region": ""}), "filter.region", "such as ZK23"),
        filter(json!({"region": "zk23"}), "filter.region", "such as ZK23"),
        filter(json!({"region": "ZK23\u{0}"}), "filter.region", "such as ZK23"),
        filter(json!({"kwaliteitseisen": ["9.z"]}), "filter.kwaliteitseisen.0", "such as 3.b"),
        filter(json!({"kwaliteitseisen": ["3.b", "\u{202e}"]}), "filter.kwaliteitseisen.1", "such as 3.b"),
        filter(json!({"kwaliteitseisen": "3.B"}), "filter.kwaliteitseisen.0", "such as 3.b"),
        filter(json!({"vervoerFrom": "x"}), "filter.vervoerFrom", "the id of a place"),
        filter(
            json!({"vervoerFrom": format!("place_{}", "0".repeat(32))}),
            "filter.vervoerFrom",
            "care form DAGBESTEDING",
        ),
        filter(json!({"provider": "x"}), "filter.provider", "the id of a provider"),
        filter(json!({"provider": asked.place}), "filter.provider", "the id of a provider"),
        filter(json!({"provider": ""}), "filter.provider", "the id of a provider"),
        kind(json!({"careForms": ["HOTEL"]}), "filter.careForms.0"),
        kind(json!({"careForms": ["LOGEREN", null]}), "filter.careForms.1"),
        kind(json!({"age": 3.5}), "filter.age"),
        kind(json!({"ages": 3}), "filter"),
        kind(json!({"includeUnknown": null}), "filter.includeUnknown"),
        bad(By::Engine, "PlaceFilter", json!(3), "filter", "PlaceFilter"),
        bad(By::Engine, "PlaceFilter", json!({"stay": "2026-12-12"}), "filter", "StayInput"),
    ];
    asked.refuses("placesNear(near: {postcode: \"3511\"}, filter: $v) { edges { cursor } }", &values).await;

    let filter = |value: Value, argument, says| bad(By::Field, "ContactFilter", value, argument, says);
    let values = [
        filter(json!({"gemeente": "GM9999"}), "filter.gemeente", "such as GM0344"),
        filter(json!({"gemeente": "Utrecht"}), "filter.gemeente", "such as GM0344"),
        filter(json!({"region": "ZK0"}), "filter.region", "such as ZK23"),
        filter(json!({"text": " \u{301}\t"}), "filter.text", "at least a word"),
        filter(json!({"text": "x".repeat(101)}), "filter.text", "at most 100 characters"),
        filter(json!({"provider": asked.place}), "filter.provider", "the id of a provider"),
        bad(By::Type, "ContactFilter", json!({"organisationKinds": ["BAKERY"]}), "filter.organisationKinds.0", ""),
    ];
    asked.refuses("contacts(filter: $v) { edges { cursor } }", &values).await;
}

#[tokio::test]
async fn a_number_beyond_32_bits_is_refused() {
    let asked = Asked::sqlite().await;
    let near = "near: {postcode: \"3511\"}";
    for (kind, field, value, argument) in [
        ("Int", format!("placesNear({near}, first: $v) {{ edges {{ cursor }} }}"), json!(1_i64 << 31), "first"),
        (
            "PlaceFilter",
            format!("placesNear({near}, filter: $v) {{ edges {{ cursor }} }}"),
            json!({"age": 1_i64 << 40}),
            "filter",
        ),
        (
            "PlaceFilter",
            format!("placesNear({near}, filter: $v) {{ edges {{ cursor }} }}"),
            json!({"stay": {"arrive": "2026-12-12", "depart": "2026-12-14", "spots": -(1_i64 << 31) - 1}}),
            "filter",
        ),
        (
            "[WishInput!]",
            format!("placesNear({near}, wishes: $v) {{ edges {{ cursor }} }}"),
            json!([{"code": "3.b", "weight": i64::MAX}]),
            "wishes",
        ),
    ] {
        asked.refuses(&field, &[bad(By::Engine, kind, value, argument, "Int")]).await;
    }
}

#[tokio::test]
async fn a_wish_is_of_a_kwaliteitseis_once_with_a_weight_of_1_to_3() {
    let asked = Asked::sqlite().await;
    let wish = |code: &str, weight: i32| json!({"code": code, "weight": weight});
    let wrong = |value: Value, argument, says| bad(By::Field, "[WishInput!]", value, argument, says);
    let values = [
        wrong(json!([wish("3.b", 0)]), "wishes.0.weight", "1, 2 or 3"),
        wrong(json!([wish("3.b", 1), wish("2.a", 4)]), "wishes.1.weight", "1, 2 or 3"),
        wrong(json!([wish("3.b", -1)]), "wishes.0.weight", "1, 2 or 3"),
        wrong(json!([wish("3.b", 257)]), "wishes.0.weight", "1, 2 or 3"),
        wrong(json!([wish("3.b", 1), wish("3.b", 2)]), "wishes.1.code", "3.b is wished for twice"),
        wrong(json!([wish("", 1)]), "wishes.0.code", "such as 3.b"),
        wrong(json!([wish("3.b\u{0}", 1)]), "wishes.0.code", "such as 3.b"),
        bad(By::Type, "[WishInput!]", json!([{"weight": 1}]), "wishes.0", ""),
        bad(By::Type, "[WishInput!]", json!([null]), "wishes.0", ""),
    ];
    asked.refuses("placesNear(near: {postcode: \"3511\"}, wishes: $v) { edges { cursor } }", &values).await;
}

#[tokio::test]
async fn an_id_is_one_of_ours_and_of_its_type() {
    let asked = Asked::sqlite().await;
    let hex = asked.place.strip_prefix("place_").unwrap();
    let texts = |kind: &str| -> Vec<String> {
        let uuid = uuid::Uuid::try_parse(hex).unwrap();
        vec![
            String::new(),
            "x".into(),
            hex.into(),
            format!("{kind}_"),
            format!("{kind}_{}", &hex[1..]),
            format!("{kind}_{hex}0"),
            format!("{kind}_{}", hex.to_uppercase()),
            format!("{kind}_{}", uuid.hyphenated()),
            format!("{}_{hex}", kind.to_uppercase()),
            format!("passport_{hex}"),
            format!("{kind}_{hex}\u{0}"),
            format!("{kind}\u{202e}_{hex}"),
            "x".repeat(10_000),
        ]
    };
    let wrong = |texts: Vec<String>, says: &'static str| -> Vec<Bad> {
        texts.into_iter().map(|text| bad(By::Field, "ID!", json!(text), "id", says)).collect()
    };
    let mut places = wrong(texts("place"), "the id of a place");
    places.push(bad(By::Field, "ID!", json!(asked.provider), "id", "the id of a place"));
    places.push(bad(By::Field, "ID!", json!(5), "id", "the id of a place"));
    asked.refuses("place(id: $v) { name }", &places).await;
    let mut providers = wrong(texts("provider"), "the id of a provider");
    providers.push(bad(By::Field, "ID!", json!(asked.place), "id", "the id of a provider"));
    asked.refuses("provider(id: $v) { name }", &providers).await;
    for kind in ["place", "provider", "contact"] {
        asked.refuses("node(id: $v) { id }", &wrong(texts(kind), "the id of a place, provider or contact")).await;
        // One that is of nothing is not wrong.
        let query = "query($v: ID!) { node(id: $v) { id } }";
        let nothing = asked.ask(query, json!({"v": format!("{kind}_{}", "0".repeat(32))})).await;
        assert_eq!(nothing.data("/node"), Value::Null);
    }
}

#[tokio::test]
async fn a_page_is_of_1_to_100() {
    let asked = Asked::sqlite().await;
    let provider = &asked.provider;
    for field in [
        "placesNear(near: {postcode: \"3511\"}, first: $v) { edges { cursor } }",
        "providers(first: $v) { edges { cursor } }",
        "contacts(first: $v) { edges { cursor } }",
        &format!("provider(id: \"{provider}\") {{ places(first: $v) {{ edges {{ cursor }} }} }}"),
    ] {
        let range = [0, -1, 101, i32::MIN, i32::MAX]
            .map(|first| bad(By::Field, "Int!", json!(first), "first", "a whole number from 1 to 100"));
        asked.refuses(field, &range).await;
        let kinds =
            [json!("20"), json!(1.5), json!(null), json!([])].map(|first| bad(By::Type, "Int", first, "first", "Int"));
        asked.refuses(field, &kinds).await;
    }
    let resolutions =
        [-1, 16, i32::MAX].map(|n| bad(By::Field, "Int!", json!(n), "resolution", "a whole number from 0 to 15"));
    let field = format!("place(id: \"{}\") {{ location {{ cell(resolution: $v) }} }}", asked.place);
    asked.refuses(&field, &resolutions).await;
}
