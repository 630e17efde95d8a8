//! The single calls of a run, for tests that depend on their order, on several resources in one process, or on a process
//! that stays configured over several runs.

use std::sync::Arc;

use super::Lifecycle;
use crate::framework::operation::Config;
use crate::framework::{Diagnostics, PlanResponse, PlannedAction, Value};

/// The answer of a plan.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlanResult {
    pub(crate) action: PlannedAction,
    pub(crate) planned: Value,
    pub(crate) private: Vec<u8>,
    pub(crate) diagnostics: Diagnostics,
}

impl Lifecycle {
    /// Another resource of the type, in the same process and state file.
    pub(crate) fn beside(&self) -> Self {
        Self { server: Arc::clone(&self.server), type_name: self.type_name, saved: None }
    }

    /// A resource of another type, in the same run of the same provider.
    pub(crate) fn beside_of_type(&self, type_name: &'static str) -> Self {
        Self { type_name, ..self.beside() }
    }

    /// The same resource in a copy of the state file.
    pub(crate) fn copy(&self) -> Self {
        Self { saved: self.saved.clone(), ..self.beside() }
    }

    /// The provider is configured, as for each plan and each apply of a CLI.
    pub(crate) async fn begin_run(&self) {
        self.configure().await;
    }

    pub(crate) async fn read(&mut self) -> Diagnostics {
        self.refresh().await
    }

    /// Plans what was read. A replacement is planned twice, and the warnings of its second half are lost.
    pub(crate) async fn plan_as_read(&self, config: &Config) -> PlanResult {
        let mut diagnostics = Diagnostics::new();
        let (action, planned, _) = self.plan_refreshed(config, &mut diagnostics).await;
        PlanResult { action, planned: planned.planned_state, private: planned.planned_private, diagnostics }
    }

    pub(crate) async fn plan_destroy(&self) -> PlanResult {
        let PlanResponse { planned_state, planned_private, diagnostics, .. } = self.request_destroy_plan().await;
        PlanResult { action: PlannedAction::NoOp, planned: planned_state, private: planned_private, diagnostics }
    }

    /// Applies a planned creation or update, which a CLI plans again first.
    pub(crate) async fn apply_planned(&mut self, config: &Config) -> Diagnostics {
        self.apply_planned_after(config, async || ()).await
    }

    /// The same, with something that happens between the plan and the apply.
    pub(crate) async fn apply_planned_after(&mut self, config: &Config, event: impl AsyncFnOnce()) -> Diagnostics {
        let mut diagnostics = Diagnostics::new();
        let (_, planned, prior) = self.plan_refreshed(config, &mut diagnostics).await;
        if !diagnostics.has_errors() {
            event().await;
            diagnostics.extend(self.apply_plan(config, planned, prior).await);
        }
        diagnostics
    }

    /// Applies a planned destroy, with the private state of its plan.
    pub(crate) async fn delete_planned(&mut self, private: Vec<u8>) -> Diagnostics {
        self.delete(private).await
    }

    /// The object is set aside for its replacement to be created first (`create_before_destroy`).
    pub(crate) fn depose(&mut self) -> Self {
        Self { saved: self.saved.take(), ..self.beside() }
    }

    /// The object leaves the state and stays in Azure, as if an import had never been applied.
    pub(crate) fn forget(&mut self) {
        self.saved = None;
    }

    /// The private state is lost, as in a move from another type.
    pub(crate) fn lose_private(&mut self) {
        self.saved.as_mut().expect("it is in the state").private.clear();
    }

    /// `import` with an id, in the current run.
    pub(crate) async fn import_as_planned(&mut self, id: &str) -> Diagnostics {
        self.import_configured(id).await
    }
}
