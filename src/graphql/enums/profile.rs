//! What is on the map, what can change of it, and what has become of a change.

use async_graphql::Enum;

/// What on the map people edit.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::MapObject")]
pub(in crate::graphql) enum MapObject {
    /// A zorgaanbieder.
    Provider,
    /// A building of a provider.
    Location,
    /// A group in a building.
    CareGroup,
    /// One care form that a group offers.
    Place,
}

/// What can change on the map. What a provider changes of its address, care form, homogeneity, staffing, nurses and night
/// care waits for the kenniscentrum; the rest is live at once.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::MapField")]
pub(in crate::graphql) enum MapField {
    /// The name.
    Name,
    /// What kind of provider it is.
    Kind,
    /// The telephone number for parents.
    Phone,
    /// The mail address for parents.
    Email,
    /// The web site.
    Website,
    /// The number in the trade register (`KvK`).
    KvkNumber,
    /// The AGB code.
    AgbCode,
    /// Whether it takes part in the ZEVMB-fieldlab.
    Fieldlab,
    /// The street. It waits.
    Street,
    /// The house number. It waits.
    HouseNumber,
    /// The postcode. It waits.
    Postcode,
    /// The place name. It waits.
    City,
    /// The gemeente, by code. It waits.
    Gemeente,
    /// The point. It waits.
    Point,
    /// Whether the address is shown to all. It waits.
    Precision,
    /// What is known of the building's facilities.
    Facilities,
    /// How alike the care demand in the group is. It waits.
    Homogeneity,
    /// How many clients the group has room for.
    Size,
    /// Staff per ten clients. It waits.
    StaffPerTen,
    /// How many nurses are in the team. It waits.
    Nurses,
    /// Whether clients with challenging behaviour are excluded.
    ChallengingBehaviourExcluded,
    /// What is known of the care that the group can give by day.
    Capabilities,
    /// What is known of its night care: waking, sleeping in, by listening system. It waits.
    NightCare,
    /// What the place offers. It waits; when it changes, free spots of parts of the day that the new one has not are no longer
    /// stated.
    CareForm,
    /// How many spots the place has.
    Capacity,
    /// The youngest age.
    MinAge,
    /// The greatest age.
    MaxAge,
    /// How care is delivered and paid for.
    Leveringsvormen,
    /// The waiting list.
    WaitingList,
    /// Its vervoer, all arrangements together.
    Vervoer,
    /// The free spots of the dates that changed.
    Availability,
    /// When the provider last said that what it states is true.
    ConfirmedAt,
    /// What one source says of one kwaliteitseis.
    Claim,
    /// Whether it is on the map: true since it was made or came back, false since it was withdrawn.
    OnMap,
}

/// What has become of a change of the map that waits for the kenniscentrum.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::ReviewStatus")]
pub(in crate::graphql) enum ReviewStatus {
    /// The kenniscentrum has it.
    Waiting,
    /// The provider is asked about it, and answers with `answerReview` or `takeBackReview`.
    AskedBack,
    /// It is live since.
    Accepted,
    /// It is not, for the reason that is given; what was proposed can still be read.
    Rejected,
    /// The provider has taken it back.
    TakenBack,
}

/// What the kenniscentrum decides about a change.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::store::Decision")]
pub(in crate::graphql) enum ReviewDecision {
    /// It is live from now on.
    Approve,
    /// It is not; needs a reason.
    Reject,
    /// The provider is asked about it; needs a reason, which is the question.
    AskBack,
}

/// What a parent says of a claim.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum ClaimVoice {
    /// It is right.
    Confirm,
    /// It is wrong.
    Dispute,
    /// Nothing any more.
    None,
}

/// What kind of provider it is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::ProviderKind")]
pub(in crate::graphql) enum ProviderKind {
    /// A large institution.
    Instelling,
    /// A small-scale provider.
    Kleinschalig,
    /// Somebody who offers care in the own house.
    Zzp,
}
