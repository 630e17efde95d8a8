//! Configuring the provider, and what its configuration allows.

use std::sync::PoisonError;
use std::time::Duration;

use super::run::run;
use super::{ConfigureRequest, Server};
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::erased::Client;
use crate::framework::mask::Mask;
use crate::framework::operation::Config;
use crate::framework::value::Knowable;

/// Logging in is all that happens here.
const TIME: Duration = Duration::from_secs(5 * 60);

/// What the last configuration gave.
#[derive(Clone, Default)]
pub(super) enum Configured {
    /// There was none, or it failed.
    #[default]
    No,
    /// Arguments are unknown, as they come from what is still to be created.
    Unknown,
    /// A client.
    Client(Client),
}

impl Server {
    /// Makes the client for the calls to come. Calls that run already keep the one that they began with.
    pub async fn configure_provider(&self, request: ConfigureRequest) -> Diagnostics {
        let context = self.context(TIME).masking(Mask::of(self.schemas.provider.rows(), &[&request.config]));
        let config = Config::of(request.config);
        let call = async { self.provider.configure(&context, config, &request.terraform_version).await };
        let outcome = run(&context, call).await;
        let mut diagnostics = context.warnings();
        let configured = match outcome {
            Ok(Ok(Knowable::Known(client))) => Configured::Client(client),
            Ok(Ok(Knowable::Unknown)) => Configured::Unknown,
            Ok(Err(errors)) => {
                diagnostics.extend(errors);
                Configured::No
            }
            Err(interruption) => {
                diagnostics.push(interruption.diagnostic("configuring the provider", "Nothing was changed."));
                Configured::No
            }
        };
        self.refreshed.clear();
        *self.configured.write().unwrap_or_else(PoisonError::into_inner) = configured;
        diagnostics
    }

    /// The client, for what cannot be done without.
    pub(super) fn client(&self) -> Result<Client, Diagnostic> {
        match self.configured() {
            Configured::Client(client) => Ok(client),
            Configured::Unknown => Err(Diagnostic::error(
                "Provider configuration is not known yet",
                "Arguments of the provider come from objects that are still to be created, so nothing can be read with \
                 it in this run. Create those first, for example with -target, or give the arguments values that are \
                 known.",
            )),
            Configured::No => Err(not_configured()),
        }
    }

    /// The client, for a plan, which may do without where arguments are unknown.
    pub(super) fn client_for_plan(&self) -> Result<Option<Client>, Diagnostic> {
        match self.configured() {
            Configured::Client(client) => Ok(Some(client)),
            Configured::Unknown => Ok(None),
            Configured::No => Err(not_configured()),
        }
    }

    fn configured(&self) -> Configured {
        self.configured.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn not_configured() -> Diagnostic {
    Diagnostic::error(
        "Provider is not configured",
        "The provider was asked to work before it was configured, or its configuration failed. If no other error says \
         why, please report this.",
    )
}
