//! The provider's process: started by Terraform or OpenTofu, which talk to it as [`plugin`] describes.

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use rustls::crypto::aws_lc_rs;
use terraform_provider_sentinel::framework::Server;
use terraform_provider_sentinel::plugin::arguments::{self, Command};
use terraform_provider_sentinel::plugin::{self, Environment, PluginService, ServeError};
use terraform_provider_sentinel::protocol;
use terraform_provider_sentinel::provider::{EnvVars, SentinelProvider};
use tokio_util::sync::CancellationToken;

/// The provider's name, as in `TF_LOG_PROVIDER_SENTINEL`.
const NAME: &str = "sentinel";

/// The provider's source address in a configuration. It names no host: each CLI adds its own registry.
const ADDRESS: &str = "sentinel/sentinel";

const VERSION: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"), "\n");

fn main() -> ExitCode {
    match arguments::parse(env::args_os().skip(1)) {
        Ok(Command::Serve) => match Environment::read(|name| env::var_os(name)) {
            Some(environment) => run(async move { plugin::serve(&environment, provider).await }),
            None => tell(io::stderr(), plugin::NOT_STARTED_BY_A_CLI, ExitCode::FAILURE),
        },
        Ok(Command::Debug { address }) => {
            let address = address.unwrap_or_else(|| ADDRESS.to_owned());
            run(async move { plugin::debug::run(&address, provider(CancellationToken::new())).await })
        }
        Ok(Command::Version) => tell(io::stdout(), VERSION, ExitCode::SUCCESS),
        Ok(Command::Help) => tell(io::stdout(), arguments::HELP, ExitCode::SUCCESS),
        Err(error) => tell(io::stderr(), &format!("{error}\n\n{}", arguments::HELP), ExitCode::from(2)),
    }
}

/// The provider, as the service that the CLI calls. What it does is cancelled once it is `abandoned`.
fn provider(abandoned: CancellationToken) -> impl PluginService {
    let sentinel = SentinelProvider::new(EnvVars::from_process());
    let server = Server::new(sentinel).expect("invariant: the schemas are valid, docs/ is written from them");
    protocol::service(server.until(abandoned))
}

/// Runs `plugin` to its end.
fn run(plugin: impl Future<Output = Result<(), ServeError>>) -> ExitCode {
    plugin::log::install(NAME);
    // Only fails if there is one already, and then there is one.
    let _ = aws_lc_rs::default_provider().install_default();

    // Two: what the provider does is wait for Azure.
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    let result = runtime.block_on(plugin);
    // What still runs now was told to end and did not.
    runtime.shutdown_background();
    result.map_or_else(|error| fail(&error), |()| ExitCode::SUCCESS)
}

fn fail(error: &dyn std::error::Error) -> ExitCode {
    plugin::log::write(tracing::Level::ERROR, NAME, &format!("the provider cannot run: {error}"));
    ExitCode::FAILURE
}

/// Prints for people. Whoever closed the stream did not want to read it.
fn tell(mut stream: impl Write, text: &str, code: ExitCode) -> ExitCode {
    let _ = stream.write_all(text.as_bytes());
    code
}
