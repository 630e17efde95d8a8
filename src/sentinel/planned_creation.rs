//! The plan of an object that will be created on a workspace: it reports once in a run what concerns the whole workspace.

use std::pin::Pin;

use super::WorkspaceId;
use super::onboarding::{Onboarding, OnboardingState, not_onboarded};
use crate::azure::{Deadline, Error};
use crate::azure_diagnostics;
use crate::framework::{Config, Context, Diagnostic, Path, Severity};
use crate::session::Session;

/// The resource that onboards a workspace. Its object is identified by the workspace.
const ONBOARDING_RESOURCE: &str = "sentinel_workspace_onboarding";

/// An object that is planned to be created on a workspace.
#[derive(Clone, Copy, Debug)]
pub struct PlannedCreation<'a> {
    /// The operation that plans it.
    pub ctx: &'a Context,
    /// The run.
    pub session: &'a Session,
    /// The workspace.
    pub workspace: &'a WorkspaceId,
    /// The configuration of the resource.
    pub config: &'a Config,
    /// The deadline of the requests of the plan.
    pub deadline: &'a Deadline,
}

/// A fact about a workspace, of which each run has one report.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Identifies the fact among those of the workspace.
    pub id: String,
    /// The report, without an attribute.
    pub diagnostic: Diagnostic,
}

impl PlannedCreation<'_> {
    /// The report of a fact, on `workspace_id`. `None` if the plan of another resource of this run reports it.
    #[must_use]
    pub fn first_report(&self, Fact { id, diagnostic }: Fact) -> Option<Diagnostic> {
        // The warning of one resource does not replace the error of another one.
        let fact = format!("{:?} {id} {}", diagnostic.severity, self.workspace.key());
        self.session.is_reporter(fact, self.config).then(|| diagnostic.at(Path::attribute("workspace_id")))
    }

    /// Warns that Azure refused a request because the workspace is not onboarded, unless this run onboards it.
    pub async fn warn_if_not_onboarded(&self) {
        self.warn(self.missing_onboarding().await);
    }

    /// Warns that the plan could not look at the workspace because a role is missing. The same run may assign it. Returns
    /// whether this is the reason of the error.
    pub fn warn_if_role_is_missing(&self, error: &Error, activity: &str) -> bool {
        let missing = self.missing_role(error, activity).map(|mut fact| {
            fact.diagnostic.severity = Severity::Warning;
            fact.diagnostic.detail.push_str("\n\nThe plan continues without this check. ");
            fact.diagnostic.detail.push_str(ROLE_OF_SAME_APPLY);
            fact
        });
        let is_missing = missing.is_some();
        self.warn(missing);
        is_missing
    }

    /// The warning that the workspace is not onboarded. `None` if this run onboards it, or if its onboarding state exists or
    /// cannot be read.
    pub async fn missing_onboarding(&self) -> Option<Fact> {
        let Self { session, workspace, deadline, config, .. } = *self;
        let question = format!("onboarding of {}", workspace.key());
        let is_onboarded = || session.ownership().is_being_created(ONBOARDING_RESOURCE, workspace.key());
        if session.memoized(question, config, is_onboarded) {
            return None;
        }
        let state = OnboardingState::of(workspace);
        // Without its type, which would make those of the plans too deep for the compiler.
        let onboarding: Pin<Box<dyn Future<Output = _> + Send + '_>> = Box::pin(session.look_up(&state, deadline));
        match onboarding.await.flatten() {
            // Another configuration may onboard it before the apply.
            Ok(Onboarding::Absent) => {
                let diagnostic = Diagnostic { severity: Severity::Warning, ..not_onboarded(workspace) };
                Some(Fact { id: "onboarding".to_owned(), diagnostic })
            }
            _ => None,
        }
    }

    /// The error of a request that Azure refused because a role is missing. `None` for another error.
    #[must_use]
    pub fn missing_role(&self, error: &Error, activity: &str) -> Option<Fact> {
        let diagnostic = azure_diagnostics::missing_role(error, activity)?;
        let id = error.service().map(|service| service.path.clone()).unwrap_or_default();
        Some(Fact { id, diagnostic: Diagnostic { summary: missing_permission(self.workspace), ..diagnostic } })
    }

    fn warn(&self, fact: Option<Fact>) {
        if let Some(warning) = fact.and_then(|fact| self.first_report(fact)) {
            self.ctx.warn(warning);
        }
    }
}

/// What a warning about a missing role says. The plan does not know which roles the same apply assigns.
pub const ROLE_OF_SAME_APPLY: &str = "If the same apply assigns the role, you can ignore this warning: the apply waits up to two \
                                      minutes until the role takes effect.";

/// The summary of all diagnostics about a missing role. The CLIs group warnings by their summaries, so it names the workspace.
#[must_use]
pub fn missing_permission(workspace: &WorkspaceId) -> String {
    format!("Missing permission on the workspace {}", workspace.name())
}
