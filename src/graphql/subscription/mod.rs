//! What clients are told as it happens.

use async_graphql::{Context, Subscription};
use futures::{Stream, StreamExt};

use super::{
    context,
    error::Result,
    types::{AlertEdge, alert_after},
};
use crate::store::listen;

/// What you are told as it happens: over a WebSocket at `/graphql` with the protocol `graphql-transport-ws`, whose
/// `connection_init` carries `{"Authorization": "Bearer ..."}`.
pub struct Subscription;

/// What you are told as it happens: over a WebSocket at `/graphql` with the protocol `graphql-transport-ws`, whose
/// `connection_init` carries `{"Authorization": "Bearer ..."}`.
#[Subscription]
impl Subscription {
    /// Places that open for your saved searches, each once per search, within a second of the change. For passport holders.
    /// After a lost connection go on from the last `cursor`: nothing is missed and nothing told again.
    async fn places_opened(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Go on after this cursor, of `alerts` or of this; left out: what opens from now on.")]
        since: Option<String>,
    ) -> Result<impl Stream<Item = Result<AlertEdge>> + use<>> {
        let (view, store) = (context::view(ctx)?, context::store(ctx)?);
        view.scope().save_searches()?;
        let after = match since {
            Some(cursor) => alert_after(&cursor)?,
            None => store.last_alert().await?,
        };
        let (store, scope) = (store.clone(), view.scope().clone());
        let alerts = listen(store.clone(), view, after)?;
        // Every alert is answered from the map of its own moment.
        Ok(alerts.map(move |alert| AlertEdge::new(&store.view(scope.clone(), store.now()), alert?)))
    }
}
