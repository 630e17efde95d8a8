//! A go-plugin client: starts the provider, reads its handshake, connects, and waits for its exit.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hyper_util::rt::TokioIo;
use rustix::process::{Pid, Signal, kill_process};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

use super::certificate::ClientCertificate;

/// The timeout of each wait. It is long enough for a busy machine.
const TIMEOUT: Duration = Duration::from_secs(20);

pub(super) const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// A running provider.
pub(super) struct Host {
    pub(super) handshake: Handshake,
    pub(super) certificate: ClientCertificate,
    /// The provider's `TMPDIR`.
    pub(super) temporary: tempfile::TempDir,
    process: Child,
    stdout: BufReader<ChildStdout>,
    stderr: JoinHandle<String>,
}

/// The exit status of a provider, and its output.
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    /// The standard output after the handshake line.
    pub(super) stdout: String,
    pub(super) stderr: String,
}

/// The handshake line and its fields.
#[derive(Debug)]
pub(super) struct Handshake {
    pub(super) line: String,
    pub(super) fields: Vec<String>,
}

impl Host {
    /// Starts the provider with mutual TLS, as Terraform does.
    pub(super) async fn start() -> Self {
        Self::start_with(|command| command).await
    }

    /// Like [`start`](Self::start), with changes to the command.
    pub(super) async fn start_with(change: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        Self::start_program(env!("CARGO_BIN_EXE_terraform-provider-sentinel"), change).await
    }

    /// Like [`start_with`](Self::start_with), with another program that starts the provider.
    pub(super) async fn start_program(program: &str, change: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        let temporary = tempfile::tempdir().expect("a temporary directory");
        let certificate = ClientCertificate::generate();
        let mut command = provider(program, temporary.path());
        command
            .env("TF_PLUGIN_MAGIC_COOKIE", COOKIE)
            .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
            .env("PLUGIN_MIN_PORT", "10000")
            .env("PLUGIN_MAX_PORT", "25000")
            .env("PLUGIN_CLIENT_CERT", &certificate.pem);
        change(&mut command);

        let mut process = command.spawn().expect("the provider starts");
        let mut stdout = BufReader::new(process.stdout.take().expect("stdout is piped"));
        let mut errors = process.stderr.take().expect("stderr is piped");
        let stderr = tokio::spawn(async move {
            let mut text = String::new();
            errors.read_to_string(&mut text).await.expect("stderr is text");
            text
        });
        let mut line = String::new();
        within(stdout.read_line(&mut line)).await.expect("a handshake line");
        let fields = line.trim_end().split('|').map(str::to_owned).collect();
        Self { handshake: Handshake { line, fields }, certificate, temporary, process, stdout, stderr }
    }

    /// Connects with the client's certificate.
    pub(super) async fn connect(&self) -> Channel {
        self.connect_with(self.certificate.trusting(&self.handshake.certificate())).await.expect("a connection")
    }

    /// Connects with another TLS configuration.
    pub(super) async fn connect_with(&self, tls: ClientConfig) -> Result<Channel, tonic::transport::Error> {
        let socket = self.handshake.socket();
        let tls = TlsConnector::from(Arc::new(tls));
        let connector = service_fn(move |_| {
            let (socket, tls) = (socket.clone(), tls.clone());
            async move {
                let stream = UnixStream::connect(socket).await?;
                let name = ServerName::try_from("localhost").expect("a name");
                tls.connect(name, stream).await.map(TokioIo::new)
            }
        });
        within(Endpoint::from_static("http://localhost").connect_with_connector(connector)).await
    }

    /// Sends a signal to the started process.
    pub(super) fn signal(&self, signal: Signal) {
        let pid = self.process.id().and_then(|id| Pid::from_raw(id.cast_signed())).expect("it runs");
        kill_process(pid, signal).expect("it is our process");
    }

    /// Waits until the provider accepts no more connections.
    pub(super) async fn stops_listening(&self) {
        let socket = self.handshake.socket();
        within(async {
            while UnixStream::connect(&socket).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }

    /// Waits until all started processes have exited.
    pub(super) async fn ended(mut self) -> Ended {
        let mut rest = String::new();
        within(self.stdout.read_to_string(&mut rest)).await.expect("stdout is text");
        let status = within(self.process.wait()).await.expect("it is our process");
        let stderr = within(self.stderr).await.expect("reading stderr does not panic");
        Ended { status, stdout: rest, stderr }
    }
}

impl Handshake {
    /// The server's certificate in DER format.
    pub(super) fn certificate(&self) -> Vec<u8> {
        STANDARD_NO_PAD.decode(&self.fields[5]).expect("base64 without padding")
    }

    pub(super) fn socket(&self) -> PathBuf {
        PathBuf::from(&self.fields[3])
    }
}

/// The command of the provider, with an almost empty environment and an empty stdin. The end of stdin must not end the
/// provider.
pub(super) fn provider(program: &str, temporary: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("TMPDIR", temporary)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Fails the test if the future takes too long.
pub(super) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(TIMEOUT, future).await.expect("timed out")
}
