//! Configures the provider, and stores the client that the provider created.

use std::sync::PoisonError;
use std::time::Duration;

use super::run::run;
use super::{ConfigureRequest, Server};
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::erased::Client;
use crate::framework::mask::Mask;
use crate::framework::operation::Config;
use crate::framework::value::{Knowable, Value};

/// The timeout of the configuration, in which the provider only authenticates.
const CONFIGURE_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// The result of the last call of `ConfigureProvider`.
#[derive(Clone, Default)]
pub(super) enum Configured {
    /// Terraform has not configured the provider, or the configuration failed.
    #[default]
    Missing,
    /// The names of unknown arguments, whose values come from resources that do not exist yet.
    Unknown(Vec<String>),
    /// The client.
    Client(Client),
}

impl Server {
    /// Creates the client for the following calls. Running calls keep their client.
    pub async fn configure_provider(&self, request: ConfigureRequest) -> Diagnostics {
        let context =
            self.context(CONFIGURE_TIMEOUT).masking(Mask::of(self.schemas.provider.specs(), &[&request.config]));
        let unknown = unknown_arguments(&request.config);
        let config = Config::of(request.config);
        let call = async { self.provider.configure(&context, config, &request.terraform_version).await };
        let outcome = run(&context, call).await;
        let mut diagnostics = context.warnings();
        let configured = match outcome {
            Ok(Ok(Knowable::Known(client))) => Configured::Client(client),
            Ok(Ok(Knowable::Unknown)) => Configured::Unknown(unknown),
            Ok(Err(errors)) => {
                diagnostics.extend(errors);
                Configured::Missing
            }
            Err(interruption) => {
                diagnostics.push(interruption.diagnostic("configuring the provider", "Nothing was changed."));
                Configured::Missing
            }
        };
        self.refreshed.clear();
        *self.configured.write().unwrap_or_else(PoisonError::into_inner) = configured;
        diagnostics
    }

    /// The client, for operations that require one.
    pub(super) fn client(&self) -> Result<Client, Diagnostic> {
        match self.configured() {
            Configured::Client(client) => Ok(client),
            Configured::Unknown(arguments) => Err(not_known(&arguments)),
            Configured::Missing => Err(not_configured()),
        }
    }

    /// The client, for a plan. `None` if arguments of the provider are unknown.
    pub(super) fn client_for_plan(&self) -> Result<Option<Client>, Diagnostic> {
        match self.configured() {
            Configured::Client(client) => Ok(Some(client)),
            Configured::Unknown(_) => Ok(None),
            Configured::Missing => Err(not_configured()),
        }
    }

    fn configured(&self) -> Configured {
        self.configured.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The names of arguments with unknown values, such as `tenant_id` and `endpoint.resource_manager_endpoint`.
fn unknown_arguments(config: &Value) -> Vec<String> {
    let Value::Object(arguments) = config else { return Vec::new() };
    let unknown_in = |name: &String, value: &Value| match value {
        Value::Unknown => vec![name.clone()],
        Value::Object(_) => unknown_arguments(value).into_iter().map(|nested| format!("{name}.{nested}")).collect(),
        Value::List(items) | Value::Set(items) if items.iter().any(|item| matches!(item, Value::Unknown)) => {
            vec![name.clone()]
        }
        _ => Vec::new(),
    };
    arguments.iter().flat_map(|(name, value)| unknown_in(name, value)).collect()
}

fn not_known(arguments: &[String]) -> Diagnostic {
    let depends = match arguments {
        [] => "The provider configuration is known only after apply".to_owned(),
        [one] => format!("The provider argument `{one}` is known only after apply"),
        several => format!("The provider arguments `{}` are known only after apply", several.join("`, `")),
    };
    Diagnostic::error(
        "The provider configuration is not known yet",
        format!(
            "{depends}, so the provider cannot read existing resources. To destroy, run the command again with \
             `-refresh=false`. Otherwise, first create the resources that these values depend on, for example with \
             `-target`."
        ),
    )
}

fn not_configured() -> Diagnostic {
    Diagnostic::error(
        "The provider is not configured",
        "Terraform called the provider before configuring it, or the configuration failed. If no other error explains \
         this, please report it.",
    )
}
