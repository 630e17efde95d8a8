//! Deployment templates: `validate`, `whatIf`, `exportTemplate`.

use reqwest::Method;
use serde_json::{Value, json};

use crate::deployments::{VERSION, deploy, deployment};
use crate::harness::{Azure, send};

fn request(names: &[&str]) -> Value {
    let workspace = |name: &&str| {
        json!({"type": "Microsoft.OperationalInsights/workspaces", "apiVersion": "2025-02-01", "name": name,
            "location": "westeurope", "properties": {"retentionInDays": 60}})
    };
    json!({"properties": {"mode": "Incremental", "template": {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": names.iter().map(workspace).collect::<Value>(),
    }}})
}

#[tokio::test]
async fn what_if_compares_the_template_with_the_resource_group() {
    let azure = Azure::start().await;
    let path = deployment(&azure, "ask/whatIf");
    let accepted = azure.arm(Method::POST, &path, VERSION, Some(request(&["law-new", "law-soc"]))).await;
    assert_eq!(accepted.status, 202);
    let location = accepted.headers["location"].to_str().expect("a URL").replace(azure.endpoint(), "");
    let result = send(azure.request(Method::GET, &location)).await;
    assert_eq!((result.status, &result.body["status"]), (200, &json!("Succeeded")));
    let changes = result.body["properties"]["changes"].as_array().expect("a list");
    let of = |name: &str| {
        changes
            .iter()
            .find(|change| change["resourceId"].as_str().is_some_and(|id| id.ends_with(name)))
            .expect("a change")
    };
    assert_eq!(of("law-new")["changeType"], "Create");
    assert_eq!(of("law-fresh")["changeType"], "Ignore");
    assert_eq!(of("law-soc")["changeType"], "Modify");
    assert_eq!(of("law-soc")["delta"][0]["path"], "properties.retentionInDays");
    assert_eq!(azure.document(&azure.workspace("law-soc").replace("law-soc", "law-new")), Value::Null);
}

#[tokio::test]
async fn exports_the_template_of_a_deployment() {
    let azure = Azure::start().await;
    let export = async || azure.arm(Method::POST, &deployment(&azure, "one/exportTemplate"), VERSION, None).await;
    assert_eq!(export().await.code(), "DeploymentNotFound");
    deploy(&azure, "one", request(&["law-new"])).await;
    assert_eq!(export().await.body["template"], request(&["law-new"])["properties"]["template"]);
}

#[tokio::test]
async fn validate_returns_canonical_ids() {
    let azure = Azure::start().await;
    let path = deployment(&azure, "CHECK/validate").to_lowercase();
    let reply = azure.arm(Method::POST, &path, VERSION, Some(request(&["law-new"]))).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.body["id"], deployment(&azure, "check"));
    let new = azure.workspace("law-soc").replace("law-soc", "law-new");
    assert_eq!(reply.body["properties"]["validatedResources"], json!([{"id": new}]));
}

#[tokio::test]
async fn rejects_unknown_members_of_a_template() {
    let azure = Azure::start().await;
    for (pointer, object_type) in [
        ("/color", "Template"),
        ("/resources/0/color", "TemplateResource"),
        ("/parameters/p/color", "TemplateInputParameter"),
        ("/outputs/o/color", "TemplateOutputParameter"),
    ] {
        let mut body = request(&["law-new"]);
        let template = &mut body["properties"]["template"];
        template["parameters"] = json!({"p": {"type": "string", "defaultValue": "x"}});
        template["outputs"] = json!({"o": {"type": "string", "value": "x"}});
        let parent = pointer.trim_end_matches("/color");
        template.pointer_mut(parent).expect("it exists")["color"] = json!("blue");
        let reply = azure.put(&deployment(&azure, "one"), VERSION, body).await;
        assert_eq!((reply.status, reply.code()), (400, "InvalidRequestContent"), "{pointer}");
        let expected = format!("Could not find member 'color' on object of type '{object_type}'");
        assert!(reply.message().contains(&expected), "{}", reply.message());
    }
}

#[tokio::test]
async fn links_are_percent_encoded() {
    let azure = Azure::start().await;
    let group = format!("/subscriptions/{}/resourceGroups/rg-gr%C3%B6%C3%9Fe", azure.login.subscription_id);
    azure.put(&group, "2021-04-01", json!({"location": "westeurope"})).await;
    let path = format!("{group}/providers/Microsoft.Resources/deployments/one");
    let accepted = azure.put(&path, VERSION, request(&["law-new"])).await;
    let status = accepted.headers["azure-asyncoperation"].to_str().expect("ASCII").to_owned();
    assert!(status.contains("rg-gr%C3%B6%C3%9Fe"), "{status}");
    assert_eq!(send(azure.request(Method::GET, &status.replace(azure.endpoint(), ""))).await.status, 200);
}
