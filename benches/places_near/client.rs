//! Clients that keep their connections, one question after the other on each.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

const WARM: Duration = Duration::from_secs(1);

/// What a client does while it waits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    /// It sleeps, and leaves its core to others; whoever answers it wakes it.
    Sleep,
    /// It looks again and again: a client on another machine would not have to be woken by the server either.
    Never,
}

/// How long each question took on `connections` for as long as `lasting`, and the length of the last answer's body.
/// `warm` is called once all is.
pub(crate) async fn ask(
    address: SocketAddr,
    requests: &'static [Vec<u8>],
    (connections, rest): (usize, Rest),
    lasting: Duration,
    warm: impl FnOnce(),
) -> (Vec<Duration>, usize) {
    // A server that has just begun answers when it has read its places.
    let mut first = TcpStream::connect(address).await.unwrap();
    first.write_all(&requests[0]).await.unwrap();
    answer(&mut first, &mut Vec::new()).await;
    if rest == Rest::Never {
        tokio::spawn(async {
            loop {
                (0..32).for_each(|_| std::hint::spin_loop());
                tokio::task::yield_now().await;
            }
        });
    }
    let from = Instant::now() + WARM;
    let mut clients = JoinSet::new();
    for connection in 0..connections {
        clients.spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let (mut took, mut length, mut buffer) = (Vec::new(), 0, Vec::new());
            for request in requests.iter().cycle().skip(connection * requests.len() / connections) {
                let began = Instant::now();
                if began >= from + lasting {
                    break;
                }
                stream.write_all(request).await.unwrap();
                length = answer(&mut stream, &mut buffer).await;
                if began >= from {
                    took.push(began.elapsed());
                }
            }
            (took, length)
        });
    }
    tokio::time::sleep_until(from.into()).await;
    warm();
    let (mut took, mut length) = (Vec::new(), 0);
    while let Some(client) = clients.join_next().await {
        let (more, last) = client.unwrap();
        took.extend(more);
        length = last;
    }
    (took, length)
}

/// Reads an answer, which must be a good one: the length of its body.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> usize {
    buffer.clear();
    loop {
        assert!(stream.read_buf(buffer).await.unwrap() > 0, "the connection was cut");
        let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end]).unwrap();
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse::<usize>().unwrap();
        if buffer.len() >= end + 4 + length {
            let body = &buffer[end + 4..];
            assert!(
                head.starts_with("HTTP/1.1 200") && !body.starts_with(b"{\"errors"),
                "{}",
                String::from_utf8_lossy(buffer)
            );
            return length;
        }
    }
}
