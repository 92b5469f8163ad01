//! What is stated of providers, locations, groups and places.

use async_graphql::{InputObject, MaybeUndefined};
use serde_json::{Value, json};

use super::{
    super::{
        enums::{
            CareCapability, CareForm, Facility, Homogeneity, Leveringsvorm, LocationPrecision, ProviderKind, domain,
        },
        error::{ApiError, Result},
    },
    near::PointInput,
    sentence,
};
use crate::care::{
    profile::stated::{Refusal, Statement},
    reference::Reference,
    vocabulary::{self, MapField as Field},
};

/// What is stated of a provider. Left out: it stays as it is; null or empty: it is taken away.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct ProviderFieldsInput {
    /// The name: at most 200 characters.
    name: MaybeUndefined<String>,
    /// What kind of provider it is.
    kind: MaybeUndefined<ProviderKind>,
    /// A telephone number for parents.
    phone: MaybeUndefined<String>,
    /// A mail address for parents.
    email: MaybeUndefined<String>,
    /// The web site, such as `https://www.organisatie.example`.
    website: MaybeUndefined<String>,
    /// The number in the trade register: 8 digits.
    kvk_number: MaybeUndefined<String>,
    /// The AGB code: 8 digits.
    agb_code: MaybeUndefined<String>,
    /// Whether it takes part in the ZEVMB-fieldlab: only the kenniscentrum states it.
    fieldlab: MaybeUndefined<bool>,
}

/// What is stated of a building. Left out: it stays as it is; null or empty: it is taken away.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct LocationFieldsInput {
    /// The street: at most 200 characters.
    street: MaybeUndefined<String>,
    /// The house number with additions.
    house_number: MaybeUndefined<String>,
    /// The postcode, such as `3511 AB`; the four digits alone where the letters are not known.
    postcode: MaybeUndefined<String>,
    /// The place name.
    city: MaybeUndefined<String>,
    /// The gemeente, by code; left out with another postcode: the gemeente of that.
    gemeente: MaybeUndefined<String>,
    /// The point, at most 10 km from that of the postcode; left out with another postcode: the point of that.
    point: MaybeUndefined<PointInput>,
    /// Whether the address is shown to all: `AREA` for somebody's home.
    precision: MaybeUndefined<LocationPrecision>,
    /// What is known of the facilities; those that are not named stay as they are.
    #[graphql(default)]
    facilities: Vec<FacilityInput>,
}

/// What is known of a facility.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct FacilityInput {
    /// What it is about.
    facility: Facility,
    /// Whether it is there; null: not known.
    present: Option<bool>,
}

/// What is stated of a group. Left out: it stays as it is; null: it is taken away.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct CareGroupFieldsInput {
    /// The name: at most 200 characters.
    name: MaybeUndefined<String>,
    /// How alike the care demand is.
    homogeneity: MaybeUndefined<Homogeneity>,
    /// How many clients it has room for: 1 to 1,000.
    size: MaybeUndefined<i32>,
    /// Staff per ten clients: 0 to 100.
    staff_per_ten: MaybeUndefined<f64>,
    /// How many nurses are in the team: 0 to 1,000.
    nurses: MaybeUndefined<i32>,
    /// Whether clients with challenging behaviour are excluded.
    challenging_behaviour_excluded: MaybeUndefined<bool>,
    /// What is known of the care that it can give; what is not named stays as it is.
    #[graphql(default)]
    care_capabilities: Vec<CareCapabilityInput>,
}

/// What is known of care that a group can give.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct CareCapabilityInput {
    /// What it is about.
    capability: CareCapability,
    /// Whether it is offered; null: not known.
    offered: Option<bool>,
}

/// What is stated of a place. Left out: it stays as it is; null or empty: it is taken away.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct PlaceFieldsInput {
    /// The name: at most 200 characters.
    name: MaybeUndefined<String>,
    /// What it offers.
    care_form: MaybeUndefined<CareForm>,
    /// How many spots it has: 1 to 1,000; of a place that is there `setCapacity` changes it.
    capacity: MaybeUndefined<i32>,
    /// A telephone number for parents.
    phone: MaybeUndefined<String>,
    /// A mail address for parents.
    email: MaybeUndefined<String>,
    /// The youngest age, 0 to 120 whole years.
    min_age: MaybeUndefined<i32>,
    /// The greatest age, 0 to 120 whole years.
    max_age: MaybeUndefined<i32>,
    /// How care is delivered and paid for.
    leveringsvormen: MaybeUndefined<Vec<Leveringsvorm>>,
}

/// Reads fields one after the other; `at` names their argument.
struct Reader<'a> {
    at: &'a str,
    reference: &'a Reference,
    statement: Statement,
}

impl<'a> Reader<'a> {
    fn new(at: &'a str, reference: &'a Reference) -> Self {
        Self { at, reference, statement: Statement::default() }
    }

    fn state<T>(&mut self, field: Field, said: MaybeUndefined<T>, value: impl FnOnce(T) -> Value) -> Result<()> {
        let said = match said {
            MaybeUndefined::Undefined => return Ok(()),
            MaybeUndefined::Null => Value::Null,
            MaybeUndefined::Value(said) => value(said),
        };
        self.statement.state(field, said, self.reference).map_err(|refusal| not_stated(self.at, refusal))
    }

    fn text(&mut self, field: Field, said: MaybeUndefined<String>) -> Result<()> {
        self.state(field, said, Value::String)
    }
}

/// The argument of a field; `at` names the fields.
pub(in crate::graphql) fn argument(at: &str, field: Field) -> String {
    let name = match field {
        Field::Capabilities | Field::NightCare => "careCapabilities".to_owned(),
        field => {
            let mut words = field.code().split('_').map(str::to_ascii_lowercase);
            let first = words.next().unwrap_or_default();
            words.fold(first, |name, word| {
                let (initial, rest) = word.split_at(1);
                format!("{name}{}{rest}", initial.to_ascii_uppercase())
            })
        }
    };
    format!("{at}.{name}")
}

/// Why a field cannot be so.
pub(in crate::graphql) fn not_stated(at: &str, Refusal(field, error): Refusal) -> ApiError {
    ApiError::input(argument(at, field), sentence(&error))
}

impl ProviderFieldsInput {
    pub(super) fn read(self, at: &str, reference: &Reference) -> Result<Statement> {
        let mut reader = Reader::new(at, reference);
        reader.text(Field::Name, self.name)?;
        reader.state(Field::Kind, self.kind, |one| json!(vocabulary::ProviderKind::from(one)))?;
        reader.text(Field::Phone, self.phone)?;
        reader.text(Field::Email, self.email)?;
        reader.text(Field::Website, self.website)?;
        reader.text(Field::KvkNumber, self.kvk_number)?;
        reader.text(Field::AgbCode, self.agb_code)?;
        reader.state(Field::Fieldlab, self.fieldlab, Value::Bool)?;
        Ok(reader.statement)
    }
}

impl LocationFieldsInput {
    pub(super) fn read(self, at: &str, reference: &Reference) -> Result<Statement> {
        let mut reader = Reader::new(at, reference);
        reader.text(Field::Street, self.street)?;
        reader.text(Field::HouseNumber, self.house_number)?;
        reader.text(Field::Postcode, self.postcode)?;
        reader.text(Field::City, self.city)?;
        reader.text(Field::Gemeente, self.gemeente)?;
        reader.state(Field::Point, self.point, |point| json!({ "lat": point.lat, "lng": point.lng }))?;
        reader.state(Field::Precision, self.precision, |one| json!(vocabulary::LocationPrecision::from(one)))?;
        let mut statement = reader.statement;
        statement.facilities(self.facilities.into_iter().map(|one| (one.facility.into(), one.present)));
        Ok(statement)
    }
}

impl CareGroupFieldsInput {
    pub(super) fn read(self, at: &str, reference: &Reference) -> Result<Statement> {
        let mut reader = Reader::new(at, reference);
        reader.text(Field::Name, self.name)?;
        reader.state(Field::Homogeneity, self.homogeneity, |one| json!(vocabulary::Homogeneity::from(one)))?;
        reader.state(Field::Size, self.size, |number| json!(number))?;
        reader.state(Field::StaffPerTen, self.staff_per_ten, |number| json!(number))?;
        reader.state(Field::Nurses, self.nurses, |number| json!(number))?;
        reader.state(Field::ChallengingBehaviourExcluded, self.challenging_behaviour_excluded, Value::Bool)?;
        let mut statement = reader.statement;
        statement.capabilities(self.care_capabilities.into_iter().map(|one| (one.capability.into(), one.offered)));
        Ok(statement)
    }
}

impl PlaceFieldsInput {
    /// Whether the capacity is stated.
    pub(super) fn states_capacity(&self) -> bool {
        !self.capacity.is_undefined()
    }

    pub(super) fn read(self, at: &str, reference: &Reference) -> Result<Statement> {
        let mut reader = Reader::new(at, reference);
        reader.text(Field::Name, self.name)?;
        reader.state(Field::CareForm, self.care_form, |one| json!(vocabulary::CareForm::from(one)))?;
        reader.state(Field::Capacity, self.capacity, |number| json!(number))?;
        reader.text(Field::Phone, self.phone)?;
        reader.text(Field::Email, self.email)?;
        reader.state(Field::MinAge, self.min_age, |number| json!(number))?;
        reader.state(Field::MaxAge, self.max_age, |number| json!(number))?;
        let words = |some| json!(domain::<_, vocabulary::Leveringsvorm>(Some(some)));
        reader.state(Field::Leveringsvormen, self.leveringsvormen, words)?;
        Ok(reader.statement)
    }
}
