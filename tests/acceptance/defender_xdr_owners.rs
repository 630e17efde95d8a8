//! The Defender XDR connector and the tenant connector share one data connector in Azure. Each changes only its own
//! part: in every order of create, update and destroy, concurrently, and from two states.

use serde_json::{Value, json};

use crate::support::{Scene, assert_says};

const CLOUD: &str = "microsoftDefenderForCloud";
const IDENTITY: &str = "microsoftDefenderForIdentity";

scenarios![
    both_connectors_work_in_one_state,
    both_connectors_work_in_two_states_in_every_order,
    both_connectors_work_in_two_states_concurrently,
    changing_one_connector_keeps_the_other,
    both_connectors_work_on_a_connector_of_the_portal,
    plan_of_the_tenant_connector_reports_an_enabled_xdr_connector,
];

/// A resource that shares the data connector of law-soc.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Owner {
    Tenant,
    Xdr,
}

use Owner::{Tenant, Xdr};

impl Owner {
    fn folder(self) -> &'static str {
        match self {
            Tenant => "tenant",
            Xdr => "xdr",
        }
    }

    fn configuration(self, scene: &Scene) -> String {
        let workspace = scene.azure.workspace("law-soc");
        let (resource, arguments) = match self {
            Tenant => ("sentinel_dfc_tenant_connector", String::new()),
            Xdr => ("sentinel_defender_xdr_connector", format!("  alert_providers = [\"{IDENTITY}\"]\n")),
        };
        format!("resource \"{resource}\" \"this\" {{\n  workspace_id = \"{workspace}\"\n{arguments}}}\n")
    }

    /// Creates a separate configuration and state for the owner.
    fn prepare(self, scene: &Scene) {
        self.prepare_with(scene, &format!("  alert_providers = [\"{IDENTITY}\"]\n"));
    }

    /// Like [`prepare`](Self::prepare), with these arguments for the XDR connector.
    fn prepare_with(self, scene: &Scene, arguments: &str) {
        let requirements = scene.read("requirements.tf");
        let configuration = match self {
            Tenant => self.configuration(scene),
            Xdr => self.configuration(scene).replace(&format!("  alert_providers = [\"{IDENTITY}\"]\n"), arguments),
        };
        scene.file(&format!("{}/main.tf", self.folder()), &(requirements + &configuration));
    }

    fn command(self, command: &str) -> Vec<String> {
        let folder = format!("-chdir={}", self.folder());
        [folder.as_str(), command, "-auto-approve", "-no-color"].map(str::to_owned).to_vec()
    }

    fn run(self, scene: &Scene, command: &str) {
        let command = self.command(command);
        scene.succeed(&command.iter().map(String::as_str).collect::<Vec<_>>());
    }

    fn assert_no_changes(self, scene: &Scene) {
        let folder = format!("-chdir={}", self.folder());
        scene.succeed(&[&folder, "plan", "-no-color", "-detailed-exitcode"]);
    }
}

/// Asserts that exactly the parts of these owners are enabled in law-soc.
#[track_caller]
fn assert_enabled(scene: &Scene, owners: &[Owner]) {
    let Some((_, document)) = scene.azure.connector("law-soc") else {
        assert!(owners.is_empty(), "there should be a connector for {owners:?}");
        return;
    };
    let properties = &document["properties"];
    let is_enabled = |data_type: &str| properties["dataTypes"][data_type]["state"] == "Enabled";
    let passes = |provider: &str| {
        let filter = properties["filteredProviders"]["alerts"].as_array().cloned().unwrap_or_default();
        is_enabled("alerts") && filter.contains(&Value::from(provider))
    };
    assert_eq!(passes(CLOUD), owners.contains(&Tenant), "{owners:?}: {document:#}");
    assert_eq!(
        (is_enabled("incidents"), passes(IDENTITY)),
        (owners.contains(&Xdr), owners.contains(&Xdr)),
        "{document:#}"
    );
    assert!(!owners.is_empty(), "the last owner deletes the connector: {document:#}");
}

fn both_connectors_work_in_one_state(scene: Scene) {
    let both = Tenant.configuration(&scene) + &Xdr.configuration(&scene);
    for remaining in [Tenant, Xdr] {
        scene.configure(&both);
        scene.apply();
        assert_enabled(&scene, &[Tenant, Xdr]);
        scene.assert_no_changes();

        scene.configure(&remaining.configuration(&scene));
        scene.apply();
        assert_enabled(&scene, &[remaining]);
        scene.assert_no_changes();
        scene.destroy();
        assert_enabled(&scene, &[]);
    }
    scene.configure(&both);
    scene.apply();
    scene.destroy();
    assert_enabled(&scene, &[]);
    scene.assert_state([]);
}

fn both_connectors_work_in_two_states_in_every_order(scene: Scene) {
    for owner in [Tenant, Xdr] {
        owner.prepare(&scene);
    }
    for (first, second) in [(Tenant, Xdr), (Xdr, Tenant)] {
        for (leaves, stays) in [(Tenant, Xdr), (Xdr, Tenant)] {
            first.run(&scene, "apply");
            assert_enabled(&scene, &[first]);
            second.run(&scene, "apply");
            assert_enabled(&scene, &[Tenant, Xdr]);
            first.assert_no_changes(&scene);
            second.assert_no_changes(&scene);

            leaves.run(&scene, "destroy");
            assert_enabled(&scene, &[stays]);
            stays.assert_no_changes(&scene);
            leaves.run(&scene, "apply");
            assert_enabled(&scene, &[Tenant, Xdr]);
            stays.assert_no_changes(&scene);
            stays.run(&scene, "destroy");
            assert_enabled(&scene, &[leaves]);
            leaves.run(&scene, "destroy");
            assert_enabled(&scene, &[]);
        }
    }
}

fn both_connectors_work_in_two_states_concurrently(scene: Scene) {
    for owner in [Tenant, Xdr] {
        owner.prepare(&scene);
    }
    let concurrently = |commands: [(Owner, &str); 2]| {
        let running = commands.map(|(owner, command)| {
            let command = owner.command(command);
            scene.start(&command.iter().map(String::as_str).collect::<Vec<_>>())
        });
        for running in running {
            assert!(scene.finish(running).succeeded());
        }
    };
    // The portal created this connector, so no owner creates or deletes it. Only its etag protects the parts.
    let apps = json!(["microsoftDefenderForCloudApps"]);
    let id = scene.azure.connect_in_the_portal("law-soc");
    scene.azure.change_connector("law-soc", |connector| {
        connector["properties"]["filteredProviders"]["alerts"] = apps.clone();
    });
    Xdr.prepare_with(&scene, "");
    // Delay reads, so that each write is based on an outdated document.
    scene.azure.inject(json!({"method": "GET", "path": "/dataConnectors", "delay_ms": 400}));
    let assert_parts = |tenant: bool, xdr: bool| {
        let properties = scene.azure.document(&id).expect("the connector stays")["properties"].clone();
        let filter = properties["filteredProviders"]["alerts"].as_array().cloned().unwrap_or_default();
        assert!(filter.contains(&apps[0]), "{properties:#}");
        assert_eq!(filter.contains(&CLOUD.into()), tenant, "{properties:#}");
        assert_eq!(properties["dataTypes"]["incidents"]["state"] == "Enabled", xdr, "{properties:#}");
    };
    concurrently([(Tenant, "apply"), (Xdr, "apply")]);
    assert_parts(true, true);
    concurrently([(Tenant, "destroy"), (Xdr, "apply")]);
    assert_parts(false, true);
    concurrently([(Tenant, "apply"), (Xdr, "destroy")]);
    assert_parts(true, false);
    Xdr.run(&scene, "apply");
    concurrently([(Tenant, "destroy"), (Xdr, "destroy")]);
    assert_parts(false, false);
}

fn changing_one_connector_keeps_the_other(scene: Scene) {
    let tenant = Tenant.configuration(&scene);
    let workspace = scene.azure.workspace("law-soc");
    let with = |arguments: &str| {
        scene.configure(&format!(
            "{tenant}\nresource \"sentinel_defender_xdr_connector\" \"this\" {{\n  workspace_id = \"{workspace}\"\n\
             {arguments}\n}}\n"
        ));
        scene.apply();
        scene.assert_no_changes();
        scene.azure.assert_streams("law-soc");
    };
    for arguments in [
        "",
        "  alert_providers = []",
        "  alert_providers = [\"microsoftDefenderForIdentity\", \"microsoftDefenderForCloudApps\"]",
        "  alert_providers = [\"microsoftDefenderForCloudApps\"]\n  incidents_enabled = false",
        "  incidents_enabled = false\n  advanced_hunting_tables = [\"DeviceInfo\"]",
        "  alert_providers = []\n  incidents_enabled = false\n  advanced_hunting_tables = []",
    ] {
        with(arguments);
    }
    // All settings of the XDR connector are disabled, so only the tenant connector uses the document.
    scene.configure(&format!(
        "resource \"sentinel_defender_xdr_connector\" \"this\" {{\n  workspace_id = \"{workspace}\"\n  alert_providers = \
         []\n  incidents_enabled = false\n  advanced_hunting_tables = []\n}}\n"
    ));
    scene.apply();
    scene.assert_no_changes();
    scene.destroy();
    assert_enabled(&scene, &[]);
}

fn both_connectors_work_on_a_connector_of_the_portal(scene: Scene) {
    let id = scene.azure.connect_in_the_portal("law-soc");
    scene.azure.change_connector("law-soc", |connector| {
        connector["properties"]["filteredProviders"]["alerts"] = json!(["microsoftDefenderForCloudApps"]);
    });
    let workspace = scene.azure.workspace("law-soc");
    let xdr =
        format!("resource \"sentinel_defender_xdr_connector\" \"this\" {{\n  workspace_id = \"{workspace}\"\n}}\n");
    scene.configure(&(Tenant.configuration(&scene) + &xdr));
    scene.apply();
    scene.assert_no_changes();
    scene.azure.assert_streams("law-soc");

    scene.destroy();

    let document = scene.azure.document(&id).expect("the portal's connector stays");
    assert_eq!(document["properties"]["filteredProviders"]["alerts"], json!(["microsoftDefenderForCloudApps"]));
    assert_eq!(document["properties"]["dataTypes"]["incidents"]["state"], "Disabled");
    assert_eq!(document["properties"]["dataTypes"]["alerts"]["state"], "Enabled");
}

fn plan_of_the_tenant_connector_reports_an_enabled_xdr_connector(scene: Scene) {
    scene.configure(&Xdr.configuration(&scene));
    scene.apply();
    scene.configure(&(Tenant.configuration(&scene) + &Xdr.configuration(&scene)));

    let planned = scene.succeed(&["plan", "-no-color"]);

    let said = [
        "The portal shows the tenant-based connector of law-soc as connected",
        "SecurityAlert",
        "Azure Security Center",
    ];
    assert_says(&planned, &said);
}
