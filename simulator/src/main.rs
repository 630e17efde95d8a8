//! The command line: starts the simulator, prints its startup output, and stops it at a signal.

mod ready;

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use azure_simulator::{Simulator, World};
use clap::Parser;
use tokio::io::AsyncReadExt;
use tracing_subscriber::EnvFilter;

use ready::{Folder, Ready};

/// A local Azure for the demo and the tests: Entra, Resource Manager and Microsoft Sentinel over HTTPS.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Address to listen on; port 0 is any free port.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Folder for `ca.pem`. Defaults to a temporary folder that is removed at exit.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// World to start with, in the format of `GET /_simulator/state`. Defaults to the built-in world.
    #[arg(long, value_name = "FILE")]
    world: Option<PathBuf>,
    /// File to which to write the environment as shell commands, for `source FILE`.
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
    /// Stop when standard input ends, so that the simulator never outlives the process that started it.
    #[arg(long)]
    exit_with_stdin: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(EnvFilter::try_from_env("SIMULATOR_LOG").unwrap_or_else(|_| EnvFilter::new("warn")))
        .init();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let outcome = runtime.block_on(async {
        // Before the startup output, because its reader may stop the simulator immediately.
        let mut signals = Signals::install()?;
        let world = arguments.world.as_deref().map_or_else(|| Ok(World::default()), World::read)?;
        let simulator = Simulator::start_on(arguments.listen, world).await?;
        let folder = Folder::create(arguments.dir.as_deref())?;
        let ready = Ready::new(&simulator, folder.write_ca(simulator.ca_pem())?);
        if let Some(path) = &arguments.env_file {
            ready.write_exports(path)?;
        }
        let mut line = serde_json::to_string(&ready)?;
        line.push('\n');
        let mut stdout = std::io::stdout();
        stdout.write_all(line.as_bytes())?;
        stdout.flush()?;
        tokio::select! {
            () = signals.received() => {}
            () = stdin_ended(), if arguments.exit_with_stdin => {}
        }
        simulator.stop().await;
        Ok(())
    });
    // A read of stdin cannot be canceled, so do not wait for the thread that blocks in it.
    runtime.shutdown_background();
    outcome
}

async fn stdin_ended() {
    let mut stdin = tokio::io::stdin();
    let mut ignored = [0; 1024];
    while matches!(stdin.read(&mut ignored).await, Ok(read) if read > 0) {}
}

/// Ctrl-C and SIGTERM.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn install() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn received(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Ctrl-C.
#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn install() -> std::io::Result<Self> {
        Ok(Self(tokio::signal::windows::ctrl_c()?))
    }

    async fn received(&mut self) {
        let _ended = self.0.recv().await;
    }
}
