//! What a mailer tells each provider once a month.

use chrono::{DateTime, Days, Months, NaiveDate, SecondsFormat, Utc};
use entity::review;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::Serialize;

use super::{Store, View, error::StoreError};
use crate::care::{
    availability::slots,
    freshness::Freshness,
    global_id::GlobalId,
    id::ProviderId,
    looks,
    vocabulary::{CareForm, ReviewStatus, Slot},
};

/// What one provider is told.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Digest {
    /// The month that it is about: `2026-10`.
    pub month: String,
    /// The id of the provider.
    pub provider: String,
    /// Its name.
    pub name: String,
    /// Where the mail goes; none: no address is known.
    pub email: Option<String>,
    /// How many of its places are not fresh: they wait to be confirmed.
    pub to_confirm: usize,
    /// How many of its changes the kenniscentrum asks about: they wait for an answer.
    pub to_answer: usize,
    /// How many of its changes wait for the kenniscentrum.
    pub in_review: usize,
    /// Its places, by id.
    pub places: Vec<PlaceDigest>,
}

/// What is told of one place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaceDigest {
    /// Its id.
    pub place: String,
    /// Its name.
    pub name: String,
    /// What it offers.
    pub care_form: CareForm,
    /// When it was last confirmed, UTC; none: never.
    pub confirmed_at: Option<String>,
    /// How many days ago that is.
    pub days_since_confirmed: Option<i64>,
    /// How far parents can rely on it.
    pub freshness: &'static str,
    /// Whether parents are told to phone first.
    pub phone_first: bool,
    /// How often holders of a passport looked at it in the month; none: too few times to say.
    pub looks: Option<i32>,
    /// What is stated of the month after it.
    pub coming: Vec<ComingMonth>,
}

/// What is stated of one part of the days of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ComingMonth {
    /// The part of the day.
    pub slot: Slot,
    /// Of how many dates something is stated.
    pub stated_days: usize,
    /// On how many of them a spot is free.
    pub free_days: usize,
}

impl Store {
    /// What each provider with a place on the map is told about the month that begins on `month`, as of now, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn digests(&self, view: &View, month: NaiveDate) -> Result<Vec<Digest>, StoreError> {
        let next = after(month);
        let looked = self.looks_between(month, before(next)).await?;
        let open = self.open_reviews().await?;
        let reviews = |id, status| open.iter().filter(|one| **one == (id, status)).count();
        let of_place = |place| {
            let seen = view.seen_place(place)?;
            Some(PlaceDigest {
                place: GlobalId::Place(seen.id()).to_string(),
                name: seen.name().to_owned(),
                care_form: seen.care_form(),
                confirmed_at: seen.confirmed_at().map(instant),
                days_since_confirmed: seen.confirmed_at().map(|at| looks::days_since(at, view.now())),
                freshness: match seen.freshness() {
                    Freshness::Fresh => "FRESH",
                    Freshness::Aging => "AGING",
                    Freshness::Stale => "STALE",
                },
                phone_first: seen.phone_first(),
                looks: looks::shown(looked.get(&seen.id()).copied().unwrap_or(0)),
                coming: coming(view, place, seen.care_form(), next),
            })
        };
        let of_provider = |id: ProviderId| {
            let provider = view.seen_provider(id)?;
            let mut places: Vec<PlaceDigest> = view.places_of(id).filter_map(of_place).collect();
            places.sort_by(|a, b| a.place.cmp(&b.place));
            let to_confirm = places.iter().filter(|place| place.freshness != "FRESH").count();
            (!places.is_empty()).then(|| Digest {
                month: month.format("%Y-%m").to_string(),
                provider: GlobalId::Provider(id).to_string(),
                name: provider.name().to_owned(),
                email: provider.email().map(str::to_owned),
                to_confirm,
                to_answer: reviews(id, ReviewStatus::AskedBack),
                in_review: reviews(id, ReviewStatus::Waiting),
                places,
            })
        };
        Ok(view.providers_by_name().filter_map(|(_, id)| of_provider(*id)).collect())
    }
}

impl Store {
    /// Whose changes are not decided, and how each stands.
    async fn open_reviews(&self) -> Result<Vec<(ProviderId, ReviewStatus)>, StoreError> {
        let open = review::Entity::find()
            .select_only()
            .column(review::Column::ProviderId)
            .column(review::Column::Status)
            .filter(review::Column::Status.is_in([ReviewStatus::Waiting, ReviewStatus::AskedBack]))
            .into_tuple();
        let connection = self.database().connection();
        self.database().within(async { Ok::<_, StoreError>(open.all(&*connection).await?) }).await
    }
}

/// What a place states of the month that begins on `month`, by part of the day.
fn coming(view: &View, place: u32, care_form: CareForm, month: NaiveDate) -> Vec<ComingMonth> {
    // The operator may see everything.
    let days = view.availability(place, month, before(after(month))).unwrap_or_default();
    let of = |slot| {
        let stated = days.iter().filter(move |day| day.slot == slot);
        ComingMonth { slot, stated_days: stated.clone().count(), free_days: stated.filter(|day| day.free > 0).count() }
    };
    slots(care_form).iter().map(|slot| of(*slot)).collect()
}

fn after(month: NaiveDate) -> NaiveDate {
    month.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX)
}

fn before(date: NaiveDate) -> NaiveDate {
    date.checked_sub_days(Days::new(1)).unwrap_or(date)
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
