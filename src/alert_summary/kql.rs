//! The query of the data source, in the Kusto Query Language.

use super::window::Window;

/// The table of alerts.
pub(super) const TABLE: &str = "SecurityAlert";

/// The columns of the result.
pub(super) const DAY: &str = "Day";
pub(super) const SEVERITY: &str = "AlertSeverity";
pub(super) const SUBSCRIPTION: &str = "Subscription";
pub(super) const ALERTS: &str = "Alerts";
pub(super) const NEWEST: &str = "Newest";

/// The query that counts the alerts in the window.
///
/// Each change of an alert adds a row, so the query counts only the latest row of an alert. `ProductName` is the same
/// for the tenant-based and the subscription-based connector.
pub(super) fn summary(window: &Window) -> String {
    format!(
        "{TABLE}\n\
         | where TimeGenerated > ago({window})\n\
         | where ProductName == \"Azure Security Center\"\n\
         | summarize arg_max(TimeGenerated, {SEVERITY}, ResourceId) by SystemAlertId\n\
         | extend {SUBSCRIPTION} = tolower(extract(\"/subscriptions/([0-9a-fA-F-]{{36}})\", 1, ResourceId))\n\
         | summarize {ALERTS} = count(), {NEWEST} = max(TimeGenerated) by {DAY} = bin(TimeGenerated, 1d), {SEVERITY}, \
         {SUBSCRIPTION}\n\
         | order by {DAY} asc\n",
        window = window.literal()
    )
}
