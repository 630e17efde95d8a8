//! Alerts of Microsoft Defender for Cloud. They are raised in a subscription, data connectors stream them into
//! workspaces, and incidents are created from them there.
//!
//! ```text
//! World::raise_alert     an alert in a subscription (alert)
//!  ├─ streams            which workspaces it reaches, and how
//!  ├─ security_alert     one row of the table SecurityAlert for each stream
//!  └─ incident           Defender XDR's incident, and one for each row that an incident creation rule matches
//! ```
//!
//! An alert arrives immediately, and only in workspaces whose connectors stream alerts at that time. Azure does not
//! deliver older alerts after a connector is connected.

mod alert;
mod columns;
mod incident;
mod security_alert;
mod streams;

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::clock;
use crate::world::World;
use crate::world::tables::Row;

pub use alert::{Alert, Severity};
pub use columns::{Column, columns};
use streams::Arrival;

/// The table of alerts.
const SECURITY_ALERT: &str = "SecurityAlert";

/// The table of incidents.
const SECURITY_INCIDENT: &str = "SecurityIncident";

/// `ProductName` of Defender for Cloud alerts, and the `productFilter` of a rule that creates incidents from them.
const PRODUCT: &str = "Azure Security Center";

/// An alert with the name, tenant and time that it gets when it is raised.
struct Raised<'a> {
    alert: &'a Alert,
    /// Name of the alert in Defender for Cloud, the same in every workspace.
    name: String,
    /// The tenant of the subscription.
    tenant: String,
    at: OffsetDateTime,
}

impl World {
    /// Raises an alert and returns its document. It arrives in each workspace that a connector streams it to.
    ///
    /// # Panics
    /// If the subscription does not exist or has no Defender plan.
    pub fn raise_alert(&mut self, alert: &Alert) -> Value {
        match self.try_raise_alert(alert) {
            Ok(document) => document,
            Err(problem) => panic!("{problem}"),
        }
    }

    pub(crate) fn try_raise_alert(&mut self, alert: &Alert) -> Result<Value, String> {
        let raised = Raised::check(self, alert)?;
        let document = raised.document();
        let id = document["id"].as_str().unwrap_or_default().to_owned();
        self.documents.put(&id, document.clone());
        for arrival in streams::arrivals(self, &raised) {
            arrive(self, &raised, &arrival);
        }
        Ok(document)
    }

    /// The rows of the table `SecurityAlert` or `SecurityIncident` of a workspace, oldest first. [`columns()`] has the
    /// columns.
    #[must_use]
    pub fn table_rows(&self, workspace: &str, table: &str) -> &[Row] {
        self.settings.tables.rows(workspace, table)
    }
}

/// Writes the rows and the incidents of an alert in one workspace.
fn arrive(world: &mut World, raised: &Raised<'_>, arrival: &Arrival) {
    let rows: Vec<Row> =
        arrival.streams.iter().map(|_| security_alert::row(world, raised, &arrival.workspace)).collect();
    for row in &rows {
        world.settings.tables.add(&arrival.workspace, SECURITY_ALERT, row.clone());
    }
    if arrival.has_xdr_incident {
        incident::from_xdr(world, raised, &arrival.workspace, &rows);
    }
    for row in &rows {
        incident::from_rules(world, raised, &arrival.workspace, row);
    }
}

impl<'a> Raised<'a> {
    fn check(world: &World, alert: &'a Alert) -> Result<Self, String> {
        let id = format!("/subscriptions/{}", alert.subscription_id);
        let document = world.documents.get(&id).ok_or_else(|| format!("there is no subscription {id}"))?;
        let plans = format!("{id}/providers/Microsoft.Security/pricings");
        if !world.documents.children(&plans).any(|plan| plan["properties"]["pricingTier"] == "Standard") {
            return Err(format!("{id} has no plan of Defender for Cloud, so it raises no alerts"));
        }
        let tenant = document["tenantId"].as_str().unwrap_or_default().to_owned();
        let now = world.now();
        // As in Azure: ticks that count down, so that newer alerts sort first, and a GUID.
        let ticks = 2_520_000_000_000_000_000_i128 - now.unix_timestamp_nanos() / 100;
        Ok(Self { alert, name: format!("{ticks}_{}", Uuid::new_v4()), tenant, at: now })
    }

    /// The document of the alert in Defender for Cloud.
    fn document(&self) -> Value {
        let id = format!(
            "/subscriptions/{}/providers/Microsoft.Security/locations/westeurope/alerts/{}",
            self.alert.subscription_id, self.name
        );
        json!({
            "id": id,
            "name": self.name,
            "type": "Microsoft.Security/Locations/alerts",
            "properties": {
                "alertDisplayName": self.alert.display_name,
                "alertType": self.alert.alert_type,
                "severity": self.alert.severity,
                "status": "Active",
                "systemAlertId": self.name,
                "productName": PRODUCT,
                "vendorName": "Microsoft",
                "timeGeneratedUtc": clock::iso(self.at),
                "startTimeUtc": clock::iso(self.at),
                "endTimeUtc": clock::iso(self.at),
                "resourceIdentifiers": [{"type": "AzureResource", "azureResourceId": self.alert.resource()}],
                "isIncident": false,
            },
        })
    }
}

/// Converts a JSON object to a row, without nulls.
fn row_of(value: Value) -> Row {
    let Value::Object(values) = value else { return Map::new() };
    values.into_iter().filter(|(_, value)| !value.is_null()).collect()
}
