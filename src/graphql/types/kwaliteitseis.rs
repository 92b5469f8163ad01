//! Kwaliteitseisen and what is claimed of them.

use async_graphql::{Object, SimpleObject};

use super::super::{
    enums::{ClaimSource, ClaimStatus},
    error::{ApiError, Result},
    plain::{Plain, in_memory},
    scalars::Instant,
};
use crate::{
    care::{place, reference},
    store::View,
};

/// A kwaliteitseis for places for people with ZEVMB, drawn up by parents (AEF, p. 6).
#[derive(SimpleObject, Clone)]
pub(in crate::graphql) struct Kwaliteitseis {
    /// `1.a` to `8`.
    code: String,
    /// The requirement, shortened.
    title: String,
    /// The theme that it stands under.
    theme: String,
}

in_memory!(struct Kwaliteitseis { code, title, theme });

impl From<&reference::Kwaliteitseis> for Kwaliteitseis {
    fn from(eis: &reference::Kwaliteitseis) -> Self {
        Self { code: eis.code.clone(), title: eis.title.clone(), theme: eis.theme.clone() }
    }
}

/// What one source says of one kwaliteitseis at a place. Claims of several sources stand side by side.
pub(in crate::graphql) struct KwaliteitseisClaim {
    pub(super) claim: place::Claim,
    pub(super) view: View,
}

/// What one source says of one kwaliteitseis at a place. Claims of several sources stand side by side.
#[Object]
impl KwaliteitseisClaim {
    /// What it is about.
    async fn kwaliteitseis(&self) -> Result<Plain<Kwaliteitseis>> {
        let eis = self.view.reference().kwaliteitseisen.get(&self.claim.code);
        eis.map(|eis| Plain(eis.into())).ok_or_else(|| ApiError::internal("a claim of no kwaliteitseis"))
    }

    /// What is claimed.
    async fn status(&self) -> ClaimStatus {
        self.claim.status.into()
    }

    /// Who claims it.
    async fn source(&self) -> ClaimSource {
        self.claim.source.into()
    }

    /// Why, in words.
    async fn explanation(&self) -> Option<&str> {
        self.claim.explanation.as_deref()
    }

    /// How many parents say that it is right: each holder of a passport once, of what is claimed now; null under 3.
    async fn confirmed_by_parents(&self) -> Option<u32> {
        place::shown_voices(self.claim.voices.confirming)
    }

    /// How many parents say that it is wrong: each holder of a passport once, of what is claimed now; null under 3.
    async fn disputed_by_parents(&self) -> Option<u32> {
        place::shown_voices(self.claim.voices.disputing)
    }

    /// When it was assessed.
    async fn assessed_at(&self) -> Instant {
        self.claim.assessed_at.into()
    }
}

in_memory!(impl KwaliteitseisClaim {
    kwaliteitseis: Kwaliteitseis, status, source, explanation, confirmed_by_parents, disputed_by_parents,
    assessed_at
});
