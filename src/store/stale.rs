//! Places that wait to be confirmed, those first where it helps parents most.

use std::cmp::Reverse;

use chrono::Days;

use super::{Access, Store, View, error::StoreError};
use crate::{
    auth::Denied,
    care::{
        freshness::Freshness,
        id::{PlaceId, ProviderId},
        looks,
    },
};

/// Which places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleQuery {
    /// Those of this provider; none: of all that the requester may ask about.
    pub provider: Option<ProviderId>,
    /// Those in this zorgkantoorregio, by code.
    pub region: Option<String>,
    /// Only what comes after this score and id.
    pub after: Option<(i64, PlaceId)>,
    /// How many to answer at most.
    pub limit: usize,
}

/// A place that waits to be confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StalePlace {
    /// Its number in the view.
    pub place: u32,
    /// Its id.
    pub id: PlaceId,
    /// How many days ago it was confirmed; none: never.
    pub days: Option<i64>,
    /// How often it was looked at; none: too few times to say.
    pub looks: Option<i32>,
    /// How much it would help to confirm it.
    pub score: i64,
}

/// A page of places that wait to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StalePage {
    /// The places, the highest score first, ties by id.
    pub places: Vec<StalePlace>,
    /// Whether there are more.
    pub has_more: bool,
    /// How many there are on all pages.
    pub total: usize,
}

impl Store {
    /// The places that are not fresh, the highest score first, for staff of their provider and the kenniscentrum.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may not; `Err(_)` when the database does not answer.
    pub async fn stale_queue(
        &self,
        view: &View,
        access: &Access,
        query: &StaleQuery,
    ) -> Result<Result<StalePage, Denied>, StoreError> {
        let provider = match view.scope().see_stale_queue(query.provider) {
            Ok(provider) => provider,
            Err(denied) => return Ok(Err(self.deny(view, access, "staleQueue", denied).await)),
        };
        let today = view.today();
        let first = today.checked_sub_days(Days::new(looks::DAYS - 1)).unwrap_or(today);
        let looked = self.looks_between(first, today).await?;
        let waits = |place| {
            let seen = view.seen_place(place).filter(|seen| seen.freshness() != Freshness::Fresh)?;
            let days = seen.confirmed_at().map(|at| looks::days_since(at, view.now()));
            let looks = looks::shown(looked.get(&seen.id()).copied().unwrap_or(0));
            Some(StalePlace { place, id: seen.id(), days, looks, score: looks::score(days, looks) })
        };
        let in_region = |place: &u32| query.region.as_ref().is_none_or(|code| view.is_in_region(*place, code));
        let providers: Vec<ProviderId> = match provider {
            Some(provider) => vec![provider],
            None => view.providers_by_name().map(|(_, id)| *id).collect(),
        };
        let places = providers.into_iter().flat_map(|provider| view.places_of(provider));
        let mut found: Vec<StalePlace> = places.filter(in_region).filter_map(waits).collect();
        let total = found.len();
        found.sort_unstable_by_key(|one| (Reverse(one.score), one.id));
        found.retain(|one| query.after.is_none_or(|(score, id)| (Reverse(one.score), one.id) > (Reverse(score), id)));
        let has_more = found.len() > query.limit;
        found.truncate(query.limit);
        Ok(Ok(StalePage { places: found, has_more, total }))
    }
}
