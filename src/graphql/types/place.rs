//! A place.

use async_graphql::{Context, ID, Object, SimpleObject};

use super::{
    contact::{Contact, contacts_at},
    kwaliteitseis::KwaliteitseisClaim,
    location::{Group, Location},
    provider::Provider,
    vervoer::Vervoer,
};
use crate::{
    care::{
        availability::{Wanted, series::Fit},
        calendar::DateError,
        vocabulary::TripFrom,
    },
    graphql::{
        enums::{CareForm, Freshness, Leveringsvorm, Slot, Weekday},
        error::{ApiError, Result},
        id::{GlobalId, NodeId},
        input::{self, DagdelenInput, StaySeriesInput},
        plain::{Plain, PlainList, in_memory},
        scalars::{Date, Instant, out_of_range},
    },
    store::{SeenPlace, View},
};

/// How many nights a stay has where nothing is said of that.
const NIGHTS: i32 = 2;
/// How many spots it takes.
const SPOTS: i32 = 1;

/// One care form offered by a group in a building.
#[derive(Clone)]
pub(in crate::graphql) struct Place {
    view: View,
    place: u32,
}

impl Place {
    /// A place by its number in the view.
    pub(in crate::graphql) fn new(view: &View, place: u32) -> Self {
        Self { view: view.clone(), place }
    }

    #[inline]
    pub(super) fn seen(&self) -> Result<SeenPlace<'_>> {
        self.view.seen_place(self.place).ok_or_else(|| ApiError::internal("a place that is not on the map"))
    }
}

/// What is stated of one part of one day.
#[derive(SimpleObject)]
pub(in crate::graphql) struct DayAvailability {
    /// The date; a night begins on it.
    date: Date,
    /// The part of the day.
    slot: Slot,
    /// How many spots are free.
    free: i32,
    /// When the provider stated this.
    stated_at: Instant,
}

in_memory!(struct DayAvailability { date, slot, free, stated_at });

/// How much of care that returns can be done.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SeriesFit {
    /// The share of the stays, or of the half days, that can be done, 0 to 1: 1 is all of it. A stay of which one night has no
    /// room counts as none.
    coverage: f64,
    /// When it begins, in the way that suits the place best.
    first: Date,
    /// The nights or half days that have no room, or of which nothing is stated.
    missing: PlainList<MissingSlot>,
}

in_memory!(struct SeriesFit { coverage, first, missing: MissingSlot });

/// A night or half day without room.
#[derive(SimpleObject)]
pub(in crate::graphql) struct MissingSlot {
    /// The date; a night begins on it.
    date: Date,
    /// The part of the day.
    slot: Slot,
}

in_memory!(struct MissingSlot { date, slot });

impl From<Fit> for SeriesFit {
    fn from(fit: Fit) -> Self {
        let missing = fit.missing.into_iter().map(|(date, slot)| MissingSlot { date: date.into(), slot: slot.into() });
        Self { coverage: fit.coverage, first: fit.first.into(), missing: missing.collect() }
    }
}

/// A waiting list.
#[derive(SimpleObject)]
pub(in crate::graphql) struct WaitingList {
    /// How many people wait; null: not known.
    length: Option<i32>,
    /// How many weeks it is expected to take; null: not known.
    expected_weeks: Option<i32>,
    /// When the provider stated this.
    updated_at: Instant,
}

in_memory!(struct WaitingList { length, expected_weeks, updated_at });

/// One care form offered by a group in a building.
#[Object]
impl Place {
    /// The id.
    pub(in crate::graphql) async fn id(&self) -> Result<NodeId> {
        Ok(GlobalId::Place(self.seen()?.id()).into())
    }

    /// The name.
    async fn name(&self) -> Result<&str> {
        Ok(self.seen()?.name())
    }

    /// What it offers.
    async fn care_form(&self) -> Result<CareForm> {
        Ok(self.seen()?.care_form().into())
    }

    /// The zorgaanbieder.
    async fn provider(&self) -> Result<Plain<Provider>> {
        Ok(Plain(Provider::of_place(&self.view, self.place)))
    }

    /// The building.
    async fn location(&self) -> Plain<Location> {
        Plain(Location { view: self.view.clone(), place: self.place })
    }

    /// The group.
    async fn group(&self) -> Plain<Group> {
        Plain(Group(self.clone()))
    }

    /// Grows with every change of what the place says of itself or of its free spots; see `expectedVersion` of changes.
    async fn version(&self) -> Result<i32> {
        Ok(self.seen()?.version())
    }

    /// How many spots it has.
    async fn capacity(&self) -> Result<i32> {
        Ok(self.seen()?.capacity())
    }

    /// A telephone number for parents.
    async fn phone(&self) -> Result<Option<&str>> {
        Ok(self.seen()?.phone())
    }

    /// A mail address for parents.
    async fn email(&self) -> Result<Option<&str>> {
        Ok(self.seen()?.email())
    }

    /// The youngest age, in whole years; null: no limit.
    async fn min_age(&self) -> Result<Option<i32>> {
        Ok(self.seen()?.min_age())
    }

    /// The greatest age, in whole years; null: no limit.
    async fn max_age(&self) -> Result<Option<i32>> {
        Ok(self.seen()?.max_age())
    }

    /// How it is delivered and paid for; null: not known.
    async fn leveringsvormen(&self) -> Result<Option<Vec<Leveringsvorm>>> {
        Ok(self.seen()?.leveringsvormen().map(|known| known.iter().map(|one| (*one).into()).collect()))
    }

    /// The free spots per date and part of the day, in that order; dates that are not listed are not stated. For
    /// passport holders, the provider's own staff, zorgkantoren and the kenniscentrum.
    async fn availability(
        &self,
        #[graphql(desc = "The first date; not before today.")] from: Date,
        #[graphql(desc = "The last date, included; at most 400 days from today.")] to: Date,
    ) -> Result<Option<PlainList<DayAvailability>>> {
        let today = self.view.today();
        let (first, last) = (from.askable("from", today)?, to.parse_as("to")?);
        if last < first {
            return Err(out_of_range("to", DateError::Reversed { later: last, earlier: first, or_same: true }));
        }
        let days = self.view.availability(self.place, first, to.askable("to", today)?)?;
        let days = days.into_iter().map(|day| DayAvailability {
            date: day.date.into(),
            slot: day.slot.into(),
            free: day.free,
            stated_at: day.stated_at.into(),
        });
        Ok(Some(days.collect()))
    }

    /// Logeren: the first date from which so many nights in a row are stated to be free, within 400 days from today;
    /// null: none, or other care. For those who may see `availability`.
    async fn next_stay(
        &self,
        #[graphql(default_with = "NIGHTS", desc = "How many nights: 1 to 60.")] nights: i32,
        #[graphql(desc = "The first date that will do; today if left out.")] from: Option<Date>,
        #[graphql(name = "spots", default_with = "SPOTS", desc = "How many spots are needed: 1 to 100.")] needed: i32,
        #[graphql(desc = "The day of the week on which it begins, such as `FRIDAY`; any if left out.")] weekday: Option<
            Weekday,
        >,
    ) -> Result<Option<Date>> {
        let nights = input::nights("nights", nights)?;
        let today = self.view.today();
        let from = from.map_or(Ok(today), |date| date.askable("from", today))?;
        let weekday = weekday.map(Into::into);
        let wanted = Wanted { from, nights, weekday, spots: input::spots("spots", needed)? };
        Ok(self.view.next_stay(self.place, &wanted)?.map(Into::into))
    }

    /// Logeren: how much of stays that return can be done here, as far as is stated; null: other care. For those who may see
    /// `availability`.
    async fn stay_series(
        &self,
        #[graphql(desc = "The stays.")] series: StaySeriesInput,
    ) -> Result<Option<Plain<SeriesFit>>> {
        let series = series.read("series", self.view.today())?;
        Ok(self.view.stay_series(self.place, &series)?.map(|fit| Plain(fit.into())))
    }

    /// Dagbesteding: how much of half days that return can be done here, as far as is stated; null: other care. For those who
    /// may see `availability`.
    async fn dagdelen(
        &self,
        #[graphql(desc = "The half days.")] dagdelen: DagdelenInput,
    ) -> Result<Option<Plain<SeriesFit>>> {
        let dagdelen = dagdelen.read("dagdelen", self.view.today())?;
        Ok(self.view.dagdelen(self.place, &dagdelen)?.map(|fit| Plain(fit.into())))
    }

    /// The waiting list; null: none is stated. For those who may see `availability`.
    async fn waiting_list(&self) -> Result<Option<Plain<WaitingList>>> {
        Ok(self.view.waiting_list(self.place)?.map(|list| {
            Plain(WaitingList {
                length: list.length,
                expected_weeks: list.expected_weeks,
                updated_at: list.updated_at.into(),
            })
        }))
    }

    /// The place's own vervoer. Null: not known; empty: none.
    async fn vervoer(&self) -> Result<Option<PlainList<Vervoer>>> {
        Ok(self.seen()?.vervoer().map(|known| known.iter().map(|one| Vervoer::of(&self.view, one)).collect()))
    }

    /// Whether the place's own vervoer fetches people at a place of dagbesteding, as `PlaceFilter.vervoerFrom` has it; null: not
    /// known.
    async fn vervoer_from(
        &self,
        #[graphql(desc = "The id of a place of care form `DAGBESTEDING`.")] dagbesteding: ID,
    ) -> Result<Option<bool>> {
        let from = input::dagbesteding("dagbesteding", &dagbesteding, &self.view)?;
        Ok(self.view.vervoer_fetches(self.place, TripFrom::Dagbesteding, &from).known())
    }

    /// What is claimed of kwaliteitseisen, by code and source; what is not listed is not known.
    async fn kwaliteitseisen(&self) -> Result<PlainList<KwaliteitseisClaim>> {
        let claims = self.seen()?.claims().iter();
        Ok(claims.map(|claim| KwaliteitseisClaim { claim: claim.clone(), view: self.view.clone() }).collect())
    }

    /// How far what the place states can be relied on.
    async fn freshness(&self) -> Result<Freshness> {
        Ok(self.seen()?.freshness().into())
    }

    /// Whether the provider has not confirmed this for so long (90 days), or never, that you had better phone before you
    /// count on it.
    async fn phone_first(&self) -> Result<bool> {
        Ok(self.seen()?.phone_first())
    }

    /// When the provider last said that what it states is true; null: never.
    async fn confirmed_at(&self) -> Result<Option<Instant>> {
        Ok(self.seen()?.confirmed_at().map(Into::into))
    }

    /// Staff at this place who know ZEVMB: as `Query.contacts`, for whom that is open.
    async fn contacts(&self, ctx: &Context<'_>) -> Result<Option<Vec<Contact>>> {
        let contacts = contacts_at(ctx, self.seen()?.location_id());
        Box::pin(contacts).await.map(Some)
    }
}

in_memory!(impl Place {
    id, name, care_form, provider: Provider, location: Location, group: Group, version, capacity, phone, email,
    min_age, max_age, leveringsvormen, waiting_list: WaitingList, vervoer: Vervoer,
    kwaliteitseisen: KwaliteitseisClaim, next_stay(NIGHTS, None, SPOTS, None), freshness, phone_first, confirmed_at
});
