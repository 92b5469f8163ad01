//! The domain against naive models of it.

use ::geo::{Contains, LineString, Polygon};
use chrono::{DateTime, Days, NaiveDate, Utc};
use h3o::LatLng;
use serde_json::{Value, json};
use zorgkaart::{
    care::{
        id::{CareGroupId, PlaceId},
        place::Place,
        postcode::Pc4,
        vocabulary::CareForm,
    },
    geo::{Area, Point, area::RESOLUTION},
};

mod alert;
mod availability;
mod calendar;
mod clusters;
mod freshness;
mod map;
mod naive;
mod passport;
mod postcode;
mod search;
mod snapshot;
mod text;
mod truth;
mod vervoer;
mod wishes;
mod world;

fn at(lat: f64, lng: f64) -> Point {
    Point::new(lat, lng).unwrap()
}

fn pc4(text: &str) -> Pc4 {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn days_after(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap()
}

/// A square area: so many degrees to each side of a point.
fn square(lat: f64, lng: f64, half: f64) -> Area {
    let corner = |east: f64, north: f64| [lng + half * east, lat + half * north];
    let ring = [corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0), corner(-1.0, -1.0)];
    Area::from_geojson(&json!({ "type": "Polygon", "coordinates": [ring] }).to_string()).unwrap()
}

/// Whether a point lies in an area, by its outline alone: the centre of its cell decides.
fn lies_in(area: &Area, point: Point) -> bool {
    let drawn: Value = serde_json::from_str(area.outline()).unwrap();
    let corners: Vec<(f64, f64)> = serde_json::from_value(drawn["coordinates"][0].clone()).unwrap();
    let centre = LatLng::from(LatLng::new(point.lat(), point.lng()).unwrap().to_cell(RESOLUTION));
    Polygon::new(LineString::from(corners), Vec::new()).contains(&::geo::Point::new(centre.lng(), centre.lat()))
}

/// A place of which nothing is known.
fn blank_place(number: u128, care_form: CareForm) -> Place {
    Place {
        id: PlaceId(uuid::Uuid::from_u128(number)),
        care_group_id: CareGroupId(uuid::Uuid::from_u128(0)),
        name: format!("Demo {number}").into(),
        care_form,
        version: 1,
        capacity: 4,
        phone: None,
        email: None,
        min_age: None,
        max_age: None,
        leveringsvormen: None,
        waiting_list: None,
        vervoer: None,
        claims: Vec::new(),
        confirmed_at: None,
        availability: Vec::new(),
    }
}
