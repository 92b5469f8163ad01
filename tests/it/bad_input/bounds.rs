//! Which part of the map, and how fine.

use serde_json::{Value, json};

use super::{Asked, Bad, By, bad};

fn bounds(south: f64, west: f64, north: f64, east: f64) -> Value {
    json!({ "south": south, "west": west, "north": north, "east": east })
}

#[tokio::test]
async fn bounds_are_a_part_of_the_earth_the_right_way_round() {
    let asked = Asked::sqlite().await;
    let wrong = |value, argument, says| bad(By::Field, "BoundsInput!", value, argument, says);
    let values: [Bad; 6] = [
        wrong(bounds(-90.5, 4.0, 53.0, 6.0), "bounds.south", "from -90 to 90"),
        wrong(bounds(51.0, 4.0, 1e300, 6.0), "bounds.north", "from -90 to 90"),
        wrong(bounds(51.0, -181.0, 53.0, 6.0), "bounds.west", "from -180 to 180"),
        wrong(bounds(51.0, 4.0, 53.0, 180.01), "bounds.east", "from -180 to 180"),
        wrong(bounds(53.0, 4.0, 51.0, 6.0), "bounds.north", "must not be below `south`"),
        wrong(bounds(51.0, 6.0, 53.0, 4.0), "bounds.east", "must not be below `west`"),
    ];
    asked.refuses("placeClusters(bounds: $v, resolution: 5) { count }", &values).await;
}

#[tokio::test]
async fn a_resolution_is_one_of_h3_and_not_too_fine_for_the_part() {
    let asked = Asked::sqlite().await;
    let wrong = |value, says| bad(By::Field, "Int!", value, "resolution", says);
    let field = "placeClusters(bounds: { south: 50, west: 3, north: 54, east: 8 }, resolution: $v) { count }";
    asked.refuses(field, &[wrong(json!(-1), "from 0 to 15"), wrong(json!(16), "from 0 to 15")]).await;
}
