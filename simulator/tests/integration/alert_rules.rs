//! Alert rules: required properties, etags, and the schema of each kind.

use serde_json::{Value, json};

use crate::harness::{Azure, STABLE, changed};

#[tokio::test]
async fn incident_creation_rule_checks_properties_and_etag() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-soc", "alertRules/mdc");
    let body = json!({"kind": "MicrosoftSecurityIncidentCreation", "properties": {
        "productFilter": "Azure Security Center", "displayName": "x", "enabled": true}});
    let wrong = changed(body.clone(), "/properties/productFilter", Some(json!("Microsoft Defender for Cloud")));
    assert_eq!(azure.put(&path, STABLE, wrong).await.status, 400);
    for severities in [json!("High"), json!(["Bad"]), json!([1])] {
        let wrong = changed(body.clone(), "/properties/severitiesFilter", Some(severities));
        assert_eq!(azure.put(&path, STABLE, wrong).await.status, 400);
    }
    let made = azure.put(&path, STABLE, body.clone()).await;
    assert_eq!((made.status, &made.body["properties"]["severitiesFilter"]), (201, &Value::Null));
    assert_eq!(azure.put(&path, STABLE, body.clone()).await.status, 200);
    let again = azure.put(&path, STABLE, changed(body, "/etag", Some(json!("\"stale\"")))).await;
    assert_eq!(again.status, 409);
    assert!(again.message().starts_with("Newer instance of rule 'mdc' exists for workspace '"), "{}", again.message());
}

#[tokio::test]
async fn rules_of_every_kind_are_checked_against_their_schema() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-soc", "alertRules/mine");
    let rule = json!({"kind": "Scheduled", "properties": {
        "displayName": "x", "enabled": true, "suppressionDuration": "PT1H", "suppressionEnabled": false,
        "severity": "High", "query": "SecurityAlert", "queryFrequency": "PT1H", "queryPeriod": "PT1H",
        "triggerOperator": "GreaterThan", "triggerThreshold": 0, "tactics": ["Persistence"]}});
    for (pointer, value) in [
        ("/kind", Some(json!("Sometimes"))),
        ("/properties/suppressionDuration", None),
        ("/properties/severity", Some(json!("Fatal"))),
        ("/properties/tactics", Some(json!(["Luck"]))),
        ("/properties/triggerThreshold", Some(json!("0"))),
        ("/properties/queryFrequency", Some(json!("1 hour"))),
    ] {
        assert_eq!(azure.put(&path, STABLE, changed(rule.clone(), pointer, value)).await.status, 400, "{pointer}");
    }
    assert_eq!(azure.put(&path, STABLE, rule).await.status, 201);
    let nrt = json!({"kind": "NRT", "properties": {}});
    let reply = azure.put(&azure.sentinel("law-soc", "alertRules/nrt"), STABLE, nrt).await;
    assert!(reply.message().contains("is not supported in api-version"), "{}", reply.message());
}
