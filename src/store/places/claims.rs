//! Stating what a place meets of a kwaliteitseis: the provider and the kenniscentrum each for themselves.

use std::convert::Infallible;

use entity::kwaliteitseis_claim;
use sea_orm::{DatabaseTransaction, EntityTrait, IntoActiveModel};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    super::{
        Store,
        alerts::note_all,
        history,
        write::{Author, Done, Request, Write, WriteError},
    },
    PlaceChanged, changed, difference, news, object, taken,
};
use crate::{
    auth::{Denied, Scope},
    care::{
        id::PlaceId,
        vocabulary::{ClaimSource, ClaimStatus, MapField},
    },
};

/// What is claimed of a kwaliteitseis at a place.
#[derive(Clone, Debug, Serialize)]
pub struct StateClaim {
    /// The place.
    pub place: PlaceId,
    /// The kwaliteitseis, which is there.
    pub code: String,
    /// What is claimed.
    pub status: ClaimStatus,
    /// Why.
    pub explanation: Option<String>,
    /// The version of the place that this follows on; none: any.
    pub expected_version: Option<i32>,
}

impl Store {
    /// States what a place meets, as the source that the requester is; what others claim stays as it is.
    ///
    /// # Errors
    /// When the requester may not, or the place has another version.
    pub async fn state_claim(
        &self,
        request: Request<'_>,
        asked: &StateClaim,
    ) -> Result<PlaceChanged, WriteError<Infallible>> {
        self.write(request, asked).await
    }
}

impl Write for StateClaim {
    const NAME: &'static str = "stateClaim";
    type Answer = PlaceChanged;
    type Refusal = Infallible;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.may_change_places()
    }

    async fn apply(
        &self,
        tx: &DatabaseTransaction,
        by: &Author<'_>,
    ) -> Result<Done<PlaceChanged>, WriteError<Infallible>> {
        let (place, provider) = taken(tx, self.place, self.expected_version, by).await?;
        let row = kwaliteitseis_claim::Model {
            place_id: self.place,
            code: self.code.clone(),
            source: if by.scope.curates_map() { ClaimSource::Kenniscentrum } else { ClaimSource::Provider },
            status: self.status,
            explanation: self.explanation.clone(),
            assessed_at: by.now,
        };
        let key = (self.place, self.code.clone(), row.source);
        let before = kwaliteitseis_claim::Entity::find_by_id(key.clone()).one(tx).await?;
        let held = before.as_ref().map_or(Value::Null, claimed);
        let one = difference(MapField::Claim, held, claimed(&row));
        history::record(tx, one.map(|one| (changed(&place, provider), one)), by).await?;
        note_all(tx, provider).await?;
        kwaliteitseis_claim::Entity::delete_by_id(key).exec(tx).await?;
        kwaliteitseis_claim::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
        Ok(Done {
            changes: vec![news(self.place, provider)],
            ..Done::updated(PlaceChanged { version: place.version }, vec![object(self.place, "kwaliteitseisen")])
        })
    }
}

/// A claim as the history keeps it.
pub(in crate::store) fn claimed(row: &kwaliteitseis_claim::Model) -> Value {
    json!({
        "code": row.code,
        "source": row.source,
        "status": row.status,
        "explanation": row.explanation,
        "assessedAt": row.assessed_at,
    })
}
