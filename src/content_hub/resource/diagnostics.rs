//! What this resource says when it cannot do what is asked, or does more than meets the eye.

use crate::content_hub::Dependency;
use crate::content_hub::installation::decision::RepairBlocked;
use crate::content_hub::installation::{Defect, Observation, Refusal};
use crate::content_hub::lookup::catalogue::LookupError;
use crate::content_hub::lookup::lookup_diagnostic;
use crate::content_hub::lookup::selector::Selector;
use crate::deployment::parameters::Problem;
use crate::framework::{Context, Diagnostic, Diagnostics};
use crate::ownership::Rival;
use crate::sentinel::WorkspaceId;

use super::attributes::{
    ADOPT_EXISTING, CONTENT_ID, DISPLAY_NAME, INSTALLED_VERSION, PARAMETERS, VERSION, VERSION_CONSTRAINT, WORKSPACE_ID,
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

/// The solution is there already, and the configuration says not to take it over.
pub(super) fn conflict(workspace: &WorkspaceId, content_id: &str, observation: &Observation) -> Diagnostic {
    Diagnostic::error(
        "The solution is installed already",
        format!(
            "The workspace {} has \"{}\"{}, and {} is false. To manage the solution that is there, add this block, with \
             the resource's own name, and its key if it has one, for NAME, and apply again:\n\n\
             import {{\n  to = {TYPE_NAME}.NAME\n  id = \"{workspace}|{content_id}\"\n}}\n\nOr leave {} out, and the apply \
             takes it over. If this resource was only renamed, a `moved` block is what it needs; with \
             create_before_destroy, {} has to be true.",
            workspace.name(),
            title(observation, content_id),
            in_version(observation.installed_version()),
            ADOPT_EXISTING.name(),
            ADOPT_EXISTING.name(),
            ADOPT_EXISTING.name(),
        ),
    )
    .at(ADOPT_EXISTING.path())
}

/// As [`conflict`], but the other one is in the same state: an import could not help.
pub(super) fn managed_twice(workspace: &WorkspaceId, content_id: &str) -> Diagnostic {
    Diagnostic::error(
        "Two resources for one solution",
        format!(
            "Another {TYPE_NAME} in this configuration already manages {content_id} in the workspace {}, and a workspace \
             has a solution only once. Remove one of the two.",
            workspace.name()
        ),
    )
    .at(CONTENT_ID.path())
}

/// One resource of the solution goes and another comes, in the same run.
pub(super) fn changes_hands(workspace: &WorkspaceId, content_id: &str) -> Diagnostic {
    Diagnostic::warning(
        "The solution changes from one resource to another",
        format!(
            "This run destroys one {TYPE_NAME} of {content_id} in the workspace {} and creates another, and Terraform does \
             not say which of the two comes first: the solution may be uninstalled and installed again. If the resource was \
             only renamed, a `moved` block keeps the solution as it is.",
            workspace.name()
        ),
    )
    .at(CONTENT_ID.path())
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

/// What a resource meets of another one that is the same solution.
pub(super) fn meets(ctx: &Context, rival: Rival, workspace: &WorkspaceId, content_id: &str) -> Result<(), Diagnostics> {
    match rival {
        Rival::None => {}
        Rival::Stays => ctx.warn(kept_twice(workspace, content_id)),
        Rival::Parts => return Err(kept_and_destroyed(workspace, content_id).into()),
        Rival::LeftOver => ctx.warn(left_over(workspace, content_id)),
    }
    Ok(())
}

/// A deposed object, which a replacement has left, is destroyed while its successor stays.
fn left_over(workspace: &WorkspaceId, content_id: &str) -> Diagnostic {
    Diagnostic::warning(
        "What is left of a replacement is destroyed",
        format!(
            "Two objects in the state are {content_id} in the workspace {}, and this run destroys one of them: that uninstalls the \
             solution, and the next apply installs it again for the other one.",
            workspace.name()
        ),
    )
    .at(CONTENT_ID.path())
}

/// Two resources in the state are one solution.
fn kept_twice(workspace: &WorkspaceId, content_id: &str) -> Diagnostic {
    Diagnostic::warning(
        "Two resources for one solution",
        format!(
            "Two {TYPE_NAME} in the state are {content_id} in the workspace {}: whatever is done to one happens to the other. \
             Take one of them out of the state (`terraform state rm`) and out of the configuration; to destroy it would \
             uninstall the solution.",
            workspace.name()
        ),
    )
    .at(CONTENT_ID.path())
}

/// The plan keeps a solution with one resource and destroys another one of the same solution.
fn kept_and_destroyed(workspace: &WorkspaceId, content_id: &str) -> Diagnostic {
    Diagnostic::error(
        "One resource of the solution is destroyed, another one keeps it",
        format!(
            "Two {TYPE_NAME} in the state are {content_id} in the workspace {}, and this run destroys one of them: that \
             uninstalls the solution, for the other one as well. To keep it, take the one that goes out of the state instead \
             (`terraform state rm`, or a `removed` block with destroy = false). If a resource was only renamed, a `moved` \
             block does it without an import.",
            workspace.name()
        ),
    )
    .at(CONTENT_ID.path())
}

/// A solution that was there is managed from now on.
pub(super) fn adopted(
    workspace: &WorkspaceId,
    content_id: &str,
    observation: &Observation,
    becomes: Option<&str>,
) -> Diagnostic {
    let then = match becomes {
        Some(version) if observation.installed_version() == Some(version) => {
            "it is installed again in that version".to_owned()
        }
        Some(version) => format!("it is brought to version {version}"),
        None => "it stays as it is".to_owned(),
    };
    Diagnostic::warning(
        "An existing solution is taken over",
        format!(
            "The workspace {} already has \"{}\"{}. This resource manages it from now on: {then}, and destroying the \
             resource will uninstall it. With {} = false this is an error.",
            workspace.name(),
            title(observation, content_id),
            in_version(observation.installed_version()),
            ADOPT_EXISTING.name()
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

fn in_version(version: Option<&str>) -> String {
    version.map_or_else(|| ", as remains of an installation".to_owned(), |version| format!(" in version {version}"))
}

fn reasons(defects: &[Defect]) -> String {
    defects.iter().map(ToString::to_string).collect::<Vec<_>>().join("; and because ")
}
