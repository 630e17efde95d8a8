//! Counts the alerts of a workspace that are lost or duplicated.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Scene;

/// The number of alerts in a period, and how many of them are lost or duplicated.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AlertCount {
    /// The number of alerts that Defender for Cloud raised.
    pub(crate) raised: usize,
    /// The number of alerts that did not arrive.
    pub(crate) lost: usize,
    /// The number of alerts that arrived more than once.
    pub(crate) duplicated: usize,
    /// The number of alerts without an incident.
    pub(crate) without_incident: usize,
    /// The number of alerts with more than one incident.
    pub(crate) with_two_incidents: usize,
}

/// Counts the alerts since the last count.
pub(crate) struct AlertCounter {
    /// The ARM ID of the workspace, in lower case.
    workspace: String,
    counted: BTreeSet<String>,
}

impl AlertCounter {
    /// Counts only alerts that are raised after this call.
    pub(crate) fn new(scene: &Scene, workspace: &str) -> Self {
        let workspace = scene.azure.workspace(workspace).to_lowercase();
        Self { workspace, counted: names(&scene.azure.world()) }
    }

    /// Like [`count`](Self::count), but fails if no alert was raised.
    #[track_caller]
    pub(crate) fn count_some(&mut self, scene: &Scene) -> AlertCount {
        let count = self.count(scene);
        assert!(count.raised > 0, "no alert was raised, so nothing could be lost");
        count
    }

    /// Counts the alerts since the last count.
    pub(crate) fn count(&mut self, scene: &Scene) -> AlertCount {
        let world = scene.azure.world();
        let raised: BTreeSet<String> = names(&world).difference(&self.counted).cloned().collect();
        self.counted.extend(raised.iter().cloned());

        let tables = &world["world"]["tables"][&self.workspace];
        let rows = |table: &str| tables[table].as_array().cloned().unwrap_or_default();
        let mut alert_of_row: BTreeMap<String, String> = BTreeMap::new();
        let mut arrivals: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows("SecurityAlert") {
            let alert = text(&row["VendorOriginalId"]);
            *arrivals.entry(alert.clone()).or_default() += 1;
            alert_of_row.insert(text(&row["SystemAlertId"]), alert);
        }
        let mut incidents: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows("SecurityIncident") {
            let ids = row["AlertIds"].as_array().cloned().unwrap_or_default();
            let alerts: BTreeSet<&String> = ids.iter().map(|id| &alert_of_row[&text(id)]).collect();
            for alert in alerts {
                *incidents.entry(alert.clone()).or_default() += 1;
            }
        }
        let with = |counts: &BTreeMap<String, usize>, has: fn(usize) -> bool| {
            raised.iter().filter(|name| has(counts.get(*name).copied().unwrap_or_default())).count()
        };
        AlertCount {
            raised: raised.len(),
            lost: with(&arrivals, |count| count == 0),
            duplicated: with(&arrivals, |count| count > 1),
            without_incident: with(&incidents, |count| count == 0),
            with_two_incidents: with(&incidents, |count| count > 1),
        }
    }
}

impl AlertCount {
    /// The count if every alert arrived once and has one incident.
    pub(crate) const fn exactly_once(raised: usize) -> Self {
        Self { raised, lost: 0, duplicated: 0, without_incident: 0, with_two_incidents: 0 }
    }
}

/// The names of all alerts that Defender for Cloud raised.
fn names(world: &Value) -> BTreeSet<String> {
    let documents = world.as_object().into_iter().flatten().map(|(_, document)| document);
    let alerts = documents.filter(|document| document["type"] == json!("Microsoft.Security/Locations/alerts"));
    alerts.map(|alert| text(&alert["name"])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
