//! Debug mode: a provider that runs on its own and that CLIs attach to with `TF_REATTACH_PROVIDERS`.
//!
//! For a debugger, and for tests that want the provider in their own process. No cookie and no TLS, as attaching CLIs
//! have neither: the private folder of the socket protects it. Any number of CLIs may attach, one after the other or
//! at the same time, and each configures the provider anew.

use std::io::{self, Write};

use serde_json::json;
use tokio::task::JoinHandle;

use super::ServeError;
use super::environment::Environment;
use super::handshake::PROTOCOL_VERSION;
use super::lifetime::Lifetime;
use super::listener::{Address, Listener};
use super::server::{self, PluginService};
use super::services::ShutdownCalls;
use super::signals::{self, Interrupts};

/// A provider that serves in this process.
#[derive(Debug)]
pub struct Attachable {
    reattach: String,
    lifetime: Lifetime,
    served: JoinHandle<Result<(), tonic::transport::Error>>,
}

impl Attachable {
    /// Starts to serve `service` as the provider `address` (`NAMESPACE/NAME`, or with a host before it; without one
    /// every CLI adds its own registry).
    pub fn start(address: &str, service: impl PluginService) -> Result<Self, ServeError> {
        let listener = Listener::bind(&Environment::default())?;
        let reattach = reattach(address, &listener.address());
        let lifetime = Lifetime::default();
        let served = tokio::spawn({
            let lifetime = lifetime.clone();
            async move { server::serve(service, listener, None, ShutdownCalls::Ignored, &lifetime).await }
        });
        Ok(Self { reattach, lifetime, served })
    }

    /// The value for `TF_REATTACH_PROVIDERS`.
    pub fn reattach(&self) -> &str {
        &self.reattach
    }

    /// Lets calls in flight finish, and stops.
    pub async fn stop(self) -> Result<(), ServeError> {
        self.lifetime.finish();
        self.stopped().await
    }

    async fn stopped(self) -> Result<(), ServeError> {
        match self.served.await {
            Ok(result) => Ok(result?),
            Err(stopped) => Err(io::Error::from(stopped).into()),
        }
    }
}

/// Serves `service` as the provider `address`, tells people how to attach, and runs until SIGINT or SIGTERM.
pub async fn run(address: &str, service: impl PluginService) -> Result<(), ServeError> {
    let attachable = Attachable::start(address, service)?;
    signals::watch_signals(attachable.lifetime.clone(), Interrupts::End)?;
    let mut stdout = io::stdout();
    stdout.write_all(instructions(attachable.reattach()).as_bytes())?;
    stdout.flush()?;
    attachable.stopped().await
}

fn reattach(provider: &str, Address { network, text }: &Address) -> String {
    let attach = json!({
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL_VERSION,
        "Pid": std::process::id(),
        "Test": true, // The CLI is not to kill this process when it is done.
        "Addr": { "Network": network, "String": text },
    });
    json!({ provider: attach }).to_string()
}

#[cfg(not(windows))]
fn instructions(reattach: &str) -> String {
    let quoted = reattach.replace('\'', r#"'"'"'"#);
    format!(
        "Provider started. To attach Terraform or OpenTofu, set the TF_REATTACH_PROVIDERS environment variable:\n\n\
         \tTF_REATTACH_PROVIDERS='{quoted}'\n"
    )
}

#[cfg(windows)]
fn instructions(reattach: &str) -> String {
    let quoted = reattach.replace('\'', "''");
    format!(
        "Provider started. To attach Terraform or OpenTofu, set the TF_REATTACH_PROVIDERS environment variable.\n\n\
         Command Prompt:\n\tset \"TF_REATTACH_PROVIDERS={reattach}\"\n\n\
         PowerShell:\n\t$env:TF_REATTACH_PROVIDERS='{quoted}'\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reattach_value_says_what_a_cli_needs() {
        let address = Address { network: "unix", text: "/tmp/p/socket".to_owned() };
        let value: serde_json::Value = serde_json::from_str(&reattach("soc/sentinel", &address)).expect("it is JSON");
        let expected = json!({ "soc/sentinel": {
            "Protocol": "grpc", "ProtocolVersion": 6, "Pid": std::process::id(), "Test": true,
            "Addr": { "Network": "unix", "String": "/tmp/p/socket" },
        }});
        assert_eq!(value, expected);
    }
}
