//! The preflight: when a plan creates a connector, it checks the prerequisites that are cheap to read.
//!
//! The preflight sends at most three requests for each workspace in a run, because resources share the responses, and
//! also the timeouts. If Azure rejects the list of data connectors, it reads only the onboarding state and the roles.
//! It does not report a failed read or an undecided check, because the apply reports the problem. A prerequisite that
//! the same run creates does not count as missing if it is planned first. The preflight does not use Microsoft Graph.

use std::time::Duration;

use crate::authorization::PermissionsLookup;
use crate::azure::{Deadline, Error};
use crate::content_hub;
use crate::framework::Diagnostics;
use crate::sentinel::{PlannedCreation, is_not_onboarded, missing_permission};
use crate::session::PreflightMode;

use super::checks::{license, permissions, solution_version};
use super::finding::{Finding, SameApply};
use super::read_result::ReadFailure;
use super::requirements::XdrRequirements;
use super::solution_state::{CONTENT_ID, SolutionLookup};

/// The timeout for all requests. A plan must not wait long for optional checks.
const LIMIT: Duration = Duration::from_secs(15);

/// The prerequisites of a connector, in addition to roles on the workspace.
#[derive(Clone, Copy, Debug, Default)]
pub struct Needs<'a> {
    /// The tenant whose Defender XDR alerts or incidents stream.
    pub xdr_of_tenant: Option<&'a str>,
    /// The solution "Microsoft Defender for Cloud" 3.0.0 or newer.
    pub solution: bool,
}

/// Checks the prerequisites of a planned connector. Reports each missing prerequisite once for each workspace in a run.
///
/// # Errors
/// In the mode `error`: the prerequisites that are not met.
pub async fn preflight(creation: &PlannedCreation<'_>, needs: Needs<'_>) -> Result<(), Diagnostics> {
    if creation.session.preflight() == PreflightMode::Off {
        return Ok(());
    }
    let deadline = &creation.deadline.at_most(LIMIT);
    let (permissions, license, solution) = tokio::join!(
        Box::pin(check_permissions(creation, deadline)),
        Box::pin(check_license(creation, needs.xdr_of_tenant, deadline)),
        Box::pin(check_solution(creation, needs.solution, deadline)),
    );
    report(creation, [permissions, license, solution].into_iter().flatten())
}

/// Checks the prerequisites after Azure rejected the list of data connectors, because the workspace is not onboarded or
/// the identity has no role. Reports this in every mode. For a workspace that is not onboarded, it also checks the
/// roles. Returns whether the error has one of these two causes.
///
/// # Errors
/// As [`preflight`].
pub async fn preflight_after_rejection(
    creation: &PlannedCreation<'_>,
    refusal: &Error,
    activity: &str,
) -> Result<bool, Diagnostics> {
    let mode = creation.session.preflight();
    if is_not_onboarded(refusal) {
        let onboarding = creation.missing_onboarding().await;
        let onboarding = onboarding.map(|fact| Finding { fact, same_apply: SameApply::None });
        let permissions = match mode {
            PreflightMode::Off => None,
            _ => check_permissions(creation, &creation.deadline.at_most(LIMIT)).await,
        };
        report(creation, [onboarding, permissions].into_iter().flatten())?;
        return Ok(true);
    }
    if mode != PreflightMode::Error {
        return Ok(creation.warn_if_role_is_missing(refusal, activity));
    }
    let Some(fact) = creation.missing_role(refusal, activity) else { return Ok(false) };
    report(creation, [Finding { fact, same_apply: SameApply::AssignsRole }])?;
    Ok(true)
}

/// Reports the findings that no other resource of the run reports.
fn report(creation: &PlannedCreation<'_>, findings: impl IntoIterator<Item = Finding>) -> Result<(), Diagnostics> {
    let mode = creation.session.preflight();
    let reports = findings.into_iter().filter_map(|finding| creation.first_report(finding.reported(mode)));
    if mode == PreflightMode::Error {
        return reports.collect::<Diagnostics>().into_result(());
    }
    reports.for_each(|warning| creation.ctx.warn(warning));
    Ok(())
}

async fn check_permissions(creation: &PlannedCreation<'_>, deadline: &Deadline) -> Option<Finding> {
    let lookup = PermissionsLookup::of(creation.workspace.resource_id());
    let permissions = creation.session.look_up(&lookup, deadline).await.flatten();
    let check = permissions::workspace(&permissions.map_err(|error| not_read(&error)), "the identity");
    Finding::of(check, missing_permission(creation.workspace), SameApply::AssignsRole)
}

async fn check_license(creation: &PlannedCreation<'_>, tenant: Option<&str>, deadline: &Deadline) -> Option<Finding> {
    let lookup = XdrRequirements::of(creation.workspace, tenant?);
    let requirements = creation.session.look_up(&lookup, deadline).await.flatten();
    let summary = format!("Defender XDR cannot be connected to {}", creation.workspace.name());
    Finding::of(license::check(&requirements.map_err(|error| not_read(&error))), summary, SameApply::None)
}

async fn check_solution(creation: &PlannedCreation<'_>, is_needed: bool, deadline: &Deadline) -> Option<Finding> {
    let PlannedCreation { session, workspace, config, .. } = *creation;
    if !is_needed || content_hub::is_being_installed(session, workspace, CONTENT_ID, config) {
        return None;
    }
    let solution = session.look_up(&SolutionLookup::of(workspace), deadline).await.flatten();
    let check = solution_version::check(&solution.map_err(|error| not_read(&error)));
    let summary = format!("Defender for Cloud solution missing or outdated in {}", workspace.name());
    Finding::of(check, summary, SameApply::InstallsSolution)
}

/// A failure without a reason, because the preflight does not report unknown checks.
fn not_read(error: &Error) -> ReadFailure {
    tracing::info!(%error, "a prerequisite cannot be checked in the plan");
    ReadFailure::new("It cannot be read.", "")
}
