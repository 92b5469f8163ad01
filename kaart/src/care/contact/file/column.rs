//! The columns of the file.

use crate::care::file::columns;

columns! {
    /// A column.
    Column {
        /// The id of the entry, as the API shows it.
        Id = "id",
        /// How another register knows it.
        ExternalId = "external_id",
        /// The person's name.
        Name = "name",
        /// What the person does.
        Function = "function",
        /// Where the person works.
        Organisation = "organisation",
        /// What kind of organisation that is, by code.
        OrganisationKind = "organisation_kind",
        /// The provider on the map, by id.
        Provider = "provider",
        /// A place in the building where the person works, by id.
        Place = "place",
        /// A mail address.
        Email = "email",
        /// A telephone number.
        Phone = "phone",
        /// The postcode of the work address.
        WorkPostcode = "work_postcode",
        /// The place of the work address.
        WorkCity = "work_city",
        /// The gemeenten that the person works for, by code.
        Gemeenten = "gemeenten",
        /// The zorgkantoorregio's that the person works for, by code.
        Regions = "regions",
        /// What the person knows about.
        Expertise = "expertise",
        /// Where the entry is in its life, by code.
        Status = "status",
        /// When the person agreed to be in it.
        ConsentOn = "consent_on",
        /// How that is known.
        ConsentSource = "consent_source",
        /// The version that was exported.
        Version = "version",
        /// When the kenniscentrum last verified it; only written, never read.
        VerifiedAt = "verified_at",
    }
    needed [Name, Organisation, OrganisationKind]
    either [Id, ExternalId]
}
