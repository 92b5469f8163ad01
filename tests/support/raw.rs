//! HTTP by hand, for requests that no client would send.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

/// How long an answer may take before the test fails: far longer than any does.
const PATIENCE: Duration = Duration::from_mins(1);

/// A connection.
pub(crate) struct Connection {
    pub(crate) writer: OwnedWriteHalf,
    reader: OwnedReadHalf,
    /// What was read beyond the last reply.
    rest: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// The head, in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Connection {
    /// Connects to the service at `url`.
    pub(crate) async fn open(url: &str) -> Self {
        let stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).await.unwrap();
        let (reader, writer) = stream.into_split();
        Self { writer, reader, rest: Vec::new() }
    }

    /// Sends bytes.
    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.writer.write_all(bytes.as_ref()).await.unwrap();
    }

    /// The next reply; `None` when the connection ends before it does.
    pub(crate) async fn reply(&mut self) -> Option<Reply> {
        tokio::time::timeout(PATIENCE, self.read_reply()).await.expect("no answer")
    }

    /// The next so many bytes.
    pub(crate) async fn bytes(&mut self, count: usize) -> Vec<u8> {
        let reading = async {
            while self.rest.len() < count {
                self.read_more().await.expect("the connection ends");
            }
        };
        tokio::time::timeout(PATIENCE, reading).await.expect("no answer");
        self.rest.drain(..count).collect()
    }

    async fn read_reply(&mut self) -> Option<Reply> {
        let head_end = loop {
            if let Some(at) = self.rest.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            self.read_more().await?;
        };
        let head = String::from_utf8_lossy(&self.rest[..head_end]).to_lowercase();
        let length: usize = value(&head, "content-length").map_or(0, |length| length.parse().unwrap());
        while self.rest.len() < head_end + length {
            self.read_more().await?;
        }
        let after = self.rest.split_off(head_end + length);
        let body = String::from_utf8(self.rest[head_end..].to_vec()).unwrap();
        self.rest = after;
        Some(Reply { status: head.split(' ').nth(1)?.parse().unwrap(), head, body })
    }

    async fn read_more(&mut self) -> Option<()> {
        let read = self.reader.read_buf(&mut self.rest).await.ok()?;
        (read > 0).then_some(())
    }

    /// Waits until the other side has closed.
    pub(crate) async fn closed(&mut self) {
        let closing = async { while self.read_more().await.is_some() {} };
        tokio::time::timeout(PATIENCE, closing).await.expect("the connection stays open");
    }
}

impl Reply {
    /// The value of a header, in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        value(&self.head, name)
    }

    /// The code of the first error.
    pub(crate) fn code(&self) -> serde_json::Value {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["errors"][0]["extensions"]["code"].clone()
    }
}

fn value<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}

/// The head of a question with these further header lines.
pub(crate) fn head(lines: &[&str]) -> String {
    let own = ["POST /graphql HTTP/1.1", "Host: localhost", "Content-Type: application/json"];
    [&own, lines, &["", ""]].concat().join("\r\n")
}
