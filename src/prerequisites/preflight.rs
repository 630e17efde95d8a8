//! The preflight: when a connector is planned to be created, the prerequisites that are cheap to read are checked.
//!
//! A workspace costs at most three requests in a run, because resources share the answers, also that none came in time. If
//! Azure refuses the list of data connectors, the onboarding state is one more, and the roles are the only other one. What
//! could not be read, and what Azure does not decide, is not reported: the apply reports it. What the same run creates does
//! not count as missing if it is planned first. Microsoft Graph is not asked.

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

/// Checks the prerequisites of a connector that is planned to be created. Reports what is not met, once in a run for each
/// workspace.
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

/// The same for a plan whose list of data connectors Azure refused with `refusal`: the workspace is not onboarded, or the login
/// has no role. A plan reports this in every mode. Only the roles are checked beyond it. Returns whether the refusal is one
/// of these.
///
/// # Errors
/// As [`preflight`].
pub async fn preflight_after_refusal(
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

/// The reason does not matter here, because what is unknown is not reported.
fn not_read(error: &Error) -> ReadFailure {
    tracing::info!(%error, "a prerequisite cannot be checked in the plan");
    ReadFailure::new("It cannot be read.", "")
}
