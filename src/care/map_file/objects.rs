//! Objects of the map as files: providers, and their whole trees of locations, groups and places.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Cells, Key, Kind, Reason, cells::key};
use crate::{
    care::{
        file::{Columns, columns, items},
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

/// What a column states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum States {
    /// The external id of an object.
    Key(MapObject),
    /// A text or a word.
    Text(MapObject, MapField),
    /// A number.
    Number(MapObject, MapField),
    /// True or false.
    Truth(MapObject, MapField),
    /// Words.
    Words(MapObject, MapField),
    /// Facilities or care: those that are there, or those that are not.
    Facts(MapObject, MapField, bool),
    /// A coordinate: the latitude, or the longitude.
    Degrees(bool),
    /// Whose it is.
    Provider,
}

/// Columns that state objects.
pub trait ObjectColumns: Columns + std::fmt::Debug {
    /// What a column states.
    fn states(self) -> States;
}

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

columns! {
    /// A column of the file of providers.
    ProviderColumn {
        /// The external id.
        Provider = "provider",
        /// The name.
        Name = "name",
        /// The kind, by code.
        Kind = "kind",
        /// A telephone number.
        Phone = "phone",
        /// A mail address.
        Email = "email",
        /// The web site.
        Website = "website",
        /// The number in the trade register.
        KvkNumber = "kvk_number",
        /// The AGB code.
        AgbCode = "agb_code",
        /// Whether it takes part in the fieldlab.
        Fieldlab = "fieldlab",
    }
    needed [Provider]
    either []
}

columns! {
    /// A column of the file of places.
    PlaceColumn {
        /// The provider, by id or external id.
        Provider = "provider",
        /// The external id of the location.
        Location = "location",
        /// The street.
        Street = "street",
        /// The house number.
        HouseNumber = "house_number",
        /// The postcode.
        Postcode = "postcode",
        /// The place name.
        City = "city",
        /// The gemeente, by code.
        Gemeente = "gemeente",
        /// Degrees north.
        Lat = "lat",
        /// Degrees east.
        Lng = "lng",
        /// Whether the address may be shown, by code.
        Precision = "precision",
        /// The facilities that are there, by code.
        Facilities = "facilities",
        /// Those that are not.
        FacilitiesAbsent = "facilities_absent",
        /// The external id of the group.
        Group = "group",
        /// Its name.
        GroupName = "group_name",
        /// How alike the care demand is, by code.
        Homogeneity = "homogeneity",
        /// How many clients it has room for.
        GroupSize = "group_size",
        /// Staff per ten clients.
        StaffPerTen = "staff_per_ten",
        /// Nurses in the team.
        Nurses = "nurses",
        /// Whether clients with challenging behaviour are excluded.
        ChallengingBehaviourExcluded = "challenging_behaviour_excluded",
        /// The care that it can give, by code.
        Care = "care",
        /// The care that it cannot give.
        CareAbsent = "care_absent",
        /// The external id of the place.
        Place = "place",
        /// Its name.
        Name = "name",
        /// What it offers, by code.
        CareForm = "care_form",
        /// How many spots it has.
        Capacity = "capacity",
        /// A telephone number.
        Phone = "phone",
        /// A mail address.
        Email = "email",
        /// The youngest age.
        MinAge = "min_age",
        /// The greatest age.
        MaxAge = "max_age",
        /// How it is paid for, by code.
        Leveringsvormen = "leveringsvormen",
    }
    needed [Provider, Location, Group, Place]
    either []
}

impl ObjectColumns for ProviderColumn {
    fn states(self) -> States {
        use MapObject::Provider as P;
        match self {
            Self::Provider => States::Key(P),
            Self::Name => States::Text(P, MapField::Name),
            Self::Kind => States::Text(P, MapField::Kind),
            Self::Phone => States::Text(P, MapField::Phone),
            Self::Email => States::Text(P, MapField::Email),
            Self::Website => States::Text(P, MapField::Website),
            Self::KvkNumber => States::Text(P, MapField::KvkNumber),
            Self::AgbCode => States::Text(P, MapField::AgbCode),
            Self::Fieldlab => States::Truth(P, MapField::Fieldlab),
        }
    }
}

impl ObjectColumns for PlaceColumn {
    fn states(self) -> States {
        use MapObject::{CareGroup as G, Location as L, Place as P};
        match self {
            Self::Provider => States::Provider,
            Self::Location => States::Key(L),
            Self::Street => States::Text(L, MapField::Street),
            Self::HouseNumber => States::Text(L, MapField::HouseNumber),
            Self::Postcode => States::Text(L, MapField::Postcode),
            Self::City => States::Text(L, MapField::City),
            Self::Gemeente => States::Text(L, MapField::Gemeente),
            Self::Lat => States::Degrees(true),
            Self::Lng => States::Degrees(false),
            Self::Precision => States::Text(L, MapField::Precision),
            Self::Facilities => States::Facts(L, MapField::Facilities, true),
            Self::FacilitiesAbsent => States::Facts(L, MapField::Facilities, false),
            Self::Group => States::Key(G),
            Self::GroupName => States::Text(G, MapField::Name),
            Self::Homogeneity => States::Text(G, MapField::Homogeneity),
            Self::GroupSize => States::Number(G, MapField::Size),
            Self::StaffPerTen => States::Number(G, MapField::StaffPerTen),
            Self::Nurses => States::Number(G, MapField::Nurses),
            Self::ChallengingBehaviourExcluded => States::Truth(G, MapField::ChallengingBehaviourExcluded),
            Self::Care => States::Facts(G, MapField::Capabilities, true),
            Self::CareAbsent => States::Facts(G, MapField::Capabilities, false),
            Self::Place => States::Key(P),
            Self::Name => States::Text(P, MapField::Name),
            Self::CareForm => States::Text(P, MapField::CareForm),
            Self::Capacity => States::Number(P, MapField::Capacity),
            Self::Phone => States::Text(P, MapField::Phone),
            Self::Email => States::Text(P, MapField::Email),
            Self::MinAge => States::Number(P, MapField::MinAge),
            Self::MaxAge => States::Number(P, MapField::MaxAge),
            Self::Leveringsvormen => States::Words(P, MapField::Leveringsvormen),
        }
    }
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

impl States {
    /// Of what kind of object it states something.
    const fn kind(self) -> Option<MapObject> {
        match self {
            Self::Key(kind)
            | Self::Text(kind, _)
            | Self::Number(kind, _)
            | Self::Truth(kind, _)
            | Self::Words(kind, _)
            | Self::Facts(kind, ..) => Some(kind),
            Self::Degrees(_) => Some(MapObject::Location),
            Self::Provider => None,
        }
    }
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
