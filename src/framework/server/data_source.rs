//! Reads data sources.

use tracing::Instrument;

use super::run::run;
use super::{Server, unknown_type};
use crate::framework::checks;
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::engine::{plan, result};
use crate::framework::operation::{Private, State};
use crate::framework::schema::Operation;
use crate::framework::value::Value;

impl Server {
    /// Reads a data source. On an error, the result is null.
    pub async fn read_data_source(&self, type_name: &str, config: Value) -> (Value, Diagnostics) {
        let mut diagnostics = Diagnostics::new();
        match self.read_data(type_name, config, &mut diagnostics).await {
            Ok(state) => (state, diagnostics),
            Err(errors) => {
                diagnostics.extend(errors);
                (Value::Null, diagnostics)
            }
        }
    }

    async fn read_data(
        &self,
        type_name: &str,
        config: Value,
        diagnostics: &mut Diagnostics,
    ) -> Result<Value, Diagnostics> {
        let known = self.registry.data_sources.get(type_name).zip(self.schemas.data_sources.get(type_name));
        let (data_source, schema) = known.ok_or_else(|| unknown_type("data source", type_name))?;
        let client = self.client()?;
        if !config.is_wholly_known() {
            let detail = "Terraform read the data source before its configuration was known. Report this to the provider's developers.";
            return Err(Diagnostic::error("The data source configuration is not known yet", detail).into());
        }
        let context = self.operation(schema, Operation::Read, &config);
        let config = plan::with_defaults(schema, &config);
        let state = State::of(config.clone(), Private::default());

        let span = tracing::info_span!("read_data_source", tf_data_source_type = type_name);
        let call = async { data_source.read(&context, &client, state).await };
        let outcome = run(&context, call.instrument(span)).await;

        diagnostics.extend(context.warnings());
        let state = outcome
            .map_err(|interruption| interruption.diagnostic(&format!("reading {type_name}"), "Nothing was changed."))?;
        let state = state.map_err(|errors| with_destroy_hint(context.at_timeouts(errors)))?;
        let result::SanitizedState { state, invalid, unset } =
            result::sanitize_state(schema, &config, state.into_parts().0);
        diagnostics.extend(invalid);
        diagnostics.extend(unset);
        let changed = checks::plan_matches_config(schema.specs(), &Value::Null, &config, &state);
        diagnostics.extend(checks::to_diagnostics(changed, "The data that was read"));
        Ok(state)
    }
}

/// Adds a hint for a destroy to the last error: Terraform also reads data sources before it plans a destroy.
fn with_destroy_hint(errors: Diagnostics) -> Diagnostics {
    let mut errors: Vec<Diagnostic> = errors.into_iter().collect();
    let is_destroy_possible = !errors.iter().any(|error| error.stops_all_requests);
    if let Some(last) = errors.last_mut().filter(|_| is_destroy_possible) {
        last.detail.push_str("\n\nIf this stops `terraform destroy`, run `terraform destroy -refresh=false`.");
    }
    errors.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_error_of_this_request_mentions_a_destroy_without_a_refresh() {
        for stops_all_requests in [false, true] {
            let error = Diagnostic { stops_all_requests, ..Diagnostic::error("Failed", "No.") };

            let hinted = with_destroy_hint(error.into()).to_string();

            assert_eq!(hinted.contains("-refresh=false"), !stops_all_requests, "{hinted}");
        }
    }
}
