//! The preflight: when a connector is planned to be created, the prerequisites that are cheap to read are checked.
//!
//! A workspace costs at most three requests in a run, because resources share the answers, also that none came in time. If
//! Azure refuses the list of data connectors, the onboarding state is one more, and the roles are the only other one. What could not be read, and what
//! Azure does not decide, is not reported: the apply reports it. What the same run creates does not count as missing, as far
//! as its plan came before. Microsoft Graph is not asked.

use std::time::Duration;

use crate::authorization::Granted;
use crate::azure::{Deadline, Error};
use crate::azure_diagnostics;
use crate::content_hub;
use crate::framework::{Context, Diagnostic, Diagnostics, Path, Severity};
use crate::sentinel::{WorkspaceId, is_not_onboarded, missing_onboarding};
use crate::session::{Preflight, Session};

use super::check::{Check, Status};
use super::checks::{license, permissions, solution_version};
use super::reading::ReadFailure;
use super::requirements::XdrRequirements;
use super::solution_state::{CONTENT_ID, SolutionLookup};

/// The time for all requests. A plan must not wait long for what it can do without.
const LIMIT: Duration = Duration::from_secs(15);

/// What a connector needs, beyond roles on the workspace.
#[derive(Clone, Copy, Debug, Default)]
pub struct Needs<'a> {
    /// The tenant whose Defender XDR alerts or incidents stream.
    pub xdr_of_tenant: Option<&'a str>,
    /// The solution "Microsoft Defender for Cloud" 3.0.0 or newer.
    pub solution: bool,
}

/// Checks the prerequisites of a connector that is planned to be created, and reports what is not met on `at`.
///
/// # Errors
/// In the mode `error`: the prerequisites that are not met.
pub async fn preflight(
    ctx: &Context,
    session: &Session,
    workspace: &WorkspaceId,
    needs: Needs<'_>,
    deadline: &Deadline,
    at: &Path,
) -> Result<(), Diagnostics> {
    if session.preflight() == Preflight::Off {
        return Ok(());
    }
    let deadline = &deadline.at_most(LIMIT);
    let (permissions, license, solution) = tokio::join!(
        Box::pin(check_permissions(session, workspace, deadline)),
        Box::pin(check_license(session, workspace, needs.xdr_of_tenant, deadline)),
        Box::pin(check_solution(session, workspace, needs.solution, deadline)),
    );
    let found = [permissions, license, solution].into_iter().flatten();
    let mut errors = Diagnostics::default();
    for finding in found {
        let allowance = finding.allowance;
        let mut warning = finding.diagnostic(workspace).at(at.clone());
        if session.preflight() == Preflight::Error {
            errors.push(as_error(warning));
            continue;
        }
        if !allowance.is_empty() {
            warning.detail = format!("{}\n\n{allowance}", warning.detail);
        }
        ctx.warn(warning);
    }
    errors.into_result(())
}

/// The same for a plan whose list of data connectors Azure refused with `refusal`: the workspace is not onboarded, or the login
/// has no role. A plan reports this in every mode. Only the roles are checked beyond it. Returns whether the refusal is one
/// of these.
///
/// # Errors
/// As [`preflight`].
pub async fn preflight_after_refusal(
    ctx: &Context,
    session: &Session,
    workspace: &WorkspaceId,
    refusal: &Error,
    activity: &str,
    deadline: &Deadline,
    at: &Path,
) -> Result<bool, Diagnostics> {
    if is_not_onboarded(refusal) {
        if let Some(warning) = missing_onboarding(session, workspace, deadline).await {
            escalate(ctx, session, warning.at(at.clone()))?;
        }
        preflight(ctx, session, workspace, Needs::default(), deadline, at).await?;
        return Ok(true);
    }
    let Some(warning) = azure_diagnostics::missing_role_in_plan(refusal, activity) else { return Ok(false) };
    escalate(ctx, session, warning.at(at.clone()))?;
    Ok(true)
}

fn escalate(ctx: &Context, session: &Session, warning: Diagnostic) -> Result<(), Diagnostics> {
    if session.preflight() == Preflight::Error {
        return Err(as_error(warning).into());
    }
    ctx.warn(warning);
    Ok(())
}

fn as_error(warning: Diagnostic) -> Diagnostic {
    let detail = format!(
        "{}\n\nThis is an error because `preflight` is \"error\" (SENTINEL_PREFLIGHT). If the same apply creates what is missing, \
         make this resource depend on it, or set `preflight` to \"warn\". `terraform destroy -refresh=false` works in spite of \
         this error.",
        warning.detail
    );
    Diagnostic { severity: Severity::Error, detail, ..warning }
}

/// A prerequisite that is not met.
#[derive(Debug)]
struct Finding {
    check: Check,
    /// The summary follows this, then the name of the workspace.
    title: &'static str,
    /// What may make a warning wrong: the plan does not know everything that the same apply creates.
    allowance: &'static str,
}

impl Finding {
    fn diagnostic(self, workspace: &WorkspaceId) -> Diagnostic {
        let Check { detail, remedy, .. } = self.check;
        let remedy = remedy.map(|remedy| format!("\n\nWhat to do: {remedy}")).unwrap_or_default();
        Diagnostic::warning(format!("{} {}", self.title, workspace.name()), format!("{detail}{remedy}"))
    }
}

fn failed(check: Check, title: &'static str, allowance: &'static str) -> Option<Finding> {
    (check.status == Status::Failed).then_some(Finding { check, title, allowance })
}

async fn check_permissions(session: &Session, workspace: &WorkspaceId, deadline: &Deadline) -> Option<Finding> {
    let granted = session.look_up(&Granted::on(workspace.resource_id()), deadline).await.flatten();
    failed(
        permissions::workspace(&granted.map_err(|error| not_read(&error)), "the login"),
        "A role for connecting is missing on the workspace",
        "If the same apply assigns the role, nothing needs to be done: the apply waits up to two minutes until it takes effect.",
    )
}

async fn check_license(
    session: &Session,
    workspace: &WorkspaceId,
    tenant: Option<&str>,
    deadline: &Deadline,
) -> Option<Finding> {
    let requirements = session.look_up(&XdrRequirements::of(workspace, tenant?), deadline).await.flatten();
    failed(
        license::check(&requirements.map_err(|error| not_read(&error))),
        "Azure reports that Defender XDR cannot be connected to",
        "",
    )
}

async fn check_solution(
    session: &Session,
    workspace: &WorkspaceId,
    is_needed: bool,
    deadline: &Deadline,
) -> Option<Finding> {
    if !is_needed || content_hub::is_being_installed(session, workspace, CONTENT_ID) {
        return None;
    }
    let solution = session.look_up(&SolutionLookup::of(workspace), deadline).await.flatten();
    failed(
        solution_version::check(&solution.map_err(|error| not_read(&error))),
        "The Defender for Cloud solution is missing or too old in",
        "If the same apply installs the solution, add `depends_on` with the solution to this resource. The solution is then \
         installed first.",
    )
}

/// The reason does not matter here, because what is unknown is not reported.
fn not_read(error: &Error) -> ReadFailure {
    tracing::info!(%error, "a prerequisite cannot be checked in the plan");
    ReadFailure::new("It cannot be read.", "")
}
