//! Debug mode: serves Terraform processes that attach with `TF_REATTACH_PROVIDERS`.
//!
//! Debuggers use this mode, and tests that run the provider in their own process. Attaching Terraform processes send no
//! cookie and use no TLS. On Unix, the private directory of the socket protects the provider. On Windows, the provider
//! listens on a TCP port of the loopback interface without protection, and prints a warning. Several Terraform
//! processes may attach at the same time, and each configures the provider again.

use std::io::{self, Write};

use serde_json::json;
use tokio::task::JoinHandle;

use super::ServeError;
use super::handshake::PROTOCOL_VERSION;
use super::launch::LaunchOptions;
use super::listener::{Address, Listener};
use super::server;
use super::services::OnShutdownCall;
use super::services::PluginService;
use super::shutdown::Shutdown;
use super::signals::{self, OnInterrupt};

/// A provider that serves in this process.
#[derive(Debug)]
pub struct DebugServer {
    reattach_config: String,
    shutdown: Shutdown,
    served: JoinHandle<Result<(), tonic::transport::Error>>,
}

impl DebugServer {
    /// Starts to serve `service` as the provider `address`: `[HOST/]NAMESPACE/NAME`. Without a host, Terraform and
    /// OpenTofu assume their own registries.
    pub fn start(address: &str, service: impl PluginService) -> Result<Self, ServeError> {
        let listener = Listener::bind(&LaunchOptions::default())?;
        let reattach_config = reattach_config(address, &listener.address());
        let shutdown = Shutdown::default();
        let served = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { server::serve(service, listener, None, OnShutdownCall::Ignore, &shutdown).await }
        });
        Ok(Self { reattach_config, shutdown, served })
    }

    /// The value for `TF_REATTACH_PROVIDERS`.
    pub fn reattach_config(&self) -> &str {
        &self.reattach_config
    }
}

/// Serves `service` as the provider `address`, prints how to attach, and runs until SIGINT or SIGTERM.
pub async fn run(address: &str, service: impl PluginService) -> Result<(), ServeError> {
    let server = DebugServer::start(address, service)?;
    signals::watch_signals(server.shutdown, OnInterrupt::ShutDown)?;
    let mut stdout = io::stdout();
    stdout.write_all(instructions(&server.reattach_config).as_bytes())?;
    stdout.flush()?;
    server.served.await.map_err(io::Error::from)??;
    Ok(())
}

fn reattach_config(provider: &str, Address { network, text }: &Address) -> String {
    let attach = json!({
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL_VERSION,
        "Pid": std::process::id(),
        "Test": true, // Terraform must not kill this process.
        "Addr": { "Network": network, "String": text },
    });
    json!({ provider: attach }).to_string()
}

#[cfg(not(windows))]
fn instructions(reattach_config: &str) -> String {
    let quoted = reattach_config.replace('\'', r#"'"'"'"#);
    format!(
        "Provider started. To attach Terraform or OpenTofu, set the TF_REATTACH_PROVIDERS environment variable:\n\n\
         \tTF_REATTACH_PROVIDERS='{quoted}'\n"
    )
}

#[cfg(windows)]
fn instructions(reattach_config: &str) -> String {
    let quoted = reattach_config.replace('\'', "''");
    format!(
        "Provider started. To attach Terraform or OpenTofu, set the TF_REATTACH_PROVIDERS environment variable.\n\n\
         Command Prompt:\n\tset \"TF_REATTACH_PROVIDERS={reattach_config}\"\n\n\
         PowerShell:\n\t$env:TF_REATTACH_PROVIDERS='{quoted}'\n\n\
         Warning: every user of this machine can attach too, and use the identity of this process in Azure.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reattach_config_has_every_field() {
        let address = Address { network: "unix", text: "/tmp/p/socket".to_owned() };
        let value: serde_json::Value =
            serde_json::from_str(&reattach_config("soc/sentinel", &address)).expect("it is JSON");
        let expected = json!({ "soc/sentinel": {
            "Protocol": "grpc", "ProtocolVersion": 6, "Pid": std::process::id(), "Test": true,
            "Addr": { "Network": "unix", "String": "/tmp/p/socket" },
        }});
        assert_eq!(value, expected);
    }
}
