//! Data connectors: kinds, required properties, etags, and behaviors.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Azure, PREVIEW, STABLE, changed};

fn threat_protection(azure: &Azure) -> Value {
    json!({
        "kind": "MicrosoftThreatProtection",
        "properties": {
            "tenantId": azure.login.tenant_id,
            "dataTypes": {"incidents": {"state": "Disabled"}, "alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": ["microsoftDefenderForCloud"]},
        },
    })
}

fn security_center(subscription: &str) -> Value {
    json!({
        "kind": "AzureSecurityCenter",
        "properties": {"subscriptionId": subscription, "dataTypes": {"alerts": {"state": "Enabled"}}},
    })
}

fn page() -> Value {
    json!({"kind": "GenericUI", "properties": {"connectorUiConfig": {
        "title": "A product", "publisher": "Contoso", "descriptionMarkdown": "", "graphQueriesTableName": "T",
        "graphQueries": [], "sampleQueries": [], "dataTypes": [], "availability": {"status": 1}, "permissions": {},
        "instructionSteps": [], "connectivityCriterias": [{"type": "SentinelKinds", "value": ["Contoso"]}],
    }}})
}

fn premium_threat_intelligence(azure: &Azure) -> Value {
    json!({"kind": "PremiumMicrosoftDefenderForThreatIntelligence", "properties": {
        "tenantId": azure.login.tenant_id, "lookbackPeriod": "1970-01-01T00:00:00Z", "requiredSKUsPresent": true,
        "dataTypes": {"connector": {"state": "Enabled"}}}})
}

#[tokio::test]
async fn creates_reads_lists_and_deletes_a_connector() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-soc", "dataConnectors/one");
    let made = azure.put(&path, PREVIEW, threat_protection(&azure)).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.body["type"], "Microsoft.SecurityInsights/dataConnectors");
    assert!(made.body["etag"].as_str().is_some_and(|etag| etag.starts_with('"') && etag.ends_with('"')));
    assert_eq!(azure.get(&path, PREVIEW).await.body, made.body);
    assert_eq!(azure.document(&path), made.body);
    let list = azure.get(&azure.sentinel("law-soc", "dataConnectors"), PREVIEW).await;
    assert!(list.names().contains(&"one"));
    assert_eq!(azure.delete(&path, PREVIEW).await.status, 200);
    assert_eq!(azure.delete(&path, PREVIEW).await.status, 204);
    assert_eq!(azure.get(&path, PREVIEW).await.status, 404);
}

#[tokio::test]
async fn replacing_a_connector_checks_a_given_etag() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-soc", "dataConnectors/one");
    assert_eq!(azure.put(&path, PREVIEW, threat_protection(&azure)).await.status, 201);
    let without = azure.put(&path, PREVIEW, threat_protection(&azure)).await;
    assert_eq!(without.status, 200, "{without:?}");
    let first = without.body["etag"].clone();

    let with = changed(threat_protection(&azure), "/etag", Some(first.clone()));
    let second = azure.put(&path, PREVIEW, with.clone()).await;
    assert_eq!(second.status, 200);
    assert_ne!(second.body["etag"], first, "every write gives a new etag");

    let stale = azure.put(&path, PREVIEW, with).await;
    assert_eq!((stale.status, stale.code()), (409, "Conflict"));
    assert!(stale.message().contains("(Etag does not match). Data was not saved."), "{}", stale.message());
    let no_text = azure.put(&path, PREVIEW, changed(threat_protection(&azure), "/etag", Some(json!(7)))).await;
    assert_eq!((no_text.status, no_text.code()), (400, "InvalidRequestContent"));
    assert_eq!(azure.document(&path)["etag"], second.body["etag"], "nothing was saved");
}

#[tokio::test]
async fn world_can_require_the_etag() {
    let azure = Azure::with_world(json!({"behaviors": {"etag_required": true}})).await;
    let path = azure.sentinel("law-soc", "dataConnectors/one");
    assert_eq!(azure.put(&path, PREVIEW, threat_protection(&azure)).await.status, 201);
    let without = azure.put(&path, PREVIEW, threat_protection(&azure)).await;
    assert_eq!((without.status, without.code()), (409, "Conflict"));
}

#[tokio::test]
async fn create_ignores_the_etag() {
    let azure = Azure::start().await;
    let body = changed(threat_protection(&azure), "/etag", Some(json!("\"0300bf09-0000-0000-0000-5c37296e0000\"")));
    assert_eq!(azure.put(&azure.sentinel("law-soc", "dataConnectors/one"), PREVIEW, body).await.status, 201);
}

#[tokio::test]
async fn xdr_connector_and_pages_require_a_preview_api_version() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-soc", "dataConnectors/one");
    let reply = azure.put(&path, STABLE, threat_protection(&azure)).await;
    assert_eq!((reply.status, reply.code()), (400, "BadRequest"));
    let sentence = "Connector kind 'MicrosoftThreatProtection' is not supported in api-version: '2025-09-01'";
    assert_eq!(reply.message(), sentence);

    let list = azure.sentinel("law-portal", "dataConnectors");
    assert_eq!(azure.get(&list, STABLE).await.body["value"].as_array().map(Vec::len), Some(1));
    assert_eq!(azure.get(&list, PREVIEW).await.body["value"].as_array().map(Vec::len), Some(4));
    let page = azure.sentinel("law-soc", "dataConnectors/MicrosoftDefenderForCloudTenantBased");
    assert_eq!(azure.get(&page, STABLE).await.status, 400);
    assert_eq!(azure.get(&page, PREVIEW).await.body["kind"], "GenericUI");
}

#[tokio::test]
async fn unpublished_kinds_depend_on_the_world() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-soc", "dataConnectors/own");
    let body = json!({"kind": "MicrosoftDefenderForCloudTenantBased", "properties": {
        "tenantId": azure.login.tenant_id, "dataTypes": {"alerts": {"state": "Enabled"}}}});
    assert_eq!(azure.put(&path, PREVIEW, body.clone()).await.status, 400);

    let azure = Azure::with_world(json!({"behaviors": {
        "unpublished_connector_kinds": ["StaticUI", "MicrosoftDefenderForCloudTenantBased"]}}))
    .await;
    assert_eq!(azure.put(&path, PREVIEW, body.clone()).await.status, 201);
    assert_eq!(azure.put(&path, STABLE, body).await.status, 400, "and never in a stable api-version");
}

#[tokio::test]
async fn filtered_providers_require_an_api_version_from_2023() {
    let azure = Azure::start().await;
    let connector = azure.sentinel("law-portal", "dataConnectors/6f1d2c3b-9a84-4e57-b0c6-3d8e5f7a1b29");
    let old = azure.get(&connector, "2022-10-01-preview").await;
    assert_eq!(old.body["properties"].get("filteredProviders"), None);
    let new = azure.get(&connector, "2023-02-01-preview").await;
    assert_eq!(new.body["properties"]["filteredProviders"]["alerts"], json!(["microsoftDefenderForCloud"]));
}

#[tokio::test]
async fn each_kind_checks_its_required_properties() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-soc", "dataConnectors/one");
    let good = threat_protection(&azure);
    let subscription = security_center(&azure.login.subscription_id);
    let tenant = &azure.login.tenant_id;
    let pages = page();
    let taxii = json!({"kind": "ThreatIntelligenceTaxii", "properties": {
        "tenantId": tenant, "pollingFrequency": "OnceADay", "dataTypes": {"taxiiClient": {"state": "Enabled"}}}});
    let poller = json!({"kind": "RestApiPoller", "properties": {
        "connectorDefinitionName": "d", "auth": {"type": "Basic", "userName": "u", "password": "p"},
        "request": {"apiEndpoint": "https://contoso.com"}}});
    let premium = premium_threat_intelligence(&azure);
    for (body, pointer, value) in [
        (&good, "/kind", None),
        (&good, "/properties", None),
        (&good, "/properties/tenantId", None),
        (&good, "/properties/tenantId", Some(json!("no guid"))),
        (&good, "/properties/dataTypes", None),
        (&good, "/properties/dataTypes/incidents", None),
        (&good, "/properties/dataTypes/incidents/state", None),
        (&good, "/properties/dataTypes/alerts/state", Some(json!("On"))),
        (&good, "/properties/filteredProviders/alerts", None),
        (&good, "/properties/filteredProviders/alerts", Some(json!("microsoftDefenderForCloud"))),
        (&subscription, "/properties/subscriptionId", None),
        (&subscription, "/properties/dataTypes/alerts", None),
        (&pages, "/properties/connectorUiConfig/title", None),
        (&pages, "/properties/connectorUiConfig/graphQueries", Some(json!({}))),
        (&taxii, "/properties/pollingFrequency", None),
        (&taxii, "/properties/pollingFrequency", Some(json!("Always"))),
        (&taxii, "/properties/dataTypes/taxiiClient", None),
        (&poller, "/properties/auth", Some(json!({"type": "Rumor"}))),
        (&poller, "/properties/auth", Some(json!({"type": "APIKey"}))),
        (&poller, "/properties/request/apiEndpoint", None),
        (&poller, "/properties/response", Some(json!({"eventsJsonPaths": "$"}))),
        (&premium, "/properties/lookbackPeriod", None),
    ] {
        let reply = azure.put(&path, PREVIEW, changed(body.clone(), pointer, value)).await;
        assert_eq!((reply.status, reply.code()), (400, "BadRequest"), "{pointer}");
    }
    assert_eq!(azure.document(&path), Value::Null);
}

#[tokio::test]
async fn keeps_every_property_of_the_schema() {
    let azure = Azure::start().await;
    let body = premium_threat_intelligence(&azure);
    let made = azure.put(&azure.sentinel("law-soc", "dataConnectors/premium"), STABLE, body.clone()).await;
    assert_eq!((made.status, &made.body["properties"]), (201, &body["properties"]));
    let made = azure.put(&azure.sentinel("law-soc", "dataConnectors/page"), PREVIEW, page()).await;
    let shown = &made.body["properties"]["connectorUiConfig"];
    assert_eq!(shown["connectivityCriteria"], shown["connectivityCriterias"]);
}

#[tokio::test]
async fn data_types_are_optional_as_in_the_schema() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-soc", "dataConnectors/one");
    let body = json!({"kind": "AzureActiveDirectory", "properties": {"tenantId": azure.login.tenant_id}});
    assert_eq!(azure.put(&path, STABLE, body.clone()).await.status, 201);
    azure.simulator.patch_world(json!({"behaviors": {"data_types_required": true}}));
    assert_eq!(azure.put(&path, STABLE, body).await.status, 400);
}

#[tokio::test]
async fn api_version_without_the_kind_cannot_delete_a_connector() {
    let azure = Azure::start().await;
    let page = azure.sentinel("law-soc", "dataConnectors/MicrosoftDefenderForCloudTenantBased");
    let reply = azure.delete(&page, STABLE).await;
    assert_eq!((reply.status, reply.code()), (400, "BadRequest"));
    assert_eq!(azure.delete(&page, PREVIEW).await.status, 200);
}

#[tokio::test]
async fn newest_api_versions_have_the_kind_push() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-soc", "dataConnectors/push");
    let body = json!({"kind": "Push", "properties": {
        "connectorDefinitionName": "d", "auth": {"type": "Push", "appId": "a", "servicePrincipalId": "s"},
        "dcrConfig": {"dataCollectionEndpoint": "e", "dataCollectionRuleImmutableId": "r", "streamName": "s"}}});
    assert_eq!(azure.put(&path, PREVIEW, body.clone()).await.status, 400);
    assert_eq!(azure.put(&path, "2026-08-01-preview", body).await.status, 201);
    let list = azure.sentinel("law-soc", "dataConnectors");
    assert_eq!(azure.get(&list, "2026-08-01-preview").await.names().len(), 3);
    assert_eq!(azure.get(&list, "2026-07-01").await.names().len(), 0);
}

#[tokio::test]
async fn requires_the_tenant_of_the_workspace() {
    let azure = Azure::start().await;
    let other = json!("c0a8f1d2-7e43-4b6a-8f95-3d2e1c0b9a87");
    let body = changed(threat_protection(&azure), "/properties/tenantId", Some(other));
    let reply = azure.put(&azure.sentinel("law-soc", "dataConnectors/one"), PREVIEW, body).await;
    assert_eq!((reply.status, reply.code()), (400, "BadRequest"));
}

#[tokio::test]
async fn workspace_rejects_duplicate_connectors() {
    let azure = Azure::start().await;
    let other = azure.sentinel("law-portal", "dataConnectors/other");
    let reply = azure.put(&other, PREVIEW, threat_protection(&azure)).await;
    assert_eq!((reply.status, reply.code()), (409, "Conflict"));
    assert!(reply.message().contains("6f1d2c3b-9a84-4e57-b0c6-3d8e5f7a1b29"), "{}", reply.message());
    let same = security_center(&azure.login.subscription_id);
    assert_eq!(azure.put(&other, STABLE, same).await.status, 409);
    let another = security_center("8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842");
    assert_eq!(azure.put(&other, STABLE, another).await.status, 201);
}

#[tokio::test]
async fn updates_one_of_two_connectors_of_the_same_kind() {
    let azure = Azure::start().await;
    let (id, found) = (azure.sentinel("law-portal", "dataConnectors/left-behind"), threat_protection(&azure));
    let left_behind = changed(changed(found, "/id", Some(json!(id))), "/name", Some(json!("left-behind")));
    azure.admin(Method::PUT, &format!("resources?id={id}"), Some(left_behind)).await;

    let held = azure.get(&id, PREVIEW).await.body;

    assert_eq!(azure.put(&id, PREVIEW, held).await.status, 200);
}

#[tokio::test]
async fn kind_of_a_connector_cannot_change() {
    let azure = Azure::start().await;
    let page = azure.sentinel("law-soc", "dataConnectors/MicrosoftDefenderForCloudTenantBased");
    let etag = azure.get(&page, PREVIEW).await.body["etag"].clone();
    let reply = azure.put(&page, PREVIEW, changed(threat_protection(&azure), "/etag", Some(etag))).await;
    assert_eq!((reply.status, reply.code()), (400, "BadRequest"));
}

#[tokio::test]
async fn drops_unknown_properties_unless_the_world_keeps_them() {
    let body = |azure: &Azure| changed(threat_protection(azure), "/properties/future", Some(json!({"x": 1})));
    let azure = Azure::start().await;
    let path = azure.sentinel("law-soc", "dataConnectors/one");
    let reply = azure.put(&path, PREVIEW, body(&azure)).await;
    assert_eq!(reply.body["properties"].get("future"), None);

    let azure = Azure::with_world(json!({"behaviors": {"keep_unknown_properties": true}})).await;
    let reply = azure.put(&path, PREVIEW, body(&azure)).await;
    assert_eq!(reply.body["properties"]["future"]["x"], 1);
}

#[tokio::test]
async fn accepts_states_in_any_case_and_returns_the_worlds_casing() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-soc", "dataConnectors/one");
    let body = changed(threat_protection(&azure), "/properties/dataTypes/alerts/state", Some(json!("enabled")));
    let reply = azure.put(&path, PREVIEW, body).await;
    assert_eq!(reply.body["properties"]["dataTypes"]["alerts"]["state"], "Enabled");

    let azure = Azure::with_world(json!({"behaviors": {"lower_case_states": true}})).await;
    let path = azure.sentinel("law-portal", "dataConnectors");
    assert!(azure.get(&path, PREVIEW).await.body.to_string().contains(r#"{"state":"enabled"}"#));
}

#[tokio::test]
async fn write_rule_drops_the_provider_or_keeps_alerts_disabled() {
    let rules = json!([
        {"kind": "MicrosoftThreatProtection",
         "remove_elements": {"/properties/filteredProviders/alerts": ["microsoftDefenderForCloud"]},
         "replace": {"/properties/dataTypes/alerts/state": "Disabled"}},
    ]);
    let azure = Azure::with_world(json!({"behaviors": {"write_rules": rules}})).await;
    let path = azure.sentinel("law-soc", "dataConnectors/one");
    let reply = azure.put(&path, PREVIEW, threat_protection(&azure)).await;
    assert_eq!(reply.status, 201);
    assert_eq!(reply.body["properties"]["filteredProviders"]["alerts"], json!([]));
    assert_eq!(reply.body["properties"]["dataTypes"]["alerts"]["state"], "Disabled");
}

#[tokio::test]
async fn write_rule_rejects_a_tenant_without_license() {
    let azure = Azure::with_world(json!({"behaviors": {"write_rules": [
        {"type": "Microsoft.SecurityInsights/dataConnectors", "kind": "MicrosoftThreatProtection",
         "refuse": {"status": 401, "code": "InvalidLicense", "message": "Missing consent"}}]}}))
    .await;
    let path = azure.sentinel("law-soc", "dataConnectors/one");
    let reply = azure.put(&path, PREVIEW, threat_protection(&azure)).await;
    assert_eq!((reply.status, reply.code(), reply.message()), (401, "InvalidLicense", "Missing consent"));
    assert_eq!(azure.document(&path), Value::Null);
}

#[tokio::test]
async fn check_requirements_returns_the_worlds_results() {
    let azure = Azure::with_world(json!({"behaviors": {"requirements": {
        "MicrosoftThreatProtection": {"authorizationState": "Invalid", "licenseState": "Unknown"}}}}))
    .await;
    let path = azure.sentinel("law-soc", "dataConnectorsCheckRequirements");
    let check = async |body: Value, version: &str| azure.arm(Method::POST, &path, version, Some(body)).await;
    let tenant = json!({"kind": "MicrosoftThreatProtection", "properties": {"tenantId": azure.login.tenant_id}});
    assert_eq!(check(tenant.clone(), PREVIEW).await.body["authorizationState"], "Invalid");
    assert_eq!(check(tenant, STABLE).await.code(), "NoRegisteredProviderFound");
    let subscription =
        json!({"kind": "AzureSecurityCenter", "properties": {"subscriptionId": azure.login.subscription_id}});
    assert_eq!(
        check(subscription, PREVIEW).await.body,
        json!({"authorizationState": "Valid", "licenseState": "Valid"})
    );
    assert_eq!(check(json!({"kind": "GenericUI"}), PREVIEW).await.status, 400);
    let too_old = json!({"kind": "OfficePowerBI", "properties": {"tenantId": azure.login.tenant_id}});
    assert_eq!(check(too_old.clone(), "2021-03-01-preview").await.status, 400);
    assert_eq!(check(too_old, PREVIEW).await.status, 200);
    assert_eq!(check(json!({"kind": "MicrosoftThreatProtection"}), PREVIEW).await.status, 400);
}

#[tokio::test]
async fn portal_workspace_is_connected_and_has_connector_pages() {
    let azure = Azure::start().await;
    let list = azure.get(&azure.sentinel("law-portal", "dataConnectors"), PREVIEW).await;
    let of = |kind: &str| {
        let all = list.body["value"].as_array().expect("a list");
        all.iter().find(|connector| connector["kind"] == kind).cloned().unwrap_or_default()
    };
    let connection = of("MicrosoftThreatProtection");
    assert_eq!(connection["properties"]["dataTypes"]["alerts"]["state"], "Enabled");
    assert_eq!(connection["properties"]["dataTypes"]["incidents"]["state"], "Enabled");
    assert_eq!(connection["properties"]["filteredProviders"]["alerts"], json!(["microsoftDefenderForCloud"]));
    assert_eq!(of("GenericUI")["name"], "MicrosoftDefenderForCloudTenantBased");
    assert_eq!(of("AzureSecurityCenter")["properties"]["subscriptionId"], azure.login.subscription_id);
}

#[tokio::test]
async fn portal_connect_applies_the_checks_of_a_client() {
    let azure = Azure::start().await;
    let own = "MicrosoftDefenderForCloudTenantBased";
    azure.simulator.patch_world(
        json!({"behaviors": {"unpublished_connector_kinds": ["StaticUI", own], "portal_connect": [
            {}, {"kind": own, "properties": {"dataTypes": {"alerts": {"state": "Enabled"}}}}
        ]}}),
    );
    azure.put(&azure.sentinel("law-soc", "dataConnectors/mine"), PREVIEW, threat_protection(&azure)).await;
    let before = azure.document(&azure.sentinel("law-soc", "dataConnectors/mine"));

    let written = azure.simulator.portal_connect(azure.workspace("law-soc"));

    assert_eq!(written.len(), 2);
    assert_eq!(written[0]["name"], "mine", "the workspace's own connector is extended");
    assert_eq!(written[0]["properties"], before["properties"]);
    assert_ne!(written[0]["etag"], before["etag"]);
    assert_eq!(written[1]["properties"]["tenantId"], azure.login.tenant_id);
    let list = azure.sentinel("law-soc", "dataConnectors");
    let listed = async |version| {
        let body = azure.get(&list, version).await.body;
        body["value"].as_array().expect("a list").iter().filter(|document| document["kind"] == own).count()
    };
    assert_eq!((listed(PREVIEW).await, listed(STABLE).await), (1, 0));
}

#[tokio::test]
async fn portal_connect_writes_nothing_if_xdr_is_connected() {
    let azure = Azure::start().await;

    assert_eq!(azure.simulator.portal_connect(azure.workspace("law-portal")), Vec::<Value>::new());
}
