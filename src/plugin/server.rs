//! Serves gRPC from the first connection to the end of the process.

use std::convert::Infallible;
use std::time::Duration;

use tokio_util::task::TaskTracker;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::codegen::http::{Request, Response};
use tonic::server::NamedService;

use super::calls::RunToEnd;
use super::connection;
use super::lifetime::Lifetime;
use super::listener::Listener;
use super::services::{self, ShutdownCalls};
use super::tls::Tls;

/// How long the answer to `Shutdown` may take to leave; the CLI kills us after two seconds.
const LAST_WORDS: Duration = Duration::from_millis(50);

/// How long the answers to calls that were let finish may take to leave.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// A generated tonic server, such as the provider service.
pub trait PluginService:
    Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send + 'static>
    + NamedService
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> PluginService for S where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send + 'static>
        + NamedService
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// Answers calls on `listener` until `lifetime` is at its end.
pub(super) async fn serve(
    service: impl PluginService,
    listener: Listener,
    tls: Option<Tls>,
    shutdown_calls: ShutdownCalls,
    lifetime: &Lifetime,
) -> Result<(), tonic::transport::Error> {
    let in_flight = TaskTracker::new();
    in_flight.close(); // To tokio-util: waiting for it is waiting until it is empty.
    let routes = services::routes(RunToEnd::new(service, in_flight.clone()), lifetime, shutdown_calls).await;

    // From `finishing` on there are no new connections, and no new calls on the old ones. It is served when the last
    // connection is closed; a client that does not close its own must not hold us.
    let served = tonic::transport::Server::builder()
        .add_routes(routes)
        .serve_with_incoming_shutdown(connection::incoming(listener, tls), lifetime.finishing());
    let answers_left = async {
        lifetime.finishing().await;
        // A call may have arrived that was not counted yet when the others were done.
        loop {
            in_flight.wait().await;
            tokio::time::sleep(LAST_ANSWERS).await;
            if in_flight.is_empty() {
                break;
            }
        }
    };
    let finished = async {
        tokio::select! {
            result = served => result?,
            () = answers_left => {}
        }
        in_flight.wait().await; // A killed client has closed its connections, but its calls go on.
        Ok(())
    };
    let over = async {
        lifetime.over().await;
        tokio::time::sleep(LAST_WORDS).await;
    };
    tokio::select! {
        result = finished => result,
        () = over => Ok(()),
    }
}
