//! Plans changes of resources.
//!
//! A change that may replace the object is planned in one of three ways:
//!
//! - The deciding value is unknown. The plan is an update in which every computed value is unknown. It is valid whether
//!   the apply replaces the object or not.
//! - The value is known, and Terraform is planning ([`super::refreshed`]). The plan is a replacement.
//! - The value is known, and Terraform may be applying. The plan is an update, and a marker in the private state makes
//!   the apply replace the object.

use tracing::Instrument;

use super::run::run;
use super::{PlanRequest, PlanResponse, Resource, Server, identity};
use crate::framework::checks;
use crate::framework::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::framework::engine::plan;
use crate::framework::engine::replace::{ReplacingChanges, replacing_changes};
use crate::framework::mask::Mask;
use crate::framework::operation::{Config, Plan, Private, State};
use crate::framework::schema::{AttributeSpec, Mode, Operation};
use crate::framework::value::{Path, Value};

impl Server {
    /// Plans a change. Terraform plans a replacement twice, the second time without a prior state, and plans again
    /// during the apply. The response is the same each time.
    pub async fn plan_resource_change(&self, request: PlanRequest) -> PlanResponse {
        let mut diagnostics = Diagnostics::new();
        let rejected = PlanResponse {
            planned_state: request.proposed_new_state.clone(),
            requires_replace: Vec::new(),
            planned_private: request.prior_private.clone(),
            planned_identity: request.prior_identity.clone(),
            diagnostics: Diagnostics::new(),
        };
        // Only an error in the plan of an object in the state can block a destroy. `-refresh=false` does not help
        // against an error of the destroy plan itself. The second plan of a replacement has only a private state.
        let is_in_state = !request.prior_state.is_null() || !request.prior_private.is_empty();
        let may_block_destroy = is_in_state && !request.proposed_new_state.is_null();
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
                diagnostics.extend(if may_block_destroy { with_destroy_hint(errors) } else { errors });
                PlanResponse { diagnostics, ..rejected }
            }
        }
    }

    async fn plan(
        &self,
        resource: Resource<'_>,
        request: PlanRequest,
        diagnostics: &mut Diagnostics,
    ) -> Result<PlanResponse, Diagnostics> {
        let PlanRequest { prior_state: prior, proposed_new_state: proposed, config, .. } = request;
        let specs = resource.schemas.identity.as_ref();
        let prior_private = Private::decode(&request.prior_private);
        let mut private = prior_private.clone();
        let is_incomplete = private.take_incomplete() && !prior.is_null();
        let change = self.change(resource, &config, &prior, proposed, private, is_incomplete, diagnostics).await?;

        let ReplacingChanges { certain, undecided } = &change.replacing;
        if (certain.is_empty() && !is_incomplete) || self.refreshed.contains(resource.type_name, specs, &prior) {
            if certain.is_empty() {
                diagnostics.extend(undecided.iter().next().map(is_undecided));
            }
            let identity_may_change = prior.is_null() || !change.replacing.is_empty();
            let planned_identity = specs
                .map(|specs| identity::planned(specs, request.prior_identity, &change.planned, identity_may_change))
                .transpose()?;
            return Ok(PlanResponse {
                planned_state: change.planned,
                requires_replace: change.replacing.certain.into_iter().collect(),
                planned_private: change.private.encode(),
                planned_identity: planned_identity.flatten(),
                diagnostics: Diagnostics::new(),
            });
        }

        let reason = certain.iter().next().filter(|_| !is_incomplete);
        diagnostics.push(replaces_during_update(reason));
        self.plan_replacing_update(resource, &config, &prior, change.private, prior_private).await
    }

    /// Plans an update that replaces the object. Plans the new object like the second plan of a replacement.
    async fn plan_replacing_update(
        &self,
        resource: Resource<'_>,
        config: &Value,
        prior: &Value,
        private: Private,
        prior_private: Private,
    ) -> Result<PlanResponse, Diagnostics> {
        let schema = &resource.schemas.schema;
        let proposed = plan::propose_new_state(schema, config, &Value::Null);
        // Like Terraform, report the errors of the second plan and drop its warnings, which the first plan has
        // reported.
        let mut repeated = Diagnostics::new();
        let created = self.change(resource, config, &Value::Null, proposed, private, false, &mut repeated).await?;
        let planned = plan::finalize_plan(schema, config, prior, created.planned);
        checks::to_diagnostics(checks::plan_matches_config(schema.specs(), prior, config, &planned), "The plan")
            .into_result(())?;
        let planned_identity = match &resource.schemas.identity {
            Some(specs) => identity::planned(specs, None, &planned, true)?,
            None => None,
        };
        let mut private = created.private;
        private.mark_replacing(prior_private);
        Ok(PlanResponse {
            planned_state: planned,
            requires_replace: Vec::new(),
            planned_private: private.encode(),
            planned_identity,
            diagnostics: Diagnostics::new(),
        })
    }

    /// Computes the plan from the schema and the resource's `plan` function.
    #[expect(clippy::too_many_arguments, reason = "the parts of a request, which can be planned twice")]
    async fn change(
        &self,
        resource: Resource<'_>,
        config: &Value,
        prior: &Value,
        proposed: Value,
        private: Private,
        is_incomplete: bool,
        diagnostics: &mut Diagnostics,
    ) -> Result<PlannedChange, Diagnostics> {
        let client = self.client_for_plan()?;
        let schema = &resource.schemas.schema;
        let specs = schema.specs();
        let changes = |planned: &Value| {
            let mut changes = replacing_changes(specs, config, prior, planned);
            changes.certain.extend(computed_path(specs).filter(|_| is_incomplete));
            changes
        };
        let with_unknowns = |planned: Value, replacing: &ReplacingChanges| {
            if is_incomplete || (replacing.certain.is_empty() && !replacing.undecided.is_empty()) {
                plan::with_computed_unknown(schema, config, planned)
            } else {
                planned
            }
        };
        let planned = plan::plan_new_state(schema, config, prior, proposed);
        let replacing = changes(&planned);
        let planned = with_unknowns(planned, &replacing);
        let mut plan = Plan::new(
            Config::of(config.clone()),
            (!prior.is_null()).then(|| State::of(prior.clone(), private.clone())),
            Config::of(planned.clone()),
            private,
            replacing,
            specs,
        );

        let mask = Mask::of(specs, &[config, prior, &planned]);
        let context = self.operation(schema, Operation::Read, &planned).masking(mask);
        let span = tracing::info_span!("plan", tf_resource_type = resource.type_name);
        let call = async { resource.entry.resource.plan(&context, client.as_ref(), &mut plan).await };
        let outcome = run(&context, call.instrument(span)).await;
        diagnostics.extend(context.warnings());
        let planned_by_resource = outcome.map_err(|interruption| {
            interruption.diagnostic(&format!("planning {}", resource.type_name), "Nothing was changed.")
        })?;
        planned_by_resource.map_err(|errors| context.at_timeouts(errors))?;

        let (planned, private, required) = plan.into_parts();
        if let Err(mismatch) = planned.conforms(&resource.entry.value_type) {
            let problem = checks::Violation { problem: format!("does not fit: {mismatch}"), path: mismatch.path };
            return Err(checks::to_diagnostics(vec![problem], "The plan"));
        }
        let planned = plan::finalize_plan(schema, config, prior, planned);
        let mut replacing = changes(&planned);
        replacing.extend(required, prior, &planned);
        let planned = with_unknowns(planned, &replacing);
        checks::to_diagnostics(checks::plan_matches_config(specs, prior, config, &planned), "The plan")
            .into_result(())?;
        Ok(PlannedChange { planned, private, replacing })
    }

    async fn plan_destroy(
        &self,
        resource: Resource<'_>,
        request: PlanRequest,
        diagnostics: &mut Diagnostics,
    ) -> Result<PlanResponse, Diagnostics> {
        let client = self.client_for_plan()?;
        let mut prior = State::of(request.prior_state, Private::decode(&request.prior_private));
        let context = self.operation(&resource.schemas.schema, Operation::Read, prior.value());
        let span = tracing::info_span!("plan_destroy", tf_resource_type = request.type_name);
        let call = async { resource.entry.resource.plan_destroy(&context, client.as_ref(), &mut prior).await };
        let outcome = run(&context, call.instrument(span)).await;
        diagnostics.extend(context.warnings());
        let planned_by_resource = outcome.map_err(|interruption| {
            interruption.diagnostic(&format!("planning to destroy {}", request.type_name), "Nothing was changed.")
        })?;
        planned_by_resource.map_err(|errors| context.at_timeouts(errors))?;
        Ok(PlanResponse {
            planned_state: Value::Null,
            requires_replace: Vec::new(),
            planned_private: prior.private().encode(),
            planned_identity: request.prior_identity,
            diagnostics: Diagnostics::new(),
        })
    }
}

/// Adds a hint for a destroy to the last error. Terraform plans all resources before it plans a destroy, so an error
/// also blocks the destroy of all other resources.
fn with_destroy_hint(errors: Diagnostics) -> Diagnostics {
    const COMMAND: &str = "terraform destroy -refresh=false";
    let mut errors: Vec<Diagnostic> = errors.into_iter().collect();
    let needs_no_hint = errors.iter().any(|error| error.stops_all_requests || error.detail.contains(COMMAND));
    if let Some(last) = errors.iter_mut().rfind(|error| error.severity == Severity::Error && !needs_no_hint) {
        last.detail.push_str(&format!("\n\nThis error also stops `terraform destroy`, but not `{COMMAND}`."));
    }
    errors.into()
}

/// The plan of one object.
struct PlannedChange {
    planned: Value,
    private: Private,
    replacing: ReplacingChanges,
}

/// The path of a computed attribute. Its value changes with every new object, so it can stand for the reason to
/// replace.
fn computed_path(specs: &[AttributeSpec]) -> Option<Path> {
    specs.iter().find(|spec| spec.mode == Mode::Computed).map(|spec| Path::attribute(spec.name))
}

fn is_undecided(path: &Path) -> Diagnostic {
    let detail = format!(
        "The value of `{path}` is known only after apply. If the value does not change, this object stays. If it \
         changes, the apply destroys this object and creates a new one. In that case, `prevent_destroy` and \
         `create_before_destroy` have no effect."
    );
    Diagnostic::warning("This change may replace the resource", detail).at(path.clone())
}

fn replaces_during_update(path: Option<&Path>) -> Diagnostic {
    let reason = match path {
        Some(path) => format!("`{path}` changes"),
        None => "it was not created completely".to_owned(),
    };
    let detail = format!(
        "The plan shows an update, but the apply destroys this object and creates a new one, because {reason}. Without \
         a refresh, the provider cannot plan a replacement. `prevent_destroy` and `create_before_destroy` have no \
         effect."
    );
    let warning = Diagnostic::warning("This update replaces the object", detail);
    match path {
        Some(path) => warning.at(path.clone()),
        None => warning,
    }
}
