//! The columns of the tables `SecurityAlert` and `SecurityIncident`, with their Log Analytics types.

use super::{SECURITY_ALERT, SECURITY_INCIDENT};

/// A column of a Log Analytics table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name, such as `TimeGenerated`.
    pub name: &'static str,
    /// The type: `string`, `datetime`, `bool`, `int`, `real` or `dynamic`.
    pub column_type: &'static str,
}

/// The columns of the table `SecurityAlert` or `SecurityIncident`, or none for other tables. Table names are
/// case-sensitive, as in queries.
#[must_use]
pub fn columns(table: &str) -> Option<Vec<Column>> {
    let rows = match table {
        SECURITY_ALERT => ALERT,
        SECURITY_INCIDENT => INCIDENT,
        _ => return None,
    };
    Some(rows.iter().map(|(name, column_type)| Column { name, column_type }).collect())
}

const ALERT: &[(&str, &str)] = &[
    ("TenantId", "string"),
    ("TimeGenerated", "datetime"),
    ("DisplayName", "string"),
    ("AlertName", "string"),
    ("AlertSeverity", "string"),
    ("Description", "string"),
    ("ProviderName", "string"),
    ("VendorName", "string"),
    ("VendorOriginalId", "string"),
    ("SystemAlertId", "string"),
    ("ResourceId", "string"),
    ("SourceComputerId", "string"),
    ("AlertType", "string"),
    ("ConfidenceLevel", "string"),
    ("ConfidenceScore", "real"),
    ("IsIncident", "bool"),
    ("StartTime", "datetime"),
    ("EndTime", "datetime"),
    ("ProcessingEndTime", "datetime"),
    ("RemediationSteps", "string"),
    ("ExtendedProperties", "string"),
    ("Entities", "string"),
    ("SourceSystem", "string"),
    ("WorkspaceSubscriptionId", "string"),
    ("WorkspaceResourceGroup", "string"),
    ("ExtendedLinks", "string"),
    ("ProductName", "string"),
    ("ProductComponentName", "string"),
    ("AlertLink", "string"),
    ("Status", "string"),
    ("CompromisedEntity", "string"),
    ("Tactics", "string"),
    ("Techniques", "string"),
    ("SubTechniques", "string"),
    ("Type", "string"),
];

const INCIDENT: &[(&str, &str)] = &[
    ("TenantId", "string"),
    ("TimeGenerated", "datetime"),
    ("IncidentName", "string"),
    ("Title", "string"),
    ("Description", "string"),
    ("Severity", "string"),
    ("Status", "string"),
    ("Classification", "string"),
    ("ClassificationComment", "string"),
    ("ClassificationReason", "string"),
    ("Owner", "dynamic"),
    ("ProviderName", "string"),
    ("ProviderIncidentId", "string"),
    ("FirstActivityTime", "datetime"),
    ("LastActivityTime", "datetime"),
    ("FirstModifiedTime", "datetime"),
    ("LastModifiedTime", "datetime"),
    ("CreatedTime", "datetime"),
    ("ClosedTime", "datetime"),
    ("IncidentNumber", "int"),
    ("RelatedAnalyticRuleIds", "dynamic"),
    ("AlertIds", "dynamic"),
    ("BookmarkIds", "dynamic"),
    ("Comments", "dynamic"),
    ("Tasks", "dynamic"),
    ("Labels", "dynamic"),
    ("IncidentUrl", "string"),
    ("AdditionalData", "dynamic"),
    ("ModifiedBy", "string"),
    ("SourceSystem", "string"),
    ("Type", "string"),
];
