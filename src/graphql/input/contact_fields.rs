//! What is stated of a contact.

use async_graphql::{ID, InputObject, MaybeUndefined};
use serde_json::json;

use super::{
    super::{
        enums::OrganisationKind,
        error::{ApiError, Result},
        id,
    },
    sentence,
};
use crate::{
    care::{contact::stated::Statement, vocabulary, vocabulary::ContactField as Field},
    store::View,
};

/// What is stated of a contact. Left out: it stays as it is; null or empty: it is taken away.
#[derive(InputObject, Clone, Debug, Default)]
#[graphql(name = "ContactFieldsInput")]
pub(in crate::graphql) struct Fields {
    /// How another register knows the entry: at most 100 visible ASCII characters, unique.
    pub(super) external_id: MaybeUndefined<String>,
    /// The person's name; every entry has one.
    name: MaybeUndefined<String>,
    /// What the person does.
    function: MaybeUndefined<String>,
    /// Where the person works; every entry says so.
    organisation: MaybeUndefined<String>,
    /// What kind of organisation that is; every entry says so.
    organisation_kind: MaybeUndefined<OrganisationKind>,
    /// The provider, where the organisation is one on the map.
    pub(super) provider: MaybeUndefined<ID>,
    /// A place in the building where the person works. The entry is then shown at every place in that building, and the
    /// provider is the one of the place.
    place: MaybeUndefined<ID>,
    /// A mail address.
    email: MaybeUndefined<String>,
    /// A telephone number.
    phone: MaybeUndefined<String>,
    /// The postcode of the work address; only its four digits are kept.
    work_postcode: MaybeUndefined<String>,
    /// The place name of the work address.
    work_city: MaybeUndefined<String>,
    /// The gemeenten that the person works for, by code; empty: not limited to any.
    gemeenten: MaybeUndefined<Vec<String>>,
    /// What the person knows about, such as `sondevoeding`.
    expertise: MaybeUndefined<Vec<String>>,
    /// The zorgkantoorregio's that the person works for, by code; empty: not limited to any.
    regions: MaybeUndefined<Vec<String>>,
}

impl Fields {
    /// Reads what is stated; `at` names the argument.
    pub(super) fn read(&self, at: &str, view: &View) -> Result<Statement> {
        let mut statement = Statement::default();
        let kind =
            self.organisation_kind.as_opt_ref().map(|kind| kind.map(|kind| vocabulary::OrganisationKind::from(*kind)));
        let texts = [
            ("externalId", Field::ExternalId, &self.external_id),
            ("name", Field::Name, &self.name),
            ("function", Field::Function, &self.function),
            ("organisation", Field::Organisation, &self.organisation),
            ("email", Field::Email, &self.email),
            ("phone", Field::Phone, &self.phone),
            ("workPostcode", Field::WorkPostcode, &self.work_postcode),
            ("workCity", Field::WorkCity, &self.work_city),
        ];
        let wrong =
            |name: &str, error: &dyn std::fmt::Display| ApiError::input(format!("{at}.{name}"), sentence(error));
        for (name, field, said) in texts {
            if let Some(said) = said.as_opt_ref() {
                let said = said.map(String::as_str);
                statement.text(field, said, view.reference()).map_err(|error| wrong(name, &error))?;
            }
        }
        if let Some(kind) = kind {
            let code = kind.map(vocabulary::OrganisationKind::code);
            let stated = statement.text(Field::OrganisationKind, code, view.reference());
            stated.map_err(|error| wrong("organisationKind", &error))?;
        }
        let lists = [
            ("gemeenten", Field::Gemeenten, &self.gemeenten),
            ("expertise", Field::Expertise, &self.expertise),
            ("regions", Field::Regions, &self.regions),
        ];
        for (name, field, said) in lists {
            if let Some(said) = said.as_opt_ref() {
                let items = said.into_iter().flatten().map(String::as_str);
                let stated = statement.list(field, items, view.reference());
                stated.map_err(|(item, error)| wrong(&format!("{name}.{item}"), &error))?;
            }
        }
        self.work(at, view, &mut statement)?;
        Ok(statement)
    }

    /// Reads where the person works.
    fn work(&self, at: &str, view: &View, statement: &mut Statement) -> Result<()> {
        if let Some(provider) = self.provider.as_opt_ref() {
            let argument = format!("{at}.provider");
            let provider = provider.map(|provider| id::provider(&argument, provider)).transpose()?;
            if provider.is_some_and(|provider| view.seen_provider(provider).is_none()) {
                return Err(ApiError::input(argument, "There is no provider with this id."));
            }
            statement.0.insert(Field::Provider, json!(provider));
        }
        match self.place.as_opt_ref() {
            None => {}
            Some(None) => {
                statement.0.insert(Field::Location, json!(null));
            }
            Some(Some(place)) => {
                let argument = format!("{at}.place");
                let place = id::place(&argument, place)?;
                let place = view.place(place).and_then(|place| view.seen_place(place));
                let Some(place) = place else {
                    return Err(ApiError::input(argument, "There is no place with this id."));
                };
                let other = json!(place.provider_id());
                if statement.0.get(&Field::Provider).is_some_and(|stated| *stated != other) {
                    return Err(ApiError::input(argument, "This place is of another provider."));
                }
                statement.work(Some(place.provider_id()), Some(place.location_id()));
            }
        }
        Ok(())
    }
}
