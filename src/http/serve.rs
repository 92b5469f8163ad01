//! Answering on a listener: hyper's own builder, because `axum::serve` sets no limit to how long the head of a request
//! takes to come.

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, serve::Listener};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpSocket},
    sync::{Semaphore, watch},
    time::timeout,
};
use tower::ServiceExt;

/// What is said to whoever comes when all seats are taken.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// How many connections wait to be accepted, where the system allows as many (`net.core.somaxconn`). Linux says nothing to
/// whoever comes above that, and a client may try again for a minute.
const BACKLOG: u32 = 4_096;

/// A listener on `address`.
///
/// # Errors
/// When somebody else listens there, or it is not an address of this machine.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // So that a server can be started where one has just ended.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Answers on `listener` until `stop`, then takes no more and ends once what has begun is finished.
///
/// Who opens a connection and says nothing, or sends the head of a request drop by drop, is cut after `within`; so is a
/// connection that is kept open and not used.
///
/// There are as many connections at a time as `seats` has permits; who comes above that is told to come back and cut.
pub async fn serve(
    mut listener: TcpListener,
    router: Router,
    within: Duration,
    seats: Arc<Semaphore>,
    stop: impl Future<Output = ()>,
) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(within);
    // The same for whoever is gone without a word.
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(within).keep_alive_timeout(within);
    let graceful = GracefulShutdown::new();
    let (going_on, _) = watch::channel(());
    tokio::pin!(stop);
    loop {
        let (stream, address) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            () = &mut stop => break,
        };
        let Ok(seat) = Arc::clone(&seats).try_acquire_owned() else {
            let mut stream = stream;
            tokio::spawn(async move { timeout(within, stream.write_all(FULL)).await });
            continue;
        };
        let service = router.clone().map_request(move |request: axum::http::Request<_>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(address));
            request
        });
        let (builder, watcher, mut stopped) = (builder.clone(), graceful.watcher(), going_on.subscribe());
        tokio::spawn(async move {
            let _seat = seat;
            // The builder waits for the first bytes, which tell the version of HTTP, for as long as they take.
            let mut first = [0];
            let begun = tokio::select! {
                first = timeout(within, stream.peek(&mut first)) => matches!(first, Ok(Ok(1))),
                _ = stopped.changed() => false,
            };
            if !begun {
                return;
            }
            let connection = builder
                .serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service))
                .into_owned();
            if let Err(error) = watcher.watch(connection).await {
                tracing::debug!(%error, "a connection ended");
            }
        });
    }
    drop((listener, going_on));
    graceful.shutdown().await;
}
