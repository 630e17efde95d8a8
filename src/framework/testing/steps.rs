//! The single calls of a run. Tests use them if they depend on the order of calls, on several resources in one process,
//! or on a process that stays configured for several runs.

use std::sync::Arc;

use super::Lifecycle;
use crate::framework::operation::Config;
use crate::framework::{Diagnostics, PlanResponse, PlannedAction, Value};

/// The result of a plan request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlanResult {
    pub(crate) action: PlannedAction,
    pub(crate) planned: Value,
    pub(crate) private: Vec<u8>,
    pub(crate) diagnostics: Diagnostics,
}

impl Lifecycle {
    /// Another resource of the same type, in the same process and state file.
    pub(crate) fn sibling(&self) -> Self {
        Self { server: Arc::clone(&self.server), type_name: self.type_name, saved: None }
    }

    /// A resource of another type, in the same run of the same provider.
    pub(crate) fn sibling_of_type(&self, type_name: &'static str) -> Self {
        Self { type_name, ..self.sibling() }
    }

    /// The same resource in a copy of the state file.
    pub(crate) fn copy(&self) -> Self {
        Self { saved: self.saved.clone(), ..self.sibling() }
    }

    /// Configures the provider, as Terraform does for each plan and each apply.
    pub(crate) async fn begin_run(&self) {
        self.configure().await;
    }

    pub(crate) async fn read(&mut self) -> Diagnostics {
        self.refresh().await
    }

    /// Plans the object without a refresh. A replacement is planned twice, and the warnings of the second plan are
    /// dropped.
    pub(crate) async fn plan_as_read(&self, config: &Config) -> PlanResult {
        let mut diagnostics = Diagnostics::new();
        let (action, planned, _) = self.plan_refreshed(config, &mut diagnostics).await;
        PlanResult { action, planned: planned.planned_state, private: planned.planned_private, diagnostics }
    }

    pub(crate) async fn plan_destroy(&self) -> PlanResult {
        let PlanResponse { planned_state, planned_private, diagnostics, .. } = self.request_destroy_plan().await;
        PlanResult { action: PlannedAction::NoOp, planned: planned_state, private: planned_private, diagnostics }
    }

    /// Plans and applies a creation or an update, in the current run.
    pub(crate) async fn apply_planned(&mut self, config: &Config) -> Diagnostics {
        self.apply_planned_after(config, async || ()).await
    }

    /// Like [`Lifecycle::apply_planned`], with an event between the plan and the apply.
    pub(crate) async fn apply_planned_after(&mut self, config: &Config, event: impl AsyncFnOnce()) -> Diagnostics {
        let mut diagnostics = Diagnostics::new();
        let (_, planned, prior) = self.plan_refreshed(config, &mut diagnostics).await;
        if !diagnostics.has_errors() {
            event().await;
            diagnostics.extend(self.apply_plan(config, planned, prior).await);
        }
        diagnostics
    }

    /// Applies a destroy plan with this private state.
    pub(crate) async fn delete_planned(&mut self, private: Vec<u8>) -> Diagnostics {
        self.delete(private).await
    }

    /// Turns the object into a deposed object, as for a replacement with `create_before_destroy`.
    pub(crate) fn depose(&mut self) -> Self {
        Self { saved: self.saved.take(), ..self.sibling() }
    }

    /// Removes the object from the state only, as if an import had never been applied.
    pub(crate) fn forget(&mut self) {
        self.saved = None;
    }

    /// Removes the private state, as in a move from another resource type.
    pub(crate) fn lose_private(&mut self) {
        self.saved.as_mut().expect("it is in the state").private.clear();
    }

    /// Runs `import` with an ID, in the current run.
    pub(crate) async fn import_in_run(&mut self, id: &str) -> Diagnostics {
        self.import_configured(id).await
    }
}
