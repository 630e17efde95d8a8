//! The diagnostics of a failed installation.

use std::fmt::Write as _;

use crate::azure::resource_id::ResourceId;
use crate::azure::{Error, ErrorDetail, OperationError};
use crate::azure_diagnostics;
use crate::content_hub::installation::install::InstallError;
use crate::content_hub::installation::verification::Incomplete;
use crate::deployment::{
    Cancellation, DeploymentError, DeploymentErrorKind, DeploymentOperation, OperationState, StillRunning,
};
use crate::framework::{Diagnostic, Diagnostics};
use crate::sentinel::unreadable_workspace;
use crate::session::Session;

use super::attributes::{CONTENT_ID, WORKSPACE_ID};
use super::diagnostics;
use super::install_kind::InstallKind;

/// The maximum number of failed operations in a message.
const SHOWN: usize = 10;
/// The maximum length of one reason.
const REASON_LIMIT: usize = 600;
const FORBIDDEN: u16 = 403;

/// The diagnostics of an installation error. `title` is the name and version of the solution.
pub(super) fn install_failed(error: &InstallError, title: &str, kind: InstallKind, session: &Session) -> Diagnostics {
    let azure_failed = |error, activity: &str| azure_diagnostics::from_error(error, activity).at(WORKSPACE_ID.path());
    let diagnostic = match error {
        InstallError::NoContent => return no_content(title).into(),
        InstallError::Parameters(problems) => return diagnostics::invalid_parameters(problems, title),
        InstallError::Preparing(error) => {
            unreadable_workspace(error, "reading the location of the workspace").at(WORKSPACE_ID.path())
        }
        InstallError::RemovingOrphan { name, error } => azure_failed(
            error,
            &format!("removing the content package \"{name}\", which has the solution's content ID"),
        ),
        InstallError::Registering(error) => azure_failed(error, "registering the solution"),
        InstallError::Deploying { deployment, failure } => deployment_failed(deployment, failure, title, session),
        InstallError::NotAllowedToDeploy { deployment, failure } => {
            let mut diagnostic = deployment_failed(deployment, failure, title, session);
            diagnostic
                .detail
                .push_str(" The provider removed the content package again, so nothing is left in the workspace.");
            diagnostic
        }
        InstallError::Incomplete(Incomplete { error: Some(error), .. }) => {
            azure_failed(error, "verifying the installation of the solution")
        }
        InstallError::Incomplete(Incomplete { missing, error: None }) => incomplete(missing, title),
    };
    if error.has_started() { with_next_steps(diagnostic, kind).into() } else { diagnostic.into() }
}

/// A deployment of an earlier run cannot be canceled.
pub(super) fn still_running(
    still_running: &StillRunning,
    deployment: &ResourceId,
    title: &str,
    session: &Session,
) -> Diagnostic {
    let activity = format!("waiting for an earlier deployment of \"{title}\", which may still be running");
    let mut diagnostic = azure_diagnostics::from_error(&still_running.error, &activity);
    let detail = &mut diagnostic.detail;
    if let Some(error) = &still_running.cancellation {
        let _ = write!(detail, "\n\nThe deployment could not be canceled: {error}");
    }
    if is_forbidden(&still_running.error) {
        let _ = write!(
            detail,
            "\n\nThe identity needs `Microsoft.Resources/deployments/read` and \
             `Microsoft.Resources/deployments/cancel/action` on the resource group \"{}\". A role on the workspace is \
             not enough. Microsoft Sentinel Contributor on the resource group has both.",
            deployment.resource_group().unwrap_or_default()
        );
    }
    let _ = write!(
        detail,
        "\n\nA running deployment restores what is deleted, so nothing was deleted or installed. Apply again when the \
         deployment has finished.\n{}",
        deployment_links(deployment, session)
    );
    diagnostic.at(CONTENT_ID.path())
}

fn deployment_failed(deployment: &ResourceId, failure: &DeploymentError, title: &str, session: &Session) -> Diagnostic {
    let progress = progress(failure);
    let (summary, mut detail) = match &failure.kind {
        DeploymentErrorKind::Rejected(error) => return not_started(deployment, error, title),
        DeploymentErrorKind::Failed(error) if error.is_cancelled => (
            "The deployment of the solution was canceled",
            format!("The deployment of {title} was canceled in Azure, but not by this run. {progress}.\n"),
        ),
        DeploymentErrorKind::Failed(error) => {
            let mut detail = format!("The deployment of {title} failed. {progress}.\n");
            let count = list_failed(&mut detail, &failure.operations);
            if count == 0 {
                let code = error.code.as_deref().map(|code| format!("{code}: ")).unwrap_or_default();
                let _ = writeln!(detail, "  {code}{}", truncate(&error.message));
                for policy in &error.policies {
                    let _ = writeln!(detail, "  - {policy}");
                }
                for nested in error.details.iter().take(SHOWN) {
                    let _ = writeln!(detail, "  - {}", truncate(&nested.to_string()));
                }
            }
            detail.push_str(&explain(error, &failure.operations));
            ("The deployment of the solution failed", detail)
        }
        DeploymentErrorKind::StillRunning(error) => {
            let mut detail = format!(
                "The timeout passed during the deployment of {title}. {progress}. Azure continues the deployment. The \
                 next apply cancels it if it is still running. If deployments often take that long, increase the \
                 timeout in the `timeouts` block.\n"
            );
            if let Error::TimedOut { last: Some(last), .. } = error {
                let _ = writeln!(detail, "The last error from Azure: {}", truncate(&last.to_string()));
            }
            list_open(&mut detail, failure);
            ("The deployment of the solution is still running", detail)
        }
        DeploymentErrorKind::Cancelled(cancellation) => (
            "The installation of the solution was canceled",
            format!(
                "The run was canceled during the deployment of {title}. {progress}. {}\n",
                match cancellation {
                    Cancellation::Accepted => "Azure canceled the deployment and starts no further operations.",
                    Cancellation::Finished => "The deployment had already finished in Azure.",
                    Cancellation::Absent => {
                        "Azure has not started the deployment, so there was nothing to cancel. Azure may still process \
                         the request."
                    }
                    Cancellation::Rejected => "The deployment could not be canceled, and Azure may continue it.",
                }
            ),
        ),
        DeploymentErrorKind::Lost(error) => {
            let mut detail = format!(
                "The provider cannot read the state of the deployment of {title}, and Azure may continue it. \
                 {progress}. The error: {error}\n"
            );
            list_failed(&mut detail, &failure.operations);
            ("The state of the deployment is unknown", detail)
        }
    };
    let _ = write!(detail, "\nTo view the deployment, use:\n{}", deployment_links(deployment, session));
    if let Some(id) = &failure.correlation_id {
        let _ = write!(detail, "\nCorrelation ID: {id}");
    }
    let is_about_timeout = matches!(failure.kind, DeploymentErrorKind::StillRunning(_));
    Diagnostic { is_about_timeout, ..Diagnostic::error(summary, detail).at(CONTENT_ID.path()) }
}

fn not_started(deployment: &ResourceId, error: &Error, title: &str) -> Diagnostic {
    let mut diagnostic = azure_diagnostics::from_error(error, &format!("starting the deployment of {title}"));
    if is_forbidden(error) {
        let _ = write!(
            diagnostic.detail,
            "\n\nA solution is deployed to the resource group of the workspace. The identity needs \
             `Microsoft.Resources/deployments/write` on the resource group \"{}\". A role on the workspace is not \
             enough. Microsoft Sentinel Contributor on the resource group has it.",
            deployment.resource_group().unwrap_or_default()
        );
    }
    diagnostic.detail.push_str(if error.outcome_unknown() {
        "\n\nThe solution is registered. Azure has not started the deployment of its content, but may still process \
         the request."
    } else {
        "\n\nThe solution is registered, but its content was not deployed."
    });
    diagnostic.at(WORKSPACE_ID.path())
}

/// Appends what the next apply does, and the alternative.
fn with_next_steps(mut diagnostic: Diagnostic, kind: InstallKind) -> Diagnostic {
    diagnostic.detail.push_str(match kind {
        InstallKind::Create => {
            "\n\nThe content that was installed stays in the workspace, and the resource is tainted. Fix the cause and \
             apply again. The apply uninstalls the solution and reinstalls it. To reinstall it in place instead, run \
             `terraform untaint` first."
        }
        InstallKind::Adopt => {
            "\n\nThe content that existed before and the content that was installed stay in the workspace. The \
             resource is not in the state. Fix the cause and apply again. The apply adopts the solution again and \
             reinstalls it in place."
        }
        InstallKind::Update => {
            "\n\nThe content that was installed stays in the workspace, and the state records that the installation is \
             not finished. Fix the cause and apply again. The apply reinstalls the solution in place."
        }
    });
    diagnostic
}

/// Describes the number of successful operations, for example "3 of 7 operations succeeded".
fn progress(failure: &DeploymentError) -> String {
    let operations = failure.operations.iter().filter(|operation| operation.resource.is_some());
    let succeeded = operations.filter(|operation| operation.state == OperationState::Succeeded).count();
    match (failure.operations.len(), failure.total) {
        (0, total) => format!("The number of successful operations is unknown ({total} in total)"),
        (_, total) => format!("{succeeded} of {total} operations succeeded"),
    }
}

/// Appends the failed operations with their innermost reasons. Returns the number of failed operations.
fn list_failed(detail: &mut String, operations: &[DeploymentOperation]) -> usize {
    let failed: Vec<(&DeploymentOperation, &[_])> = operations
        .iter()
        .filter_map(|operation| match &operation.state {
            OperationState::Failed(reasons) => Some((operation, reasons.as_slice())),
            _ => None,
        })
        .collect();
    for (operation, reasons) in failed.iter().take(SHOWN) {
        let _ = writeln!(detail, "  - {}", operation.shown());
        if reasons.is_empty() {
            detail.push_str("      Azure returned no reason\n");
        }
        for reason in reasons.iter().take(3) {
            let _ = writeln!(detail, "      {}", truncate(&reason.to_string()));
        }
    }
    if failed.len() > SHOWN {
        let _ = writeln!(detail, "  - and {} more", failed.len() - SHOWN);
    }
    failed.len()
}

/// The likely cause and the remedy of the known reasons.
fn explain(error: &OperationError, operations: &[DeploymentOperation]) -> String {
    let mut reasons = error.details.clone();
    let (code, policies) = (error.code.clone(), error.policies.clone());
    reasons.push(ErrorDetail { code, policies, message: error.message.clone(), ..ErrorDetail::default() });
    for operation in operations {
        if let OperationState::Failed(own) = &operation.state {
            reasons.extend_from_slice(own);
        }
    }
    azure_diagnostics::explain(&reasons)
}

/// Appends the operations that have not finished.
fn list_open(detail: &mut String, failure: &DeploymentError) {
    let is_open = |operation: &&DeploymentOperation| operation.resource.is_some() && !operation.is_finished();
    let open: Vec<&DeploymentOperation> = failure.operations.iter().filter(is_open).collect();
    if !open.is_empty() {
        detail.push_str("Not finished:\n");
    }
    for operation in open.iter().take(SHOWN) {
        let _ = writeln!(detail, "  - {}", operation.shown());
    }
    if open.len() > SHOWN {
        let _ = writeln!(detail, "  - and {} more", open.len() - SHOWN);
    }
    let started = failure.operations.iter().filter(|operation| operation.resource.is_some()).count();
    match failure.total.saturating_sub(started) {
        0 => {}
        _ if failure.operations.is_empty() => {}
        1 => detail.push_str("1 more operation has not started.\n"),
        waiting => {
            let _ = writeln!(detail, "{waiting} more operations have not started.");
        }
    }
}

/// A command and a link that show the deployment.
fn deployment_links(deployment: &ResourceId, session: &Session) -> String {
    let (group, name) = (deployment.resource_group().unwrap_or_default(), deployment.name());
    let mut text = format!(
        "  az deployment operation group list --subscription {} --resource-group {group} --name {name}",
        deployment.subscription()
    );
    if let Some(portal) = session.arm().cloud().portal() {
        let id = deployment.as_str().replace('/', "%2F");
        let portal = portal.as_str().trim_end_matches('/');
        let _ = write!(text, "\n  {portal}/#blade/HubsExtension/DeploymentDetailsBlade/overview/id/{id}");
    } else {
        let _ = write!(text, "\n  In the portal: resource group {group}, Deployments, {name}");
    }
    text
}

fn no_content(title: &str) -> Diagnostic {
    Diagnostic::error(
        "The catalog entry contains no ARM template",
        format!(
            "The catalog entry of {title} has no `packagedContent`, so there is nothing to deploy. Nothing was \
             changed. Apply again later. If the error persists, install the solution in the portal."
        ),
    )
    .at(CONTENT_ID.path())
}

fn incomplete(missing: &[String], title: &str) -> Diagnostic {
    Diagnostic::error(
        "The installation is incomplete",
        format!(
            "Azure finished the deployment of {title}, but these are missing in the workspace: {}. Apply again. If the \
             error persists, uninstall the solution in the portal, and apply again.",
            missing.join(", ")
        ),
    )
    .at(CONTENT_ID.path())
}

/// Whether a role is missing. A denial by a policy has the same status, but no role resolves it.
fn is_forbidden(error: &Error) -> bool {
    error.service().is_some_and(|error| error.status == FORBIDDEN && !error.is_denied_by_policy())
}

/// Joins the text into one line, and truncates it to the limit.
fn truncate(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(REASON_LIMIT) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
