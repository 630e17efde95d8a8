//! The command line: starts the simulator, prints its ready line, and stops it when asked.

use std::io::Write;
use std::process::ExitCode;

use azure_simulator::{Options, Simulator};
use clap::Parser;
use tokio::io::AsyncReadExt;
use tracing_subscriber::EnvFilter;

/// A local Azure for the demo and the tests: Entra, Resource Manager and Microsoft Sentinel over HTTPS.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(flatten)]
    options: Options,
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
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let outcome = runtime.block_on(async {
        let simulator = Simulator::start(arguments.options).await?;
        let mut line = serde_json::to_string(simulator.ready())?;
        line.push('\n');
        let mut stdout = std::io::stdout();
        stdout.write_all(line.as_bytes())?;
        stdout.flush()?;
        until_asked_to_stop(arguments.exit_with_stdin).await?;
        simulator.stop().await;
        Ok(())
    });
    // A read of stdin cannot be cancelled: do not wait for the thread that sits in it.
    runtime.shutdown_background();
    outcome
}

/// Waits for Ctrl-C, SIGTERM or, if wanted, the end of standard input.
async fn until_asked_to_stop(exit_with_stdin: bool) -> std::io::Result<()> {
    let stdin_ended = async {
        if !exit_with_stdin {
            return std::future::pending().await;
        }
        let mut stdin = tokio::io::stdin();
        let mut ignored = [0; 1024];
        while matches!(stdin.read(&mut ignored).await, Ok(read) if read > 0) {}
    };
    tokio::select! {
        () = stdin_ended => Ok(()),
        result = tokio::signal::ctrl_c() => result,
        result = terminated() => result,
    }
}

#[cfg(unix)]
async fn terminated() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    signal(SignalKind::terminate())?.recv().await;
    Ok(())
}

#[cfg(not(unix))]
async fn terminated() -> std::io::Result<()> {
    std::future::pending().await
}
