//! Words of the gap analysis.

use async_graphql::Enum;

/// Where demand comes from.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::demand::DemandSource")]
pub(in crate::graphql) enum DemandSource {
    /// What was published of the active ZEVMB-paspoorten: about a fifth of all families have one; `coverage` says how many.
    Passports,
    /// An estimate: about 2,000 families spread over the country as its inhabitants are, as if each sought the care form.
    Estimate,
}

/// How distance weighs inside the catchment.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum DistanceDecay {
    /// Not at all: 2SFCA (Luo and Wang, 2003).
    None,
    /// In three steps, each a third of the catchment wide: E2SFCA (Luo and Qi, 2009).
    Step,
    /// As exp(-d²/2b²), with `bandwidthKm` for b: E2SFCA with a Gaussian.
    Gaussian,
}

/// Which floating catchment area method.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum CatchmentMethod {
    /// Two steps: 2SFCA, or E2SFCA with a decay.
    TwoStep,
    /// Three steps: families divide themselves over the places within reach first (3SFCA; Wan, Zou and Sternberg, 2012).
    ThreeStep,
}

/// What new groups should do for families.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum SiteObjective {
    /// Serve as many unmet families as possible (maximal covering, with the size of the groups as a limit).
    MostFamilies,
    /// Make the way to the nearest place as short as possible for unmet families, on the mean (p-median).
    ShortestWay,
}

/// How far something is that takes a while.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::care::vocabulary::JobState")]
pub(in crate::graphql) enum JobState {
    /// It is worked on; ask again.
    Running,
    /// It is answered.
    Done,
    /// It has stopped without an answer; ask anew.
    Failed,
}
