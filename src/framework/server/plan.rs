//! Planning changes.

use tracing::Instrument;

use super::run::run;
use super::{PlanRequest, PlanResponse, Resource, Server, identity};
use crate::framework::checks;
use crate::framework::diagnostics::Diagnostics;
use crate::framework::engine::{plan, replace};
use crate::framework::operation::{Config, Plan, Private, State};
use crate::framework::schema::Operation;
use crate::framework::value::{Path, Value};

impl Server {
    /// Plans a change. It is asked for twice where an object is replaced, the second time without a prior state, and
    /// again in apply, and says the same each time.
    pub async fn plan_resource_change(&self, request: PlanRequest) -> PlanResponse {
        let mut diagnostics = Diagnostics::new();
        let refused = PlanResponse {
            planned_state: request.proposed_new_state.clone(),
            requires_replace: Vec::new(),
            planned_private: request.prior_private.clone(),
            planned_identity: request.prior_identity.clone(),
            diagnostics: Diagnostics::new(),
        };
        let planned = match self.resource(&request.type_name) {
            Ok(resource) if request.proposed_new_state.is_null() => {
                self.plan_destroy(resource, request, &mut diagnostics).await
            }
            Ok(resource) => self.plan(resource, request, &mut diagnostics).await,
            Err(unknown) => Err(unknown.into()),
        };
        match planned {
            Ok(response) => PlanResponse { diagnostics, ..response },
            Err(errors) => {
                diagnostics.extend(errors);
                PlanResponse { diagnostics, ..refused }
            }
        }
    }

    async fn plan(
        &self,
        resource: Resource<'_>,
        request: PlanRequest,
        diagnostics: &mut Diagnostics,
    ) -> Result<PlanResponse, Diagnostics> {
        let PlanRequest { type_name, prior_state: prior, proposed_new_state, config, prior_private, prior_identity } =
            request;
        let client = self.client_for_plan()?;
        let schema = &resource.schemas.schema;
        let rows = schema.rows();
        let private = Private::decode(&prior_private);
        let planned = plan::plan_new_state(schema, &config, &prior, proposed_new_state);
        let mut plan = Plan::new(
            Config::of(config.clone()),
            (!prior.is_null()).then(|| State::of(prior.clone(), private.clone())),
            Config::of(planned.clone()),
            private,
            replace::required(rows, &config, &prior, &planned),
        );

        let context = self.operation(schema, Operation::Read, &planned);
        let span = tracing::info_span!("plan", tf_resource_type = type_name);
        let call = async { resource.entry.resource.plan(&context, client.as_ref(), &mut plan).await };
        let outcome = run(&context, call.instrument(span)).await;
        diagnostics.extend(context.warnings());
        outcome.map_err(|interruption| {
            interruption.diagnostic(&format!("planning {type_name}"), "Nothing was changed.")
        })??;

        let (planned, private, asked) = plan.into_parts();
        if let Err(mismatch) = planned.conforms(&resource.entry.value_type) {
            let problem = checks::Violation { problem: format!("does not fit: {mismatch}"), path: mismatch.path };
            return Err(checks::faults(vec![problem], "The plan"));
        }
        let planned = plan::finalize_plan(schema, &config, &prior, planned);
        let broken = checks::plan_matches_config(rows, &prior, &config, &planned);
        checks::faults(broken, "The plan").or(())?;

        let mut requires_replace = replace::required(rows, &config, &prior, &planned);
        requires_replace.extend(asked.into_iter().filter(|path| replace::is_change(path, &prior, &planned)));
        let planned_identity = match &resource.schemas.identity {
            Some(attributes) => {
                let may_change = prior.is_null() || !requires_replace.is_empty();
                identity::planned(attributes, prior_identity, &planned, may_change)?
            }
            None => None,
        };
        Ok(PlanResponse {
            planned_state: planned,
            requires_replace: requires_replace.into_iter().collect::<Vec<Path>>(),
            planned_private: private.encode(),
            planned_identity,
            diagnostics: Diagnostics::new(),
        })
    }

    async fn plan_destroy(
        &self,
        resource: Resource<'_>,
        request: PlanRequest,
        diagnostics: &mut Diagnostics,
    ) -> Result<PlanResponse, Diagnostics> {
        let client = self.client_for_plan()?;
        let prior = State::of(request.prior_state, Private::decode(&request.prior_private));
        let context = self.operation(&resource.schemas.schema, Operation::Read, prior.value());
        let span = tracing::info_span!("plan_destroy", tf_resource_type = request.type_name);
        let call = async { resource.entry.resource.plan_destroy(&context, client.as_ref(), &prior).await };
        let outcome = run(&context, call.instrument(span)).await;
        diagnostics.extend(context.warnings());
        outcome.map_err(|interruption| {
            interruption.diagnostic(&format!("planning to destroy {}", request.type_name), "Nothing was changed.")
        })??;
        Ok(PlanResponse {
            planned_state: Value::Null,
            requires_replace: Vec::new(),
            planned_private: request.prior_private,
            planned_identity: request.prior_identity,
            diagnostics: Diagnostics::new(),
        })
    }
}
