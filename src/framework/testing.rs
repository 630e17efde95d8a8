//! A test driver that calls the server for one resource like Terraform does: to refresh, plan, apply, replace, destroy
//! and import. The framework checks every response by Terraform's rules.

mod single;
mod steps;

use std::sync::Arc;

pub(crate) use self::steps::PlanResult;
use super::operation::{Config, Private, State};
use super::server::{ApplyRequest, ApplyResponse, ConfigureRequest, ImportRequest, PlanRequest, ReadRequest};
use super::{Diagnostic, Diagnostics, PlanResponse, PlannedAction, Provider, Server, Severity, Value};
use super::{checks, engine};

/// One resource in one state file.
pub(crate) struct Lifecycle {
    server: Arc<Server>,
    type_name: &'static str,
    saved: Option<Saved>,
}

/// The entry of a resource in the state file.
#[derive(Clone, Debug)]
struct Saved {
    state: Value,
    private: Vec<u8>,
    identity: Option<Value>,
    is_tainted: bool,
}

/// The result of `plan`.
pub(crate) struct Planned {
    /// The planned action.
    pub(crate) action: PlannedAction,
    /// The planned state.
    pub(crate) state: Config,
    /// The diagnostics.
    pub(crate) diagnostics: Diagnostics,
}

impl Lifecycle {
    pub(crate) fn new<P: Provider>(provider: P, type_name: &'static str) -> Self {
        Self { server: Arc::new(Server::new(provider).expect("a valid provider")), type_name, saved: None }
    }

    /// The state, if there is one.
    pub(crate) fn state(&self) -> Option<State> {
        let saved = self.saved.as_ref()?;
        Some(State::of(saved.state.clone(), Private::decode(&saved.private)))
    }

    pub(crate) fn is_tainted(&self) -> bool {
        self.saved.as_ref().is_some_and(|saved| saved.is_tainted)
    }

    /// Runs `apply -refresh-only`, and returns its diagnostics.
    pub(crate) async fn refresh_only(&mut self) -> Diagnostics {
        self.configure().await;
        self.refresh().await
    }

    /// Runs `taint`.
    pub(crate) fn taint(&mut self) {
        self.saved.as_mut().expect("it is in the state").is_tainted = true;
    }

    /// Runs `untaint`.
    pub(crate) fn untaint(&mut self) {
        self.saved.as_mut().expect("it is in the state").is_tainted = false;
    }

    /// Runs `plan`.
    pub(crate) async fn plan(&mut self, config: &Config) -> Planned {
        self.configure().await;
        let mut diagnostics = self.refresh().await;
        if diagnostics.has_errors() {
            return Planned { action: PlannedAction::NoOp, state: Config::of(Value::Null), diagnostics };
        }
        let (action, planned, _) = self.plan_refreshed(config, &mut diagnostics).await;
        Planned { action, state: Config::of(planned.planned_state), diagnostics }
    }

    /// Runs `apply`, and returns its diagnostics.
    pub(crate) async fn apply(&mut self, config: &Config) -> Diagnostics {
        self.apply_with(config, config, true).await
    }

    /// Runs `apply -refresh=false`, and returns its diagnostics.
    pub(crate) async fn apply_without_refresh(&mut self, config: &Config) -> Diagnostics {
        self.apply_with(config, config, false).await
    }

    /// Runs `apply`, and returns its diagnostics. Values that are unknown in `planned` are known in `applied`.
    pub(crate) async fn apply_known_later(&mut self, planned: &Config, applied: &Config) -> Diagnostics {
        self.apply_with(planned, applied, true).await
    }

    async fn apply_with(&mut self, planned: &Config, applied: &Config, refresh: bool) -> Diagnostics {
        self.configure().await;
        let mut diagnostics = if refresh { self.refresh().await } else { Diagnostics::new() };
        if diagnostics.has_errors() {
            return diagnostics;
        }
        let (action, before, _) = self.plan_refreshed(planned, &mut diagnostics).await;
        if diagnostics.has_errors() || action == PlannedAction::NoOp {
            return diagnostics;
        }
        // Terraform configures the provider again for the apply, and plans again.
        self.configure().await;
        if action == PlannedAction::Replace {
            // The delete of a replacement receives the private state of the create plan, which is empty for a tainted
            // object.
            diagnostics.extend(self.delete(before.planned_private.clone()).await);
            if diagnostics.has_errors() {
                return diagnostics;
            }
        }
        let (again, after, prior) = self.plan_refreshed(applied, &mut diagnostics).await;
        if diagnostics.has_errors() {
            return diagnostics;
        }
        self.assert_final_plan(action, &before, again, &after);
        if again != PlannedAction::NoOp {
            diagnostics.extend(self.apply_plan(applied, after, prior).await);
        }
        diagnostics
    }

    /// Makes Terraform's check before an apply: "Provider produced inconsistent final plan".
    fn assert_final_plan(&self, action: PlannedAction, plan: &PlanResponse, again: PlannedAction, last: &PlanResponse) {
        let became_nothing = action == PlannedAction::Update && again == PlannedAction::NoOp;
        let was_deleted = action == PlannedAction::Replace && again == PlannedAction::Create;
        assert!(action == again || became_nothing || was_deleted, "{action:?} became {again:?}");
        let specs = self.server.schemas().resources[self.type_name].schema.specs();
        assert_eq!(checks::result_matches_plan(specs, &plan.planned_state, &last.planned_state), []);
    }

    /// Runs `destroy`, and returns its diagnostics.
    pub(crate) async fn destroy(&mut self) -> Diagnostics {
        self.configure().await;
        let mut diagnostics = self.refresh().await;
        if self.saved.is_some() {
            let planned = self.request_destroy_plan().await;
            diagnostics.extend(planned.diagnostics);
            self.configure().await;
            diagnostics.extend(self.delete(planned.planned_private).await);
        }
        diagnostics
    }

    /// Runs `import` with an ID, and returns its diagnostics.
    pub(crate) async fn import(&mut self, id: &str) -> Diagnostics {
        self.configure().await;
        self.import_configured(id).await
    }

    async fn import_configured(&mut self, id: &str) -> Diagnostics {
        let request = ImportRequest { type_name: self.type_name.to_owned(), id: id.to_owned(), identity: None };
        let imported = self.server.import_resource_state(request).await;
        let mut diagnostics = imported.diagnostics;
        if let Some(state) = imported.state {
            let (private, identity) = (imported.private, imported.identity);
            self.saved = Some(Saved { state, private, identity, is_tainted: false });
            diagnostics.extend(self.refresh().await);
        }
        diagnostics
    }

    /// The server, for tests that interrupt a call.
    pub(crate) fn server(&self) -> Arc<Server> {
        Arc::clone(&self.server)
    }

    async fn configure(&self) {
        let config = self.server.schemas().provider.empty_object();
        let request = ConfigureRequest { terraform_version: "1.13.0".to_owned(), config };
        let diagnostics = self.server.configure_provider(request).await;
        assert!(!diagnostics.has_errors(), "{diagnostics}");
    }

    async fn refresh(&mut self) -> Diagnostics {
        let Some(saved) = &mut self.saved else { return Diagnostics::new() };
        let request = ReadRequest {
            type_name: self.type_name.to_owned(),
            current_state: saved.state.clone(),
            private: saved.private.clone(),
            identity: saved.identity.clone(),
        };
        let read = self.server.read_resource(request).await;
        if read.new_state.is_null() {
            self.saved = None;
        } else {
            *saved = Saved {
                state: read.new_state,
                private: read.private,
                identity: read.identity,
                is_tainted: saved.is_tainted,
            };
        }
        read.diagnostics
    }

    /// Plans the refreshed object, and returns the plan with its prior state. A tainted object is planned as a new one.
    async fn plan_refreshed(
        &self,
        config: &Config,
        diagnostics: &mut Diagnostics,
    ) -> (PlannedAction, PlanResponse, Option<Saved>) {
        let prior = self.saved.clone().filter(|saved| !saved.is_tainted);
        let planned = self.request_plan(config, prior.as_ref(), None).await;
        diagnostics.extend(planned.diagnostics.clone());
        let replaces = self.is_tainted() || !planned.requires_replace.is_empty();
        if replaces && self.saved.is_some() {
            let again = match &prior {
                Some(_) => self.request_plan(config, None, Some(planned.planned_private.clone())).await,
                None => return (PlannedAction::Replace, planned, None),
            };
            if again.diagnostics.has_errors() {
                diagnostics.extend(again.diagnostics.clone()); // Terraform drops the warnings of the second plan.
            }
            return (PlannedAction::Replace, again, None);
        }
        let action = match &prior {
            None => PlannedAction::Create,
            Some(prior) if prior.state == planned.planned_state => PlannedAction::NoOp,
            Some(_) => PlannedAction::Update,
        };
        (action, planned, prior)
    }

    async fn request_plan(&self, config: &Config, prior: Option<&Saved>, private: Option<Vec<u8>>) -> PlanResponse {
        let schema = &self.server.schemas().resources[self.type_name].schema;
        let prior_state = prior.map_or(Value::Null, |prior| prior.state.clone());
        let request = PlanRequest {
            type_name: self.type_name.to_owned(),
            proposed_new_state: engine::plan::propose_new_state(schema, config.value(), &prior_state),
            prior_state,
            config: config.value().clone(),
            prior_private: private.or_else(|| prior.map(|prior| prior.private.clone())).unwrap_or_default(),
            prior_identity: prior.and_then(|prior| prior.identity.clone()),
        };
        self.server.plan_resource_change(request).await
    }

    async fn request_destroy_plan(&self) -> PlanResponse {
        let saved = self.saved.clone().expect("it is in the state");
        let request = PlanRequest {
            type_name: self.type_name.to_owned(),
            prior_state: saved.state,
            proposed_new_state: Value::Null,
            config: Value::Null,
            prior_private: saved.private,
            prior_identity: saved.identity,
        };
        self.server.plan_resource_change(request).await
    }

    async fn apply_plan(&mut self, config: &Config, planned: PlanResponse, prior: Option<Saved>) -> Diagnostics {
        let is_new = prior.is_none();
        let request = ApplyRequest {
            type_name: self.type_name.to_owned(),
            prior_state: prior.map_or(Value::Null, |prior| prior.state),
            planned_state: planned.planned_state,
            config: config.value().clone(),
            planned_private: planned.planned_private,
            planned_identity: planned.planned_identity,
        };
        let applied = self.server.apply_resource_change(request).await;
        self.save(applied, is_new)
    }

    async fn delete(&mut self, planned_private: Vec<u8>) -> Diagnostics {
        let Some(saved) = self.saved.clone() else { return Diagnostics::new() };
        let request = ApplyRequest {
            type_name: self.type_name.to_owned(),
            prior_state: saved.state,
            planned_state: Value::Null,
            config: Value::Null,
            planned_private,
            planned_identity: saved.identity,
        };
        let is_tainted = saved.is_tainted;
        let applied = self.server.apply_resource_change(request).await;
        self.save(applied, is_tainted)
    }

    fn save(&mut self, applied: ApplyResponse, taints: bool) -> Diagnostics {
        let ApplyResponse { new_state: state, private, identity, diagnostics } = applied;
        let is_tainted = taints && diagnostics.has_errors();
        self.saved = (!state.is_null()).then_some(Saved { state, private, identity, is_tainted });
        diagnostics
    }
}

/// The summaries of diagnostics. Warnings have the prefix `~`.
pub(crate) fn summaries(diagnostics: &Diagnostics) -> Vec<String> {
    let mark = |severity| if severity == Severity::Warning { "~" } else { "" };
    diagnostics.iter().map(|diagnostic| format!("{}{}", mark(diagnostic.severity), diagnostic.summary)).collect()
}

/// The texts of diagnostics, for a snapshot. Checks that a summary has at most ten words.
pub(crate) fn messages(all: &[Diagnostic]) -> String {
    assert!(all.iter().all(|diagnostic| diagnostic.summary.split(' ').count() <= 10));
    let text =
        |diagnostic: &Diagnostic| format!("{:?}: {}\n\n{}", diagnostic.severity, diagnostic.summary, diagnostic.detail);
    all.iter().map(text).collect::<Vec<_>>().join("\n\n---\n\n")
}
