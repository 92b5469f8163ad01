//! Asking where places would help: a row that says so, and work that goes on after the answer.

use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Days, TimeDelta, Utc};
use entity::site_suggestion;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, UpdateMany,
    sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval, timeout},
};
use uuid::Uuid;

use super::{
    super::{
        Store, View, blocking,
        demand::Published,
        error::StoreError,
        write::{Author, Done, Request, Write, WriteError},
    },
    GapAsked, GapRefusal, SiteSuggestion,
    suggested::{SILENCE, SiteAnswer, SitePick, object, shown},
};
use crate::{
    auth::{Denied, Scope},
    care::{
        gap::{
            Gap,
            proposal::{Goal, Wanted, propose},
            question::Question,
            sites::{Proof, SitesError},
        },
        id::SuggestionId,
        vocabulary::JobState,
    },
};

/// How long a question waits for its answer; longer work goes on after it.
const AT_ONCE: Duration = Duration::from_secs(1);
/// How often work says how far it is.
const SAYS: Duration = Duration::from_secs(1);
/// How many proposals one requester may have under way.
const MOST_RUNNING: u64 = 3;
/// How long a proposal is kept.
const KEPT: Days = Days::new(30);

/// What is asked of a proposal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuggestSites {
    /// The analysis that says which families are unmet.
    pub question: Question,
    /// The region in which the groups would be, by code.
    pub region: String,
    /// How many groups.
    pub n: usize,
    /// How many spots each has.
    pub size: u32,
    /// What they should do for families.
    pub goal: Goal,
}

/// Why no proposal is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SuggestError {
    /// There are as many under way as there may be.
    #[error("you have {MOST_RUNNING} proposals under way, which is the most; wait for one to be answered")]
    TooMany,
    /// Nothing is published.
    #[error("nothing is published for this quarter; ask ESTIMATE, or a quarter of `demandPublications`")]
    NotPublished,
}

/// The row of a proposal that is asked for.
#[derive(Serialize)]
struct Begin {
    asked: SuggestSites,
    #[serde(skip)]
    id: SuggestionId,
}

/// The proposal that there is.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Begun {
    id: SuggestionId,
}

impl Write for Begin {
    const NAME: &'static str = "suggestSites";
    type Answer = Begun;
    type Refusal = SuggestError;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.see_demand().map(drop)
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<Begun>, WriteError<SuggestError>> {
        by.scope.see_demand()?.see_detail_of(&self.asked.region)?;
        let old = by.now.checked_sub_days(KEPT).unwrap_or(by.now);
        site_suggestion::Entity::delete_many().filter(site_suggestion::Column::AskedAt.lt(old)).exec(tx).await?;
        let alive = TimeDelta::from_std(SILENCE).map_or(by.now, |silence| by.now - silence);
        let running = site_suggestion::Entity::find()
            .filter(site_suggestion::Column::AskedBy.eq(&by.name))
            .filter(site_suggestion::Column::State.eq(JobState::Running))
            .filter(site_suggestion::Column::SeenAt.gte(alive))
            .count(tx)
            .await?;
        if running >= MOST_RUNNING {
            return Err(WriteError::Refused(SuggestError::TooMany));
        }
        let asked = serde_json::to_value(&self.asked).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let row = site_suggestion::ActiveModel {
            id: Set(self.id),
            asked_by: Set(by.name.clone()),
            asked: Set(asked),
            state: Set(JobState::Running),
            progress: Set(0.0),
            answer: Set(None),
            asked_at: Set(by.now),
            seen_at: Set(by.now),
            ended_at: Set(None),
        };
        site_suggestion::Entity::insert(row).exec_without_returning(tx).await?;
        Ok(Done::created(Begun { id: self.id }, vec![object(self.id)]))
    }
}

impl Store {
    /// Proposes where new groups in a region would help most: done when it takes under a second, under way otherwise. Recorded.
    ///
    /// # Errors
    /// When the requester may not, has too many under way, or nothing is published.
    pub async fn suggest_sites(
        self: &Arc<Self>,
        request: Request<'_>,
        asked: SuggestSites,
    ) -> Result<SiteSuggestion, WriteError<SuggestError>> {
        let view = request.view;
        let run = GapAsked { question: asked.question.clone(), purpose: "suggestSites" };
        let published = match self.demand_for(view, request.access, &run).await? {
            Ok(published) => published,
            Err(GapRefusal::Denied(denied)) => return Err(denied.into()),
            Err(GapRefusal::NotPublished(_)) => return Err(WriteError::Refused(SuggestError::NotPublished)),
        };
        let wanted = Begin { asked, id: SuggestionId(Uuid::now_v7()) };
        let begun = self.write(request, &wanted).await?;
        // A change that was sent again has its work under way, or done.
        if begun.id == wanted.id {
            let work = self.work(view.clone(), begun.id, wanted.asked, published);
            let _ = timeout(AT_ONCE, work).await;
        }
        let connection = self.database.connection();
        let row = site_suggestion::Entity::find_by_id(begun.id).one(&*connection);
        let row = self.database.within(async { Ok::<_, StoreError>(row.await?) }).await?;
        Ok(shown(row.ok_or(WriteError::Unknown)?, self.now())?)
    }

    /// Works on a proposal until it is answered, whatever becomes of the request.
    fn work(
        self: &Arc<Self>,
        view: View,
        id: SuggestionId,
        asked: SuggestSites,
        published: Published,
    ) -> JoinHandle<()> {
        let store = Arc::clone(self);
        tokio::spawn(async move {
            let done = Arc::new(AtomicU64::new(0));
            let (told, stopped) = (Arc::clone(&done), Arc::clone(&store.closing));
            let mut working = std::pin::pin!(blocking(move || answer(&view, &asked, &published, &told, &stopped)));
            let mut says = interval(SAYS);
            says.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let answer = loop {
                tokio::select! {
                    answer = &mut working => break answer,
                    _ = says.tick() => {
                        let progress = f64::from_bits(done.load(Ordering::Relaxed));
                        // Whoever asked may be gone by the time that the database answers again; the work is not.
                        if let Err(error) = store.say(id, progress).await {
                            tracing::warn!(%error, "a proposal could not say how far it is");
                        }
                    }
                }
            };
            let answer = match answer {
                Ok(Ok(answer)) => Some(answer),
                // Whoever asks anew is answered by a process that is not stopping.
                Ok(Err(SitesError::Stopped)) => None,
                Ok(Err(error @ SitesError::TooMany)) => {
                    tracing::error!(%error, "a proposal failed");
                    None
                }
                Err(error) => {
                    tracing::error!(%error, "a proposal failed");
                    None
                }
            };
            if let Err(error) = store.end(id, answer).await {
                tracing::warn!(%error, "a proposal could not be kept");
            }
        })
    }

    async fn say(&self, id: SuggestionId, progress: f64) -> Result<(), StoreError> {
        let said = site_suggestion::Entity::update_many()
            .col_expr(site_suggestion::Column::Progress, Expr::value(progress))
            .col_expr(site_suggestion::Column::SeenAt, Expr::value(self.now()))
            .filter(site_suggestion::Column::Id.eq(id))
            .filter(site_suggestion::Column::State.eq(JobState::Running));
        self.update(said).await
    }

    async fn end(&self, id: SuggestionId, answer: Option<SiteAnswer>) -> Result<(), StoreError> {
        let state = if answer.is_some() { JobState::Done } else { JobState::Failed };
        let answer =
            answer.map(serde_json::to_value).transpose().map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let now: DateTime<Utc> = self.now();
        let ended = site_suggestion::Entity::update_many()
            .col_expr(site_suggestion::Column::State, Expr::value(state))
            .col_expr(site_suggestion::Column::Progress, Expr::value(1.0))
            .col_expr(site_suggestion::Column::Answer, Expr::value(answer))
            .col_expr(site_suggestion::Column::EndedAt, Expr::value(now))
            .col_expr(site_suggestion::Column::SeenAt, Expr::value(now))
            .filter(site_suggestion::Column::Id.eq(id));
        self.update(ended).await
    }

    async fn update(&self, change: UpdateMany<site_suggestion::Entity>) -> Result<(), StoreError> {
        let connection = self.database.connection();
        self.database.within(async { Ok::<_, StoreError>(change.exec(&*connection).await?) }).await?;
        Ok(())
    }
}

/// Where groups would help most. Says in `told` how far it is, as the bits of a number from 0 to 1.
fn answer(
    view: &View,
    asked: &SuggestSites,
    published: &Published,
    told: &AtomicU64,
    stopped: &AtomicBool,
) -> Result<SiteAnswer, SitesError> {
    let supply = view.supply(&asked.question);
    let gap = Gap::of(&asked.question, &published.surface, &view.reference().regions, &supply);
    let wanted = Wanted { region: &asked.region, n: asked.n, size: asked.size, goal: asked.goal };
    let mut watch = |done: f64| {
        told.store(done.to_bits(), Ordering::Relaxed);
        if stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let found = propose(&gap, &wanted, &mut watch)?;
    let (optimal, bound, behind) = match found.proof {
        Proof::Optimal => (true, found.value, 0.0),
        Proof::Within { bound, gap } => (false, bound, gap),
    };
    Ok(SiteAnswer {
        note: gap.note(),
        unmet_families: found.unmet_families,
        sites: found.sites.into_iter().map(|(cell, gain)| SitePick { cell, gain }).collect(),
        value: found.value,
        optimal,
        bound,
        gap: behind,
    })
}
