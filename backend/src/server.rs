//! The routes, what happens around every request, and how the server starts and ends.

use std::future::IntoFuture;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, delete, get, post};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::app::App;
use crate::config::Config;
use crate::error::ApiError;
use crate::{health, limit, notes, visits};

/// Room for 500 characters, however they are escaped.
const LARGEST_BODY: usize = 16 * 1024;
const REQUEST_LIMIT: Duration = Duration::from_secs(8);
/// Docker waits ten seconds before it kills.
const GRACE: Duration = Duration::from_secs(9);

/// Why the server could not start, or ended before its time.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Settings that no client can be made from.
    #[error("{0}")]
    Settings(String),
    /// The runtime or the signals.
    #[error("the runtime does not start: {0}")]
    Runtime(io::Error),
    /// The port is taken, or not allowed.
    #[error("cannot listen on port {port} (PORT): {source}")]
    Listen {
        /// The port.
        port: u16,
        /// Why.
        source: io::Error,
    },
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
///
/// It could not start.
pub fn run(config: Config) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(ServeError::Runtime)?;
    let result = runtime.block_on(serve(config));
    // A name that is being looked up cannot be called off, and is not worth waiting for.
    runtime.shutdown_background();
    result
}

async fn serve(config: Config) -> Result<(), ServeError> {
    // First, so that no signal is missed: as PID 1 a process without a handler ignores it.
    let signals = Signals::new().map_err(ServeError::Runtime)?;
    let app = App::new(&config).map_err(ServeError::Settings)?;
    let port = config.port;
    let listen = async {
        let listener = TcpListener::bind(("0.0.0.0", port)).await?;
        Ok((listener.local_addr()?.port(), listener))
    };
    let (port, listener) = listen
        .await
        .map_err(|source| ServeError::Listen { port, source })?;
    tracing::info!(port, version = env!("CARGO_PKG_VERSION"), "listening");
    let schema = tokio::spawn({
        let app = app.clone();
        async move { app.schema.keep(&app.database).await }
    });
    until_stopped(listener, router(app), signals).await;
    schema.abort();
    Ok(())
}

/// Serves until a signal, then lets the requests that run end, for a while.
async fn until_stopped(listener: TcpListener, router: Router, mut signals: Signals) {
    let (stop, stopped) = watch::channel(false);
    let mut ended = stopped.clone();
    let stopping = async move {
        let _ = ended.wait_for(|stopped| *stopped).await;
    };
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(
        axum::serve(listener, service)
            .with_graceful_shutdown(stopping)
            .into_future(),
    );
    let name = signals.next().await;
    tracing::info!(signal = name, "stopping: requests that run may end");
    stop.send_replace(true);
    tokio::select! {
        _ = server => tracing::info!("stopped"),
        () = sleep(GRACE) => tracing::warn!(seconds = GRACE.as_secs(), "stopped: connections were cut off"),
        name = signals.next() => tracing::warn!(signal = name, "stopped: a second signal cut connections off"),
    }
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

/// All routes.
pub fn router(app: App) -> Router {
    let api = Router::new()
        .route("/api/notes", get(notes::list).post(notes::create))
        .route("/api/notes/{id}", delete(notes::delete))
        .route("/api/visits", post(visits::count))
        .route("/api", any(no_route))
        .route("/api/{*rest}", any(no_route))
        .method_not_allowed_fallback(no_method)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(app.clone(), limit::limit));
    Router::new()
        .route("/health", get(health::ready))
        .route("/health/live", get(health::live))
        .method_not_allowed_fallback(no_method)
        .merge(api)
        .fallback(no_route)
        .layer(from_fn(in_time))
        .layer(from_fn(log))
        .with_state(app)
}

async fn no_route() -> ApiError {
    ApiError::NoRoute
}

async fn no_method() -> ApiError {
    ApiError::NoMethod
}

/// A client that sends its body by the drop must not hold a request for ever.
async fn in_time(request: Request, next: Next) -> Response {
    let late = |_| {
        ApiError::Late {
            seconds: REQUEST_LIMIT.as_secs(),
        }
        .into_response()
    };
    timeout(REQUEST_LIMIT, next.run(request))
        .await
        .unwrap_or_else(late)
}

async fn log(ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let client = limit::client(peer.ip(), request.headers());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let (status, ms) = (
        response.status().as_u16(),
        started.elapsed().as_micros() as f64 / 1000.0,
    );
    if path.starts_with("/health") && status < 400 {
        tracing::debug!(%method, path, status, ms, %client, "request");
    } else {
        tracing::info!(%method, path, status, ms, %client, "request");
    }
    response
}
