//! Deployments that fail, hang or are delayed, and the behaviors that cause this.

use reqwest::Method;
use serde_json::{Value, json};

use crate::deployments::{DEFENDER, VERSION, deploy, deployment, onboard, packaged_content, request};
use crate::harness::{Azure, PREVIEW, STABLE};

fn behaviors(behaviors: Value) -> Value {
    let mut world = json!({});
    world["behaviors"] = behaviors;
    world
}

#[tokio::test]
async fn failed_operation_does_not_stop_independent_operations() {
    let error = json!({"status": 409, "code": "Conflict", "message": "Another write is in progress."});
    let rule = json!({"resource": "/contentPackages/", "times": 1, "refuse": error});
    let azure = Azure::with_world(behaviors(json!({"deployment_rules": [rule]}))).await;
    onboard(&azure, "law-fresh").await;
    let content = packaged_content(&azure, DEFENDER).await;
    let failed = deploy(&azure, "install", request(&content, "law-fresh")).await;
    assert_eq!(failed["properties"]["provisioningState"], "Failed");
    let error = &failed["properties"]["error"];
    assert_eq!(error["code"], "DeploymentFailed");
    assert_eq!(error["details"], json!([{"code": "Conflict", "message": "Another write is in progress."}]));

    let pages = azure.get(&azure.sentinel("law-fresh", "dataConnectors"), PREVIEW).await;
    assert_eq!(pages.names().len(), 2, "pages do not wait for the package");
    let templates = azure.get(&azure.sentinel("law-fresh", "contentTemplates"), STABLE).await;
    assert!(templates.names().is_empty(), "templates do");
    let operations = azure.get(&deployment(&azure, "install/operations"), VERSION).await;
    let operations = operations.body["value"].as_array().expect("a list").clone();
    assert_eq!(operations.len(), 5, "what is skipped has no operation");
    let failed =
        operations.iter().find(|one| one["properties"]["provisioningState"] == "Failed").expect("a failed one");
    assert_eq!(failed["properties"]["statusCode"], "Conflict");
    assert_eq!(failed["properties"]["statusMessage"]["error"]["message"], "Another write is in progress.");

    let repaired = deploy(&azure, "install", request(&content, "law-fresh")).await;
    assert_eq!(repaired["properties"]["provisioningState"], "Succeeded", "the rule was for one time");
    assert_eq!(repaired["properties"].get("error"), None);
}

#[tokio::test]
async fn operations_follow_the_rules_of_their_resources() {
    let azure = Azure::start().await;
    let content = packaged_content(&azure, DEFENDER).await;
    let failed = deploy(&azure, "install", request(&content, "law-fresh")).await;
    let details = failed["properties"]["error"]["details"].as_array().expect("details").clone();
    assert_eq!(details.len(), 3, "the two pages and the package: {details:?}");
    assert!(details[0]["message"].as_str().expect("a text").contains("not onboarded"), "{details:?}");

    onboard(&azure, "law-fresh").await;
    let orphan = azure.sentinel("law-fresh", "contentPackages/orphan");
    let package = azure.get(&azure.sentinel("law-soc", &format!("contentPackages/{DEFENDER}")), STABLE).await;
    azure.simulator.put_document(&orphan, json!({"properties": package.body["properties"]}));
    let failed = deploy(&azure, "install", request(&content, "law-fresh")).await;
    let details = &failed["properties"]["error"]["details"];
    assert_eq!(details[0]["code"], "BadRequestException", "{details}");
    assert!(details[0]["message"].as_str().expect("a text").ends_with("is already associated with another package"));
}

#[tokio::test]
async fn error_details_can_be_strings() {
    let azure = Azure::with_world(behaviors(json!({"deployment_details_as_text": true}))).await;
    let content = packaged_content(&azure, DEFENDER).await;
    let failed = deploy(&azure, "install", request(&content, "law-fresh")).await;
    let detail = &failed["properties"]["error"]["details"][0];
    assert_eq!(detail["code"], "BadRequest");
    let inner: Value = serde_json::from_str(detail["message"].as_str().expect("a text")).expect("JSON in a text");
    assert!(inner["error"]["message"].as_str().expect("a text").contains("not onboarded"));
}

#[tokio::test]
async fn active_deployment_blocks_its_name_until_canceled() {
    let azure = Azure::with_world(behaviors(
        json!({"deployment_rules": [{"deployment": "^stuck$", "resource": "contentTemplates/.*-ar-", "hang": true}]}),
    ))
    .await;
    onboard(&azure, "law-fresh").await;
    let content = packaged_content(&azure, DEFENDER).await;
    let stuck = deploy(&azure, "stuck", request(&content, "law-fresh")).await;
    assert_eq!(stuck["properties"]["provisioningState"], "Running");
    azure.advance(3000).await;
    let path = deployment(&azure, "stuck");
    assert_eq!(azure.get(&path, VERSION).await.body["properties"]["provisioningState"], "Running");
    let again = azure.put(&path, VERSION, request(&content, "law-fresh")).await;
    assert_eq!((again.status, again.code()), (409, "DeploymentActive"));
    assert_eq!(azure.delete(&path, VERSION).await.status, 409);
    let other = deploy(&azure, "other", request(&content, "law-fresh")).await;
    assert_eq!(other["properties"]["provisioningState"], "Succeeded", "another name is another deployment");

    let cancel = format!("{path}/cancel");
    assert_eq!(azure.arm(Method::POST, &cancel, VERSION, None).await.status, 204);
    let canceled = azure.get(&path, VERSION).await;
    assert_eq!(canceled.body["properties"]["provisioningState"], "Canceled");
    let operations = azure.get(&format!("{path}/operations"), VERSION).await;
    let operations = operations.body["value"].as_array().expect("a list").clone();
    let states: Vec<&Value> = operations.iter().map(|one| &one["properties"]["provisioningState"]).collect();
    assert_eq!(states.iter().filter(|state| **state == "Canceled").count(), 1, "{states:?}");
    let twice = azure.arm(Method::POST, &cancel, VERSION, None).await;
    assert_eq!((twice.status, twice.code()), (409, "DeploymentCannotBeCancelled"));
    let nothing = azure.arm(Method::POST, &deployment(&azure, "nothing/cancel"), VERSION, None).await;
    assert_eq!((nothing.status, nothing.code()), (404, "DeploymentNotFound"));
}

#[tokio::test]
async fn deployment_rule_delays_an_operation() {
    let azure = Azure::with_world(behaviors(
        json!({"deployment_rules": [{"resource": "/contentPackages/", "delay_milliseconds": 60_000}]}),
    ))
    .await;
    let content = packaged_content(&azure, DEFENDER).await;
    let running = deploy(&azure, "slow", request(&content, "law-soc")).await;
    assert_eq!(running["properties"]["provisioningState"], "Running");
    azure.advance(60).await;
    let done = azure.get(&deployment(&azure, "slow"), VERSION).await;
    assert_eq!(done.body["properties"]["provisioningState"], "Succeeded");
}

#[tokio::test]
async fn deployment_requires_permissions_for_every_resource() {
    let azure = Azure::start().await;
    let content = packaged_content(&azure, DEFENDER).await;
    let state = azure.admin(Method::GET, "state", None).await;
    let principal = &state.body["world"]["applications"][0]["object_id"];
    let (group, _) = azure.workspace("law-soc").split_once("/providers/").expect("a resource group");
    let assign = async |role: &str| {
        let assignments = json!([{"principal_id": principal, "scope": group, "role": role}]);
        let reply = azure.admin(Method::PATCH, "world", Some(json!({"role_assignments": assignments}))).await;
        assert_eq!(reply.status, 200);
    };
    assign("Reader").await;
    let path = deployment(&azure, "forbidden");
    let reply = azure.put(&path, VERSION, request(&content, "law-soc")).await;
    assert_eq!((reply.status, reply.code()), (403, "AuthorizationFailed"));
    assign("Microsoft Sentinel Contributor").await;
    assert_eq!(azure.put(&path, VERSION, request(&content, "law-soc")).await.status, 201);
    let roles = json!({"Deployer": {"actions": ["Microsoft.Resources/deployments/*", "*/read"]}});
    azure.admin(Method::PATCH, "world", Some(json!({"roles": roles}))).await;
    assign("Deployer").await;
    let reply = azure.put(&deployment(&azure, "other"), VERSION, request(&content, "law-soc")).await;
    assert_eq!((reply.status, reply.code()), (403, "InvalidTemplateDeployment"));
    assert!(reply.message().contains("Microsoft.SecurityInsights/contentPackages/write"), "{}", reply.message());
}

#[tokio::test]
async fn deployment_survives_a_dump_but_not_its_resource_group() {
    let azure = Azure::start().await;
    let content = packaged_content(&azure, DEFENDER).await;
    azure.put(&deployment(&azure, "half"), VERSION, request(&content, "law-soc")).await;
    let dump = azure.admin(Method::GET, "state", None).await;
    let later = Azure::start_with(dump.body.try_into().expect("a world")).await;
    later.advance(10).await;
    let done = later.get(&deployment(&later, "half"), VERSION).await;
    assert_eq!(done.body["properties"]["provisioningState"], "Succeeded", "it continues");

    let (group, _) = azure.workspace("law-soc").split_once("/providers/").expect("a resource group");
    azure.delete(group, "2022-09-01").await;
    azure.advance(10).await;
    assert_eq!(azure.get(&deployment(&azure, "half"), VERSION).await.code(), "ResourceGroupNotFound");
}

#[tokio::test]
async fn registration_can_deploy_content() {
    let azure = Azure::with_world(behaviors(json!({"registration_brings_content": true}))).await;
    onboard(&azure, "law-fresh").await;
    let package = azure.get(&azure.sentinel("law-soc", &format!("contentPackages/{DEFENDER}")), STABLE).await;
    let path = azure.sentinel("law-fresh", &format!("contentPackages/{DEFENDER}"));
    let made = azure.put(&path, STABLE, json!({"properties": package.body["properties"]})).await;
    assert_eq!(made.status, 201, "{made:?}");
    let pages = azure.get(&azure.sentinel("law-fresh", "dataConnectors"), PREVIEW).await;
    assert_eq!(pages.names().len(), 2);
    let templates = azure.get(&azure.sentinel("law-fresh", "contentTemplates"), STABLE).await;
    assert_eq!(templates.names().len(), 3);
}

#[tokio::test]
async fn uninstalled_package_can_remain_visible() {
    let azure = Azure::with_world(behaviors(
        json!({"uninstalled_visible_for_seconds": 60, "uninstall_removes_templates": false}),
    ))
    .await;
    let path = azure.sentinel("law-soc", &format!("contentPackages/{DEFENDER}"));
    assert_eq!(azure.delete(&path, STABLE).await.status, 200);
    assert_eq!(azure.get(&path, STABLE).await.status, 200);
    let list = azure.sentinel("law-soc", "contentPackages");
    assert_eq!(azure.get(&list, STABLE).await.names(), [DEFENDER]);
    assert_eq!(azure.delete(&path, STABLE).await.status, 204, "it no longer exists");
    assert_eq!(azure.get(&azure.sentinel("law-soc", "contentTemplates"), STABLE).await.names().len(), 3);
    azure.advance(61).await;
    assert_eq!(azure.get(&path, STABLE).await.status, 404);
    assert!(azure.get(&list, STABLE).await.names().is_empty());
}

#[tokio::test]
async fn rejects_an_invalid_deployment_rule() {
    let azure = Azure::start().await;
    let world = behaviors(json!({"deployment_rules": [{"resource": "(", "hang": true}]}));
    assert_eq!(azure.admin(Method::PATCH, "world", Some(world)).await.status, 400);
}

#[tokio::test]
async fn new_solution_version_requires_one_change_of_the_world() {
    let azure = Azure::start().await;
    let state = azure.admin(Method::GET, "state", None).await;
    let mut packages = state.body["world"]["catalog"]["packages"].clone();
    for package in packages.as_array_mut().expect("products") {
        if package["contentId"] == DEFENDER {
            package["version"] = json!("3.1.0");
            package.as_object_mut().expect("a product").remove("contentProductId");
        }
    }
    azure.admin(Method::PATCH, "world", Some(json!({"catalog": {"packages": packages}}))).await;
    let content = packaged_content(&azure, DEFENDER).await;
    let done = deploy(&azure, "upgrade", request(&content, "law-soc")).await;
    assert_eq!(done["properties"]["provisioningState"], "Succeeded", "{done:#}");
    let package = azure.get(&azure.sentinel("law-soc", &format!("contentPackages/{DEFENDER}")), STABLE).await;
    assert_eq!(package.body["properties"]["installedVersion"], "3.1.0");
    let product = azure.get(&azure.sentinel("law-soc", &format!("contentProductPackages/{DEFENDER}")), STABLE).await;
    assert_eq!(package.body["properties"]["contentProductId"], product.body["properties"]["contentProductId"]);
}

#[tokio::test]
async fn writes_of_a_deployment_are_not_logged() {
    let azure = Azure::start().await;
    let content = packaged_content(&azure, DEFENDER).await;
    azure.admin(Method::DELETE, "requests", None).await;
    deploy(&azure, "quiet", request(&content, "law-soc")).await;
    let requests = azure.admin(Method::GET, "requests", None).await;
    let methods: Vec<&Value> = requests.body.as_array().expect("a log").iter().map(|one| &one["method"]).collect();
    assert_eq!(methods, ["PUT", "GET"]);
}
