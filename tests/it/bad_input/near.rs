//! Where to search from, and how far.

use h3o::Resolution;
use serde_json::{Value, json};
use zorgkaart::geo::{Cell, Point};

use super::{Asked, Bad, By, bad, check};

const PLACES: &str = "placesNear(near: $v) { edges { cursor } }";

fn near(by: By, value: Value, argument: &'static str, says: &'static str) -> Bad {
    bad(by, "NearInput!", value, argument, says)
}

fn cell(lat: f64, lng: f64, resolution: i32) -> String {
    Cell::at(Point::new(lat, lng).unwrap(), resolution).unwrap().to_string()
}

#[tokio::test]
async fn a_radius_is_more_than_0_and_at_most_200_km() {
    let asked = Asked::sqlite().await;
    let range = |value: Value| bad(By::Field, "Float", value, "radiusKm", "more than 0 and at most 200 km");
    let kind = |value: Value| bad(By::Type, "Float", value, "radiusKm", "Float");
    let field = "placesNear(near: {postcode: \"3511\"}, radiusKm: $v) { edges { cursor } }";
    asked
        .refuses(
            field,
            &[
                range(json!(0)),
                range(json!(-0.0)),
                range(json!(-1)),
                range(json!(-5e-324)),
                range(json!(200.0001)),
                range(json!(1e300)),
                range(json!(9_007_199_254_740_993_i64)),
                kind(json!("NaN")),
                kind(json!("Infinity")),
                kind(json!("10")),
                kind(json!(true)),
                kind(json!([10])),
                kind(json!({})),
            ],
        )
        .await;
    // What JSON cannot say, a document cannot either.
    let answer = asked.ask(&format!("{{ {} }}", field.replace("$v", "1e999")), json!({})).await;
    check(&answer, 400, "GRAPHQL_PARSE_FAILED", None, "", "1e999");
    let answer = asked.ask(&format!("{{ {} }}", field.replace("$v", "NaN")), json!({})).await;
    check(&answer, 400, "GRAPHQL_VALIDATION_FAILED", None, "", "NaN");
    // No radius is no limit.
    for value in [json!(null), json!(200), json!(200.0), json!(1e-300)] {
        let answer = asked.ask(&format!("query($v: Float) {{ {field} }}"), json!({ "v": value })).await;
        answer.data("/placesNear/edges");
    }
}

#[tokio::test]
async fn a_point_lies_in_or_near_the_netherlands() {
    let asked = Asked::sqlite().await;
    let point = |lat: Value, lng: Value, argument, says| {
        near(By::Field, json!({"point": {"lat": lat, "lng": lng}}), argument, says)
    };
    let far =
        |lat: f64, lng: f64| point(json!(lat), json!(lng), "near.point", "latitude (degrees north) from 49.5 to 55");
    let kind = |point: Value, argument| near(By::Type, json!({ "point": point }), argument, "");
    let values = [
        point(json!(91), json!(5), "near.point.lat", "from -90 to 90"),
        point(json!(-90.0001), json!(5), "near.point.lat", "from -90 to 90"),
        point(json!(1e300), json!(5), "near.point.lat", "from -90 to 90"),
        point(json!(52), json!(181), "near.point.lng", "from -180 to 180"),
        point(json!(52), json!(-1e300), "near.point.lng", "from -180 to 180"),
        far(5.1, 52.1),
        far(0.0, 0.0),
        far(90.0, 0.0),
        far(-90.0, 0.0),
        far(52.0, 180.0),
        far(52.0, -180.0),
        far(48.85, 2.35),
        far(55.01, 5.0),
        kind(json!({"lat": "NaN", "lng": 5}), "near.point.lat"),
        kind(json!({"lat": 52, "lng": null}), "near.point.lng"),
        kind(json!({"lat": 52}), "near.point"),
        kind(json!({"lat": 52, "lng": 5, "alt": 1}), "near.point"),
        near(By::Engine, json!({"point": "52,5"}), "near", "PointInput"),
        near(By::Engine, json!({"point": [52, 5]}), "near", "PointInput"),
    ];
    asked.refuses(PLACES, &values).await;
}

#[tokio::test]
async fn a_postcode_is_one_that_is_known() {
    let asked = Asked::sqlite().await;
    let postcode = |text: &str, says| near(By::Field, json!({ "postcode": text }), "near.postcode", says);
    let mut values: Vec<Bad> = [
        "",
        " ",
        "3",
        "351",
        "35111",
        "3511A",
        "3511 ABC",
        "3511  AB",
        "3511-AB",
        "3511 1B",
        "0511",
        "0000",
        "-3511",
        "+351",
        "3.51",
        "3511\u{0}",
        "3511\u{202e}AB",
        "３５１１",
        "٣٥١١",
        "3511é",
        "’; drop table",
        "3511 ÅB",
    ]
    .into_iter()
    .map(|text| postcode(text, "four digits, 1000 to 9999, with or without two letters, such as 3511"))
    .collect();
    values.push(postcode("3500", "The postcode 3500 is not known. The nearest that is known is 35"));
    values.push(postcode("1000", "The postcode 1000 is not known. The nearest that is known is 10"));
    values.push(near(By::Type, json!({"postcode": 3511}), "near.postcode", "String"));
    values.push(near(By::Type, json!({"postcode": null}), "near", "one"));
    asked.refuses(PLACES, &values).await;
    let answer = asked
        .ask(&format!("query($v: NearInput!) {{ {PLACES} }}"), json!({"v": {"postcode": "x".repeat(50_000)}}))
        .await;
    check(&answer, 200, "BAD_USER_INPUT", Some("near.postcode"), "such as 3511", "a long postcode");
}

#[tokio::test]
async fn a_cell_is_a_fine_one_in_or_near_the_netherlands() {
    let asked = Asked::sqlite().await;
    let wrong = |text: String, says| near(By::Field, json!({ "cell": text }), "near.cell", says);
    let mut values: Vec<Bad> = [
        "",
        "87",
        "871969231fffff",
        "0871969231ffffff",
        "871969231ffffff0",
        "x71969231ffffff",
        "+71969231ffffff",
        "000000000000000",
        "fffffffffffffff",
        "871969231fffff7",
        "871969230ffffff\u{0}",
        "ⓕffffffffffff",
        // A directed edge and a vertex, which are no cells, and digits that a pentagon does not have.
        "1171969231fffff",
        "2171969231fffff",
        "85080007fffffff",
    ]
    .into_iter()
    .map(|text| wrong(text.into(), "a cell is 15 hexadecimal digits, such as 871969231ffffff"))
    .collect();
    let coarse = (0..5).map(|resolution| wrong(cell(52.1, 5.1, resolution), "take resolution 5 to 15"));
    values.extend(coarse);
    let far = [cell(0.0, 0.0, 7), cell(90.0, 0.0, 7), cell(-90.0, 0.0, 15), cell(0.0, 180.0, 9), cell(5.1, 52.1, 7)];
    values.extend(far.map(|text| wrong(text, "too far from the Netherlands")));
    for resolution in [Resolution::Zero, Resolution::Four, Resolution::Five, Resolution::Eight, Resolution::Fifteen] {
        let says = if resolution < Resolution::Five { "take resolution 5 to 15" } else { "too far" };
        values.extend(resolution.pentagons().map(|pentagon| wrong(pentagon.to_string(), says)));
    }
    asked.refuses(PLACES, &values).await;
    asked.refuses(PLACES, &[bad(By::Type, "NearInput!", json!({"cell": 7}), "near.cell", "H3Cell")]).await;
}

#[tokio::test]
async fn one_way_to_say_where_is_said() {
    let asked = Asked::sqlite().await;
    let values = [
        json!({}),
        json!({"postcode": "3511", "cell": "871969231ffffff"}),
        json!({"postcode": "3511", "point": {"lat": 52.1, "lng": 5.1}, "cell": "871969231ffffff"}),
        json!({"postcode": null, "cell": "871969231ffffff"}),
        json!({"postcode": null}),
        json!({"city": "Utrecht"}),
    ];
    let wrong = |argument: &'static str| {
        let root = argument.split('.').next().unwrap();
        let no_objects =
            [json!("3511"), json!([]), json!(3511)].map(|value| near(By::Engine, value, root, "NearInput"));
        values.iter().map(|value| near(By::Type, value.clone(), argument, "")).chain(no_objects).collect::<Vec<Bad>>()
    };
    asked.refuses(PLACES, &wrong("near")).await;
    asked.refuses("contacts(near: $v) { edges { cursor } }", &wrong("near")).await;
    let vervoer = "placesNear(near: {postcode: \"3511\"}, filter: {vervoerTo: $v}) { edges { cursor } }";
    asked.refuses(vervoer, &wrong("filter.vervoerTo")).await;
    let values = [
        near(By::Field, json!({"postcode": "1000"}), "filter.vervoerTo.postcode", "nearest"),
        near(By::Field, json!({"point": {"lat": 5, "lng": 52}}), "filter.vervoerTo.point", "too far"),
        near(By::Field, json!({"cell": "8"}), "filter.vervoerTo.cell", "15 hexadecimal digits"),
    ];
    asked.refuses(vervoer, &values).await;
}
