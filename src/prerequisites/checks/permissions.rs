//! The checks `workspace_permissions` and `deployment_permissions`: the login has the Azure roles.

use std::sync::Arc;

use crate::authorization::Permissions;
use crate::prerequisites::check::Check;
use crate::prerequisites::reading::Reading;

const WORKSPACE: &str = "workspace_permissions";
const DEPLOYMENT: &str = "deployment_permissions";

/// What connecting needs on the workspace.
const CONNECT: &[&str] =
    &["Microsoft.SecurityInsights/dataConnectors/read", "Microsoft.SecurityInsights/dataConnectors/write"];

/// What connecting works without: deleting a connector that the provider created, and better messages.
const CONNECT_OPTIONAL: &[&str] =
    &["Microsoft.SecurityInsights/dataConnectors/delete", "Microsoft.SecurityInsights/onboardingStates/read"];

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

/// Reads the location of the workspace, which the deployment needs. The published role Microsoft Sentinel Contributor has
/// `Microsoft.OperationalInsights/workspaces/*/read`. Microsoft does not document whether that includes this action, so a
/// missing one is never a failure.
const READ_WORKSPACE: &str = "Microsoft.OperationalInsights/workspaces/read";

/// Checks that the login may connect and disconnect on the workspace.
pub fn workspace(granted: &Reading<Arc<Permissions>>, caller: &str) -> Check {
    let granted = match granted {
        Ok(granted) => granted,
        Err(unread) => return Check::unknown(WORKSPACE, unread),
    };
    let (missing, optional) = (granted.missing(CONNECT), granted.missing(CONNECT_OPTIONAL));
    if !missing.is_empty() {
        let missing = [missing, optional].concat();
        return Check::failed(WORKSPACE, lacks(caller, "workspace", granted, &missing), remedy("workspace"));
    }
    if !optional.is_empty() {
        let detail = format!(
            "The login may connect. {} Without them, the provider cannot delete a connector that it created, or cannot say \
             whether the workspace is onboarded.",
            lacks(caller, "workspace", granted, &optional)
        );
        return Check::warning(WORKSPACE, detail, remedy("workspace"));
    }
    Check::passed(WORKSPACE, "The login may connect and disconnect on the workspace.")
}

/// Checks that the login may install the solution. That does not matter as long as the solution is up to date, which
/// `is_solution_met` says; `None` if it is not known.
pub fn deployment(
    on_group: &Reading<Arc<Permissions>>,
    on_workspace: &Reading<Arc<Permissions>>,
    is_solution_met: Option<bool>,
    caller: &str,
) -> Check {
    let (on_group, on_workspace) = match (on_group, on_workspace) {
        (Ok(on_group), Ok(on_workspace)) => (on_group, on_workspace),
        (Err(unread), _) | (_, Err(unread)) => return Check::unknown(DEPLOYMENT, unread),
    };
    let scopes = [
        ("resource group", on_group, on_group.missing(DEPLOY)),
        ("workspace", on_workspace, on_workspace.missing(INSTALL)),
    ];
    let missing: Vec<_> = scopes.iter().filter(|(_, _, missing)| !missing.is_empty()).collect();
    let Some((first, ..)) = missing.first() else {
        return with_location(on_workspace, caller);
    };
    let detail: Vec<String> =
        missing.iter().map(|(scope, granted, missing)| lacks(caller, scope, granted, missing)).collect();
    let (detail, remedy) = (detail.join(" "), remedy(first));
    match is_solution_met {
        Some(true) => Check::warning(
            DEPLOYMENT,
            format!("{detail} The solution is installed, so they are needed only to upgrade, repair or uninstall it."),
            remedy,
        ),
        Some(false) => Check::failed(DEPLOYMENT, format!("{detail} They are needed to install the solution."), remedy),
        None => Check::undecided(
            DEPLOYMENT,
            format!("{detail} Whether the solution must be installed is not known."),
            remedy,
        ),
    }
}

/// The check of a login that has the other actions.
fn with_location(on_workspace: &Permissions, caller: &str) -> Check {
    if on_workspace.allow(READ_WORKSPACE) {
        return Check::passed(
            DEPLOYMENT,
            "The login may install solutions: it may start deployments in the resource group.",
        );
    }
    Check::warning(
        DEPLOYMENT,
        format!(
            "{} The installation reads the location of the workspace with it. If a role has \
             Microsoft.OperationalInsights/workspaces/*/read, Azure may or may not allow it.",
            lacks(caller, "workspace", on_workspace, &[READ_WORKSPACE])
        ),
        "If the installation is refused, assign the role Log Analytics Reader on the workspace.",
    )
}

fn lacks(caller: &str, scope: &str, granted: &Permissions, missing: &[&str]) -> String {
    let role = match (granted.is_empty(), missing) {
        (true, _) => "no role",
        (false, [_]) => "no role with this action",
        (false, _) => "no role with these actions",
    };
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
            (vec!["*"], vec!["Microsoft.SecurityInsights/*/delete"], Status::Warning),
            (vec!["*"], vec!["Microsoft.SecurityInsights/onboardingStates/*"], Status::Warning),
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
        assert_eq!(status(&contributor, &contributor, Some(false)), Status::Passed);
        assert_eq!(status(&reader, &contributor, Some(false)), Status::Failed);
        assert_eq!(status(&reader, &contributor, Some(true)), Status::Warning);
        assert_eq!(status(&granted(&["Microsoft.Resources/*"], &[]), &reader, Some(false)), Status::Failed);
    }

    #[test]
    fn missing_actions_decide_nothing_if_the_solution_is_not_known() {
        let (contributor, reader) = (granted(&["*"], &[]), granted(&["*/read"], &[]));

        assert_eq!(deployment(&reader, &reader, None, "x").status, Status::Unknown);
        assert_eq!(deployment(&contributor, &contributor, None, "x").status, Status::Passed);
    }

    #[test]
    fn each_scope_has_its_actions() {
        let reader = granted(&["*/read"], &[]);

        let both = deployment(&reader, &reader, Some(false), "x").detail;
        let (group, workspace) = both.split_once("On the workspace, x has").expect("two scopes");
        assert!(group.starts_with("On the resource group, x has") && !group.contains("SecurityInsights"), "{both}");
        assert!(workspace.contains("contentPackages/write") && !workspace.contains("deployments"), "{both}");
        let one = deployment(&granted(&["*"], &[]), &reader, Some(false), "x");
        assert!(one.detail.starts_with("On the workspace"), "{}", one.detail);
        assert!(one.remedy.is_some_and(|remedy| remedy.contains("Contributor on the workspace")));
    }

    /// <https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security>
    #[test]
    fn the_recommended_role_never_fails() {
        let contributor = granted(
            &[
                "Microsoft.SecurityInsights/*",
                "Microsoft.OperationalInsights/workspaces/*/read",
                "Microsoft.Resources/deployments/*",
                "Microsoft.Resources/subscriptions/resourceGroups/read",
            ],
            &["Microsoft.SecurityInsights/ConfidentialWatchlists/*"],
        );

        assert_eq!(workspace(&contributor, "x").status, Status::Passed);
        let check = deployment(&contributor, &contributor, Some(false), "x");
        assert_eq!(check.status, Status::Warning);
        assert!(check.detail.contains("no role with this action: Microsoft.OperationalInsights/workspaces/read."));
        assert!(check.remedy.is_some_and(|remedy| !remedy.contains("Contributor")));
    }
}
