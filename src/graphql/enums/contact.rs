//! The vocabularies of the contactenbestand.

use async_graphql::Enum;

/// Where an entry of the contactenbestand is in its life.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::ContactStatus")]
pub(in crate::graphql) enum ContactStatus {
    /// Not published yet.
    Draft,
    /// Open to passport holders.
    Published,
    /// No longer shown.
    Withdrawn,
}

/// What kind of organisation a contact works at.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::OrganisationKind")]
pub(in crate::graphql) enum OrganisationKind {
    /// A care provider.
    Zorgaanbieder,
    /// A gemeente.
    Gemeente,
    /// A zorgkantoor.
    Zorgkantoor,
    /// A health insurer.
    Zorgverzekeraar,
    /// A hospital.
    Ziekenhuis,
    /// A supplier of aids.
    Hulpmiddelen,
    /// Education and leerplicht.
    Onderwijs,
    /// Client support: Copiloten, MEE, Metgezel.
    Clientondersteuning,
    /// A parents' association.
    Oudervereniging,
    /// Anything else.
    Overig,
}

/// Why an entry of the contactenbestand is no longer shown.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::WithdrawalReason")]
pub(in crate::graphql) enum WithdrawalReason {
    /// The person no longer agrees to be in it. This cannot be undone: only a new consent brings the entry back.
    ConsentWithdrawn,
    /// The person works elsewhere, or no longer.
    LeftOrganisation,
    /// Another entry is about the same person.
    Duplicate,
    /// Anything else.
    Other,
}

/// What was done to an entry of the contactenbestand.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::ContactAction")]
pub(in crate::graphql) enum ContactAction {
    /// It was made.
    Create,
    /// Something else was stated of it.
    Edit,
    /// Holders see it from then on.
    Publish,
    /// Nobody sees it any more but the kenniscentrum.
    Withdraw,
    /// It was confirmed.
    Verify,
    /// It went on as one with another entry, or ended in one.
    Merge,
    /// The change before was taken back.
    Undo,
    /// What a provider proposed was accepted.
    Accept,
    /// It came from a file.
    Import,
}

/// What can change in an entry of the contactenbestand.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::ContactField")]
pub(in crate::graphql) enum ContactField {
    /// How another register knows it.
    ExternalId,
    /// The person's name.
    Name,
    /// What the person does.
    Function,
    /// Where the person works.
    Organisation,
    /// What kind of organisation that is.
    OrganisationKind,
    /// The provider that the organisation is.
    Provider,
    /// The building where the person works.
    Location,
    /// The mail address.
    Email,
    /// The telephone number.
    Phone,
    /// The PC4 of the work address.
    WorkPostcode,
    /// The place name of the work address.
    WorkCity,
    /// The gemeenten that the person works for.
    Gemeenten,
    /// What the person knows about.
    Expertise,
    /// The zorgkantoorregio's that the person works for.
    Regions,
    /// Where the entry is in its life.
    Status,
    /// That the person agreed to be in it: when, and how this is known.
    Consent,
    /// When it was verified.
    VerifiedAt,
    /// When it has to be verified again.
    DueOn,
    /// That it was withdrawn: when and why.
    Withdrawal,
    /// The entry that it goes on as.
    MergedInto,
}

/// What has become of what a provider proposed.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::ProposalStatus")]
pub(in crate::graphql) enum ProposalStatus {
    /// Nobody has decided yet.
    Open,
    /// It was taken.
    Accepted,
    /// It was not taken.
    Rejected,
}
