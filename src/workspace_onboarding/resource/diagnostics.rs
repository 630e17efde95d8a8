//! The diagnostics of the resource.

use crate::azure::Error;
use crate::azure_diagnostics;
use crate::framework::{Diagnostic, Severity};
use crate::sentinel::WorkspaceId;
use crate::workspace_onboarding::inventory::Inventory;
use crate::workspace_onboarding::state::Onboarded;
use crate::workspace_onboarding::workspace_problem::WorkspaceProblem;

use super::attributes::{CUSTOMER_MANAGED_KEY_ENABLED, DELETION_PROTECTION, WORKSPACE_ID};

/// The effect of adopting an onboarding.
pub(super) const ADOPTION: &str = "Adopting an onboarding does not change anything in Azure.";

/// Describes an existing onboarding.
pub(super) fn found(workspace: &WorkspaceId) -> String {
    format!("The workspace {} is already onboarded to Microsoft Sentinel.", workspace.name())
}

/// Converts an error of the create to a warning of the plan.
pub(super) fn warning(error: Diagnostic) -> Diagnostic {
    Diagnostic { severity: Severity::Warning, ..error }
}

/// An existing onboarding cannot be adopted, because its customer-managed key setting differs and cannot be changed.
pub(super) fn other_key(workspace: &WorkspaceId, existing: Onboarded) -> Diagnostic {
    let (name, value) = (CUSTOMER_MANAGED_KEY_ENABLED.name(), existing.customer_managed_key);
    Diagnostic::error(
        format!("`customer_managed_key_enabled` differs from the workspace {}", workspace.name()),
        format!(
            "The workspace {} is already onboarded with `{name} = {value}`. Azure cannot change this without \
             offboarding the workspace, which removes its data connectors, rules and incidents. Set `{name} = \
             {value}`.",
            workspace.name()
        ),
    )
    .at(CUSTOMER_MANAGED_KEY_ENABLED.path())
}

/// Deletion protection prevents a destroy or a replacement.
pub(super) fn protected(workspace: &WorkspaceId) -> Diagnostic {
    let name = DELETION_PROTECTION.name();
    Diagnostic::error(
        "The onboarding is protected from deletion",
        format!(
            "`{name}` is `true`, so this resource cannot be destroyed or replaced. This would remove Microsoft \
             Sentinel from the workspace {}, with all its data connectors, rules and incidents. To destroy it, set \
             `{name} = false`, apply, and try again. To keep Microsoft Sentinel, remove the resource from the state \
             instead, with a `removed` block that has `destroy = false`.",
            workspace.name()
        ),
    )
    .at(DELETION_PROTECTION.path())
}

/// The plan offboards the workspace, and Azure deletes its Sentinel objects.
pub(super) fn offboards(workspace: &WorkspaceId, inventory: Inventory) -> Diagnostic {
    Diagnostic::warning(
        format!("This plan removes Microsoft Sentinel from the workspace {}", workspace.name()),
        format!(
            "This plan removes Microsoft Sentinel from the workspace {}. The workspace now has {inventory}. Azure \
             deletes the data connector configuration and the Microsoft Sentinel tables within 48 hours, and incidents \
             and analytics rules after 30 days, including those that other configurations manage. The Log Analytics \
             workspace stays. To prevent this, set `{} = true`. Or remove the resource from the state, with a \
             `removed` block that has `destroy = false`.",
            workspace.name(),
            DELETION_PROTECTION.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// The plan creates an onboarding that the state contains. If the resource is tainted, the apply offboards the
/// workspace first.
pub(super) fn taint_offboards(workspace: &WorkspaceId, inventory: Inventory) -> Diagnostic {
    Diagnostic::warning(
        format!("A tainted onboarding will be removed first: {}", workspace.name()),
        format!(
            "The state already contains the onboarding of the workspace {}. If this resource is tainted, because its \
             creation failed or `terraform taint` was run, the apply offboards the workspace first. The workspace now \
             has {inventory}. Azure deletes the data connector configuration and the Microsoft Sentinel tables within \
             48 hours, and incidents and analytics rules after 30 days, including those that other configurations \
             manage. To keep the onboarding instead, run `terraform untaint`, and plan again.",
            workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// The workspace is a default workspace of Defender for Cloud. This is a warning of the plan.
pub(super) fn default_workspace(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::warning(
        format!("Azure will probably reject the onboarding of {}", workspace.name()),
        default_workspace_detail(workspace),
    )
    .at(WORKSPACE_ID.path())
}

fn default_workspace_detail(workspace: &WorkspaceId) -> String {
    format!(
        "Defender for Cloud uses names such as {} for the workspaces of its own data. Microsoft Sentinel cannot be \
         added to such a workspace. Create another workspace, and onboard that one.",
        workspace.name()
    )
}

/// The workspace has the legacy solution, but no onboarding state.
pub(super) fn legacy_solution(workspace: &WorkspaceId, solution: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("{} has Microsoft Sentinel without an onboarding", workspace.name()),
        format!(
            "The workspace {} has the solution {solution}, an older way to add Microsoft Sentinel, but no onboarding \
             state. Microsoft Sentinel's APIs require the onboarding state. This resource creates it and leaves the \
             solution as it is. If `azurerm_log_analytics_solution` manages the solution, keep it until the onboarding \
             exists, and then remove it from the state with a `removed` block that has `destroy = false`.",
            workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// Azure rejected the onboarding of the workspace.
pub(super) fn rejected(
    workspace: &WorkspaceId,
    workspace_problem: Option<WorkspaceProblem>,
    error: &Error,
) -> Diagnostic {
    let generic = azure_diagnostics::from_error(error, "onboarding the workspace").at(WORKSPACE_ID.path());
    let (summary, explanation) = match workspace_problem {
        None => return generic,
        Some(WorkspaceProblem::DefaultWorkspace) => {
            ("A default workspace of Defender for Cloud cannot be onboarded", default_workspace_detail(workspace))
        }
        Some(WorkspaceProblem::Deleted) => (
            "The workspace was deleted and cannot be onboarded",
            format!(
                "Azure keeps a deleted workspace with the name {} in this resource group. A deleted workspace is kept \
                 for 14 days. To recover it, create the workspace with the same name in the same region. To start with \
                 an empty one, recover it, delete it permanently with `az monitor log-analytics workspace delete \
                 --force`, and create it again. In azurerm, `permanently_delete_on_destroy` does this for later \
                 destroys.",
                workspace.name()
            ),
        ),
    };
    Diagnostic { summary: summary.to_owned(), detail: format!("{explanation}\n\n{}", generic.detail), ..generic }
}

/// The workspace is onboarded, but other APIs do not accept it before the deadline.
pub(super) fn not_ready(workspace: &WorkspaceId, error: &Error) -> Diagnostic {
    let mut diagnostic = azure_diagnostics::from_error(error, "waiting for Microsoft Sentinel to accept the workspace");
    diagnostic.detail.push_str(&format!(
        "\n\nAzure accepted the onboarding of the workspace {}, so it is in the state, marked as tainted. To keep it \
         instead of onboarding again, run `terraform untaint` before the next apply.",
        workspace.name()
    ));
    diagnostic.at(WORKSPACE_ID.path())
}

/// Azure's APIs still contradict each other after a minute.
pub(super) fn contradiction(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::error(
        "Azure returns contradictory responses about the onboarding",
        format!(
            "The onboarding state of the workspace {} does not exist, but other APIs of Microsoft Sentinel accept the \
             workspace. The provider expected both to agree, and did not change anything. If the workspace was \
             onboarded or offboarded recently, try again after some minutes.",
            workspace.name()
        ),
    )
    .at(WORKSPACE_ID.path())
}

/// The workspace is not onboarded, so there is nothing to import.
pub(super) fn nothing_to_import(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::error(
        "Nothing to import",
        format!(
            "The workspace {} does not exist or is not onboarded to Microsoft Sentinel. Check the ID. To onboard the \
             workspace, remove the `import` block and apply.",
            workspace.name()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::ServiceError;
    use crate::framework::testing::messages;

    #[test]
    fn diagnostics_match_the_snapshot() {
        let workspace = WorkspaceId::parse(
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/\
             Microsoft.OperationalInsights/workspaces/law-soc",
        )
        .expect("a workspace");
        let error: Error =
            ServiceError { status: 400, message: "Not supported.".to_owned(), ..ServiceError::default() }.into();
        let all = [
            other_key(&workspace, Onboarded { customer_managed_key: true }),
            protected(&workspace),
            offboards(&workspace, Inventory::default()),
            taint_offboards(&workspace, Inventory::default()),
            default_workspace(&workspace),
            legacy_solution(&workspace, "SecurityInsights(law-soc)"),
            rejected(&workspace, Some(WorkspaceProblem::DefaultWorkspace), &error),
            rejected(&workspace, Some(WorkspaceProblem::Deleted), &error),
            not_ready(&workspace, &error),
            contradiction(&workspace),
            nothing_to_import(&workspace),
        ];

        insta::assert_snapshot!(messages(&all));
    }
}
