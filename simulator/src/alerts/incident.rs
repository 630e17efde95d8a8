//! Incidents: documents of Sentinel, and rows of the table `SecurityIncident`.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{PRODUCT, Raised, SECURITY_INCIDENT, row_of};
use crate::clock;
use crate::world::World;
use crate::world::tables::Row;

/// The source of an incident: Defender XDR or an incident creation rule.
struct Source {
    /// `providerName`.
    provider: &'static str,
    /// `providerIncidentId`. Defaults to the number of the incident.
    provider_id: Option<String>,
    /// ARM ID of the incident creation rule.
    rule: Option<String>,
    modified_by: &'static str,
}

/// Creates the incident of Defender XDR. `rows` are its alerts; there are none if no connector streams alerts.
pub(super) fn from_xdr(world: &mut World, raised: &Raised<'_>, workspace: &str, rows: &[Row]) {
    let source = Source {
        provider: "Microsoft XDR",
        // Defender XDR has one number for the incident in all workspaces.
        provider_id: Some(xdr_number(&raised.name).to_string()),
        rule: None,
        modified_by: "Microsoft XDR",
    };
    create(world, raised, workspace, rows, source);
}

/// Creates an incident for each incident creation rule that matches the row.
pub(super) fn from_rules(world: &mut World, raised: &Raised<'_>, workspace: &str, row: &Row) {
    let rules = format!("{workspace}/providers/Microsoft.SecurityInsights/alertRules");
    let matching = world.documents.children(&rules).filter(|rule| matches(rule, raised));
    let matching: Vec<String> = matching.filter_map(|rule| rule["id"].as_str().map(str::to_owned)).collect();
    for rule in matching {
        let source = Source {
            provider: "Azure Sentinel",
            provider_id: None,
            rule: Some(rule),
            modified_by: "Incident created from alert",
        };
        create(world, raised, workspace, std::slice::from_ref(row), source);
    }
}

/// Whether the rule creates incidents from this alert. Name filters match substrings.
fn matches(rule: &Value, raised: &Raised<'_>) -> bool {
    let properties = &rule["properties"];
    let list = |name: &str| -> Vec<&str> {
        properties[name].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    };
    let name = raised.alert.display_name.to_lowercase();
    let is_named = |part: &&str| name.contains(&part.to_lowercase());
    let (severities, names) = (list("severitiesFilter"), list("displayNamesFilter"));
    rule["kind"] == "MicrosoftSecurityIncidentCreation"
        && properties["enabled"] == true
        && properties["productFilter"] == PRODUCT
        && (severities.is_empty() || severities.contains(&raised.alert.severity.name()))
        && (names.is_empty() || names.iter().any(is_named))
        && !list("displayNamesExcludeFilter").iter().any(is_named)
}

fn create(world: &mut World, raised: &Raised<'_>, workspace: &str, rows: &[Row], source: Source) {
    let incidents = format!("{workspace}/providers/Microsoft.SecurityInsights/incidents");
    let numbers =
        world.documents.children(&incidents).filter_map(|incident| incident["properties"]["incidentNumber"].as_u64());
    let number = numbers.max().unwrap_or_default() + 1;
    let workspace_document = world.documents.get(workspace).cloned().unwrap_or_default();
    let workspace_id = workspace_document["id"].as_str().unwrap_or(workspace);
    let name = Uuid::new_v4().to_string();
    let id = format!("{workspace_id}/providers/Microsoft.SecurityInsights/Incidents/{name}");
    let now = clock::iso(raised.at);
    let provider_id = source.provider_id.unwrap_or_else(|| number.to_string());
    let owner = json!({"objectId": null, "email": null, "assignedTo": null, "userPrincipalName": null});
    let rules: Vec<String> = source.rule.into_iter().collect();
    let url = format!("https://portal.azure.com/#asset/Microsoft_Azure_Security_Insights/Incident{id}");
    let products: Vec<&str> = if rows.is_empty() { Vec::new() } else { vec![PRODUCT] };
    let alerts: Vec<Value> = rows.iter().map(|row| row["SystemAlertId"].clone()).collect();
    let title = &raised.alert.display_name;
    let severity = raised.alert.severity.name();

    let document = json!({
        "id": id,
        "name": name,
        "etag": world.next_etag(),
        "type": "Microsoft.SecurityInsights/Incidents",
        "properties": {
            "title": title,
            "severity": severity,
            "status": "New",
            "owner": owner,
            "labels": [],
            "firstActivityTimeUtc": now,
            "lastActivityTimeUtc": now,
            "lastModifiedTimeUtc": now,
            "createdTimeUtc": now,
            "incidentNumber": number,
            "additionalData": {
                "alertsCount": alerts.len(),
                "bookmarksCount": 0,
                "commentsCount": 0,
                "alertProductNames": products,
                "tactics": [],
            },
            "relatedAnalyticRuleIds": rules,
            "incidentUrl": url,
            "providerName": source.provider,
            "providerIncidentId": provider_id,
        },
    });
    let row = row_of(json!({
        "TenantId": workspace_document["properties"]["customerId"],
        "TimeGenerated": now,
        "IncidentName": name,
        "Title": title,
        "Severity": severity,
        "Status": "New",
        "Owner": owner,
        "ProviderName": source.provider,
        "ProviderIncidentId": provider_id,
        "FirstActivityTime": now,
        "LastActivityTime": now,
        "FirstModifiedTime": now,
        "LastModifiedTime": now,
        "CreatedTime": now,
        "IncidentNumber": number,
        "RelatedAnalyticRuleIds": rules.iter().map(|rule| rule.rsplit('/').next()).collect::<Vec<_>>(),
        "AlertIds": alerts,
        "BookmarkIds": [],
        "Comments": [],
        "Tasks": [],
        "Labels": [],
        "IncidentUrl": url,
        "AdditionalData": document["properties"]["additionalData"],
        "ModifiedBy": source.modified_by,
        "SourceSystem": "Azure",
        "Type": SECURITY_INCIDENT,
    }));
    world.documents.put(&id, document);
    world.settings.tables.add(workspace, SECURITY_INCIDENT, row);
}

/// The number of the incident in Defender XDR.
fn xdr_number(name: &str) -> u64 {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).as_u64_pair().0 % 1_000_000
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::alerts::{Alert, Severity};

    #[test]
    fn rule_filters_by_product_severity_and_name() {
        let alert = Alert::new("s").display_name("Suspicious process executed").severity(Severity::High);
        let raised =
            Raised { alert: &alert, name: String::new(), tenant: String::new(), at: OffsetDateTime::UNIX_EPOCH };
        for (change, expected) in [
            (json!({}), true),
            (json!({"enabled": false}), false),
            (json!({"productFilter": "Azure Active Directory Identity Protection"}), false),
            (json!({"severitiesFilter": ["High", "Medium"]}), true),
            (json!({"severitiesFilter": ["Low"]}), false),
            (json!({"severitiesFilter": []}), true),
            (json!({"displayNamesFilter": ["SUSPICIOUS"]}), true),
            (json!({"displayNamesFilter": ["miner"]}), false),
            (json!({"displayNamesExcludeFilter": ["process"]}), false),
        ] {
            let mut properties = json!({"enabled": true, "productFilter": PRODUCT, "severitiesFilter": null});
            for (name, value) in change.as_object().expect("an object") {
                properties[name.as_str()] = value.clone();
            }
            let rule = json!({"kind": "MicrosoftSecurityIncidentCreation", "properties": properties});
            assert_eq!(matches(&rule, &raised), expected, "{change}");
        }
    }
}
