//! The simulated Azure of a scenario, with assertions about workspaces and their connector.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use serde_json::{Value, json};
use terraform_driver::{Requests, Simulator};

/// Defender for Cloud's name in the filter of the Defender XDR connector.
const PROVIDER: &str = "microsoftDefenderForCloud";

/// A simulator. Its methods panic if the simulator does not respond.
pub(crate) struct Azure {
    simulator: Simulator,
}

impl Azure {
    pub(super) fn start(world: Option<&Path>) -> Self {
        let binary = super::scene::binary("SENTINEL_TEST_SIMULATOR");
        Self { simulator: Simulator::start(&binary, world).expect("the simulator starts") }
    }

    pub(super) const fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// The ARM ID of a workspace of the world.
    pub(crate) fn workspace(&self, name: &str) -> String {
        self.simulator.workspace(name).expect("the world has this workspace").to_owned()
    }

    /// The ARM ID and the document of the workspace's Defender XDR connector.
    pub(crate) fn connector(&self, workspace: &str) -> Option<(String, Value)> {
        let prefix = format!("{}/", self.workspace(workspace).to_lowercase());
        let documents = self.simulator.documents().expect("the simulator responds");
        let (_, document) = documents.into_iter().find(|(id, document)| {
            id.starts_with(&prefix) && document["kind"].as_str() == Some("MicrosoftThreatProtection")
        })?;
        Some((document["id"].as_str().expect("a document has an id").to_owned(), document))
    }

    /// Whether Defender for Cloud's alerts stream into the workspace.
    pub(crate) fn streams(&self, workspace: &str) -> bool {
        let Some((_, document)) = self.connector(workspace) else { return false };
        let properties = &document["properties"];
        let state = properties["dataTypes"]["alerts"]["state"].as_str().unwrap_or_default();
        let filter = properties["filteredProviders"]["alerts"].as_array();
        let passes = filter.is_none_or(|providers| {
            providers.iter().filter_map(Value::as_str).any(|provider| provider.eq_ignore_ascii_case(PROVIDER))
        });
        state.eq_ignore_ascii_case("enabled") && passes
    }

    /// Asserts that alerts stream into the workspace.
    #[track_caller]
    pub(crate) fn assert_streams(&self, workspace: &str) {
        assert!(self.streams(workspace), "alerts should stream: {:#?}", self.connector(workspace));
    }

    /// Asserts that no alerts stream into the workspace.
    #[track_caller]
    pub(crate) fn assert_not_streaming(&self, workspace: &str) {
        assert!(!self.streams(workspace), "alerts should not stream: {:#?}", self.connector(workspace));
    }

    /// The complete content of Azure, in the format of a world file.
    pub(crate) fn world(&self) -> Value {
        Value::Object(self.simulator.world().expect("the simulator responds"))
    }

    /// The ARM IDs of all documents, in lower case.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.simulator.documents().expect("the simulator responds").into_keys().collect()
    }

    /// Changes the workspace's connector outside of Terraform.
    pub(crate) fn change_connector(&self, workspace: &str, change: impl FnOnce(&mut Value)) {
        let (id, mut document) = self.connector(workspace).expect("there is a connector to change");
        change(&mut document);
        self.put(&id, &document);
    }

    /// Connects the workspace like the portal, under a random name.
    pub(crate) fn connect_in_the_portal(&self, workspace: &str) -> String {
        let name = "7b1f0e52-95a4-4a63-a1f5-6f2f5c8f0c11";
        let workspace = self.workspace(workspace);
        let id = format!("{workspace}/providers/Microsoft.SecurityInsights/dataConnectors/{name}");
        let document = json!({
            "id": id,
            "name": name,
            "type": "Microsoft.SecurityInsights/dataConnectors",
            "kind": "MicrosoftThreatProtection",
            "properties": {
                "tenantId": self.simulator.environment()["ARM_TENANT_ID"],
                "dataTypes": { "alerts": { "state": "Enabled" }, "incidents": { "state": "Disabled" } },
                "filteredProviders": { "alerts": [PROVIDER] },
            },
        });
        self.put(&id, &document);
        id
    }

    /// Selects **Connect** in the simulated portal, which writes the documents that the world defines. Returns their
    /// number.
    #[cfg(unix)]
    pub(crate) fn portal_connect(&self, workspace: &str) -> usize {
        self.simulator.portal_connect(&self.workspace(workspace)).expect("the portal accepts the click")
    }

    /// Creates or replaces a document outside of Terraform.
    pub(crate) fn put(&self, id: &str, document: &Value) {
        self.simulator.put_document(id, document).expect("the simulator accepts the document");
    }

    /// Deletes a document outside of Terraform.
    pub(crate) fn delete(&self, id: &str) {
        self.simulator.delete_document(id).expect("the simulator deletes the document");
    }

    /// The document with this ARM ID.
    pub(crate) fn document(&self, id: &str) -> Option<Value> {
        self.simulator.document(id).expect("the simulator responds")
    }

    /// Raises one alert or a list of alerts in Defender for Cloud. The fields are those of the simulator.
    pub(crate) fn raise(&self, alerts: &Value) {
        self.simulator.raise_alerts(alerts).expect("the simulator raises the alerts");
    }

    /// Adds a fault, which makes matching requests fail.
    #[expect(clippy::needless_pass_by_value, reason = "a fault is written where it is injected")]
    pub(crate) fn inject(&self, fault: Value) {
        self.simulator.inject(&fault).expect("the simulator takes the fault");
    }

    /// The number of requests that faults have affected.
    pub(crate) fn fault_hits(&self) -> u64 {
        self.simulator.fault_hits().expect("the simulator responds")
    }

    /// An access token for this audience, from the managed identity endpoint. The world must have a machine with a
    /// managed identity.
    pub(crate) fn access_token(&self, audience: &str) -> String {
        let host = &self.simulator.environment()["ARM_METADATA_HOSTNAME"];
        let mut stream = TcpStream::connect(host).expect("the simulator listens");
        let target = format!("/metadata/identity/oauth2/token?api-version=2018-02-01&resource={audience}");
        let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nMetadata: true\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it reads the request");
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("it responds");
        let (_, rest) = response.split_once("\"access_token\":\"").unwrap_or_else(|| panic!("no token: {response}"));
        rest.split('"').next().expect("the first part").to_owned()
    }

    /// Raises an alert of Defender for Cloud in each of these subscriptions.
    pub(crate) fn raise_alerts<'a>(&self, subscriptions: impl IntoIterator<Item = &'a str>) {
        self.raise_alerts_of_severity("Medium", subscriptions);
    }

    /// Like [`raise_alerts`](Self::raise_alerts), with this severity.
    pub(crate) fn raise_alerts_of_severity<'a>(
        &self,
        severity: &str,
        subscriptions: impl IntoIterator<Item = &'a str>,
    ) {
        let alert = |subscription| json!({"subscription_id": subscription, "severity": severity});
        let alerts: Value = subscriptions.into_iter().map(alert).collect();
        self.simulator.raise_alerts(&alerts).expect("the simulator raises the alerts");
    }

    /// Advances the clock of Azure.
    pub(crate) fn advance_clock(&self, by: std::time::Duration) {
        self.simulator.advance_clock(by).expect("the simulator responds");
    }

    /// Removes all faults.
    pub(crate) fn clear_faults(&self) {
        self.simulator.clear_faults().expect("the simulator responds");
    }

    /// The requests since the last [`clear_requests`](Self::clear_requests).
    pub(crate) fn requests(&self) -> Requests {
        self.simulator.requests().expect("the simulator responds")
    }

    /// Clears the log of requests.
    pub(crate) fn clear_requests(&self) {
        self.simulator.clear_requests().expect("the simulator responds");
    }

    /// Asserts that exactly `expected` requests with this method and with `part` in their path were sent.
    #[track_caller]
    pub(crate) fn assert_requests(&self, method: &str, part: &str, expected: usize) {
        let requests = self.requests();
        assert_eq!(requests.count(method, part), expected, "{method} …{part}…: {:#?}", summary(&requests));
    }

    /// Asserts that no request to Azure Resource Manager tried to change anything.
    #[track_caller]
    pub(crate) fn assert_only_read(&self) {
        let requests = self.requests();
        assert_eq!(requests.writes(), 0, "nothing should be written: {:#?}", summary(&requests));
    }
}

/// The requests, one per line.
pub(super) fn summary(requests: &Requests) -> Vec<String> {
    let line = |request: &terraform_driver::simulator::Request| {
        let status = request.status.map_or_else(|| "cut".to_owned(), |status| status.to_string());
        format!("{status} {} {}", request.method, request.path)
    };
    requests.all().iter().map(line).collect()
}
