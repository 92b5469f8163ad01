//! The domain against naive models of it.

use chrono::{DateTime, Days, NaiveDate, Utc};
use zorgkaart::{
    care::{
        id::{CareGroupId, PlaceId},
        place::Place,
        postcode::Pc4,
        vocabulary::CareForm,
    },
    geo::Point,
};

mod alert;
mod availability;
mod calendar;
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

/// A place of which nothing is known.
fn blank_place(number: u128, care_form: CareForm) -> Place {
    Place {
        id: PlaceId(uuid::Uuid::from_u128(number)),
        care_group_id: CareGroupId(uuid::Uuid::from_u128(0)),
        name: format!("Demo {number}"),
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
