#![expect(clippy::unwrap_used, reason = "a failed test should stop at once")]

use async_graphql::parser::{
    parse_schema,
    types::{FieldDefinition, InputValueDefinition, TypeKind, TypeSystemDefinition},
};

use super::{cluster, contact, curation, kwaliteitseis, location, place, places_near, provider, region, vervoer};
use crate::graphql::{
    page,
    plain::{asked::is_called, ready::InMemory},
};

/// The fields of a type.
fn fields(kind: &str) -> Vec<FieldDefinition> {
    let document = parse_schema(crate::graphql::sdl()).unwrap();
    let fields = document.definitions.into_iter().find_map(|one| match one {
        TypeSystemDefinition::Type(one) if one.node.name.node == kind => match one.node.kind {
            TypeKind::Object(object) => Some(object.fields),
            _ => None,
        },
        _ => None,
    });
    fields.unwrap().into_iter().map(|field| field.node).collect()
}

/// The fields of a type without arguments that are not ready.
fn not_ready<T: InMemory>() -> Vec<String> {
    let mut fields = fields(&T::type_name());
    for ready in T::READY {
        let at = fields.iter().position(|field| is_called(&field.name.node, ready.name)).unwrap();
        let needed = |argument: &InputValueDefinition| argument.default_value.is_none() && !argument.ty.node.nullable;
        let field = fields.remove(at);
        assert!(!field.arguments.iter().any(|one| needed(&one.node)), "{} must be told something", ready.name);
    }
    fields.retain(|field| field.arguments.is_empty());
    fields.into_iter().map(|field| field.name.node.to_string()).collect()
}

#[test]
fn all_is_ready_that_takes_no_arguments_and_waits_for_nothing() {
    assert_eq!(not_ready::<place::Place>(), ["contacts"], "they are read from the database");
    let others = [
        not_ready::<place::DayAvailability>(),
        not_ready::<place::SeriesFit>(),
        not_ready::<place::MissingSlot>(),
        not_ready::<place::WaitingList>(),
        not_ready::<location::GeoPoint>(),
        not_ready::<location::FacilityStatement>(),
        not_ready::<location::CareCapabilityStatement>(),
        not_ready::<location::Location>(),
        not_ready::<location::Group>(),
        not_ready::<places_near::PlaceNearConnection>(),
        not_ready::<places_near::PlaceNearEdge>(),
        not_ready::<provider::Provider>(),
        not_ready::<provider::ProviderConnection>(),
        not_ready::<provider::ProviderEdge>(),
        not_ready::<provider::PlaceConnection>(),
        not_ready::<provider::PlaceEdge>(),
        not_ready::<cluster::PlaceCluster>(),
        not_ready::<region::Region>(),
        not_ready::<region::Gemeente>(),
        not_ready::<contact::Contact>(),
        not_ready::<contact::ContactConnection>(),
        not_ready::<contact::ContactEdge>(),
        not_ready::<curation::ContactCuration>(),
        not_ready::<kwaliteitseis::Kwaliteitseis>(),
        not_ready::<kwaliteitseis::KwaliteitseisClaim>(),
        not_ready::<vervoer::Vervoer>(),
        not_ready::<vervoer::VervoerTrip>(),
        not_ready::<vervoer::PickUpWindow>(),
        not_ready::<page::PageInfo>(),
    ];
    assert_eq!(others.concat(), [""; 0]);
}
