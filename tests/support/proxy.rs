//! The network between a replica of the service and its database, which a test can break.

use std::future;
use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How much is read at a time.
const CHUNK: usize = 64 << 10;

/// A TCP proxy in front of the Unix socket of a server. It stops when dropped, and cuts what goes
/// through it.
///
/// It follows the protocol of `PostgreSQL` without TLS, so nobody should ask for that.
pub(crate) struct Proxy {
    port: u16,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// A proxy that forwards everything.
    pub(crate) async fn start(socket: PathBuf) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let shared = Arc::new(Shared {
            socket: Mutex::new(socket),
            refuses: AtomicBool::new(false),
            loses_notifications: AtomicBool::new(false),
            statements: Mutex::default(),
            holds_answers: watch::Sender::new(false),
            generations: Mutex::new(vec![watch::Sender::new(Fate::Served)]),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { port, shared, accepting }
    }

    /// The URL of a database through this proxy.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }

    /// Leads new connections to another server.
    pub(crate) fn lead_to(&self, socket: PathBuf) {
        *self.shared.socket.lock().expect("nobody panics with it") = socket;
    }

    /// Closes all present connections, on both sides. New ones work.
    ///
    /// As after the death of a client, the server still ends the statement that it is at.
    pub(crate) fn cut(&self) {
        self.shared.cut();
    }

    /// Present connections stay open from now on, but nothing goes through them, not even that one
    /// side has closed: sessions on the server keep their locks until [`cut`](Self::cut). New
    /// connections work.
    pub(crate) fn black_hole(&self) {
        self.shared.black_hole();
    }

    /// Whether new connections are accepted and never answered. Those that were meanwhile are not
    /// answered later either.
    pub(crate) fn refuse(&self, refuse: bool) {
        self.shared.refuses.store(refuse, Ordering::SeqCst);
    }

    /// Whether notifications of the server get lost.
    pub(crate) fn lose_notifications(&self, lose: bool) {
        self.shared.loses_notifications.store(lose, Ordering::SeqCst);
    }

    /// Counts statements over all connections from now on, and closes all of them instead of
    /// forwarding the `n`-th, as if the client had died there; then new ones are closed too, until
    /// [`let_through`](Self::let_through).
    ///
    /// A statement is a simple query or the execution of a prepared one, so `BEGIN` and `COMMIT`
    /// are some. The first is number one.
    pub(crate) fn cut_at_statement(&self, n: u64) {
        assert!(n > 0, "the first statement is number one");
        *self.shared.statements() = Statements { end: Some(n), ..Statements::default() };
    }

    /// Counts statements over all connections from now on; when the `n`-th comes, it is not forwarded, and present
    /// connections become a [`black_hole`](Self::black_hole). New ones work.
    pub(crate) fn swallow_at_statement(&self, n: u64) {
        assert!(n > 0, "the first statement is number one");
        *self.shared.statements() = Statements { swallow: Some(n), ..Statements::default() };
    }

    /// Whether the statement of [`swallow_at_statement`](Self::swallow_at_statement) has come; connections that are made
    /// from then on work.
    pub(crate) fn has_swallowed(&self) -> bool {
        self.shared.statements().swallowed
    }

    /// Counts statements over all connections from now on; when the `n`-th comes it is forwarded, and no answer comes back
    /// until [`let_answers_through`](Self::let_answers_through).
    pub(crate) fn hold_answers_at_statement(&self, n: u64) {
        assert!(n > 0, "the first statement is number one");
        *self.shared.statements() = Statements { hold: Some(n), ..Statements::default() };
    }

    /// Whether the statement of [`hold_answers_at_statement`](Self::hold_answers_at_statement) has come, and was not ended.
    pub(crate) fn holds_answers(&self) -> bool {
        *self.shared.holds_answers.borrow()
    }

    /// Ends what [`hold_answers_at_statement`](Self::hold_answers_at_statement) has started.
    pub(crate) fn let_answers_through(&self) {
        self.shared.holds_answers.send_replace(false);
    }

    /// Ends what [`cut_at_statement`](Self::cut_at_statement) has started. The count goes on.
    pub(crate) fn let_through(&self) {
        let mut statements = self.shared.statements();
        statements.end = None;
        statements.ended = false;
    }

    /// How many statements there were, with the one that was not forwarded, since
    /// [`cut_at_statement`](Self::cut_at_statement) or else the start.
    pub(crate) fn statements(&self) -> u64 {
        self.shared.statements().seen
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.shared.cut();
    }
}

/// What becomes of connections.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Served,
    Ignored,
    Cut,
}

/// The count of statements.
#[derive(Default)]
struct Statements {
    seen: u64,
    /// The number of the one that is the end.
    end: Option<u64>,
    ended: bool,
    /// The number of the one that is swallowed, with all that is open.
    swallow: Option<u64>,
    swallowed: bool,
    /// The number of the one whose answer is held, as all others are from then on.
    hold: Option<u64>,
}

impl Statements {
    /// Counts one, and tells what becomes of connections.
    fn next(&mut self) -> Fate {
        if !self.ended {
            self.seen += 1;
            self.ended = self.end.is_some_and(|end| self.seen >= end);
        }
        if self.ended {
            Fate::Cut
        } else if self.swallow == Some(self.seen) {
            Fate::Ignored
        } else {
            Fate::Served
        }
    }
}

/// What the connections of a proxy share.
struct Shared {
    socket: Mutex<PathBuf>,
    refuses: AtomicBool,
    loses_notifications: AtomicBool,
    statements: Mutex<Statements>,
    holds_answers: watch::Sender<bool>,
    /// Connections that share a fate listen to the same sender. New ones take the last.
    generations: Mutex<Vec<watch::Sender<Fate>>>,
}

impl Shared {
    fn statements(&self) -> MutexGuard<'_, Statements> {
        self.statements.lock().expect("nobody panics with it")
    }

    fn generations(&self) -> MutexGuard<'_, Vec<watch::Sender<Fate>>> {
        self.generations.lock().expect("nobody panics with it")
    }

    fn black_hole(&self) {
        let mut generations = self.generations();
        if let Some(present) = generations.last() {
            present.send_replace(Fate::Ignored);
        }
        generations.push(watch::Sender::new(Fate::Served));
    }

    fn cut(&self) {
        let mut generations = self.generations();
        for generation in generations.drain(..) {
            generation.send_replace(Fate::Cut);
        }
        generations.push(watch::Sender::new(Fate::Served));
    }

    /// The fate of a connection that starts now.
    fn fate(&self) -> watch::Receiver<Fate> {
        self.generations().last().expect("there always is one").subscribe()
    }
}

/// Takes connections until the task is aborted.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((client, _)) = listener.accept().await {
        // Asked in this order: a statement that ends everything closes either this one or its fate.
        let mut fate = shared.fate();
        if shared.statements().ended {
            continue;
        }
        if shared.refuses.load(Ordering::SeqCst) {
            tokio::spawn(async move {
                wait_for_cut(&mut fate).await;
                drop(client);
            });
        } else {
            tokio::spawn(serve(client, fate, Arc::clone(&shared)));
        }
    }
}

/// Serves a connection for as long as its fate allows.
async fn serve(mut client: TcpStream, mut fate: watch::Receiver<Fate>, shared: Arc<Shared>) {
    // No server is no connection.
    let socket = shared.socket.lock().expect("nobody panics with it").clone();
    let Ok(mut server) = UnixStream::connect(socket).await else { return };
    if client.set_nodelay(true).is_err() {
        return;
    }
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    let never_held = watch::Sender::new(false).subscribe();
    let questions = forward(from_client, to_server, Messages::of_client(), fate.clone(), never_held, |tag| match tag {
        b'Q' | b'E' => {
            // Not locked while all connections hear of it.
            let (fate, holds) = {
                let mut statements = shared.statements();
                (statements.next(), statements.hold == Some(statements.seen))
            };
            if holds {
                shared.holds_answers.send_replace(true);
            }
            match fate {
                Fate::Served => Verdict::Pass,
                Fate::Ignored => {
                    shared.black_hole();
                    shared.statements().swallowed = true;
                    Verdict::Lose
                }
                Fate::Cut => {
                    shared.cut();
                    Verdict::End
                }
            }
        }
        _ => Verdict::Pass,
    });
    let held = shared.holds_answers.subscribe();
    let answers = forward(from_server, to_client, Messages::of_server(), fate.clone(), held, |tag| match tag {
        b'A' if shared.loses_notifications.load(Ordering::SeqCst) => Verdict::Lose,
        _ => Verdict::Pass,
    });
    let ignored = tokio::select! {
        // A side that has closed, in whichever way, ends the connection.
        _ = questions => false,
        _ = answers => false,
        fate = fate.wait_for(|fate| *fate != Fate::Served) => fate.is_ok_and(|fate| *fate == Fate::Ignored),
    };
    if ignored {
        wait_for_cut(&mut fate).await;
    }
}

async fn wait_for_cut(fate: &mut watch::Receiver<Fate>) {
    // An error means that nobody is left to cut.
    let _ = fate.wait_for(|fate| *fate == Fate::Cut).await;
}

/// Forwards one direction of a connection until a side has closed.
async fn forward(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut messages: Messages,
    fate: watch::Receiver<Fate>,
    mut held: watch::Receiver<bool>,
    mut judge: impl FnMut(u8) -> Verdict,
) -> io::Result<()> {
    let mut bytes = vec![0; CHUNK];
    let mut passed = Vec::new();
    loop {
        let read = from.read(&mut bytes).await?;
        // What came later than the fate does not pass, and an end that came later is not noticed.
        if *fate.borrow() != Fate::Served {
            future::pending::<()>().await;
        }
        // An error means that nobody is left who could hold it.
        let _ = held.wait_for(|held| !held).await;
        passed.clear();
        let goes_on = messages.pass(&bytes[..read], &mut passed, &mut judge);
        to.write_all(&passed).await?;
        if read == 0 || !goes_on {
            return Ok(());
        }
    }
}

/// What becomes of a message.
#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    Pass,
    Lose,
    /// Nothing passes from here on.
    End,
}

/// Where a stream of messages stands. They may come in pieces of any size.
struct Messages {
    /// Bytes before the length: the tag, which only a client's first message has not.
    tag: usize,
    /// The tag and length of a message, as far as they have come.
    head: Vec<u8>,
    /// How much of the message is yet to come, once its head has.
    rest: usize,
    verdict: Verdict,
}

impl Messages {
    fn of_client() -> Self {
        Self { tag: 0, ..Self::of_server() }
    }

    fn of_server() -> Self {
        Self { tag: 1, head: Vec::new(), rest: 0, verdict: Verdict::Pass }
    }

    /// Appends to `passed` what may pass of the next bytes of the stream. `judge` is asked once
    /// for every message. Tells whether there is no end yet.
    fn pass(&mut self, mut bytes: &[u8], passed: &mut Vec<u8>, mut judge: impl FnMut(u8) -> Verdict) -> bool {
        while !bytes.is_empty() && self.verdict != Verdict::End {
            if self.rest > 0 {
                let (now, later) = bytes.split_at(self.rest.min(bytes.len()));
                if self.verdict == Verdict::Pass {
                    passed.extend_from_slice(now);
                }
                self.rest -= now.len();
                bytes = later;
                continue;
            }
            let missing = self.tag + 4 - self.head.len();
            let (now, later) = bytes.split_at(missing.min(bytes.len()));
            self.head.extend_from_slice(now);
            bytes = later;
            if let Some(length) = self.head[self.tag.min(self.head.len())..].first_chunk() {
                // The length counts itself.
                self.rest = (u32::from_be_bytes(*length) as usize).saturating_sub(4);
                self.verdict = if self.tag == 0 { Verdict::Pass } else { judge(self.head[0]) };
                if self.verdict == Verdict::Pass {
                    passed.extend_from_slice(&self.head);
                }
                self.head.clear();
                self.tag = 1;
            }
        }
        self.verdict != Verdict::End
    }
}

#[test]
fn messages_in_pieces() {
    let message = |tag: &str, body: &str| {
        let length = u32::try_from(body.len() + 4).unwrap();
        [tag.as_bytes(), &length.to_be_bytes(), body.as_bytes()].concat()
    };
    let start = message("", "a start that has no tag");
    let (query, lost, end) = (message("Q", "SELECT"), message("A", "news"), message("E", "rest"));
    let stream = [&*start, &query, &lost, &message("S", ""), &query, &end, &query].concat();
    let expected = [&*start, &query, &message("S", ""), &query].concat();
    for piece in 1..=stream.len() {
        let mut messages = Messages::of_client();
        let (mut passed, mut tags) = (Vec::new(), String::new());
        let goes_on = stream.chunks(piece).fold(true, |_, bytes| {
            messages.pass(bytes, &mut passed, |tag| {
                tags.push(tag.into());
                match tag {
                    b'A' => Verdict::Lose,
                    b'E' => Verdict::End,
                    _ => Verdict::Pass,
                }
            })
        });
        assert_eq!((&passed, tags.as_str(), goes_on), (&expected, "QASQE", false), "in pieces of {piece}");
    }
}
