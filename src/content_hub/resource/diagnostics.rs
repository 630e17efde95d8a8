//! The diagnostics of the resource.

use crate::content_hub::Dependency;
use crate::content_hub::installation::{Decision, DecisionError, Defect, Observation, RepairBlocked};
use crate::content_hub::lookup::diagnostics as lookup_diagnostics;
use crate::content_hub::lookup::error::LookupError;
use crate::content_hub::lookup::selector::Selector;
use crate::deployment::parameters::Problem;
use crate::framework::{Diagnostic, Diagnostics};
use crate::sentinel::WorkspaceId;

use super::attributes::{
    CONTENT_ID, DISPLAY_NAME, INSTALLED_VERSION, PARAMETERS, VERSION, VERSION_CONSTRAINT, WORKSPACE_ID,
};
use super::identity::TYPE_NAME;

/// The solution that a diagnostic is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    pub(super) workspace: &'a WorkspaceId,
    pub(super) content_id: &'a str,
    /// The display name; the content ID if it is not known.
    pub(super) title: &'a str,
}

impl Subject<'_> {
    /// Appends the solution and the workspace, because Terraform shows only one of several warnings with the same
    /// summary.
    fn summary(&self, text: &str) -> String {
        format!("{text}: {} in {}", self.content_id, self.workspace.name())
    }
}

/// The diagnostic of a look-up error, at the attribute that caused it. An authentication or connection error has no
/// attribute.
pub(super) fn lookup_failed(error: &LookupError, selector: &Selector) -> Diagnostic {
    let diagnostic = lookup_diagnostics::lookup_failed(error);
    match (error, selector) {
        (LookupError::Azure { error, .. }, _) if error.service().is_some() => diagnostic.at(WORKSPACE_ID.path()),
        (LookupError::Azure { .. }, _) => diagnostic,
        (_, Selector::ContentId(_)) => diagnostic.at(CONTENT_ID.path()),
        (_, Selector::DisplayName(_)) => diagnostic.at(DISPLAY_NAME.path()),
    }
}

/// The configuration cannot be satisfied.
pub(super) fn cannot_install(error: &DecisionError, title: &str) -> Diagnostic {
    let (summary, path) = match error {
        DecisionError::Downgrade { .. } => ("A newer version is installed", VERSION.path()),
        DecisionError::ParametersBlocked(_) => ("The parameters cannot be deployed", PARAMETERS.path()),
        DecisionError::ReplacementDowngrades { .. } => ("A newer version is installed", INSTALLED_VERSION.path()),
        DecisionError::NotOffered { .. } => ("The catalog does not offer this version", VERSION.path()),
        DecisionError::ConstraintNotMet { .. } => ("No version meets the constraint", VERSION_CONSTRAINT.path()),
        DecisionError::NotInCatalog => ("The catalog does not contain the solution", CONTENT_ID.path()),
    };
    Diagnostic::error(summary, format!("Solution \"{title}\": {error}")).at(path)
}

/// Appends how to destroy the resource despite the error. The error also prevents a destroy, because Terraform
/// refreshes and plans the configuration first.
pub(super) fn with_destroy_hint(mut error: Diagnostic) -> Diagnostic {
    error.detail.push_str("\n\nTo destroy the resource, run `terraform destroy -refresh=false`.");
    error
}

/// Describes the existing content of the solution, for the messages of a creation.
pub(super) fn found(workspace: &WorkspaceId, content_id: &str, observation: &Observation) -> String {
    let (workspace, title) = (workspace.name(), title(observation, content_id));
    match observation.installed_version() {
        Some(version) => format!("Version {version} of \"{title}\" is installed in the workspace {workspace}."),
        None => format!("The workspace {workspace} contains content of an incomplete installation of \"{title}\"."),
    }
}

/// Describes the changes that the adoption of a solution makes.
pub(super) fn adoption(observation: &Observation, decision: &Decision) -> String {
    match decision {
        Decision::Install(version) if observation.installed_version() == Some(version) => {
            format!("The apply reinstalls version {version} in place.")
        }
        Decision::Install(version) => format!("The apply installs version {version}."),
        Decision::Keep | Decision::CannotRepair(_) => "The solution stays as it is.".to_owned(),
    }
}

/// The workspace no longer contains a solution that is in the state.
pub(super) fn uninstalled_outside_terraform(subject: Subject<'_>) -> Diagnostic {
    Diagnostic::warning(
        subject.summary("The solution was uninstalled outside of Terraform"),
        format!(
            "The workspace {} no longer contains \"{}\". The resource is removed from the state. If it is in the \
             configuration, the next `terraform apply` creates it again.",
            subject.workspace.name(),
            subject.title
        ),
    )
    .at(CONTENT_ID.path())
}

/// The plan repairs the solution.
pub(super) fn repair_planned(subject: Subject<'_>, version: &str, defects: &[Defect]) -> Diagnostic {
    Diagnostic::warning(
        subject.summary("The solution will be repaired"),
        format!(
            "The apply reinstalls version {version} of \"{}\" in place, because {}.",
            subject.title,
            reasons(defects)
        ),
    )
    .at(INSTALLED_VERSION.path())
}

/// The solution is damaged, and the plan does not repair it.
pub(super) fn repair_blocked(subject: Subject<'_>, defects: &[Defect], blocked: &RepairBlocked) -> Diagnostic {
    let summary = match blocked {
        RepairBlocked::NotConfigured => "The solution will not be repaired",
        _ => "The solution cannot be repaired",
    };
    Diagnostic::warning(
        subject.summary(summary),
        format!("\"{}\" should be reinstalled, because {}. {blocked}", subject.title, reasons(defects)),
    )
    .at(VERSION.path())
}

/// The solution is damaged, and `ignore_changes = all` forbids every change.
pub(super) fn damage_ignored(subject: Subject<'_>, defects: &[Defect]) -> Diagnostic {
    Diagnostic::warning(
        subject.summary("The solution will not be repaired"),
        format!(
            "\"{}\" should be reinstalled, because {}. The solution stays as it is, because of `ignore_changes = all`.",
            subject.title,
            reasons(defects)
        ),
    )
    .at(VERSION.path())
}

/// The plan replaces the resource, which uninstalls the solution.
pub(super) fn replacement_uninstalls(subject: Subject<'_>) -> Diagnostic {
    Diagnostic::warning(
        subject.summary("The solution will be uninstalled"),
        format!(
            "This plan replaces the resource, so the apply uninstalls \"{}\" from the workspace {}. To keep the \
             solution, remove the resource from the state instead, with a `removed` block that has `destroy = false` \
             or with `terraform state rm`, and then apply the configuration.",
            subject.title,
            subject.workspace.name()
        ),
    )
    .at(CONTENT_ID.path())
}

/// The plan creates a solution that the state contains. If the resource is tainted, the apply uninstalls it first.
pub(super) fn taint_uninstalls(subject: Subject<'_>) -> Diagnostic {
    Diagnostic::warning(
        subject.summary("A tainted solution will be uninstalled first"),
        format!(
            "The state already contains \"{}\" in the workspace {}. If this resource is tainted, because its creation \
             failed or `terraform taint` was run, the apply uninstalls the solution first. To reinstall in place \
             instead, run `terraform untaint`, and plan again.",
            subject.title,
            subject.workspace.name()
        ),
    )
    .at(CONTENT_ID.path())
}

/// The plan uninstalls a solution that existed before the resource.
pub(super) fn destroy_uninstalls_foreign(subject: Subject<'_>) -> Diagnostic {
    Diagnostic::warning(
        subject.summary("The solution will be uninstalled"),
        format!(
            "\"{}\" was already installed in the workspace {} when this resource imported or adopted it. The destroy \
             uninstalls it anyway. To keep it, remove the resource from the state instead, with a `removed` block that \
             has `destroy = false` or with `terraform state rm`.",
            subject.title,
            subject.workspace.name()
        ),
    )
    .at(CONTENT_ID.path())
}

/// The catalog has changed between plan and apply.
pub(super) fn catalog_changed(title: &str, planned: &str, available: Option<&str>) -> Diagnostic {
    let available = available.map_or_else(|| "no longer contains it".to_owned(), |now| format!("offers version {now}"));
    Diagnostic::error(
        "The catalog has changed since the plan",
        format!(
            "The plan installs version {planned} of \"{title}\", but the catalog now {available}. Nothing was changed. \
             Plan again."
        ),
    )
    .at(INSTALLED_VERSION.path())
}

/// The parameters do not fit the template.
pub(super) fn invalid_parameters(problems: &[Problem], title: &str) -> Diagnostics {
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
                Problem::SetByProvider { .. } | Problem::Type { .. } | Problem::NotAllowed { .. } => {
                    "Invalid parameter of the solution"
                }
            };
            let remedy = match problem {
                Problem::Missing { name, .. } => format!(" Add `parameters = {{ \"{name}\" = \"…\" }}`."),
                _ => String::new(),
            };
            Diagnostic::error(summary, format!("Solution \"{title}\": {sentence}.{remedy}")).at(path)
        })
        .collect()
}

/// Required solutions are not installed. The plan reports this as a warning, because the same run may install them.
pub(super) fn missing_dependencies(title: &str, missing: &[&Dependency]) -> Diagnostic {
    let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
    Diagnostic::error(
        "Required solutions are missing",
        format!(
            "\"{title}\" requires these solutions in the same workspace: {}. Add a `{TYPE_NAME}` for each of them, and \
             list them in `depends_on` here. Without `depends_on`, Terraform may install them too late.",
            missing.join(", ")
        ),
    )
    .at(CONTENT_ID.path())
}

/// The uninstallation does not delete active items.
pub(super) fn active_items_stay(subject: Subject<'_>, items: &[&str]) -> Diagnostic {
    const SHOWN: usize = 20;
    let mut shown: Vec<String> = items.iter().take(SHOWN).map(|item| format!("  - {item}")).collect();
    if items.len() > SHOWN {
        shown.push(format!("  - and {} more", items.len() - SHOWN));
    }
    Diagnostic::warning(
        subject.summary("Items created from templates are not deleted"),
        format!(
            "Uninstalling \"{}\" does not delete these items, which were created from its templates:\n{}\n\nThey work \
             without the solution. If you no longer need them, delete them yourself.",
            subject.title,
            shown.join("\n")
        ),
    )
}

/// Azure still lists deleted content.
pub(super) fn still_listed(workspace: &WorkspaceId, content_id: &str) -> Diagnostic {
    Diagnostic::error(
        "Azure still lists the solution",
        format!(
            "Azure accepted the deletion of {content_id} in the workspace {}, but still lists parts of it two minutes \
             later. Destroy again later.",
            workspace.name()
        ),
    )
}

/// The uninstallation deletes connector pages but does not disconnect data connectors.
pub(super) fn connections_stay(subject: Subject<'_>, connections: &[String]) -> Diagnostic {
    Diagnostic::warning(
        format!("Data connectors stay connected in {}", subject.workspace.name()),
        format!(
            "Uninstalling \"{}\" deletes its connector pages in the workspace {}, but does not disconnect the data \
             connectors. Connected now: {}. They stay connected unless this plan also destroys their resources. To \
             stop the data, disconnect them.",
            subject.title,
            subject.workspace.name(),
            connections.join(", ")
        ),
    )
}

/// The name of the solution in messages.
pub(super) fn title(observation: &Observation, content_id: &str) -> String {
    observation.package().and_then(|package| package.display_name.clone()).unwrap_or_else(|| content_id.to_owned())
}

fn reasons(defects: &[Defect]) -> String {
    defects.iter().map(ToString::to_string).collect::<Vec<_>>().join("; and because ")
}
