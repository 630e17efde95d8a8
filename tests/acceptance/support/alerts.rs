//! Counts the alerts of a workspace that are lost or duplicated.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Scene;

/// What became of the alerts of some time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AlertCount {
    /// How many Defender for Cloud raised.
    pub(crate) raised: usize,
    /// How many did not arrive.
    pub(crate) lost: usize,
    /// How many arrived more than once.
    pub(crate) doubled: usize,
    /// How many have no incident.
    pub(crate) without_incident: usize,
    /// How many have more than one.
    pub(crate) with_two_incidents: usize,
}

/// Counts the alerts since its last count.
pub(crate) struct AlertCounter {
    /// Lower-case ARM id.
    workspace: String,
    counted: BTreeSet<String>,
}

impl AlertCounter {
    /// Starts with the alerts that are raised from now on.
    pub(crate) fn new(scene: &Scene, workspace: &str) -> Self {
        let workspace = scene.azure.workspace(workspace).to_lowercase();
        Self { workspace, counted: names(&scene.azure.world()) }
    }

    /// The same as [`count`](Self::count), for a time in which the world raises alerts by itself. Fails if it raised
    /// none.
    #[track_caller]
    pub(crate) fn count_some(&mut self, scene: &Scene) -> AlertCount {
        let count = self.count(scene);
        assert!(count.raised > 0, "no alert was raised, so nothing could be lost");
        count
    }

    /// What became of the alerts since the last count.
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
            doubled: with(&arrivals, |count| count > 1),
            without_incident: with(&incidents, |count| count == 0),
            with_two_incidents: with(&incidents, |count| count > 1),
        }
    }
}

impl AlertCount {
    /// Every alert arrived once and has one incident.
    pub(crate) const fn perfect(raised: usize) -> Self {
        Self { raised, lost: 0, doubled: 0, without_incident: 0, with_two_incidents: 0 }
    }
}

/// Names of all alerts that Defender for Cloud raised.
fn names(world: &Value) -> BTreeSet<String> {
    let documents = world.as_object().into_iter().flatten().map(|(_, document)| document);
    let alerts = documents.filter(|document| document["type"] == json!("Microsoft.Security/Locations/alerts"));
    alerts.map(|alert| text(&alert["name"])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
