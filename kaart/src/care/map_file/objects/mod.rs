//! Objects of the map as files: providers, and their whole trees of locations, groups and places.

mod columns;

use std::collections::BTreeSet;

use serde_json::{Value, json};

pub use columns::{ObjectColumns, PlaceColumn, ProviderColumn, States};

use super::{Cells, Key, Kind, Reason, cells::key};
use crate::{
    care::{
        file::{Columns, items},
        global_id::GlobalId,
        id::ProviderId,
        postcode::Pc4,
        profile::{
            Profile,
            stated::{Refusal, Statement},
        },
        reference::Reference,
        text::folded,
        vocabulary::{CareCapability, Facility, MapField, MapObject},
    },
    geo::{Point, distance::distance_km},
};

/// From how far off the point of its postcode a location is probably wrong, km: most postcodes reach less far. From 10 km on it is
/// refused (`care::profile`).
const PROBABLY_WRONG_KM: f64 = 5.0;

/// What a row states of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated<C> {
    /// What kind of object.
    pub kind: MapObject,
    /// Its external id.
    pub external_id: String,
    /// The column of that.
    pub key: C,
    cells: Vec<(C, Option<String>)>,
}

/// The file of providers.
#[derive(Debug)]
pub struct Providers;

/// The file of places.
#[derive(Debug)]
pub struct Places;

/// What a row of the file of places says.
#[derive(Clone, Debug)]
pub struct SaidOfPlace {
    /// The provider.
    pub provider: Key<ProviderId>,
    /// The location, the group and the place.
    pub objects: [Stated<PlaceColumn>; 3],
}

impl Kind for Providers {
    type Column = ProviderColumn;
    type Said = Stated<ProviderColumn>;

    fn read(cells: &mut Cells<Self>) -> Option<Self::Said> {
        stated(cells, MapObject::Provider, ProviderColumn::Provider)
    }
}

impl Kind for Places {
    type Column = PlaceColumn;
    type Said = SaidOfPlace;

    fn read(cells: &mut Cells<Self>) -> Option<Self::Said> {
        let ours = |id| if let GlobalId::Provider(id) = id { Some(id) } else { None };
        let provider = cells.need(PlaceColumn::Provider, |text| key(text, ours));
        let location = stated(cells, MapObject::Location, PlaceColumn::Location);
        let group = stated(cells, MapObject::CareGroup, PlaceColumn::Group);
        let place = stated(cells, MapObject::Place, PlaceColumn::Place);
        Some(SaidOfPlace { provider: provider?, objects: [location?, group?, place?] })
    }
}

/// What a row states of one object.
fn stated<K: Kind>(cells: &mut Cells<K>, kind: MapObject, column: K::Column) -> Option<Stated<K::Column>>
where
    K::Column: ObjectColumns,
{
    let external_id = cells.need(column, |text| match key::<()>(text, |_| None)? {
        Key::External(text) => Ok(text),
        Key::Ours(()) => Err(Reason::NoKey),
    })?;
    let own = K::Column::ALL.iter().filter(|column| cells.has(**column) && column.states().kind() == Some(kind));
    let own = own.filter(|column| !matches!(column.states(), States::Key(_)));
    let own = own.map(|column| (*column, cells.text(*column).map(str::to_owned))).collect();
    Some(Stated { kind, external_id, key: column, cells: own })
}

impl<C: ObjectColumns> Stated<C> {
    /// The first column in which another row says something else of the same object.
    pub fn differs(&self, other: &Self) -> Option<C> {
        self.cells.iter().zip(&other.cells).find(|(one, other)| one != other).map(|((column, _), _)| *column)
    }

    /// What is stated, as the map takes it.
    ///
    /// # Errors
    /// All that is wrong, and in which columns.
    pub fn statement(&self, reference: &Reference) -> Result<Statement, Vec<(C, Reason)>> {
        let (mut statement, mut wrong) = (Statement::default(), Vec::new());
        for (column, text) in &self.cells {
            let text = text.as_deref();
            let value = match column.states() {
                // Left empty it is that of the postcode.
                States::Text(_, MapField::Gemeente) if text.is_none() => None,
                States::Text(_, field) => Some((field, json!(text))),
                States::Number(_, field) => Some((field, text.map_or(Value::Null, number))),
                States::Truth(_, field) => Some((field, text.map_or(Value::Null, truth))),
                States::Words(_, field) => Some((field, json!(text.map(words).unwrap_or_default()))),
                States::Key(_) | States::Facts(..) | States::Degrees(_) | States::Provider => None,
            };
            if let Some((field, value)) = value
                && let Err(Refusal(_, error)) = statement.state(field, value, reference)
            {
                wrong.push((*column, Reason::Stated(error)));
            }
        }
        self.point(&mut statement, reference, &mut wrong);
        self.facts(&mut statement, &mut wrong);
        if wrong.is_empty() { Ok(statement) } else { Err(wrong) }
    }

    /// The column to blame for a field.
    pub fn blame(&self, refused: MapField) -> C {
        let is = |column: &&C| match column.states() {
            States::Text(kind, field) | States::Number(kind, field) | States::Truth(kind, field) => {
                (kind, field) == (self.kind, refused)
            }
            States::Words(kind, field) | States::Facts(kind, field, _) => (kind, field) == (self.kind, refused),
            States::Degrees(_) => (self.kind, MapField::Point) == (MapObject::Location, refused),
            States::Key(_) | States::Provider => false,
        };
        C::ALL.iter().find(is).copied().unwrap_or(self.key)
    }

    /// What is probably wrong with a location, and in which columns; `profile` is what it is from now on.
    pub fn doubts(&self, profile: &Profile, reference: &Reference) -> Vec<(C, Reason)> {
        let Profile::Location(location) = profile else { return Vec::new() };
        let pc4 = location.postcode.parse::<Pc4>().ok();
        let Some(area) = pc4.and_then(|pc4| reference.postcodes.get(&pc4)) else { return Vec::new() };
        let mut doubts = Vec::new();
        let point = Point::new(location.point.lat, location.point.lng).ok();
        if point.is_some_and(|point| distance_km(point, area.point) > PROBABLY_WRONG_KM) {
            doubts.push((self.blame(MapField::Point), Reason::FarFromPostcode));
        }
        if location.gemeente != area.gemeente_code {
            doubts.push((self.blame(MapField::Gemeente), Reason::GemeenteOfPostcode));
        }
        let gemeente = reference.gemeenten.get(&area.gemeente_code).map(|gemeente| gemeente.name.as_str());
        let city = folded(&location.city);
        if ![Some(area.place_name.as_str()), gemeente].into_iter().flatten().any(|name| folded(name) == city) {
            doubts.push((self.blame(MapField::City), Reason::CityOfPostcode));
        }
        doubts
    }

    /// States the point. Where none is given, that of the postcode stays.
    fn point(&self, statement: &mut Statement, reference: &Reference, wrong: &mut Vec<(C, Reason)>) {
        let degrees = |is_lat| {
            let cell = self.cells.iter().find(|(column, _)| column.states() == States::Degrees(is_lat));
            cell.and_then(|(column, text)| Some((*column, text.as_deref()?)))
        };
        match (degrees(true), degrees(false)) {
            (None, None) => {}
            (Some((lat_column, lat)), Some((lng_column, lng))) => match (lat.parse::<f64>(), lng.parse::<f64>()) {
                (Ok(lat), Ok(lng)) => {
                    let point = json!({ "lat": lat, "lng": lng });
                    if let Err(Refusal(_, error)) = statement.state(MapField::Point, point, reference) {
                        wrong.push((lat_column, Reason::Stated(error)));
                    }
                }
                (lat, lng) => {
                    wrong.extend(lat.is_err().then_some((lat_column, Reason::NoDegrees)));
                    wrong.extend(lng.is_err().then_some((lng_column, Reason::NoDegrees)));
                }
            },
            (Some((column, _)), None) | (None, Some((column, _))) => wrong.push((column, Reason::HalfPoint)),
        }
    }

    /// States facilities and care. What neither column names is not known, where one of both is there.
    fn facts(&self, statement: &mut Statement, wrong: &mut Vec<(C, Reason)>) {
        let mut named: BTreeSet<String> = BTreeSet::new();
        let (mut facilities, mut care) = (Vec::new(), Vec::new());
        for (column, text) in &self.cells {
            let States::Facts(_, field, fact) = column.states() else { continue };
            if field == MapField::Facilities && facilities.is_empty() {
                facilities.extend(Facility::ALL.iter().map(|one| (*one, None)));
            } else if field == MapField::Capabilities && care.is_empty() {
                care.extend(CareCapability::ALL.iter().map(|one| (*one, None)));
            }
            for word in text.as_deref().map(words).unwrap_or_default() {
                let facility =
                    facilities.iter_mut().find(|(one, _)| field == MapField::Facilities && one.code() == word);
                let facility = facility.map(|(_, known)| *known = Some(fact));
                let capability = care.iter_mut().find(|(one, _)| field == MapField::Capabilities && one.code() == word);
                let capability = capability.map(|(_, known)| *known = Some(fact));
                if facility.or(capability).is_none() {
                    wrong.push((*column, Reason::NoWord));
                } else if !named.insert(word) {
                    wrong.push((*column, Reason::WordTwice));
                }
            }
        }
        statement.facilities(facilities);
        statement.capabilities(care);
    }
}

/// A number where the text is one; else the text, which no field of numbers takes.
fn number(text: &str) -> Value {
    let whole = text.parse::<i64>().ok().map(|number| json!(number));
    whole.or_else(|| text.parse::<f64>().ok().map(|number| json!(number))).unwrap_or_else(|| json!(text))
}

fn truth(text: &str) -> Value {
    match text {
        "true" => json!(true),
        "false" => json!(false),
        _ => json!(text),
    }
}

fn words(text: &str) -> Vec<String> {
    items(text).iter().map(|word| word.trim().to_owned()).collect()
}
