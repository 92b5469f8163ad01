//! Where places would help.

use async_graphql::InputObject;

use super::{
    super::{
        enums::SiteObjective,
        error::{ApiError, Result},
    },
    gap::GapInput,
    idempotency_key, region,
};
use crate::{
    care::gap::proposal::Goal,
    store::{IdempotencyKey, SuggestSites, View},
};

/// The most new groups, and the most spots of one.
const MOST_GROUPS: i32 = 20;
const MOST_SPOTS: i32 = 1_000;

/// What is asked of a proposal where new groups would help most.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct SuggestSitesInput {
    /// The analysis that says which families are unmet.
    gap: GapInput,
    /// The zorgkantoorregio in which the groups would be: its code, such as `ZK23`. Families across its border count too.
    region: String,
    /// How many new groups: 1 to 20.
    n: i32,
    /// How many spots each has: 1 to 1,000.
    size: i32,
    /// What they should do for families.
    #[graphql(default_with = "SiteObjective::MostFamilies")]
    objective: SiteObjective,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

impl SuggestSitesInput {
    pub(in crate::graphql) fn read(self, view: &View) -> Result<(SuggestSites, Option<IdempotencyKey>)> {
        let wrong = |argument: &str, number: i32, most: i32| {
            ApiError::input(argument, format!("This is from 1 to {most}; it was {number}."))
        };
        let n = usize::try_from(self.n).ok().filter(|_| (1..=MOST_GROUPS).contains(&self.n));
        let size = u32::try_from(self.size).ok().filter(|_| (1..=MOST_SPOTS).contains(&self.size));
        Ok((
            SuggestSites {
                n: n.ok_or_else(|| wrong("input.n", self.n, MOST_GROUPS))?,
                size: size.ok_or_else(|| wrong("input.size", self.size, MOST_SPOTS))?,
                region: region("input.region", self.region, view.reference())?,
                question: self.gap.read("input.gap", view)?,
                goal: match self.objective {
                    SiteObjective::MostFamilies => Goal::MostFamilies,
                    SiteObjective::ShortestWay => Goal::ShortestWay,
                },
            },
            idempotency_key(self.idempotency_key)?,
        ))
    }
}
