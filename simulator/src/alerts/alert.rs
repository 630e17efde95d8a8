//! An alert of Defender for Cloud, as a test describes it.

use serde::{Deserialize, Serialize};

/// An alert in a subscription. In JSON, an object with these fields; only `subscription_id` is required.
///
/// ```
/// use azure_simulator::{Alert, Severity};
///
/// let alert = Alert::new("3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58")
///     .display_name("Suspicious process")
///     .severity(Severity::High);
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// GUID of the subscription.
    pub(super) subscription_id: String,
    /// The display name. Defaults to `Suspicious process executed`.
    #[serde(default = "display_name")]
    pub(super) display_name: String,
    /// The alert type. Defaults to `VM_SuspiciousProcess`.
    #[serde(default = "alert_type")]
    pub(super) alert_type: String,
    /// The severity. Defaults to `Medium`.
    #[serde(default)]
    pub(super) severity: Severity,
    /// ARM ID of the resource that the alert is about. Defaults to the subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) resource_id: Option<String>,
}

/// How severe an alert is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Severity {
    /// Defender XDR ignores informational alerts.
    Informational,
    /// Low.
    Low,
    /// Medium.
    #[default]
    Medium,
    /// High.
    High,
}

impl Severity {
    /// The name in tables and documents.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Informational => "Informational",
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
        }
    }
}

impl Alert {
    /// A suspicious process of medium severity in this subscription.
    #[must_use]
    pub fn new(subscription_id: &str) -> Self {
        Self {
            subscription_id: subscription_id.to_owned(),
            display_name: display_name(),
            alert_type: alert_type(),
            severity: Severity::default(),
            resource_id: None,
        }
    }

    /// Sets the display name.
    #[must_use]
    pub fn display_name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.display_name);
        self
    }

    /// Sets the severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Sets the resource that the alert is about.
    #[must_use]
    pub fn resource_id(mut self, id: &str) -> Self {
        self.resource_id = Some(id.to_owned());
        self
    }

    pub(super) fn resource(&self) -> String {
        self.resource_id.clone().unwrap_or_else(|| format!("/subscriptions/{}", self.subscription_id))
    }
}

fn display_name() -> String {
    "Suspicious process executed".to_owned()
}

fn alert_type() -> String {
    "VM_SuspiciousProcess".to_owned()
}
