//! The provider's executable: parses the command line, and serves the provider to Terraform or OpenTofu or runs a
//! command.

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use rustls::crypto::aws_lc_rs;
use terraform_provider_sentinel::contract_command;
use terraform_provider_sentinel::framework::Server;
use terraform_provider_sentinel::plugin::arguments::{self, Command};
use terraform_provider_sentinel::plugin::{self, LaunchOptions, PluginService, ServeError};
use terraform_provider_sentinel::protocol;
use terraform_provider_sentinel::provider::{EnvVars, SentinelProvider};
use tokio_util::sync::CancellationToken;

/// The provider's name, as in `TF_LOG_PROVIDER_SENTINEL`.
const NAME: &str = "sentinel";

/// The provider's source address. It has no host, so Terraform and OpenTofu assume their own registries.
const ADDRESS: &str = "sentinel/sentinel";

const VERSION: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"), "\n");

fn main() -> ExitCode {
    match arguments::parse(env::args_os().skip(1)) {
        Ok(Command::Serve) => match LaunchOptions::read(|name| env::var_os(name)) {
            Some(options) => serve(async move { plugin::serve(&options, provider).await }),
            None => print(io::stderr(), plugin::MANUAL_START_HELP, ExitCode::FAILURE),
        },
        Ok(Command::Debug { address }) => {
            let address = address.unwrap_or_else(|| ADDRESS.to_owned());
            serve(async move { plugin::debug::run(&address, provider(CancellationToken::new())).await })
        }
        Ok(Command::Contract { arguments }) => {
            let command = async move { contract_command::run(&arguments, &EnvVars::from_process()).await };
            run(command).map_or_else(|error| fail(&error), ExitCode::from)
        }
        Ok(Command::Version) => print(io::stdout(), VERSION, ExitCode::SUCCESS),
        Ok(Command::Help) => print(io::stdout(), arguments::HELP, ExitCode::SUCCESS),
        Err(error) => print(io::stderr(), &format!("{error}\n\n{}", arguments::HELP), ExitCode::from(2)),
    }
}

/// The provider as a gRPC service. `cancelled` cancels its operations.
fn provider(cancelled: CancellationToken) -> impl PluginService {
    let sentinel = SentinelProvider::new(EnvVars::from_process());
    let server = Server::new(sentinel).expect("invariant: the schemas are valid, docs/ is generated from them");
    protocol::service(server.until(cancelled))
}

/// Runs `plugin` until it ends.
fn serve(plugin: impl Future<Output = Result<(), ServeError>>) -> ExitCode {
    match run(plugin) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => fail(&error),
        Err(error) => fail(&error),
    }
}

/// Runs a future with logging, TLS and an async runtime.
fn run<T>(future: impl Future<Output = T>) -> io::Result<T> {
    plugin::log::install(NAME);
    // This fails only if a crypto provider is already installed.
    let _ = aws_lc_rs::default_provider().install_default();

    // One thread is enough: the provider mostly waits for Azure, and threads that hand calls to each other cost more
    // than they save. Long blocking work, such as reading a certificate, runs on its own thread.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let output = runtime.block_on(future);
    // Do not wait for tasks that ignored the shutdown.
    runtime.shutdown_background();
    Ok(output)
}

fn fail(error: &dyn std::error::Error) -> ExitCode {
    plugin::log::write(tracing::Level::ERROR, NAME, &format!("the provider cannot run: {error}"));
    ExitCode::FAILURE
}

/// Prints text for the user. A closed stream is not an error.
fn print(mut stream: impl Write, text: &str, code: ExitCode) -> ExitCode {
    let _ = stream.write_all(text.as_bytes());
    code
}
