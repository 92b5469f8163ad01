//! The columns of the file.

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The id of the entry, as the API shows it.
    Id,
    /// How another register knows it.
    ExternalId,
    /// The person's name.
    Name,
    /// What the person does.
    Function,
    /// Where the person works.
    Organisation,
    /// What kind of organisation that is, by code.
    OrganisationKind,
    /// The provider on the map, by id.
    Provider,
    /// A place in the building where the person works, by id.
    Place,
    /// A mail address.
    Email,
    /// A telephone number.
    Phone,
    /// The postcode of the work address.
    WorkPostcode,
    /// The place of the work address.
    WorkCity,
    /// The gemeenten that the person works for, by code.
    Gemeenten,
    /// The zorgkantoorregio's that the person works for, by code.
    Regions,
    /// What the person knows about.
    Expertise,
    /// Where the entry is in its life, by code.
    Status,
    /// When the person agreed to be in it.
    ConsentOn,
    /// How that is known.
    ConsentSource,
    /// The version that was exported.
    Version,
    /// When the kenniscentrum last verified it; only written, never read.
    VerifiedAt,
}

impl Column {
    /// Every column, in the order in which they are written.
    pub const ALL: [Self; 20] = [
        Self::Id,
        Self::ExternalId,
        Self::Name,
        Self::Function,
        Self::Organisation,
        Self::OrganisationKind,
        Self::Provider,
        Self::Place,
        Self::Email,
        Self::Phone,
        Self::WorkPostcode,
        Self::WorkCity,
        Self::Gemeenten,
        Self::Regions,
        Self::Expertise,
        Self::Status,
        Self::ConsentOn,
        Self::ConsentSource,
        Self::Version,
        Self::VerifiedAt,
    ];

    /// The name of the column in the header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::ExternalId => "external_id",
            Self::Name => "name",
            Self::Function => "function",
            Self::Organisation => "organisation",
            Self::OrganisationKind => "organisation_kind",
            Self::Provider => "provider",
            Self::Place => "place",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::WorkPostcode => "work_postcode",
            Self::WorkCity => "work_city",
            Self::Gemeenten => "gemeenten",
            Self::Regions => "regions",
            Self::Expertise => "expertise",
            Self::Status => "status",
            Self::ConsentOn => "consent_on",
            Self::ConsentSource => "consent_source",
            Self::Version => "version",
            Self::VerifiedAt => "verified_at",
        }
    }

    /// The column with a name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }
}
