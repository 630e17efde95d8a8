//! What this resource says when it cannot do what is asked, or does more than meets the eye.

use crate::content_hub::Dependency;
use crate::content_hub::installation::decision::RepairBlocked;
use crate::content_hub::installation::{Decision, Defect, Observation, Refusal};
use crate::content_hub::lookup::catalogue::LookupError;
use crate::content_hub::lookup::lookup_diagnostic;
use crate::content_hub::lookup::selector::Selector;
use crate::deployment::parameters::Problem;
use crate::framework::{Diagnostic, Diagnostics};
use crate::sentinel::WorkspaceId;

use super::attributes::{
    CONTENT_ID, DISPLAY_NAME, INSTALLED_VERSION, PARAMETERS, VERSION, VERSION_CONSTRAINT, WORKSPACE_ID,
};
use super::identity::TYPE_NAME;

/// A look-up error in words, on the attribute that it is about. A login or a connection that failed is about none.
pub(super) fn not_found(error: &LookupError, selector: &Selector) -> Diagnostic {
    let diagnostic = lookup_diagnostic::of(error);
    match (error, selector) {
        (LookupError::Azure { error, .. }, _) if error.service().is_some() => diagnostic.at(WORKSPACE_ID.path()),
        (LookupError::Azure { .. }, _) => diagnostic,
        (_, Selector::ContentId(_)) => diagnostic.at(CONTENT_ID.path()),
        (_, Selector::DisplayName(_)) => diagnostic.at(DISPLAY_NAME.path()),
    }
}

/// What is desired cannot be had.
pub(super) fn refused(refusal: &Refusal, title: &str) -> Diagnostic {
    let (summary, path) = match refusal {
        Refusal::Downgrade { .. } => ("A newer version is installed", VERSION.path()),
        Refusal::NotDeployable(_) => ("The parameters cannot be brought into force", PARAMETERS.path()),
        Refusal::OlderOnOffer { .. } => ("A newer version is installed", INSTALLED_VERSION.path()),
        Refusal::NotOffered { .. } => ("The version is not on offer", VERSION.path()),
        Refusal::Unmet { .. } => ("No version meets the constraint", VERSION_CONSTRAINT.path()),
        Refusal::NotInCatalogue => ("The catalogue does not offer the solution", CONTENT_ID.path()),
    };
    Diagnostic::error(summary, format!("Solution \"{title}\": {refusal}")).at(path)
}

/// Terraform plans a configuration before it destroys it, and an error there stops both.
pub(super) fn also_stops_a_destroy(mut refusal: Diagnostic) -> Diagnostic {
    refusal.detail.push_str("\n\nTo destroy the resource as it is: `terraform destroy -refresh=false`.");
    refusal
}

/// What Azure has.
pub(super) fn found(workspace: &WorkspaceId, content_id: &str, observation: &Observation) -> String {
    let version = match observation.installed_version() {
        Some(version) => format!("in version {version}"),
        None => "as remains of an installation".to_owned(),
    };
    format!("The workspace {} already has \"{}\", {version}.", workspace.name(), title(observation, content_id))
}

/// What becomes of a solution that is taken over.
pub(super) fn adoption(observation: &Observation, decision: &Decision) -> String {
    match decision {
        Decision::Install(version) if observation.installed_version() == Some(version) => {
            "It is installed again in that version.".to_owned()
        }
        Decision::Install(version) => format!("It is brought to version {version}."),
        Decision::Keep | Decision::CannotRepair(_) => "It stays as it is.".to_owned(),
    }
}

/// A refresh has found nothing of a solution that is in the state.
pub(super) fn uninstalled_elsewhere(workspace: &WorkspaceId, title: &str) -> Diagnostic {
    Diagnostic::warning(
        "The solution was uninstalled outside of Terraform",
        format!(
            "The workspace {} has nothing of \"{title}\" any more. To Terraform it is gone, and the plan installs it again.",
            workspace.name()
        ),
    )
    .at(CONTENT_ID.path())
}

/// The plan installs the solution again, and why.
pub(super) fn reinstalled(title: &str, version: &str, defects: &[Defect]) -> Diagnostic {
    Diagnostic::warning(
        "The solution is installed again",
        format!("\"{title}\" is installed again, in version {version}, because {}.", reasons(defects)),
    )
    .at(INSTALLED_VERSION.path())
}

/// It should be installed again, and must not.
pub(super) fn not_repairable(title: &str, defects: &[Defect], obstacle: &RepairBlocked) -> Diagnostic {
    Diagnostic::warning(
        "The solution is damaged and stays so",
        format!("\"{title}\" should be installed again, because {}. {obstacle}", reasons(defects)),
    )
    .at(VERSION.path())
}

/// The catalogue has changed between plan and apply.
pub(super) fn moved_on(title: &str, planned: &str, available: Option<&str>) -> Diagnostic {
    Diagnostic::error(
        "The catalogue has moved on since the plan",
        format!(
            "Version {planned} of \"{title}\" was planned, and by now the catalogue offers {}. Nothing was changed. Plan \
             again.",
            available.map_or_else(|| "none".to_owned(), |available| format!("version {available}"))
        ),
    )
    .at(INSTALLED_VERSION.path())
}

/// What is wrong with the values for the template's parameters.
pub(super) fn parameters(problems: &[Problem], title: &str) -> Diagnostics {
    problems
        .iter()
        .map(|problem| {
            let path = match problem.given() {
                Some(name) => PARAMETERS.path().key(name),
                None => PARAMETERS.path(),
            };
            let mut sentence = problem.to_string();
            if let Some(first) = sentence.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            let summary = match problem {
                Problem::Missing { .. } => "A parameter of the solution has no value",
                Problem::Unknown { .. } => "The solution has no such parameter",
                Problem::FilledIn { .. } | Problem::Type { .. } | Problem::NotAllowed { .. } => {
                    "Invalid parameter of the solution"
                }
            };
            let remedy = match problem {
                Problem::Missing { name, .. } => format!(" Give it: parameters = {{ \"{name}\" = \"…\" }}."),
                _ => String::new(),
            };
            Diagnostic::error(summary, format!("{sentence}. It is the template of \"{title}\".{remedy}")).at(path)
        })
        .collect()
}

/// Other solutions have to be there first. An error when applying; while planning, the same run may still install them.
pub(super) fn needs(title: &str, missing: &[&Dependency]) -> Diagnostic {
    let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
    Diagnostic::error(
        "The solution needs others that are missing",
        format!(
            "\"{title}\" needs, in the same workspace: {}. Install them first: add a {TYPE_NAME} for each, and name these \
             in `depends_on` here. Without it the order is left to chance: what this run installs may not have begun yet.",
            missing.join(", ")
        ),
    )
    .at(CONTENT_ID.path())
}

/// What users made from the solution's templates stays.
pub(super) fn active_items_stay(title: &str, items: &[&str]) -> Diagnostic {
    const SHOWN: usize = 20;
    let mut shown: Vec<String> = items.iter().take(SHOWN).map(|item| format!("  - {item}")).collect();
    if items.len() > SHOWN {
        shown.push(format!("  - and {} more", items.len() - SHOWN));
    }
    Diagnostic::warning(
        "What was made from the solution's templates stays",
        format!(
            "Uninstalling \"{title}\" leaves what was made from its templates:\n{}\n\nThese items work on without it. Delete \
             them yourself if they are not desired.",
            shown.join("\n")
        ),
    )
}

/// Azure has deleted everything, and its lists have not followed.
pub(super) fn still_listed(workspace: &WorkspaceId, content_id: &str) -> Diagnostic {
    Diagnostic::error(
        "Azure still lists the solution",
        format!(
            "Everything of {content_id} in the workspace {} was deleted, and minutes later Azure's lists still have some of it. \
             Destroy again later: what is gone by then is not asked for again.",
            workspace.name()
        ),
    )
}

/// A connection goes on without the page of its connector.
pub(super) fn streams_on(title: &str, connections: &[String]) -> Diagnostic {
    Diagnostic::warning(
        "A connection stays on",
        format!(
            "Uninstalling \"{title}\" takes its connector pages away and does not cut what is connected. Still on: {}. \
             Disconnect it first if data should not go on to arrive.",
            connections.join(", ")
        ),
    )
}

/// Name of the solution, for people.
pub(super) fn title(observation: &Observation, content_id: &str) -> String {
    observation.package().and_then(|package| package.display_name.clone()).unwrap_or_else(|| content_id.to_owned())
}

fn reasons(defects: &[Defect]) -> String {
    defects.iter().map(ToString::to_string).collect::<Vec<_>>().join("; and because ")
}
