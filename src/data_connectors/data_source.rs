//! The data source `sentinel_data_connectors`: GET `…/providers/Microsoft.SecurityInsights/dataConnectors`.

use crate::azure::ServiceError;
use crate::azure::api_version::{is_api_version, is_preview};
use crate::azure_diagnostics;
use crate::defender_xdr;
use crate::framework::{Attribute, Context, DataSource, Diagnostics, Schema, State, Timeouts, Validator};
use crate::sentinel::data_connector::{connected_subscriptions, list};
use crate::sentinel::{WorkspaceId, is_not_onboarded, not_onboarded};
use crate::session::{self, Session};

use super::listed_connector::ListedConnector;
use super::tenant_wide::TenantWide;

const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id")
    .description("The ID of the Log Analytics workspace that Microsoft Sentinel runs on.");

const API_VERSION: Attribute<String> = Attribute::optional_with_default("api_version", || {
    defender_xdr::API_VERSION.to_owned()
})
.description(
    "The API version to list data connectors with. Azure omits connectors that the version does not support, so only \
     preview versions list the Defender XDR connector.",
)
.validate(&[Validator::pattern(
    "an existing date since 2023-02-01 in the format `YYYY-MM-DD-preview`",
    "2026-08-01-preview",
    has_filter,
)]);

/// The first version with `filteredProviders`. With an older version, a filtered stream would seem to have no filter.
const OLDEST: &str = "2023-02-01";

const TENANT_WIDE_DFC_CONNECTED: Attribute<Option<bool>> = Attribute::computed("tenant_wide_dfc_connected").description(
    "Whether the Defender for Cloud alerts of the whole tenant are connected, according to the kind and settings of \
     the data connectors. Null if this cannot be determined, for example if only Defender XDR incidents are enabled.",
);

const TENANT_WIDE_DFC_REASON: Attribute<String> = Attribute::computed("tenant_wide_dfc_reason")
    .description("The reason for the value of `tenant_wide_dfc_connected`. If that value is null, also what to check.");

const TENANT_WIDE_DFC_CONNECTOR_NAME: Attribute<Option<String>> = Attribute::computed("tenant_wide_dfc_connector_name")
    .description("The name of the data connector that determines `tenant_wide_dfc_connected`. Null if there is none.");

const CONNECTED_SUBSCRIPTION_IDS: Attribute<Vec<String>> = Attribute::computed("connected_subscription_ids").description(
    "The IDs of the subscriptions with a connected subscription-based connector, sorted. If the tenant-based connector \
     is connected too, their alerts arrive twice.",
);

const CONNECTORS: Attribute<Vec<ListedConnector>> = Attribute::computed("connectors")
    .description("All data connectors and connector pages of the workspace, sorted by kind and name.");

/// The data source `sentinel_data_connectors`.
#[derive(Clone, Copy, Debug, Default)]
pub struct DataConnectorsDataSource;

impl DataSource for DataConnectorsDataSource {
    type Client = Session;

    fn type_name(&self) -> &'static str {
        "sentinel_data_connectors"
    }

    fn schema(&self) -> Schema {
        Schema::new(
            "Lists the data connectors of a Microsoft Sentinel workspace, and reports whether tenant-wide Microsoft \
             Defender for Cloud alerts are connected.\n\nThe data connector named \
             `MicrosoftDefenderForCloudTenantBased` is only a connector page, which the solution installs. It does not \
             show whether alerts are connected. This data source evaluates the kind and settings of the connectors \
             instead. The list includes connectors of unknown kinds.",
        )
        .attribute(&WORKSPACE_ID)
        .attribute(&API_VERSION)
        .attribute(&TENANT_WIDE_DFC_CONNECTED)
        .attribute(&TENANT_WIDE_DFC_REASON)
        .attribute(&TENANT_WIDE_DFC_CONNECTOR_NAME)
        .attribute(&CONNECTED_SUBSCRIPTION_IDS)
        .attribute(&CONNECTORS)
        .timeouts(Timeouts::DATA_SOURCE)
    }

    async fn read(&self, ctx: &Context, session: &Session, mut config: State) -> Result<State, Diagnostics> {
        let (workspace, api_version) = (config.get(&WORKSPACE_ID)?, config.get(&API_VERSION)?);
        let mut documents =
            list(session, &workspace, &api_version, &session::deadline(ctx)).await.map_err(|error| {
                if is_not_onboarded(&error) {
                    return not_onboarded(&workspace).at(WORKSPACE_ID.path());
                }
                let is_version = error.service().is_some_and(ServiceError::is_unsupported_api_version);
                azure_diagnostics::from_error(&error, "listing the data connectors of the workspace")
                    .at(if is_version { API_VERSION.path() } else { WORKSPACE_ID.path() })
            })?;
        documents.sort_by_cached_key(|document| {
            (document.kind().to_ascii_lowercase(), document.name().to_ascii_lowercase())
        });
        let tenant_wide = TenantWide::of(&documents);
        let mut subscriptions = connected_subscriptions(&documents);
        subscriptions.sort();
        config.set(&TENANT_WIDE_DFC_CONNECTED, tenant_wide.is_connected());
        config.set(&TENANT_WIDE_DFC_REASON, tenant_wide.reason());
        config.set(&TENANT_WIDE_DFC_CONNECTOR_NAME, tenant_wide.connector().map(|document| document.name().to_owned()));
        config.set(&CONNECTED_SUBSCRIPTION_IDS, subscriptions);
        config.set(&CONNECTORS, documents.iter().map(ListedConnector::of).collect());
        Ok(config)
    }
}

/// Whether the list of an API version contains the Defender XDR connector with its filter.
fn has_filter(text: &str) -> bool {
    is_api_version(text) && is_preview(text) && text >= OLDEST
}

#[cfg(test)]
mod tests {
    use azure_simulator::Effect;
    use serde_json::json;

    use super::*;
    use crate::framework::SchemaKind;
    use crate::testing::{Azure, not_onboarded as not_onboarded_response};

    #[test]
    fn schema_is_valid() {
        assert_eq!(DataConnectorsDataSource.schema().problems(SchemaKind::DataSource), Vec::<String>::new());
    }

    #[test]
    fn accepts_only_preview_versions_with_the_filter() {
        assert!(has_filter("2026-08-01-preview") && has_filter("2023-02-01-preview"));
        for text in ["2025-09-01", "2022-10-01-preview", "2025-13-45-preview"] {
            assert!(!has_filter(text), "{text}");
        }
    }

    fn config(azure: &Azure) -> State {
        State::empty(&DataConnectorsDataSource.schema())
            .with(&WORKSPACE_ID, azure.workspace())
            .with(&API_VERSION, defender_xdr::API_VERSION.to_owned())
    }

    #[tokio::test(start_paused = true)]
    async fn sorts_the_list_and_sends_one_request() {
        let azure = Azure::start_empty().await;
        let connector = |name: &str, kind: &str| {
            let properties = json!({"subscriptionId": "s", "dataTypes": {"alerts": {"state": "Enabled"}}});
            json!({"name": name, "kind": kind, "properties": properties})
        };
        let documents = [("b", "Office365"), ("a", "KindOfTheFuture"), ("c", "AzureSecurityCenter")];
        let documents = documents.map(|(name, kind)| connector(name, kind));
        azure.fault("GET", "/dataConnectors", Effect::new().json(json!({"value": documents})));

        let state =
            DataConnectorsDataSource.read(&Context::for_tests(), &azure.session(), config(&azure)).await.expect("read");

        let connectors = state.get(&CONNECTORS).expect("a list");
        let kinds: Vec<&str> = connectors.iter().map(|connector| connector.kind.as_str()).collect();
        assert_eq!(kinds, ["AzureSecurityCenter", "KindOfTheFuture", "Office365"]);
        assert_eq!(state.get(&TENANT_WIDE_DFC_CONNECTED).expect("a value"), Some(false));
        assert_eq!(state.get(&CONNECTED_SUBSCRIPTION_IDS).expect("a list"), ["s"]);
        assert_eq!(azure.methods("/dataConnectors"), "GET");
    }

    #[tokio::test(start_paused = true)]
    async fn missing_onboarding_names_the_resource_to_add() {
        let azure = Azure::start_empty().await;
        azure.fault("GET", "/dataConnectors", not_onboarded_response());

        let read = DataConnectorsDataSource.read(&Context::for_tests(), &azure.session(), config(&azure)).await;

        let errors = read.expect_err("not onboarded").to_string();
        assert!(errors.contains("sentinel_workspace_onboarding"), "{errors}");
    }
}
