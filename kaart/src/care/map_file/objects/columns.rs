//! The columns of the files of objects, and what each states.

use crate::care::{
    file::{Columns, columns},
    vocabulary::{MapField, MapObject},
};

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

impl States {
    /// Of what kind of object it states something.
    pub(super) const fn kind(self) -> Option<MapObject> {
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
