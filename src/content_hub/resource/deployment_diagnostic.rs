//! What a user reads when an installation did not come to its end.

use std::fmt::Write as _;

use crate::azure::Error;
use crate::azure::resource_id::ResourceId;
use crate::azure_diagnostics;
use crate::content_hub::installation::install::InstallError;
use crate::deployment::{Cancellation, DeploymentOperation, Failure, Outcome, Reason, StillRunning};
use crate::framework::{Diagnostic, Diagnostics};
use crate::session::Session;

use super::attributes::{CONTENT_ID, WORKSPACE_ID};
use super::diagnostics;
use super::install_kind::InstallKind;

/// Failed steps that are shown one by one.
const SHOWN: usize = 10;
/// Longest text of one reason.
const REASON_LIMIT: usize = 600;
const DEPLOYMENT_WRITE: &str = "Microsoft.Resources/deployments/write";

/// The error in words. `title` is the solution's name and version.
pub(super) fn of(error: &InstallError, title: &str, beginning: InstallKind, session: &Session) -> Diagnostics {
    let explained =
        |error, doing: &str| -> Diagnostic { azure_diagnostics::from_error(error, doing).at(WORKSPACE_ID.path()) };
    let told = match error {
        InstallError::NoContent => return no_content(title).into(),
        InstallError::Parameters(problems) => return diagnostics::parameters(problems, title),
        InstallError::Preparing(error) => explained(error, "preparing the installation of a solution"),
        InstallError::Orphan { name, error } => {
            explained(error, &format!("removing the registration \"{name}\", which owns the solution's content id"))
        }
        InstallError::Registering(error) => explained(error, "registering the solution"),
        InstallError::Deploying { deployment, failure } => deploying(deployment, failure, title, session),
        InstallError::NotThere { error: Some(error), .. } => {
            explained(error, "looking whether the solution is there after its deployment")
        }
        InstallError::NotThere { missing, error: None } => not_there(missing, title),
    };
    if error.has_begun() { and_then(told, beginning).into() } else { told.into() }
}

/// The deployment of an earlier run goes on, and cannot be stopped.
pub(super) fn still_running(
    still_running: &StillRunning,
    deployment: &ResourceId,
    title: &str,
    session: &Session,
) -> Diagnostic {
    let mut told = azure_diagnostics::from_error(
        &still_running.error,
        &format!("waiting for the end of an earlier deployment of \"{title}\", which may still go on"),
    );
    if let Some(error) = &still_running.cancellation {
        let _ = write!(told.detail, "\n\nIt could not be cancelled: {error}");
    }
    if still_running.error.service().is_some_and(|error| error.status == 403) {
        let group = deployment.resource_group().unwrap_or_default();
        let _ = write!(
            told.detail,
            "\n\nNeeded are Microsoft.Resources/deployments/read and /cancel/action on the resource group \"{group}\"; a role \
             on the workspace alone is not enough. Microsoft Sentinel Contributor, assigned there, has both."
        );
    }
    let _ = write!(
        told.detail,
        "\n\nAs long as Azure is at it, it would put back what is taken away, so nothing was taken away or installed. Apply again when it \
         is over.\n{}",
        look_up(deployment, session)
    );
    told.at(CONTENT_ID.path())
}

fn deploying(deployment: &ResourceId, failure: &Failure, title: &str, session: &Session) -> Diagnostic {
    let done = progress(failure);
    let (summary, mut detail) = match &failure.reason {
        Reason::Refused(error) => {
            let mut explained = azure_diagnostics::from_error(error, &format!("starting the deployment of {title}"));
            if error.service().is_some_and(|error| error.status == 403) {
                let group = deployment.resource_group().unwrap_or_default();
                let _ = write!(
                    explained.detail,
                    "\n\nA solution is deployed into the resource group of the workspace, so that a role on the workspace \
                     alone is not enough: {DEPLOYMENT_WRITE} is needed on the resource group \"{group}\". Microsoft Sentinel \
                     Contributor, assigned there, has it."
                );
            }
            explained.detail.push_str(if error.outcome_unknown() {
                "\n\nThe solution is registered. Azure does not know of a deployment of its content; its start may still arrive."
            } else {
                "\n\nThe solution is registered, and its content was not deployed."
            });
            return explained.at(WORKSPACE_ID.path());
        }
        Reason::Failed(error) if error.is_cancelled => (
            "The deployment of the solution was cancelled",
            format!("Somebody cancelled the deployment of {title} in Azure; {done}.\n"),
        ),
        Reason::Failed(error) => {
            let mut detail = format!("The deployment of {title} failed; {done}.\n");
            let told = failed_steps(&mut detail, &failure.steps);
            if told == 0 {
                let code = error.code.as_deref().map(|code| format!("{code}: ")).unwrap_or_default();
                let _ = writeln!(detail, "  {code}{}", cut(&error.message));
                for below in error.details.iter().take(SHOWN) {
                    let _ = writeln!(detail, "  - {}", cut(&below.to_string()));
                }
            }
            ("The deployment of the solution failed", detail)
        }
        Reason::StillRunning(error) => {
            let mut detail = format!(
                "The timeout passed while Azure was deploying {title}; {done}. Azure goes on with it, and the next apply \
                 cancels what is not done by then. Give it more time in the resource's timeouts block if it often takes that \
                 long.\n"
            );
            if let Error::TimedOut { last: Some(last), .. } = error {
                let _ = writeln!(detail, "Azure's last answer about it was an error: {}", cut(&last.to_string()));
            }
            ("The deployment of the solution is still running", detail)
        }
        Reason::Stopped(cancellation) => (
            "The installation of the solution was interrupted",
            format!(
                "The run was interrupted while Azure was deploying {title}; {done}. {}\n",
                match cancellation {
                    Cancellation::Accepted => {
                        "The deployment was cancelled in Azure: what is not begun is not deployed any more."
                    }
                    Cancellation::Over => "The deployment had just come to its end in Azure.",
                    Cancellation::Absent => {
                        "Azure does not know the deployment, so there was nothing to cancel; its start may still arrive."
                    }
                    Cancellation::Refused => "The deployment could not be cancelled, and Azure may go on with it.",
                }
            ),
        ),
        Reason::Lost(error) => {
            let mut detail = format!(
                "Whether Azure goes on with the deployment of {title} is not known; {done}. What happened: {error}\n"
            );
            failed_steps(&mut detail, &failure.steps);
            ("The deployment of the solution cannot be followed any more", detail)
        }
    };
    let _ = write!(detail, "\nLook at the deployment:\n{}", look_up(deployment, session));
    if let Some(id) = &failure.correlation_id {
        let _ = write!(detail, "\nCorrelation id: {id}");
    }
    Diagnostic::error(summary, detail).at(CONTENT_ID.path())
}

/// What Terraform makes of it, and what can be done instead.
fn and_then(mut told: Diagnostic, beginning: InstallKind) -> Diagnostic {
    told.detail.push_str(match beginning {
        InstallKind::Nothing => {
            "\n\nWhat is there stays, and is in the state, marked as tainted. Apply again once the cause is mended: that takes \
             away what is there and installs the solution anew. After `terraform untaint` on this resource, it is installed over \
             what is there instead."
        }
        InstallKind::Adoption => {
            "\n\nWhat is there stays, and is in the state, marked as tainted: the next apply would uninstall the solution, \
             what was there before included, and install it anew. To have it installed over what is there instead, run \
             `terraform untaint` on this resource first."
        }
        InstallKind::Change => {
            "\n\nWhat is there stays, and is in the state as not complete. Apply again once the cause is mended: that \
             installs the solution over it."
        }
    });
    told
}

/// "3 of 7 steps were done".
fn progress(failure: &Failure) -> String {
    let done = failure.steps.iter().filter(|step| step.outcome == Outcome::Succeeded).count();
    match (failure.steps.len(), failure.of) {
        (0, of) => format!("how many of its {of} steps were done is not known"),
        (_, of) => format!("{done} of {of} steps were done"),
    }
}

/// Appends a line for each failed step with its innermost reasons; how many there are.
fn failed_steps(detail: &mut String, steps: &[DeploymentOperation]) -> usize {
    let failed: Vec<(&DeploymentOperation, &[_])> = steps
        .iter()
        .filter_map(|step| match &step.outcome {
            Outcome::Failed(reasons) => Some((step, reasons.as_slice())),
            _ => None,
        })
        .collect();
    for (step, reasons) in failed.iter().take(SHOWN) {
        let _ = writeln!(detail, "  - {}", step.shown());
        if reasons.is_empty() {
            detail.push_str("      Azure gives no reason\n");
        }
        for reason in reasons.iter().take(3) {
            let _ = writeln!(detail, "      {}", cut(&reason.to_string()));
        }
    }
    if failed.len() > SHOWN {
        let _ = writeln!(detail, "  - and {} more", failed.len() - SHOWN);
    }
    failed.len()
}

/// Where people find the deployment.
fn look_up(deployment: &ResourceId, session: &Session) -> String {
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
        "The catalogue gives no content to install",
        format!(
            "The catalogue's entry of {title} holds no template (`packagedContent`), so there is nothing to deploy. Nothing \
             was changed. Apply again later; if it stays, the solution can only be installed in the portal."
        ),
    )
    .at(CONTENT_ID.path())
}

fn not_there(missing: &[String], title: &str) -> Diagnostic {
    Diagnostic::error(
        "The solution is not complete",
        format!(
            "Azure finished the deployment of {title}, but the workspace still lacks: {}. If another apply does not help, \
             uninstall the solution in the portal's Content hub, and apply again.",
            missing.join(", ")
        ),
    )
    .at(CONTENT_ID.path())
}

fn cut(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(REASON_LIMIT) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
