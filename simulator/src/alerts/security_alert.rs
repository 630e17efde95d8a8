//! Rows of the table `SecurityAlert`.

use serde_json::json;
use uuid::Uuid;

use super::{PRODUCT, Raised, row_of};
use crate::clock;
use crate::resource_path::ResourcePath;
use crate::world::World;
use crate::world::tables::Row;

/// The row of an alert in a workspace. Each row has its own `SystemAlertId`. `VendorOriginalId` is the alert's name in
/// Defender for Cloud, which is the same in all rows of the alert.
pub(super) fn row(world: &World, raised: &Raised<'_>, workspace: &str) -> Row {
    let document = world.documents.get(workspace).cloned().unwrap_or_default();
    let path = document["id"].as_str().and_then(|id| ResourcePath::parse(id).ok());
    let alert = raised.alert;
    let resource = alert.resource();
    let now = clock::iso(raised.at);
    row_of(json!({
        "TenantId": document["properties"]["customerId"],
        "TimeGenerated": now,
        "DisplayName": alert.display_name,
        "AlertName": alert.display_name,
        "AlertSeverity": alert.severity.name(),
        "AlertType": alert.alert_type,
        "ProviderName": PRODUCT,
        "VendorName": "Microsoft",
        "VendorOriginalId": raised.name,
        "SystemAlertId": Uuid::new_v4(),
        "ResourceId": resource,
        "CompromisedEntity": resource.rsplit('/').next(),
        "IsIncident": false,
        "StartTime": now,
        "EndTime": now,
        "ProcessingEndTime": now,
        "Status": "New",
        "ProductName": PRODUCT,
        "ExtendedProperties": json!({"resourceType": "Subscription"}).to_string(),
        "Entities": json!([{"$id": "1", "ResourceId": resource, "Type": "azure-resource"}]).to_string(),
        "SourceSystem": "Detection",
        "WorkspaceSubscriptionId": path.as_ref().and_then(|path| path.subscription.clone()),
        "WorkspaceResourceGroup": path.and_then(|path| path.resource_group),
        "Type": super::SECURITY_ALERT,
    }))
}
