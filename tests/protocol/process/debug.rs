//! Tests of debug mode, in which Terraform attaches to a running provider.

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use terraform_provider_sentinel::plugin::proto::Empty;
use terraform_provider_sentinel::plugin::proto::grpc_controller_client::GrpcControllerClient;
use terraform_provider_sentinel::plugin::proto::grpc_stdio_client::GrpcStdioClient;
use terraform_provider_sentinel::protocol::proto::provider_client::ProviderClient;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::UnixStream;
use tokio::process::Child;
use tonic::transport::{Channel, Endpoint};

use hyper_util::rt::TokioIo;

use super::calls::{assert_healthy, configure};
use super::host::{self, within};

/// A provider in debug mode.
struct DebugProvider {
    process: Child,
    reattach_config: Value,
    _temporary: tempfile::TempDir,
}

impl DebugProvider {
    async fn start(arguments: &[&str]) -> Self {
        let temporary = tempfile::tempdir().expect("a temporary directory");
        let mut process = host::provider(env!("CARGO_BIN_EXE_terraform-provider-sentinel"), temporary.path())
            .args(arguments)
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(process.stdout.take().expect("stdout is piped")).lines();
        let quoted = within(async {
            loop {
                let line = lines.next_line().await.expect("stdout is text").expect("instructions to attach");
                if let Some(quoted) = line.trim().strip_prefix("TF_REATTACH_PROVIDERS=") {
                    break quoted.to_owned();
                }
            }
        })
        .await;
        let json = quoted.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).expect("it is quoted");
        let reattach_config = serde_json::from_str(json).expect("it is JSON");
        Self { process, reattach_config, _temporary: temporary }
    }

    fn socket(&self, address: &str) -> String {
        self.reattach_config[address]["Addr"]["String"].as_str().expect("a path").to_owned()
    }

    async fn attach(&self) -> Channel {
        let socket = self.socket("sentinel/sentinel");
        let connector = tower::service_fn(move |_| {
            let socket = socket.clone();
            async move { UnixStream::connect(socket).await.map(TokioIo::new) }
        });
        within(Endpoint::from_static("http://localhost").connect_with_connector(connector)).await.expect("a connection")
    }
}

#[tokio::test]
async fn prints_a_complete_reattach_config() {
    let provider = DebugProvider::start(&["--debug", "--provider-address", "example.com/soc/sentinel"]).await;

    let config = &provider.reattach_config["example.com/soc/sentinel"];
    assert_eq!(config["Protocol"], "grpc");
    assert_eq!(config["ProtocolVersion"], 6);
    assert_eq!(config["Test"], true, "Terraform must not kill it");
    assert_eq!(config["Pid"].as_u64(), provider.process.id().map(u64::from));
    assert_eq!(config["Addr"]["Network"], "unix");
    assert!(provider.socket("example.com/soc/sentinel").starts_with('/'));
}

#[tokio::test]
async fn several_clients_attach_without_tls() {
    let provider = DebugProvider::start(&["-debug"]).await;

    let first = provider.attach().await;
    let second = provider.attach().await;
    for channel in [&first, &second, &first] {
        within(GrpcStdioClient::new(channel.clone()).stream_stdio(())).await.expect("a stream");
        within(ProviderClient::new(channel.clone()).configure_provider(configure())).await.expect("a response");
    }
}

#[tokio::test]
async fn shutdown_call_does_not_end_the_process() {
    let provider = DebugProvider::start(&["--debug"]).await;

    let first = provider.attach().await;
    within(GrpcControllerClient::new(first).shutdown(Empty {})).await.expect("a response");

    assert_healthy(&provider.attach().await).await;
}

#[tokio::test]
async fn ctrl_c_ends_the_process_and_removes_its_socket() {
    let mut provider = DebugProvider::start(&["--debug"]).await;
    let socket = provider.socket("sentinel/sentinel");
    let pid = provider.process.id().and_then(|id| Pid::from_raw(id.cast_signed())).expect("it runs");

    kill_process(pid, Signal::INT).expect("it is our process");

    let status = within(provider.process.wait()).await.expect("it is our process");
    assert!(status.success());
    assert!(!std::path::Path::new(&socket).exists());
}
