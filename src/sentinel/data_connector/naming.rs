//! The names of the connectors that this provider creates.

use uuid::Uuid;

use crate::sentinel::WorkspaceId;

/// The namespace of the names. It must not change, so that the provider recognizes connectors of its older versions.
const NAMESPACE: Uuid = Uuid::from_u128(0x6a1d_0c4e_52f3_4b0b_9d57_0f3c_8be2_71a4);

/// The name for a connector of `kind` in `workspace`: a UUIDv5 of both, in lower case. All owners of a shared document
/// use the same name in every run. Therefore, a create finds its connector after a lost response, and concurrent
/// creates write to the same connector.
#[must_use]
pub fn name_for(workspace: &WorkspaceId, kind: &str) -> String {
    let key = format!("{}|{}", workspace.key(), kind.to_ascii_lowercase());
    Uuid::new_v5(&NAMESPACE, key.as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(text: &str) -> WorkspaceId {
        WorkspaceId::parse(text).expect("a workspace id")
    }

    const SOC: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-soc/providers/\
                       Microsoft.OperationalInsights/workspaces/law-soc";

    #[test]
    fn name_ignores_case() {
        let name = name_for(&workspace(SOC), "MicrosoftThreatProtection");

        assert_eq!(name, name_for(&workspace(&SOC.to_uppercase()), "microsoftthreatprotection"));
        // With another name, the provider would not recognize connectors of its older versions.
        assert_eq!(name, "b0103984-f86c-53cb-bdb1-da61e1401278");
    }

    #[test]
    fn name_differs_by_workspace_and_kind() {
        let soc = name_for(&workspace(SOC), "MicrosoftThreatProtection");

        assert_ne!(soc, name_for(&workspace(&SOC.replace("law-soc", "law-two")), "MicrosoftThreatProtection"));
        assert_ne!(soc, name_for(&workspace(SOC), "MicrosoftDefenderForCloudTenantBased"));
    }
}
