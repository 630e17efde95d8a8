//! Deployments: installing a solution, invalid requests, and the history.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Azure, PREVIEW, Reply, STABLE};

pub(crate) const DEFENDER: &str = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud";
pub(crate) const VERSION: &str = "2024-11-01";

/// A path below `Microsoft.Resources/deployments` in the resource group of the workspaces.
pub(crate) fn deployment(azure: &Azure, rest: &str) -> String {
    let (group, _) = azure.workspace("law-soc").split_once("/providers/").expect("a workspace in a resource group");
    format!("{group}/providers/Microsoft.Resources/deployments/{rest}")
}

/// The ARM template that installs a solution.
pub(crate) async fn packaged_content(azure: &Azure, solution: &str) -> Value {
    let product = azure.get(&azure.sentinel("law-soc", &format!("contentProductPackages/{solution}")), STABLE).await;
    product.body["properties"]["packagedContent"].clone()
}

/// A request to deploy a template into a workspace.
pub(crate) fn request(template: &Value, workspace: &str) -> Value {
    let parameters = json!({"workspace": {"value": workspace}, "workspace-location": {"value": "westeurope"}});
    json!({"properties": {"mode": "Incremental", "template": template, "parameters": parameters}})
}

pub(crate) async fn onboard(azure: &Azure, workspace: &str) {
    let path = azure.sentinel(workspace, "onboardingStates/default");
    assert_eq!(azure.put(&path, STABLE, json!({"properties": {}})).await.status, 201);
}

/// Puts a deployment, advances the clock to its end, and returns its document.
pub(crate) async fn deploy(azure: &Azure, name: &str, body: Value) -> Value {
    let reply = azure.put(&deployment(azure, name), VERSION, body).await;
    assert!([200, 201].contains(&reply.status), "{reply:?}");
    azure.advance(10).await;
    azure.get(&deployment(azure, name), VERSION).await.body
}

/// The URL in a header, as a path of this simulator.
fn link(azure: &Azure, reply: &Reply, header: &str) -> String {
    let value = reply.headers[header].to_str().expect("a text");
    value.strip_prefix(azure.endpoint()).expect("a link to this simulator").to_owned()
}

fn template(resources: Value) -> Value {
    let mut template = json!({"contentVersion": "1.0.0.0"});
    template["$schema"] = json!("https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#");
    template["resources"] = resources;
    template
}

#[tokio::test]
async fn deploys_a_solution_from_its_packaged_content() {
    let azure = Azure::start().await;
    onboard(&azure, "law-fresh").await;
    let content = packaged_content(&azure, DEFENDER).await;
    let path = deployment(&azure, "install");
    let accepted = azure.put(&path, VERSION, request(&content, "law-fresh")).await;
    assert_eq!(accepted.status, 201, "{accepted:?}");
    assert_eq!(accepted.body["properties"]["provisioningState"], "Accepted");
    assert_eq!(accepted.body["properties"]["parameters"]["workspace"], json!({"type": "String", "value": "law-fresh"}));
    assert_eq!(accepted.headers["retry-after"], "1");
    let status = link(&azure, &accepted, "azure-asyncoperation");

    let first = crate::harness::send(azure.request(Method::GET, &status)).await;
    assert!(["Accepted", "Running"].contains(&first.body["status"].as_str().expect("a status")), "{first:?}");
    assert_eq!(first.headers["retry-after"], "1");
    azure.advance(2).await;
    let last = crate::harness::send(azure.request(Method::GET, &status)).await;
    assert_eq!((last.status, &last.body), (200, &json!({"status": "Succeeded"})));
    assert_eq!(last.headers.get("retry-after"), None);

    let done = azure.get(&path, VERSION).await.body;
    assert_eq!(done["properties"]["provisioningState"], "Succeeded");
    assert_eq!(done["properties"]["outputResources"].as_array().map(Vec::len), Some(8));
    assert_eq!(done["properties"]["outputs"], json!({}));

    let package = azure.get(&azure.sentinel("law-fresh", &format!("contentPackages/{DEFENDER}")), STABLE).await;
    assert_eq!(package.body["properties"]["installedVersion"], "3.0.3");
    let product = azure.get(&azure.sentinel("law-soc", &format!("contentProductPackages/{DEFENDER}")), STABLE).await;
    assert_eq!(package.body["properties"]["contentProductId"], product.body["properties"]["contentProductId"]);
    let pages = azure.get(&azure.sentinel("law-fresh", "dataConnectors"), PREVIEW).await;
    assert_eq!(pages.names(), ["AzureSecurityCenter", "MicrosoftDefenderForCloudTenantBased"]);
    assert_eq!(pages.body["value"][1]["kind"], "GenericUI");
    let templates = azure.get(&azure.sentinel("law-fresh", "contentTemplates"), STABLE).await;
    let kinds: Vec<&Value> = templates.body["value"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["properties"]["contentKind"])
        .collect();
    assert_eq!(kinds, ["AnalyticsRule", "DataConnector", "DataConnector"]);
    assert!(templates.names().contains(&"law-fresh-dc-nt3un3qb2qk6w"), "{templates:?}");
    let metadata = azure.get(&azure.sentinel("law-fresh", "metadata"), STABLE).await;
    assert_eq!(
        metadata.names(),
        ["DataConnector-AzureSecurityCenter", "DataConnector-MicrosoftDefenderForCloudTenantBased"]
    );
}

#[tokio::test]
async fn default_world_equals_a_deployed_solution() {
    let azure = Azure::start().await;
    let names = async || {
        let mut names = Vec::new();
        for collection in ["contentPackages", "contentTemplates", "metadata", "dataConnectors"] {
            let list = azure.get(&azure.sentinel("law-soc", collection), PREVIEW).await;
            names.extend(list.names().into_iter().map(str::to_owned));
        }
        names
    };
    let before = names().await;
    let content = packaged_content(&azure, DEFENDER).await;
    let done = deploy(&azure, "again", request(&content, "law-soc")).await;
    assert_eq!(done["properties"]["provisioningState"], "Succeeded", "{done:#}");
    assert_eq!(names().await, before, "reinstalling adds nothing");
}

#[tokio::test]
async fn operations_start_one_by_one() {
    let azure = Azure::with_world(json!({"behaviors": {"deployment_milliseconds": 900_000}})).await;
    onboard(&azure, "law-fresh").await;
    let content = packaged_content(&azure, DEFENDER).await;
    azure.put(&deployment(&azure, "slow"), VERSION, request(&content, "law-fresh")).await;
    let states = async || {
        let list = azure.get(&deployment(&azure, "slow/operations"), VERSION).await;
        let operations = list.body["value"].as_array().expect("a list").clone();
        operations
            .iter()
            .map(|one| one["properties"]["provisioningState"].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert!(states().await.is_empty());
    azure.advance(150).await;
    assert_eq!(states().await, ["Running"]);
    azure.advance(100).await;
    assert_eq!(states().await, ["Running", "Succeeded"]);
    let running = azure.get(&deployment(&azure, "slow"), VERSION).await;
    assert_eq!(running.body["properties"]["provisioningState"], "Running");
    let package = azure.get(&azure.sentinel("law-fresh", &format!("contentPackages/{DEFENDER}")), STABLE).await;
    assert_eq!(package.status, 404, "connector pages and metadata come first");
    azure.advance(700).await;
    let done = states().await;
    assert_eq!(done.len(), 9, "one for each resource, and one for the outputs");
    assert!(done.iter().all(|state| state == "Succeeded"), "{done:?}");
    let list = azure.get(&deployment(&azure, "slow/operations"), VERSION).await;
    let package = list.body["value"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|one| {
            one["properties"]["targetResource"]["resourceName"]
                == format!("law-fresh/Microsoft.SecurityInsights/{DEFENDER}")
        })
        .expect("the operation of the package");
    assert_eq!(package["properties"]["statusCode"], "Created");
    assert_eq!(package["properties"]["provisioningOperation"], "Create");
    let one = azure
        .get(
            &deployment(&azure, &format!("slow/operations/{}", package["operationId"].as_str().expect("an id"))),
            VERSION,
        )
        .await;
    assert_eq!(&one.body, package);
}

#[tokio::test]
async fn every_solution_of_the_catalog_deploys() {
    let azure = Azure::start().await;
    onboard(&azure, "law-fresh").await;
    let state = azure.admin(Method::GET, "state", None).await;
    let products = state.body["world"]["catalog"]["packages"].as_array().expect("products").clone();
    for (number, product) in products.iter().enumerate() {
        let solution = product["contentId"].as_str().expect("a content id");
        let mut content = packaged_content(&azure, solution).await;
        for resource in content["resources"].as_array_mut().expect("resources") {
            if let Some(metadata) =
                resource.pointer_mut("/properties/mainTemplate/metadata").and_then(Value::as_object_mut)
            {
                metadata.remove("postDeployment");
            }
        }
        let done = deploy(&azure, &format!("solution-{number}"), request(&content, "law-fresh")).await;
        assert_eq!(
            done["properties"]["provisioningState"], "Succeeded",
            "{solution}: {:#}",
            done["properties"]["error"]
        );
        let package = azure.get(&azure.sentinel("law-fresh", &format!("contentPackages/{solution}")), STABLE).await;
        assert_eq!(package.body["properties"]["contentProductId"], product["contentProductId"], "{solution}");
    }
}

#[tokio::test]
async fn playbook_notes_make_a_template_invalid() {
    let azure = Azure::start().await;
    let content = packaged_content(&azure, "azuresentinel.azure-sentinel-solution-cybersecuritysoar").await;
    let reply = azure.put(&deployment(&azure, "notes"), VERSION, request(&content, "law-soc")).await;
    assert_eq!((reply.status, reply.code()), (400, "InvalidTemplate"), "{reply:?}");
    assert!(reply.message().contains("Unable to parse language expression"), "{}", reply.message());
}

#[tokio::test]
async fn rejects_templates_that_cannot_be_deployed() {
    let azure = Azure::start().await;
    let content = packaged_content(&azure, DEFENDER).await;
    let good = request(&content, "law-soc");
    let changed = |pointer: &str, value: Value| {
        let mut body = good.clone();
        *body.pointer_mut(pointer).expect("something there") = value;
        body
    };
    let page = json!({
        "type": "Microsoft.OperationalInsights/workspaces/providers/dataConnectors",
        "apiVersion": "2021-03-01-preview",
        "name": "law-soc/Microsoft.SecurityInsights/a",
    });
    let with = |member: &str, value: Value| {
        let mut page = page.clone();
        page[member] = value;
        changed("/properties", json!({"mode": "Incremental", "template": template(json!([page]))}))
    };
    let mut tagged = changed("/properties/mode", json!("Incremental"));
    tagged["tags"] = json!({"a": 1});
    let cases = [
        (tagged, "InvalidRequestContent", "tags.a"),
        (changed("/properties/mode", json!("Complete")), "DeploymentModeNotSupported", "Complete"),
        (changed("/properties/mode", Value::Null), "InvalidRequestContent", "mode"),
        (changed("/properties/template", Value::Null), "InvalidTemplate", "template is missing"),
        (changed("/properties/template/resources", Value::Null), "InvalidTemplate", "'resources' not found"),
        (changed("/properties/template/parameters/workspace", json!({"type": "string"})), "", ""),
        (
            changed("/properties/parameters/workspace", json!({"value": 1})),
            "InvalidTemplate",
            "Expected a value of type 'String'",
        ),
        (
            changed("/properties/parameters", json!({"work": {"value": "a"}})),
            "InvalidTemplate",
            "supported parameters for this template are 'location, workspace-location, workspace'",
        ),
        (changed("/properties/parameters", json!({})), "InvalidTemplate", "incorrect segment lengths"),
        (changed("/properties/template/variables", json!({})), "InvalidTemplate", "is not found"),
        (with("apiVersion", json!("2000-01-01")), "NoRegisteredProviderFound", "2000-01-01"),
        (with("type", json!("Contoso.Things/a/b/c")), "InvalidResourceNamespace", "Contoso.Things"),
        (
            with("properties", json!({"x": "[magic()]"})),
            "InvalidTemplate",
            "The template function 'magic' is not valid",
        ),
        (with("dependsOn", json!(["x"])), "InvalidTemplate", "The resource 'x' is not defined in the template"),
        (with("dependsOn", json!(["law-soc/Microsoft.SecurityInsights/a"])), "InvalidTemplate", "Circular dependency"),
        (with("type", json!("Microsoft.Resources/deployments")), "InvalidTemplate", "segment lengths"),
    ];
    for (number, (body, code, part)) in cases.into_iter().enumerate() {
        let path = deployment(&azure, &format!("rejected-{number}"));
        let reply = azure.put(&path, VERSION, body.clone()).await;
        if code.is_empty() {
            assert_eq!(reply.status, 201, "{reply:?}");
            continue;
        }
        assert_eq!(reply.code(), code, "{reply:?}");
        assert!((400..500).contains(&reply.status), "{reply:?}");
        assert!(reply.message().contains(part), "{}", reply.message());
        assert_eq!(azure.get(&path, VERSION).await.code(), "DeploymentNotFound", "it is not in the history");
        let validated = azure.arm(Method::POST, &format!("{path}/validate"), VERSION, Some(body)).await;
        assert_eq!(validated.code(), code, "{validated:?}");
    }
    let valid = azure.arm(Method::POST, &deployment(&azure, "v/validate"), VERSION, Some(good)).await;
    assert_eq!((valid.status, &valid.body["properties"]["provisioningState"]), (200, &json!("Succeeded")));
    assert_eq!(valid.body["properties"]["validatedResources"].as_array().map(Vec::len), Some(8));
}

#[tokio::test]
async fn reports_a_missing_parameter() {
    let azure = Azure::start().await;
    let mut content = packaged_content(&azure, DEFENDER).await;
    content["parameters"]["owner"] = json!({"type": "string"});
    let reply = azure.put(&deployment(&azure, "owner"), VERSION, request(&content, "law-soc")).await;
    assert!(reply.message().contains("The value for the template parameter 'owner'"), "{reply:?}");
    assert_eq!(reply.body["error"]["additionalInfo"][0]["type"], "TemplateViolation");
}

#[tokio::test]
async fn limits_names_and_sizes() {
    let azure = Azure::start().await;
    let body = json!({"properties": {"mode": "Incremental", "template": template(json!([]))}});
    let long = azure.put(&deployment(&azure, &"n".repeat(65)), VERSION, body.clone()).await;
    assert_eq!((long.status, long.code()), (400, "InvalidDeploymentName"));
    assert_eq!(azure.put(&deployment(&azure, &"n".repeat(64)), VERSION, body.clone()).await.status, 201);
    assert_eq!(azure.put(&deployment(&azure, "a%20b"), VERSION, body).await.code(), "InvalidDeploymentName");
    let mut large = template(json!([]));
    large["metadata"] = json!({"filler": "x".repeat(5 * 1024 * 1024)});
    let large = json!({"properties": {"mode": "Incremental", "template": large}});
    let reply = azure.put(&deployment(&azure, "large"), VERSION, large).await;
    assert_eq!((reply.status, reply.code()), (413, "RequestContentTooLarge"));
}

#[tokio::test]
async fn lists_reads_and_deletes_the_history() {
    let azure = Azure::with_world(json!({"behaviors": {"deployment_quota": 2}})).await;
    let mut body = json!({"properties": {"mode": "Incremental", "template": template(json!([]))}});
    body["properties"]["template"]["outputs"] = json!({"place": {"type": "string", "value": "[resourceGroup().name]"}});
    let one = deploy(&azure, "one", body.clone()).await;
    assert_eq!(one["properties"]["outputs"]["place"], json!({"type": "String", "value": "rg-soc"}));
    deploy(&azure, "two", body.clone()).await;
    let full = azure.put(&deployment(&azure, "three"), VERSION, body.clone()).await;
    assert_eq!((full.status, full.code()), (409, "DeploymentQuotaExceeded"));
    let again = azure.put(&deployment(&azure, "ONE"), VERSION, body).await;
    assert_eq!((again.status, &again.body["name"]), (200, &json!("ONE")));
    azure.advance(10).await;
    let list = azure.get(deployment(&azure, "").trim_end_matches('/'), VERSION).await;
    assert_eq!(list.names(), ["ONE", "two"], "newest first");
    let failed = deployment(&azure, "").replace("deployments/", "deployments?$filter=provisioningState eq 'Failed'");
    assert!(azure.get(&failed, VERSION).await.names().is_empty());

    let short = deployment(&azure, "two").replace("/providers/Microsoft.Resources", "");
    assert_eq!(azure.get(&short, VERSION).await.body["name"], "two");
    assert_eq!(azure.arm(Method::HEAD, &deployment(&azure, "two"), VERSION, None).await.status, 204);
    let deleted = azure.delete(&deployment(&azure, "two"), VERSION).await;
    assert_eq!(deleted.status, 202);
    let result = crate::harness::send(azure.request(Method::GET, &link(&azure, &deleted, "location"))).await;
    assert_eq!(result.status, 204);
    assert_eq!(azure.delete(&deployment(&azure, "two"), VERSION).await.status, 204);
    assert_eq!(azure.get(&deployment(&azure, "two/operations"), VERSION).await.code(), "DeploymentNotFound");
    let resources = azure
        .get(&deployment(&azure, "").replace("providers/Microsoft.Resources/deployments/", "resources"), VERSION)
        .await;
    assert!(!resources.names().contains(&"ONE"), "deployments are no resources");
}
