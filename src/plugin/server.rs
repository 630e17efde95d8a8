//! The gRPC server: serves calls until the process shuts down.

use std::time::Duration;

use tokio_util::task::TaskTracker;

use super::connection;
use super::detach::Detached;
use super::listener::Listener;
use super::services::{self, OnShutdownCall, PluginService};
use super::shutdown::Shutdown;
use super::tls::TlsServer;

/// How long to wait until the response to `Shutdown` is sent. Terraform kills the process after two seconds.
const SHUTDOWN_REPLY_TIME: Duration = Duration::from_millis(50);

/// How long to wait until the responses to the last calls of a graceful shutdown are sent.
const LAST_RESPONSES_TIME: Duration = Duration::from_secs(2);

/// Serves calls on `listener` until `shutdown` is complete.
pub(super) async fn serve(
    service: impl PluginService,
    listener: Listener,
    tls: Option<TlsServer>,
    on_shutdown_call: OnShutdownCall,
    shutdown: &Shutdown,
) -> Result<(), tonic::transport::Error> {
    let in_flight = TaskTracker::new();
    in_flight.close(); // Makes `wait` return when no call is in flight.
    let routes = services::routes(Detached::new(service, in_flight.clone()), shutdown, on_shutdown_call).await;

    // Once a shutdown has started, tonic accepts no new connections or calls, and returns when all connections are
    // closed. `drained` handles a client that keeps its connection open.
    let served = tonic::transport::Server::builder()
        .add_routes(routes)
        .serve_with_incoming_shutdown(connection::incoming(listener, tls), shutdown.started());
    let drained = async {
        shutdown.started().await;
        // Check again, because a call may arrive while the others finish.
        loop {
            in_flight.wait().await;
            tokio::time::sleep(LAST_RESPONSES_TIME).await;
            if in_flight.is_empty() {
                break;
            }
        }
    };
    let graceful = async {
        tokio::select! {
            result = served => result?,
            () = drained => {}
        }
        in_flight.wait().await; // The calls of a killed client continue after its connections are closed.
        Ok(())
    };
    let immediate = async {
        shutdown.immediate_started().await;
        tokio::time::sleep(SHUTDOWN_REPLY_TIME).await;
    };
    tokio::select! {
        result = graceful => result,
        () = immediate => Ok(()),
    }
}
