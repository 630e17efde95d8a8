//! The checks `workspace_permissions` and `deployment_permissions`: the identity has the required Azure roles.

use std::sync::Arc;

use crate::authorization::Permissions;
use crate::azure::capitalized;
use crate::prerequisites::check::Check;
use crate::prerequisites::read_result::ReadResult;

const WORKSPACE: &str = "workspace_permissions";
const DEPLOYMENT: &str = "deployment_permissions";

/// The actions on the workspace that connecting requires.
const CONNECT: &[&str] =
    &["Microsoft.SecurityInsights/dataConnectors/read", "Microsoft.SecurityInsights/dataConnectors/write"];

/// The optional actions on the workspace. They allow the provider to delete its connector, and to improve error
/// messages.
const CONNECT_OPTIONAL: &[&str] =
    &["Microsoft.SecurityInsights/dataConnectors/delete", "Microsoft.SecurityInsights/onboardingStates/read"];

/// The actions on the resource group that installing the solution requires.
const DEPLOY: &[&str] = &[
    "Microsoft.Resources/deployments/read",
    "Microsoft.Resources/deployments/write",
    "Microsoft.Resources/deployments/cancel/action",
    "Microsoft.Resources/deployments/operations/read",
    "Microsoft.Resources/deployments/operationStatuses/read",
];

/// The actions on the workspace that installing the solution requires.
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

/// The action that reads the location of the workspace for the deployment. The published role Microsoft Sentinel
/// Contributor has `Microsoft.OperationalInsights/workspaces/*/read`. Microsoft does not document whether that pattern
/// includes this action, so the check sends the same request.
pub const READ_WORKSPACE: &str = "Microsoft.OperationalInsights/workspaces/read";

/// Checks that the identity may connect and disconnect the workspace. `caller` is the identity in a sentence.
pub fn workspace(permissions: &ReadResult<Arc<Permissions>>, caller: &str) -> Check {
    let permissions = match permissions {
        Ok(permissions) => permissions,
        Err(unread) => return Check::unknown(WORKSPACE, unread),
    };
    let (required, optional) = (permissions.missing(CONNECT), permissions.missing(CONNECT_OPTIONAL));
    if !required.is_empty() {
        let missing = [required, optional].concat();
        return Check::failed(WORKSPACE, lacks(caller, "workspace", permissions, &missing), remedy("workspace"));
    }
    if !optional.is_empty() {
        let detail = format!(
            "{} The identity can connect alerts. It may be unable to disconnect them, or to check whether the workspace is onboarded.",
            lacks(caller, "workspace", permissions, &optional)
        );
        return Check::warning(WORKSPACE, detail, remedy("workspace"));
    }
    Check::passed(WORKSPACE, "The identity has all permissions to connect and disconnect alerts in the workspace.")
}

/// Checks that the identity may install the solution. Missing permissions are only a warning if `is_solution_met`,
/// which is whether the solution is up to date (`None` if unknown). `is_workspace_readable` is whether the identity may
/// read the workspace.
pub fn deployment(
    on_group: &ReadResult<Arc<Permissions>>,
    on_workspace: &ReadResult<Arc<Permissions>>,
    is_workspace_readable: &ReadResult<bool>,
    is_solution_met: Option<bool>,
    caller: &str,
) -> Check {
    let (on_group, on_workspace, is_workspace_readable) = match (on_group, on_workspace, is_workspace_readable) {
        (Ok(on_group), Ok(on_workspace), Ok(is_readable)) => (on_group, on_workspace, *is_readable),
        (Err(unread), ..) | (_, Err(unread), _) | (.., Err(unread)) => return Check::unknown(DEPLOYMENT, unread),
    };
    let (deploy, mut install) = (on_group.missing(DEPLOY), on_workspace.missing(INSTALL));
    let mut remedies = match (deploy.is_empty(), install.is_empty()) {
        (true, true) => Vec::new(),
        (true, false) => vec![remedy("workspace")],
        (false, _) => vec![remedy("resource group")],
    };
    if !is_workspace_readable {
        install.push(READ_WORKSPACE);
        remedies.push(format!("Assign the role Log Analytics Reader on the workspace for {READ_WORKSPACE}."));
    }
    let scopes = [("resource group", on_group, deploy), ("workspace", on_workspace, install)];
    let missing: Vec<String> = scopes
        .iter()
        .filter(|(_, _, missing)| !missing.is_empty())
        .map(|(scope, permissions, missing)| lacks(caller, scope, permissions, missing))
        .collect();
    if missing.is_empty() {
        return Check::passed(DEPLOYMENT, "The identity has all permissions to install solutions.");
    }
    let (detail, remedy) = (missing.join(" "), remedies.join(" "));
    match is_solution_met {
        Some(true) => Check::warning(
            DEPLOYMENT,
            format!(
                "{detail} The solution is installed. Only upgrading, repairing or uninstalling it needs more permissions."
            ),
            remedy,
        ),
        Some(false) => Check::failed(DEPLOYMENT, format!("{detail} The identity cannot install the solution."), remedy),
        None => Check::undecided(
            DEPLOYMENT,
            format!("{detail} It is not known whether the solution must be installed."),
            remedy,
        ),
    }
}

/// A sentence about the missing actions.
fn lacks(caller: &str, scope: &str, permissions: &Permissions, missing: &[&str]) -> String {
    let actions = missing.join(", ");
    if permissions.is_empty() {
        return format!("{} has no Azure role on the {scope}. Missing actions: {actions}.", capitalized(caller));
    }
    let these = if missing.len() == 1 { "this action" } else { "these actions" };
    format!("No Azure role of {caller} allows {these} on the {scope}: {actions}.")
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
    use crate::prerequisites::read_result::ReadFailure;

    fn granted(actions: &[&str], not_actions: &[&str]) -> ReadResult<Arc<Permissions>> {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let role = Permission { actions: owned(actions), not_actions: owned(not_actions) };
        Ok(Arc::new(Permissions::new(vec![role])))
    }

    #[test]
    fn distinguishes_roles_with_and_without_the_actions() {
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
    fn names_missing_actions() {
        let some = workspace(&granted(&["*/read"], &[]), "the user").detail;
        let all = workspace(&Ok(Arc::default()), "the user").detail;

        let [write, delete] =
            ["write", "delete"].map(|verb| format!("Microsoft.SecurityInsights/dataConnectors/{verb}"));
        assert_eq!(
            some,
            format!("No Azure role of the user allows these actions on the workspace: {write}, {delete}.")
        );
        assert!(
            all.starts_with("The user has no Azure role on the workspace. Missing actions: Microsoft.Sec"),
            "{all}"
        );
    }

    /// The check of an identity with these roles that may read the workspace.
    fn deployment_of(
        on_group: &ReadResult<Arc<Permissions>>,
        on_workspace: &ReadResult<Arc<Permissions>>,
        is_solution_met: Option<bool>,
    ) -> Check {
        deployment(on_group, on_workspace, &Ok(true), is_solution_met, "x")
    }

    #[test]
    fn requires_deployments_only_if_the_solution_is_missing() {
        let (contributor, reader) = (granted(&["*"], &[]), granted(&["*/read"], &[]));

        let status = |group, on_workspace, installed| deployment_of(group, on_workspace, installed).status;
        assert_eq!(status(&contributor, &contributor, Some(false)), Status::Passed);
        assert_eq!(status(&reader, &contributor, Some(false)), Status::Failed);
        assert_eq!(status(&reader, &contributor, Some(true)), Status::Warning);
        assert_eq!(status(&granted(&["Microsoft.Resources/*"], &[]), &reader, Some(false)), Status::Failed);
    }

    #[test]
    fn missing_actions_are_unknown_if_the_solution_is_unknown() {
        let (contributor, reader) = (granted(&["*"], &[]), granted(&["*/read"], &[]));

        assert_eq!(deployment_of(&reader, &reader, None).status, Status::Unknown);
        assert_eq!(deployment_of(&contributor, &contributor, None).status, Status::Passed);
    }

    #[test]
    fn names_the_missing_actions_of_each_scope() {
        let reader = granted(&["*/read"], &[]);

        let both = deployment_of(&reader, &reader, Some(false)).detail;
        let (group, workspace) = both.split_once(" on the workspace: ").expect("two scopes");
        assert!(group.contains(" on the resource group: ") && !group.contains("SecurityInsights"), "{both}");
        assert!(workspace.contains("contentPackages/write") && !workspace.contains("deployments"), "{both}");
        let one = deployment_of(&granted(&["*"], &[]), &reader, Some(false));
        assert!(!one.detail.contains("resource group"), "{}", one.detail);
        assert!(one.remedy.is_some_and(|remedy| remedy.contains("Contributor on the workspace")));
    }

    /// <https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security>
    #[test]
    fn azure_decides_whether_the_published_role_reads_the_workspace() {
        let contributor = granted(
            &[
                "Microsoft.SecurityInsights/*",
                "Microsoft.OperationalInsights/workspaces/*/read",
                "Microsoft.Resources/deployments/*",
                "Microsoft.Resources/subscriptions/resourceGroups/read",
            ],
            &["Microsoft.SecurityInsights/ConfidentialWatchlists/*"],
        );
        let unread = Err(ReadFailure::new("The workspace cannot be read.", "Try again later."));

        assert_eq!(workspace(&contributor, "x").status, Status::Passed, "connecting does not read the workspace");
        let check = |is_readable, installed| deployment(&contributor, &contributor, is_readable, installed, "x");
        assert_eq!(check(&Ok(true), Some(false)).status, Status::Passed);
        assert_eq!(check(&Ok(false), Some(true)).status, Status::Warning);
        assert_eq!(check(&unread, Some(false)).status, Status::Unknown);
        let denied = check(&Ok(false), Some(false));
        assert_eq!(denied.status, Status::Failed);
        assert!(denied.detail.contains("this action on the workspace: Microsoft.OperationalInsights/workspaces/read."));
        let remedy = denied.remedy.expect("a remedy");
        assert!(remedy.contains("Log Analytics Reader") && !remedy.contains("Contributor"), "{remedy}");
    }
}
