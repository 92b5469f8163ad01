//! The program itself, as a process.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// How long a word or an end is waited for: far longer than it takes.
const PATIENCE: Duration = Duration::from_mins(2);

/// A command in an environment that says nothing of ours.
pub(crate) fn program(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zorgkaart"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ZORGKAART_") {
            command.env_remove(name);
        }
    }
    command
        .env_remove("DATABASE_URL")
        .env_remove("DATABASE_READ_URL")
        .env("ZORGKAART_DATA_DIR", data_dir)
        .env("RUST_BACKTRACE", "1")
        .env("RUST_LOG", "off");
    command.stdin(Stdio::null()).current_dir(data_dir);
    command
}

/// A server that the program runs; it is killed with this value.
pub(crate) struct Server {
    pub(crate) child: Child,
    lines: Receiver<String>,
    pub(crate) url: String,
    /// What it said so far, as far as anybody has waited for it.
    pub(crate) said: Vec<String>,
    client: reqwest::Client,
}

impl Server {
    /// Runs a command that serves, and waits until it says where.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut server = Self::begin(command);
        server.until_it_listens();
        server
    }

    /// Runs a command that serves.
    pub(crate) fn begin(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || stderr.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok()));
        let client = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
        Self { child, lines, url: String::new(), said: Vec::new(), client }
    }

    /// Waits until it says where it listens.
    pub(crate) fn until_it_listens(&mut self) {
        let line = self.line("GraphiQL: http://");
        let url = line.split("GraphiQL: ").nth(1).unwrap().trim_end_matches('/');
        url.clone_into(&mut self.url);
    }

    /// Waits for a line with these words.
    pub(crate) fn line(&mut self, words: &str) -> String {
        loop {
            let line =
                self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("not said: {words}: {:#?}", self.said));
            self.said.push(line.clone());
            if line.contains(words) {
                return line;
            }
        }
    }

    /// Everything that it has said by now.
    pub(crate) fn all_said(&mut self) -> String {
        self.said.extend(self.lines.try_iter());
        self.said.join("\n")
    }

    /// Sends a signal, such as `-TERM`.
    pub(crate) fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks a question.
    pub(crate) async fn ask(&self, token: Option<&str>, query: &str) -> Value {
        serde_json::from_str(&self.ask_with(token, query, &json!({})).await.unwrap().1).unwrap()
    }

    /// Asks a question with variables: the status and the body.
    pub(crate) async fn ask_with(
        &self,
        token: Option<&str>,
        query: &str,
        variables: &Value,
    ) -> Result<(u16, String), reqwest::Error> {
        let body = json!({ "query": query, "variables": variables });
        let mut request = self.client.post(format!("{}/graphql", self.url)).json(&body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await?;
        Ok((response.status().as_u16(), response.text().await?))
    }

    /// Gets a page: the status and the body.
    pub(crate) async fn get(&self, url: &str) -> (u16, String) {
        let response = self.client.get(url).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Whether it should get requests, and what it says of itself.
    pub(crate) async fn readiness(&self) -> (u16, Value) {
        let (status, body) = self.get(&format!("{}/health/ready", self.url)).await;
        (status, serde_json::from_str(&body).unwrap())
    }

    /// Waits until it should get requests, and what it says of itself: a map that took long to read may be behind at first.
    pub(crate) async fn until_ready(&self) -> Value {
        let began = Instant::now();
        loop {
            let (status, readiness) = self.readiness().await;
            if status == 200 {
                return readiness;
            }
            assert!(began.elapsed() < PATIENCE, "{readiness}");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
