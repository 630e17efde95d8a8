//! The checks `workspace_permissions` and `deployment_permissions`: the login has the Azure roles.

use std::sync::Arc;

use crate::authorization::Permissions;
use crate::prerequisites::check::Check;
use crate::prerequisites::reading::Reading;

const WORKSPACE: &str = "workspace_permissions";
const DEPLOYMENT: &str = "deployment_permissions";

/// What connecting and disconnecting needs on the workspace.
pub const CONNECT: &[&str] = &[
    "Microsoft.SecurityInsights/dataConnectors/read",
    "Microsoft.SecurityInsights/dataConnectors/write",
    "Microsoft.SecurityInsights/dataConnectors/delete",
    "Microsoft.SecurityInsights/onboardingStates/read",
];

/// What installing the solution needs on the resource group.
const DEPLOY: &[&str] = &[
    "Microsoft.Resources/deployments/read",
    "Microsoft.Resources/deployments/write",
    "Microsoft.Resources/deployments/cancel/action",
    "Microsoft.Resources/deployments/operations/read",
    "Microsoft.Resources/deployments/operationStatuses/read",
];

/// What installing the solution needs on the workspace.
const INSTALL: &[&str] = &[
    "Microsoft.OperationalInsights/workspaces/read",
    "Microsoft.SecurityInsights/contentProductPackages/read",
    "Microsoft.SecurityInsights/contentPackages/read",
    "Microsoft.SecurityInsights/contentPackages/write",
    "Microsoft.SecurityInsights/contentTemplates/read",
    "Microsoft.SecurityInsights/contentTemplates/write",
    "Microsoft.SecurityInsights/dataConnectorDefinitions/read",
    "Microsoft.SecurityInsights/dataConnectorDefinitions/write",
    "Microsoft.SecurityInsights/metadata/read",
    "Microsoft.SecurityInsights/metadata/write",
];

/// Checks that the login may connect and disconnect on the workspace.
pub fn workspace(granted: &Reading<Arc<Permissions>>, caller: &str) -> Check {
    let granted = match granted {
        Ok(granted) => granted,
        Err(unread) => return Check::unknown(WORKSPACE, unread),
    };
    let missing = granted.missing(CONNECT);
    if missing.is_empty() {
        return Check::passed(WORKSPACE, "The login may connect and disconnect on the workspace.");
    }
    Check::failed(WORKSPACE, lacks(caller, "workspace", granted, &missing), remedy("workspace"))
}

/// Checks that the login may install the solution. That does not matter as long as the solution is up to date.
pub fn deployment(
    on_group: &Reading<Arc<Permissions>>,
    on_workspace: &Reading<Arc<Permissions>>,
    is_solution_installed: bool,
    caller: &str,
) -> Check {
    let (on_group, on_workspace) = match (on_group, on_workspace) {
        (Ok(on_group), Ok(on_workspace)) => (on_group, on_workspace),
        (Err(unread), _) | (_, Err(unread)) => return Check::unknown(DEPLOYMENT, unread),
    };
    let missing = [on_group.missing(DEPLOY), on_workspace.missing(INSTALL)].concat();
    if missing.is_empty() {
        return Check::passed(
            DEPLOYMENT,
            "The login may install solutions: it may start deployments in the resource group.",
        );
    }
    let detail = lacks(caller, "resource group", on_group, &missing);
    if is_solution_installed {
        let detail =
            format!("{detail} The solution is installed, so they are needed only to upgrade, repair or uninstall it.");
        return Check::warning(DEPLOYMENT, detail, remedy("resource group"));
    }
    Check::failed(DEPLOYMENT, format!("{detail} They are needed to install the solution."), remedy("resource group"))
}

fn lacks(caller: &str, scope: &str, granted: &Permissions, missing: &[&str]) -> String {
    let role = if granted.is_empty() { "no role" } else { "no role with these actions" };
    format!("On the {scope}, {caller} has {role}: {}.", missing.join(", "))
}

fn remedy(scope: &str) -> String {
    format!(
        "Assign the role Microsoft Sentinel Contributor on the {scope}, or a custom role with these actions. A new assignment \
         takes some minutes to take effect."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorization::Permission;
    use crate::prerequisites::check::Status;

    fn granted(actions: &[&str], not_actions: &[&str]) -> Reading<Arc<Permissions>> {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let role = Permission { actions: owned(actions), not_actions: owned(not_actions) };
        Ok(Arc::new(Permissions::new(vec![role])))
    }

    #[test]
    fn roles_with_and_without_the_actions_are_told_apart() {
        for (actions, not_actions, expected) in [
            (vec!["*"], vec!["Microsoft.Authorization/*/Write"], Status::Passed),
            (vec!["Microsoft.SecurityInsights/*"], vec![], Status::Passed),
            (vec!["*/read"], vec![], Status::Failed),
            (vec!["*"], vec!["Microsoft.SecurityInsights/*/delete"], Status::Failed),
            (vec![], vec![], Status::Failed),
        ] {
            let check = workspace(&granted(&actions, &not_actions), "the user");
            assert_eq!(check.status, expected, "{actions:?} without {not_actions:?}: {}", check.detail);
        }
    }

    #[test]
    fn missing_actions_are_named() {
        let check = workspace(&granted(&["*/read"], &[]), "the user");

        assert!(check.detail.contains("dataConnectors/write") && !check.detail.contains("dataConnectors/read"));
        assert!(workspace(&Ok(Arc::default()), "the user").detail.contains("the user has no role:"));
    }

    #[test]
    fn deployments_matter_only_for_what_is_not_installed() {
        let (contributor, reader) = (granted(&["*"], &[]), granted(&["*/read"], &[]));

        let status = |group, on_workspace, installed| deployment(group, on_workspace, installed, "x").status;
        assert_eq!(status(&contributor, &contributor, false), Status::Passed);
        assert_eq!(status(&reader, &contributor, false), Status::Failed);
        assert_eq!(status(&reader, &contributor, true), Status::Warning);
        assert_eq!(status(&granted(&["Microsoft.Resources/*"], &[]), &reader, false), Status::Failed);
    }
}
