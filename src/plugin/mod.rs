//! The go-plugin process that Terraform and OpenTofu start, call and end.
//!
//! Terraform passes a cookie and its certificate in the [environment](LaunchOptions). The process listens on a private
//! socket, prints its address on stdout, and serves gRPC only to the owner of that certificate. Without a certificate,
//! which current versions always pass, only the private directory of the socket protects the process. The process ends
//! when Terraform calls `Shutdown` or exits, or on a signal. [Logs](log) go to stderr.
//!
//! This module serves any gRPC service. [`debug`] serves Terraform processes that did not start this one.

pub mod arguments;
mod connection;
pub mod debug;
mod detach;
mod handshake;
mod launch;
mod listener;
pub mod log;
pub mod proto;
mod server;
mod services;
mod shutdown;
mod signals;
mod tls;

use std::io;

use tokio_util::sync::CancellationToken;

pub use launch::LaunchOptions;
pub use listener::ListenError;
pub use services::PluginService;
pub use tls::TlsError;

use handshake::Handshake;
use listener::Listener;
use services::OnShutdownCall;
use shutdown::Shutdown;
use signals::OnInterrupt;
use tls::TlsServer;

/// The output if a user starts the plugin manually. It begins with go-plugin's own text, because users search for it.
pub const MANUAL_START_HELP: &str = "\
This binary is a plugin. These are not meant to be executed directly.
Please execute the program that consumes these plugins, which will
load any plugins automatically

Run it yourself only with a command: `contract record` or `contract check`. The option --help describes them.
";

/// Why the plugin cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Listening failed.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// Setting up mutual TLS failed.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Handling signals or printing the handshake line failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The gRPC server failed.
    #[error("{0}")]
    Transport(#[from] tonic::transport::Error),
}

/// Serves the Terraform process that started this process, until it ends the plugin.
///
/// `build` creates the service after the handshake line is printed, so that Terraform does not wait for it. Its
/// argument is canceled when Terraform has exited, because no state can record changes after that.
pub async fn serve<S: PluginService>(
    options: &LaunchOptions,
    build: impl FnOnce(CancellationToken) -> S,
) -> Result<(), ServeError> {
    for entry in &options.invalid_protocol_versions {
        // Written even if logging is disabled, for the authors of the program that started this process.
        let message = format!("ignored the invalid entry {entry:?} of PLUGIN_PROTOCOL_VERSIONS");
        log::write(tracing::Level::WARN, "plugin", &message);
    }
    let shutdown = Shutdown::default();
    signals::watch_signals(shutdown.clone(), OnInterrupt::Ignore)?;
    signals::watch_parent(shutdown.clone());

    let tls = options.client_certificate.as_deref().map(TlsServer::new).transpose()?;
    if tls.is_none() && !cfg!(unix) {
        return Err(ListenError::NotPrivate.into());
    }
    let listener = Listener::bind(options)?;
    handshake::warn_unless_supported(&options.protocol_versions);
    let handshake = Handshake {
        address: &listener.address(),
        certificate: tls.as_ref().map(TlsServer::certificate),
        multiplexing_offered: options.multiplexing,
    };
    handshake.print()?;

    server::serve(build(shutdown.parent_exited()), listener, tls, OnShutdownCall::End, &shutdown).await?;
    Ok(())
}
