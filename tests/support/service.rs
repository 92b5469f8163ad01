//! A running service on a real socket, and those who ask it.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderValue},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use uuid::Uuid;
use zorgkaart::{
    app::{App, Filling, Listeners, Stop},
    auth::{Authority, Subject},
    care::id::ProviderId,
    clock::Clock,
    config::Config,
    graphql::id::GlobalId,
    http::LoadLimits,
    store::{DatabaseLimits, SharedStore},
};

use super::databases::{DEMO_DATE, TestDatabase};

/// Far longer than it takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A service that runs until this value goes.
pub(crate) struct Service {
    pub(crate) url: String,
    pub(crate) store: SharedStore,
    pub(crate) authority: Arc<Authority>,
    pub(crate) clock: Clock,
    client: reqwest::Client,
    stop: Option<oneshot::Sender<()>>,
    _running: JoinHandle<()>,
    pub(crate) data_dir: TempDir,
    _database: Arc<TestDatabase>,
}

/// An answer over HTTP.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Service {
    /// The service on `database`, on a free port.
    pub(crate) async fn start(database: impl Into<Arc<TestDatabase>>) -> Self {
        Self::start_with(database, |_| {}).await
    }

    /// The same, with changes to its configuration.
    pub(crate) async fn start_with(database: impl Into<Arc<TestDatabase>>, change: impl FnOnce(&mut Config)) -> Self {
        let database = database.into();
        let data_dir = tempfile::tempdir().unwrap();
        let mut config = Config {
            database_url: Some(database.url.clone()),
            data_dir: data_dir.path().to_owned(),
            // Tests ask more at once, on machines that do more at once, than anybody may.
            load: LoadLimits { patience_milliseconds: 60_000, per_token: 0, per_address: 0, ..LoadLimits::default() },
            // A machine that runs many tests at once is slow, which is no failure of the database.
            database: DatabaseLimits { seconds: 8, ..DatabaseLimits::default() },
            ..Config::default()
        };
        change(&mut config);
        let wall = Clock::standing_on(DEMO_DATE);
        let app = App::start(config, Filling::None, wall).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        let (store, authority, clock) = (app.store.clone(), app.authority.clone(), app.clock);
        let running = tokio::spawn(async move {
            app.serve(Listeners { main: listener, metrics: None }, async {
                let _ = stopped.await;
                Stop::Now
            })
            .await
            .unwrap();
        });
        Self {
            url,
            store,
            authority,
            clock,
            client: reqwest::Client::new(),
            stop: Some(stop),
            _running: running,
            data_dir,
            _database: database,
        }
    }

    /// A token of `subject` that is valid on the clock of the service.
    pub(crate) fn token(&self, subject: &Subject) -> String {
        self.authority.issue(subject, self.clock.now(), TimeDelta::minutes(15), Uuid::now_v7()).unwrap()
    }

    /// The token of the holder of the passport with a number.
    pub(crate) async fn holder(&self, number: &str) -> String {
        let id = self.store.database().passport_by_number(number).await.unwrap().unwrap();
        self.token(&Subject::PassportHolder(id))
    }

    /// The provider that is first by name.
    pub(crate) async fn first_provider(&self) -> ProviderId {
        let answer = self.ask(None, "{ providers(first: 1) { edges { node { id } } } }").await;
        match GlobalId::parse(answer.data("/providers/edges/0/node/id").as_str().unwrap()) {
            Some(GlobalId::Provider(id)) => id,
            other => panic!("{other:?}"),
        }
    }

    /// Asks `query`.
    pub(crate) async fn ask(&self, token: Option<&str>, query: &str) -> Answer {
        self.ask_with(token, query, json!({})).await
    }

    /// Asks `query` with variables.
    pub(crate) async fn ask_with(&self, token: Option<&str>, query: &str, variables: Value) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        if let Some(token) = token {
            headers.insert("authorization", HeaderValue::try_from(format!("Bearer {token}")).unwrap());
        }
        let body = json!({ "query": query, "variables": variables });
        let answer = self.post(headers, body.to_string()).await;
        if query.trim_start().starts_with("mutation") && answer.status == StatusCode::OK {
            Box::pin(self.caught_up()).await;
        }
        answer
    }

    /// Waits until the map holds what is committed. The answer to a change waits for that too, but only for a second, which is not
    /// much while many tests start their databases.
    async fn caught_up(&self) {
        let catching_up = async { while self.store.catch_up().await.is_err() {} };
        let _ = tokio::time::timeout(PATIENCE, catching_up).await;
    }

    /// Posts a body as it is.
    pub(crate) async fn post(&self, headers: HeaderMap, body: impl Into<reqwest::Body>) -> Answer {
        let request = self.client.post(format!("{}/graphql", self.url)).headers(headers).body(body);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Sends a request of any kind.
    pub(crate) async fn send(
        &self,
        method: reqwest::Method,
        path: &str,
        headers: HeaderMap,
        body: impl Into<reqwest::Body>,
    ) -> Answer {
        let request = self.client.request(method, format!("{}{path}", self.url)).headers(headers).body(body);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Gets a path.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.client.get(format!("{}{path}", self.url)).send().await.unwrap()).await
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

impl Answer {
    async fn of(response: reqwest::Response) -> Self {
        Self { status: response.status(), headers: response.headers().clone(), text: response.text().await.unwrap() }
    }

    /// The body.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// What is under a JSON pointer of `data`; there must be no errors.
    pub(crate) fn data(&self, pointer: &str) -> Value {
        let body = self.json();
        assert_eq!(body.get("errors"), None, "{body:#}");
        body["data"].pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer}: {body:#}")).clone()
    }

    /// The code of the first error; null without errors.
    pub(crate) fn code(&self) -> Value {
        self.json()["errors"][0]["extensions"]["code"].clone()
    }

    /// The argument that the first error names; null without one.
    pub(crate) fn argument(&self) -> Value {
        self.json()["errors"][0]["extensions"]["argument"].clone()
    }
}
