//! What holders of a passport say of a claim: one voice per passport and claim. It is in no history, and the feed says of
//! which place it is, not whose.

use std::convert::Infallible;

use entity::{claim_voice, kwaliteitseis_claim};
use sea_orm::{DatabaseTransaction, EntityTrait, IntoActiveModel};
use serde::Serialize;

use super::{
    super::{
        Store,
        write::{Author, Done, Request, Write, WriteError},
    },
    PlaceChanged, news, object, shown,
};
use crate::{
    auth::{Denied, Scope},
    care::{id::PlaceId, vocabulary::ClaimSource},
};

/// What the holder of a passport says of a claim.
#[derive(Clone, Debug, Serialize)]
pub struct VoiceClaim {
    /// The place.
    pub place: PlaceId,
    /// The kwaliteitseis.
    pub code: String,
    /// Whose claim it is.
    pub source: ClaimSource,
    /// Whether it is right; none: nothing any more.
    pub agrees: Option<bool>,
}

impl Store {
    /// Says whether a claim is right, in the place of what the requester said of it before.
    ///
    /// # Errors
    /// When the requester may not, or there is no such claim.
    pub async fn voice_claim(
        &self,
        request: Request<'_>,
        asked: &VoiceClaim,
    ) -> Result<PlaceChanged, WriteError<Infallible>> {
        self.write(request, asked).await
    }
}

impl Write for VoiceClaim {
    const NAME: &'static str = "voiceClaim";
    type Answer = PlaceChanged;
    type Refusal = Infallible;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.voice_claims().map(drop)
    }

    async fn apply(
        &self,
        tx: &DatabaseTransaction,
        by: &Author<'_>,
    ) -> Result<Done<PlaceChanged>, WriteError<Infallible>> {
        let passport = by.scope.voice_claims()?;
        let key = (passport, self.place, self.code.clone(), self.source);
        claim_voice::Entity::delete_by_id(key).exec(tx).await?;
        let (place, provider) = shown(tx, self.place).await?.ok_or(WriteError::Unknown)?;
        let claim =
            kwaliteitseis_claim::Entity::find_by_id((self.place, self.code.clone(), self.source)).one(tx).await?;
        let claim = claim.ok_or(WriteError::Unknown)?;
        if let Some(agrees) = self.agrees {
            let row = claim_voice::Model {
                passport_id: passport,
                place_id: self.place,
                code: self.code.clone(),
                source: self.source,
                status: claim.status,
                agrees,
            };
            claim_voice::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
        }
        Ok(Done {
            changes: vec![news(self.place, provider)],
            ..Done::updated(PlaceChanged { version: place.version }, vec![object(self.place, "voice")])
        })
    }
}
