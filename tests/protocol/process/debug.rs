//! Debug mode: a provider that CLIs attach to.

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
use super::host::{provider, within};

/// A provider in debug mode, and what it told us to attach with.
struct Debugged {
    process: Child,
    reattach: Value,
    _temporary: tempfile::TempDir,
}

impl Debugged {
    async fn start(arguments: &[&str]) -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let mut process = provider(env!("CARGO_BIN_EXE_terraform-provider-sentinel"), temporary.path())
            .args(arguments)
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(process.stdout.take().expect("stdout is piped")).lines();
        let quoted = within(async {
            loop {
                let line = lines.next_line().await.expect("stdout is text").expect("it tells how to attach");
                if let Some(quoted) = line.trim().strip_prefix("TF_REATTACH_PROVIDERS=") {
                    break quoted.to_owned();
                }
            }
        })
        .await;
        let json = quoted.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).expect("it is quoted");
        let reattach = serde_json::from_str(json).expect("it is JSON");
        Self { process, reattach, _temporary: temporary }
    }

    fn socket(&self, address: &str) -> String {
        self.reattach[address]["Addr"]["String"].as_str().expect("a path").to_owned()
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
async fn trap_12_the_reattach_value_is_what_a_cli_needs() {
    let debugged = Debugged::start(&["--debug"]).await;

    let provider = &debugged.reattach["sentinel/sentinel"];
    assert_eq!(provider["Protocol"], "grpc");
    assert_eq!(provider["ProtocolVersion"], 6);
    assert_eq!(provider["Test"], true, "the CLI is not to end it");
    assert_eq!(provider["Pid"].as_u64(), debugged.process.id().map(u64::from));
    assert_eq!(provider["Addr"]["Network"], "unix");
}

#[tokio::test]
async fn trap_12_many_clis_attach_without_tls_and_each_configures() {
    let debugged = Debugged::start(&["-debug"]).await;

    let first = debugged.attach().await;
    let second = debugged.attach().await;
    for channel in [&first, &second, &first] {
        within(GrpcStdioClient::new(channel.clone()).stream_stdio(())).await.expect("it opens");
        within(ProviderClient::new(channel.clone()).configure_provider(configure())).await.expect("it is answered");
    }
}

#[tokio::test]
async fn trap_12_no_cli_ends_it_for_the_others() {
    let debugged = Debugged::start(&["--debug"]).await;

    let first = debugged.attach().await;
    within(GrpcControllerClient::new(first).shutdown(Empty {})).await.expect("it is answered");

    assert_healthy(&debugged.attach().await).await;
}

#[tokio::test]
async fn it_runs_until_ctrl_c_and_removes_its_socket() {
    let mut debugged = Debugged::start(&["--debug"]).await;
    let socket = debugged.socket("sentinel/sentinel");
    let pid = debugged.process.id().and_then(|id| Pid::from_raw(id.cast_signed())).expect("it runs");

    kill_process(pid, Signal::INT).expect("it is ours");

    let status = within(debugged.process.wait()).await.expect("it is our child");
    assert!(status.success());
    assert!(!std::path::Path::new(&socket).exists());
}

#[tokio::test]
async fn the_address_can_be_another_one() {
    let debugged = Debugged::start(&["--debug", "--provider-address", "example.com/soc/sentinel"]).await;

    assert!(debugged.socket("example.com/soc/sentinel").starts_with('/'));
}
