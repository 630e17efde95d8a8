//! `moved` blocks in a module that adopt data connectors with `for_each` keys from azurerm and azapi. Only the state
//! changes.

use serde_json::{Value, json};

use crate::support::Scene;
use crate::support::moved::{assert_moves_only, configure_module, in_module, instance_of_azapi_2, resource};

scenarios![
    moves_xdr_connectors_of_azurerm,
    moves_subscription_connectors_of_azurerm;
    every_cli:
    moves_xdr_connectors_of_azapi,
    moves_subscription_connectors_of_azapi,
];

const XDR: &str = "sentinel_defender_xdr_connector";
const SUBSCRIPTION: &str = "sentinel_dfc_subscription_connector";
const AZAPI_TYPE: &str = "Microsoft.SecurityInsights/dataConnectors@2024-04-01-preview";

/// The keys of the instances. Each workspace has a Defender XDR connector.
const WORKSPACES: [&str; 2] = ["law-outdated", "law-soc"];

/// The keys of the instances. Each subscription has a connector in law-soc.
const SUBSCRIPTIONS: [&str; 2] = ["3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58", "8e4a7d19-2c6b-4f03-9a5d-71b0c3e6f842"];

/// An existing connector: its key, workspace, name and body.
struct Connector {
    key: &'static str,
    workspace: String,
    name: String,
    body: Value,
}

impl Connector {
    fn id(&self) -> String {
        format!("{}/providers/Microsoft.SecurityInsights/dataConnectors/{}", self.workspace, self.name)
    }

    fn put(&self, scene: &Scene) {
        let mut document = self.body.clone();
        document["etag"] = json!("\"1\"");
        scene.azure.put(&self.id(), &document);
    }
}

/// Creates a Defender XDR connector with these properties in each workspace.
fn xdr_connectors(scene: &Scene, properties: &Value) -> Vec<Connector> {
    let connector = |(number, key): (usize, &&'static str)| {
        let mut properties = properties.clone();
        properties["tenantId"] = json!(scene.variable("ARM_TENANT_ID"));
        let body = json!({"kind": "MicrosoftThreatProtection", "properties": properties});
        let connector = Connector { key, workspace: scene.azure.workspace(key), name: format!("x{number}"), body };
        connector.put(scene);
        connector
    };
    WORKSPACES.iter().enumerate().map(connector).collect()
}

fn subscription_connectors(scene: &Scene) -> Vec<Connector> {
    let connector = |(number, key): (usize, &&'static str)| {
        let properties = json!({"subscriptionId": key, "dataTypes": {"alerts": {"state": "Enabled"}}});
        let body = json!({"kind": "AzureSecurityCenter", "properties": properties});
        let workspace = scene.azure.workspace("law-soc");
        let connector = Connector { key, workspace, name: format!("s{number}"), body };
        connector.put(scene);
        connector
    };
    SUBSCRIPTIONS.iter().enumerate().map(connector).collect()
}

fn azapi_instance(connector: &Connector) -> Value {
    let workspace = connector.workspace.to_lowercase();
    instance_of_azapi_2(AZAPI_TYPE, &workspace, &connector.name, &connector.body)
}

fn azurerm_instance(connector: &Connector, own: (&str, Value)) -> Value {
    let mut instance = json!({
        "schema_version": 0,
        "attributes": {
            "id": connector.id().to_lowercase(), "log_analytics_workspace_id": connector.workspace.to_lowercase(),
            "name": connector.name, "timeouts": null,
        },
        "sensitive_attributes": [],
    });
    instance["attributes"][own.0] = own.1;
    instance
}

fn moves_xdr_connectors_of_azapi(scene: Scene) {
    let scene = scene.with_azurerm_and_azapi();
    let connectors = xdr_connectors(
        &scene,
        &json!({
            "dataTypes": {"incidents": {"state": "Enabled"}, "alerts": {"state": "Enabled"}},
            "filteredProviders": {"alerts": ["microsoftDefenderForIdentity"]},
        }),
    );

    let instances: Vec<Value> = connectors.iter().map(azapi_instance).collect();
    state(&scene, ("azure/azapi", "azapi_resource"), &connectors, instances);
    let text = configured(&connectors, |_| vec![]);
    configure_module(&scene, XDR, &text, "azapi_resource");
    // Settings in azapi's body stay managed.
    let main = scene.read("sentinel/main.tf");
    let managed = "for_each = var.instances\n  alert_providers = [\"microsoftDefenderForIdentity\"]";
    scene.file("sentinel/main.tf", &main.replace("for_each = var.instances", managed));

    moves_only(&scene, XDR, &connectors);
}

fn moves_xdr_connectors_of_azurerm(scene: Scene) {
    let scene = scene.with_azurerm_and_azapi();
    let connectors = xdr_connectors(&scene, &json!({"dataTypes": {"incidents": {"state": "Enabled"}}}));
    let type_name = "azurerm_sentinel_data_connector_microsoft_threat_protection";
    let tenant = scene.variable("ARM_TENANT_ID");

    let instances =
        connectors.iter().map(|connector| azurerm_instance(connector, ("tenant_id", json!(tenant)))).collect();
    state(&scene, ("hashicorp/azurerm", type_name), &connectors, instances);
    configure_module(&scene, XDR, &configured(&connectors, |_| vec![]), type_name);

    moves_only(&scene, XDR, &connectors);
}

fn moves_subscription_connectors_of_azapi(scene: Scene) {
    let scene = scene.with_azurerm_and_azapi();
    let connectors = subscription_connectors(&scene);

    let instances: Vec<Value> = connectors.iter().map(azapi_instance).collect();
    state(&scene, ("azure/azapi", "azapi_resource"), &connectors, instances);
    let own = |connector: &Connector| vec![("subscription_id", connector.key.to_owned())];
    configure_module(&scene, SUBSCRIPTION, &configured(&connectors, own), "azapi_resource");

    moves_only(&scene, SUBSCRIPTION, &connectors);
}

fn moves_subscription_connectors_of_azurerm(scene: Scene) {
    let scene = scene.with_azurerm_and_azapi();
    let connectors = subscription_connectors(&scene);
    let type_name = "azurerm_sentinel_data_connector_azure_security_center";

    let of = |connector: &Connector| azurerm_instance(connector, ("subscription_id", json!(connector.key)));
    state(&scene, ("hashicorp/azurerm", type_name), &connectors, connectors.iter().map(of).collect());
    let own = |connector: &Connector| vec![("subscription_id", connector.key.to_owned())];
    configure_module(&scene, SUBSCRIPTION, &configured(&connectors, own), type_name);

    moves_only(&scene, SUBSCRIPTION, &connectors);
}

/// Writes the state of another provider with an instance for each connector.
fn state(scene: &Scene, (source, type_name): (&str, &str), connectors: &[Connector], mut instances: Vec<Value>) {
    for (instance, connector) in instances.iter_mut().zip(connectors) {
        instance["index_key"] = json!(connector.key);
    }
    scene.write_state(&[in_module(resource(scene, source, type_name, "each", &instances))]);
}

/// The arguments of each connector: the workspace, and the arguments from `own`.
fn configured<'a>(
    connectors: &'a [Connector],
    own: impl Fn(&Connector) -> Vec<(&'a str, String)>,
) -> Vec<(&'a str, Vec<(&'a str, String)>)> {
    let arguments = |connector: &Connector| {
        let mut arguments = own(connector);
        arguments.push(("workspace_id", connector.workspace.clone()));
        arguments
    };
    connectors.iter().map(|connector| (connector.key, arguments(connector))).collect()
}

/// Asserts that the plan and the apply move every instance, and change nothing else in the state or in Azure.
fn moves_only(scene: &Scene, type_name: &str, connectors: &[Connector]) {
    assert_moves_only(scene);
    let address = |connector: &Connector| format!("module.sentinel.{type_name}.each[\"{}\"]", connector.key);
    let expected: Vec<String> = connectors.iter().map(address).collect();
    assert_eq!(scene.state().addresses(), expected);
    for (address, connector) in expected.iter().zip(connectors) {
        assert_eq!(scene.attribute(address, "id"), connector.id());
    }
}
