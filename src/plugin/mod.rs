//! A go-plugin process: what Terraform and OpenTofu start, talk to and end.
//!
//! The CLI starts us with a cookie and its certificate in the [environment](Environment). We listen on a private
//! socket, say where in one line on stdout, and serve gRPC to the holder of that certificate only, until it calls
//! `Shutdown`, a signal comes, or the CLI is gone. Logs go to stderr as the CLI [expects](log) them.
//!
//! Nothing here knows what the plugin does: it is handed a gRPC service. [`debug`] serves the same without a CLI.

pub mod arguments;
mod calls;
mod connection;
pub mod debug;
mod environment;
mod handshake;
mod lifetime;
mod listener;
pub mod log;
pub mod proto;
mod server;
mod services;
mod signals;
mod tls;

use std::io;

use tokio_util::sync::CancellationToken;

pub use environment::Environment;
pub use listener::ListenError;
pub use server::PluginService;
pub use tls::TlsError;

use handshake::Handshake;
use lifetime::Lifetime;
use listener::Listener;
use services::ShutdownCalls;
use signals::Interrupts;
use tls::Tls;

/// What a plugin says when people run it: go-plugin's sentence, which they will search for.
pub const NOT_STARTED_BY_A_CLI: &str = "\
This binary is a plugin. These are not meant to be executed directly.
Please execute the program that consumes these plugins, which will
load any plugins automatically
";

/// Why the plugin cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// There is nothing the CLI could connect to.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The mutual TLS that the CLI asks for cannot be had.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The operating system refuses signals, or the handshake line cannot be written.
    #[error("{0}")]
    Process(#[from] io::Error),
    /// The gRPC server broke.
    #[error("{0}")]
    Transport(#[from] tonic::transport::Error),
}

/// Is the plugin that `environment` asks for: serves what `build` makes until the CLI ends it.
///
/// `build` runs after the handshake line is printed, so that it costs the start nothing. What it is given is cancelled
/// when the CLI is gone: nobody will record what the service does from then on.
pub async fn serve<S: PluginService>(
    environment: &Environment,
    build: impl FnOnce(CancellationToken) -> S,
) -> Result<(), ServeError> {
    for entry in &environment.unreadable_versions {
        // Said even with logging off: whoever writes a CLI will look here.
        let message = format!("PLUGIN_PROTOCOL_VERSIONS holds {entry:?}, which is no version; skipped");
        log::write(tracing::Level::WARN, "plugin", &message);
    }
    let lifetime = Lifetime::default();
    signals::watch_signals(lifetime.clone(), Interrupts::LeftToTheCli)?;
    signals::watch_parent(lifetime.clone());

    let tls = environment.client_certificate.as_deref().map(Tls::new).transpose()?;
    let listener = Listener::bind(environment)?;
    let handshake = Handshake {
        version: handshake::negotiate(&environment.versions),
        address: &listener.address(),
        certificate: tls.as_ref().map(Tls::certificate),
        multiplexing_asked: environment.multiplexing,
    };
    handshake.print()?;

    server::serve(build(lifetime.abandoned()), listener, tls, ShutdownCalls::End, &lifetime).await?;
    Ok(())
}
