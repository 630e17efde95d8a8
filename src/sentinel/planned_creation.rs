//! The plan of a new object in a workspace. Facts about the whole workspace are reported once per run.

use std::pin::Pin;

use super::WorkspaceId;
use super::onboarding::{Onboarding, OnboardingState, not_onboarded};
use crate::azure::{Deadline, Error};
use crate::azure_diagnostics;
use crate::framework::{Config, Context, Diagnostic, Diagnostics, Path, Severity};
use crate::session::{PreflightMode, Session};

/// The type of the resource that onboards a workspace. The key of its object is the workspace.
const ONBOARDING_RESOURCE: &str = "sentinel_workspace_onboarding";

/// A planned creation of an object in a workspace.
#[derive(Clone, Copy, Debug)]
pub struct PlannedCreation<'a> {
    /// The context of the plan.
    pub ctx: &'a Context,
    /// The session of the run.
    pub session: &'a Session,
    /// The workspace.
    pub workspace: &'a WorkspaceId,
    /// The configuration of the resource.
    pub config: &'a Config,
    /// The deadline of the plan.
    pub deadline: &'a Deadline,
}

/// A fact about a workspace, which each run reports once.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The ID of the fact, unique in the workspace.
    pub id: String,
    /// The diagnostic, without an attribute.
    pub diagnostic: Diagnostic,
}

impl Fact {
    /// The fact as this mode reports it.
    #[must_use]
    pub fn reported(mut self, mode: PreflightMode) -> Self {
        let is_error = mode == PreflightMode::Error;
        self.diagnostic.severity = if is_error { Severity::Error } else { Severity::Warning };
        if is_error {
            self.diagnostic.detail.push_str("\n\n");
            self.diagnostic.detail.push_str(WHY_AN_ERROR);
        }
        self
    }
}

impl PlannedCreation<'_> {
    /// The diagnostic of a fact, at `workspace_id`. `None` if the plan of another resource in this run reports the
    /// fact.
    #[must_use]
    pub fn first_report(&self, Fact { id, diagnostic }: Fact) -> Option<Diagnostic> {
        // A warning of one resource must not suppress the error of another one, so the key contains the severity.
        let fact = format!("{:?} {id} {}", diagnostic.severity, self.workspace.key());
        self.session.is_reporter(fact, self.config).then(|| diagnostic.at(Path::attribute("workspace_id")))
    }

    /// Reports that the workspace is not onboarded, unless this run onboards it. The mode of the preflight decides the severity
    /// for all resources, so a run reports it once.
    ///
    /// # Errors
    /// The workspace is not onboarded, and the mode of the preflight is `error`.
    pub async fn report_missing_onboarding(&self) -> Result<(), Diagnostics> {
        let fact = self.missing_onboarding().await.map(|fact| fact.reported(self.session.preflight()));
        match fact.and_then(|fact| self.first_report(fact)) {
            Some(error) if error.severity == Severity::Error => return Err(error.into()),
            Some(warning) => self.ctx.warn(warning),
            None => {}
        }
        Ok(())
    }

    /// Warns if a missing role is the cause of `error`. It is only a warning, because the same run may assign the role.
    /// Returns whether a role is missing.
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

    /// The warning about a workspace that is not onboarded. `None` if this run onboards the workspace, or if its
    /// onboarding state exists or cannot be read.
    pub async fn missing_onboarding(&self) -> Option<Fact> {
        let Self { session, workspace, deadline, config, .. } = *self;
        let fact = format!("onboarding of {}", workspace.key());
        let is_planned = || session.ownership().is_being_created(ONBOARDING_RESOURCE, workspace.key());
        if session.memoized(fact, config, is_planned) {
            return None;
        }
        let state = OnboardingState::of(workspace);
        // The box erases the type of the future. Otherwise, the types of the plans are too deep for the compiler.
        let onboarding: Pin<Box<dyn Future<Output = _> + Send + '_>> = Box::pin(session.look_up(&state, deadline));
        match onboarding.await.flatten() {
            // This is only a warning, because another configuration may onboard the workspace before the apply.
            Ok(Onboarding::Absent) => {
                let diagnostic = Diagnostic { severity: Severity::Warning, ..not_onboarded(workspace) };
                Some(Fact { id: "onboarding".to_owned(), diagnostic })
            }
            _ => None,
        }
    }

    /// The diagnostic of an error that a missing role causes. `None` for other errors.
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

/// The hint in warnings about a missing role, because the same apply may assign it.
pub const ROLE_OF_SAME_APPLY: &str = "If the same apply assigns the role, you can ignore this warning: the apply waits up to two \
                                      minutes until the role takes effect.";

const WHY_AN_ERROR: &str = "This is an error because `preflight` (SENTINEL_PREFLIGHT) is \"error\". To continue with a warning, set \
                            it to \"warn\".";

/// The summary of all diagnostics about a missing role. Terraform groups warnings by summary, so it contains the
/// workspace.
#[must_use]
pub fn missing_permission(workspace: &WorkspaceId) -> String {
    format!("Missing permission on the workspace {}", workspace.name())
}
