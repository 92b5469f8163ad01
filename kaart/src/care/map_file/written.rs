//! A place as a row of a file, and as a feature of a map (RFC 7946).

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;

use crate::care::{
    availability::Run,
    file::{guarded, list},
    place::{CareGroup, WaitingList},
    postcode::AddressPostcode,
    vocabulary::{CareForm, Facility, Leveringsvorm, LocationPrecision, Slot},
};

/// A place, as far as somebody may see it.
#[derive(Debug)]
pub struct Written<'a> {
    /// Its id, as the API shows it.
    pub id: String,
    /// Its name.
    pub name: &'a str,
    /// What it offers.
    pub care_form: CareForm,
    /// How many spots it has.
    pub capacity: i32,
    /// The youngest age.
    pub min_age: Option<i32>,
    /// The greatest age.
    pub max_age: Option<i32>,
    /// How it is paid for; none: not known.
    pub leveringsvormen: Option<&'a [Leveringsvorm]>,
    /// A telephone number for parents.
    pub phone: Option<&'a str>,
    /// A mail address for parents.
    pub email: Option<&'a str>,
    /// When the provider last confirmed it.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Its group.
    pub group: &'a CareGroup,
    /// The id of its provider, as the API shows it.
    pub provider: String,
    /// The name of its provider.
    pub provider_name: &'a str,
    /// The street; none where it may not be shown.
    pub street: Option<&'a str>,
    /// The house number; none where it may not be shown.
    pub house_number: Option<&'a str>,
    /// The postcode, or its PC4.
    pub postcode: AddressPostcode,
    /// The place name.
    pub city: &'a str,
    /// The gemeente, by code.
    pub gemeente_code: &'a str,
    /// The zorgkantoorregio, by code.
    pub region_code: Option<&'a str>,
    /// Whether the address may be shown to all.
    pub precision: LocationPrecision,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lng: f64,
    /// What is known of the facilities.
    pub facilities: &'a [(Facility, bool)],
    /// What is stated of free spots and of the waiting list; none: not for the reader.
    pub spots: Option<Spots>,
}

/// What a place states for those who look for one.
#[derive(Debug)]
pub struct Spots {
    /// The waiting list, if one is stated.
    pub waiting_list: Option<WaitingList>,
    /// The free spots from today up to the horizon, in the order of slot and date.
    pub runs: Vec<Run>,
}

/// The columns that everybody sees.
const PUBLIC: [&str; 31] = [
    "id",
    "name",
    "care_form",
    "capacity",
    "min_age",
    "max_age",
    "leveringsvormen",
    "phone",
    "email",
    "confirmed_at",
    "provider",
    "provider_name",
    "group_name",
    "homogeneity",
    "group_size",
    "staff_per_ten",
    "nurses",
    "challenging_behaviour_excluded",
    "care",
    "care_absent",
    "street",
    "house_number",
    "postcode",
    "city",
    "gemeente",
    "region",
    "precision",
    "lat",
    "lng",
    "facilities",
    "facilities_absent",
];
/// The columns for those who may see them.
const SPOTS: [&str; 4] = ["waiting_list_length", "waiting_list_weeks", "waiting_list_at", "free_spots"];

/// The names of the columns; `with_spots`: also of those that not everybody sees.
pub fn header(with_spots: bool) -> Vec<&'static str> {
    let spots = if with_spots { &SPOTS[..] } else { &[] };
    PUBLIC.iter().chain(spots).copied().collect()
}

impl Written<'_> {
    /// The cells, in the order of the header, none of which a spreadsheet takes for a formula.
    pub fn cells(&self, with_spots: bool) -> Vec<String> {
        let text = |text: Option<&str>| guarded(text.unwrap_or_default());
        let group = self.group;
        let care = |given| codes(group.capabilities.iter().filter(|one| one.1 == given).map(|one| one.0.code()));
        let facilities = |given| codes(self.facilities.iter().filter(|one| one.1 == given).map(|one| one.0.code()));
        let mut cells = vec![
            self.id.clone(),
            text(Some(self.name)),
            self.care_form.code().to_owned(),
            self.capacity.to_string(),
            number(self.min_age),
            number(self.max_age),
            codes(self.leveringsvormen.into_iter().flatten().map(|one| one.code())),
            text(self.phone),
            text(self.email),
            self.confirmed_at.map(instant).unwrap_or_default(),
            self.provider.clone(),
            text(Some(self.provider_name)),
            text(Some(&group.name)),
            group.homogeneity.code().to_owned(),
            group.size.to_string(),
            number(group.staff_per_ten),
            number(group.nurses),
            number(group.challenging_behaviour_excluded),
            care(true),
            care(false),
            text(self.street),
            text(self.house_number),
            text(Some(&self.postcode.text())),
            text(Some(self.city)),
            self.gemeente_code.to_owned(),
            self.region_code.unwrap_or_default().to_owned(),
            self.precision.code().to_owned(),
            self.lat.to_string(),
            self.lng.to_string(),
            facilities(true),
            facilities(false),
        ];
        if with_spots {
            let list = self.spots.as_ref().and_then(|spots| spots.waiting_list);
            let runs = self.spots.iter().flat_map(|spots| &spots.runs);
            let run = |run: &Run| format!("{} {} {} {}", run.slot.code(), run.from, run.to, run.free);
            cells.extend([
                number(list.and_then(|list| list.length)),
                number(list.and_then(|list| list.expected_weeks)),
                list.map(|list| instant(list.updated_at)).unwrap_or_default(),
                runs.map(run).collect::<Vec<_>>().join("; "),
            ]);
        }
        cells
    }

    /// A feature of `GeoJSON`.
    ///
    /// # Errors
    /// Never for a point on the earth.
    pub fn feature(&self) -> serde_json::Result<String> {
        let group = self.group;
        let code = |given| move |(one, is): &(Facility, bool)| (*is == given).then(|| one.code());
        let facilities = |given| self.facilities.iter().filter_map(code(given)).collect();
        let care = |given| {
            let care = group.capabilities.iter().filter(|one| one.1 == given);
            care.map(|one| one.0.code()).collect()
        };
        serde_json::to_string(&Feature {
            is: "Feature",
            id: &self.id,
            geometry: Geometry { is: "Point", coordinates: [self.lng, self.lat] },
            properties: Properties {
                name: self.name,
                care_form: self.care_form,
                capacity: self.capacity,
                min_age: self.min_age,
                max_age: self.max_age,
                leveringsvormen: self.leveringsvormen,
                phone: self.phone,
                email: self.email,
                confirmed_at: self.confirmed_at.map(instant),
                provider: &self.provider,
                provider_name: self.provider_name,
                group_name: &group.name,
                homogeneity: group.homogeneity.code(),
                group_size: group.size,
                staff_per_ten: group.staff_per_ten,
                nurses: group.nurses,
                challenging_behaviour_excluded: group.challenging_behaviour_excluded,
                care: care(true),
                care_absent: care(false),
                street: self.street,
                house_number: self.house_number,
                postcode: self.postcode,
                city: self.city,
                gemeente: self.gemeente_code,
                region: self.region_code,
                precision: self.precision.code(),
                facilities: facilities(true),
                facilities_absent: facilities(false),
                spots: self.spots.as_ref().map(|spots| WrittenSpots {
                    waiting_list: spots.waiting_list.map(|list| WrittenList {
                        length: list.length,
                        weeks: list.expected_weeks,
                        at: instant(list.updated_at),
                    }),
                    free_spots: spots.runs.iter().map(WrittenRun::from).collect(),
                }),
            },
        })
    }
}

fn number<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn codes<'a>(codes: impl Iterator<Item = &'a str>) -> String {
    list(&codes.collect::<Vec<_>>())
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[derive(Serialize)]
struct Feature<'a> {
    #[serde(rename = "type")]
    is: &'static str,
    id: &'a str,
    geometry: Geometry,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Geometry {
    #[serde(rename = "type")]
    is: &'static str,
    /// East before north.
    coordinates: [f64; 2],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    name: &'a str,
    care_form: CareForm,
    capacity: i32,
    min_age: Option<i32>,
    max_age: Option<i32>,
    leveringsvormen: Option<&'a [Leveringsvorm]>,
    phone: Option<&'a str>,
    email: Option<&'a str>,
    confirmed_at: Option<String>,
    provider: &'a str,
    provider_name: &'a str,
    group_name: &'a str,
    homogeneity: &'a str,
    group_size: i32,
    staff_per_ten: Option<f64>,
    nurses: Option<i32>,
    challenging_behaviour_excluded: Option<bool>,
    care: Vec<&'static str>,
    care_absent: Vec<&'static str>,
    street: Option<&'a str>,
    house_number: Option<&'a str>,
    postcode: AddressPostcode,
    city: &'a str,
    gemeente: &'a str,
    region: Option<&'a str>,
    precision: &'a str,
    facilities: Vec<&'static str>,
    facilities_absent: Vec<&'static str>,
    #[serde(flatten)]
    spots: Option<WrittenSpots>,
}

/// Members that are there only for those who may see them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenSpots {
    waiting_list: Option<WrittenList>,
    free_spots: Vec<WrittenRun>,
}

#[derive(Serialize)]
struct WrittenList {
    length: Option<i32>,
    weeks: Option<i32>,
    at: String,
}

#[derive(Serialize)]
struct WrittenRun {
    slot: Slot,
    from: NaiveDate,
    to: NaiveDate,
    free: i32,
}

impl From<&Run> for WrittenRun {
    fn from(run: &Run) -> Self {
        let Run { slot, from, to, free, .. } = *run;
        Self { slot, from, to, free }
    }
}
