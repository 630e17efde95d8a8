//! Content Hub: the catalog, installed packages and templates.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Azure, PREVIEW, STABLE, send};

const DEFENDER: &str = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud";
const ACTIVITY: &str = "azuresentinel.azure-sentinel-solution-azureactivity";

/// All pages of the catalog.
async fn pages(azure: &Azure, query: &str) -> Vec<Value> {
    let mut next = format!("{}?api-version={STABLE}{query}", azure.sentinel("law-soc", "contentProductPackages"));
    let mut pages = Vec::new();
    loop {
        let page = send(azure.request(Method::GET, &next)).await;
        assert_eq!(page.status, 200, "{page:?}");
        let link = page.body["nextLink"].as_str().map(str::to_owned);
        pages.push(page.body);
        let Some(link) = link else { return pages };
        next = link.strip_prefix(azure.endpoint()).expect("a link to this simulator").to_owned();
    }
}

fn products(pages: &[Value]) -> Vec<&Value> {
    pages.iter().filter_map(|page| page["value"].as_array()).flatten().collect()
}

fn installation(product: &Value) -> Value {
    let mut properties = json!({});
    for name in ["contentId", "contentProductId", "contentKind", "contentSchemaVersion", "version", "displayName"] {
        properties[name] = product["properties"][name].clone();
    }
    json!({"properties": properties})
}

#[tokio::test]
async fn catalog_has_at_least_thirty_solutions_on_two_pages() {
    let azure = Azure::start().await;
    let pages = pages(&azure, "").await;
    assert!(pages.len() >= 2, "{} pages", pages.len());
    let products = products(&pages);
    assert!(products.len() >= 30, "{} products", products.len());
    let mut names: Vec<&str> = products.iter().filter_map(|product| product["name"].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), products.len(), "no product twice");
    let shown_twice = products
        .iter()
        .filter(|product| product["properties"]["displayName"] == "CrowdStrike Falcon Endpoint Protection");
    assert_eq!(shown_twice.count(), 2);
}

#[tokio::test]
async fn only_get_returns_template_and_installed_version() {
    let azure = Azure::start().await;
    let pages = pages(&azure, "").await;
    for product in products(&pages) {
        assert_eq!(product["type"], "Microsoft.SecurityInsights/contentproductpackages");
        assert_eq!(product["properties"].get("installedVersion"), None);
        assert_eq!(product["properties"].get("packagedContent"), None);
    }
    let product = azure.get(&azure.sentinel("law-soc", &format!("contentProductPackages/{DEFENDER}")), STABLE).await;
    assert_eq!(product.body["properties"]["installedVersion"], "3.0.3");
    assert!(product.body["properties"]["packagedContent"]["resources"].is_array());
    let product = azure.get(&azure.sentinel("law-soc", &format!("contentProductPackages/{ACTIVITY}")), STABLE).await;
    assert_eq!(product.body["properties"].get("installedVersion"), None);
    assert!(product.body["properties"]["packagedContent"]["resources"].is_array());
}

#[tokio::test]
async fn defender_for_cloud_solution_matches_the_published_one() {
    let azure = Azure::start().await;
    let product = azure.get(&azure.sentinel("law-soc", &format!("contentProductPackages/{DEFENDER}")), PREVIEW).await;
    let properties = &product.body["properties"];
    assert_eq!(properties["displayName"], "Microsoft Defender for Cloud");
    assert_eq!(properties["version"], "3.0.3");
    assert_eq!(properties["contentSchemaVersion"], "3.0.0");
    assert_eq!(properties["firstPublishDate"], "2022-05-17");
    let id = properties["contentProductId"].as_str().expect("a product id");
    let hash = id.strip_prefix("azuresentinel.azure-sentinel-solution-microsoftdef-sl-").expect("the prefix");
    assert_eq!(hash.len(), 13);
    assert_eq!(
        properties["dependencies"],
        json!({"operator": "AND", "criteria": [
            {"kind": "DataConnector", "contentId": "AzureSecurityCenter", "version": "1.0.0"},
            {"kind": "DataConnector", "contentId": "MicrosoftDefenderForCloudTenantBased", "version": "1.0.0"},
        ]})
    );
}

#[tokio::test]
async fn next_link_has_the_query_and_a_token_for_its_list_only() {
    let azure = Azure::start().await;
    let found = pages(&azure, "&$top=15&$filter=properties/contentKind eq 'Solution'").await;
    let sizes: Vec<usize> = found.iter().filter_map(|page| page["value"].as_array()).map(Vec::len).collect();
    assert!(sizes.iter().rev().skip(1).all(|size| *size == 15), "{sizes:?}");
    let link = found[0]["nextLink"].as_str().expect("a link");
    let token = link.split("skipToken=").nth(1).expect("a token");
    let other = azure.sentinel("law-portal", &format!("contentProductPackages?$skipToken={token}"));
    assert_eq!(azure.get(&other, STABLE).await.status, 400);
    let made_up = azure.sentinel("law-soc", "contentProductPackages?$skipToken=20");
    assert_eq!(azure.get(&made_up, STABLE).await.status, 400);
}

#[tokio::test]
async fn filters_and_searches_the_catalog() {
    let azure = Azure::start().await;
    let names = async |query: &str| {
        let path = azure.sentinel("law-soc", &format!("contentProductPackages?{query}"));
        azure.get(&path, STABLE).await.names().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(names(&format!("$filter=(properties/contentId eq '{DEFENDER}')")).await, [DEFENDER]);
    assert_eq!(names("$search=defender for cloud apps").await.len(), 1);
    assert_eq!(names("$orderby=properties/displayName desc&$top=1").await.len(), 1);
    for filter in ["properties/contentId like 'x'", "contentId eq 'x'"] {
        let bad = azure.sentinel("law-soc", &format!("contentProductPackages?$filter={filter}"));
        assert_eq!(azure.get(&bad, STABLE).await.status, 400, "{filter}");
    }
    let expanded = azure.sentinel("law-soc", "contentProductPackages?$expand=properties/packagedContent");
    assert_eq!(azure.get(&expanded, STABLE).await.status, 502);
}

#[tokio::test]
async fn installs_upgrades_and_uninstalls_a_package() {
    let azure = Azure::start().await;
    let product = azure.get(&azure.sentinel("law-soc", &format!("contentProductPackages/{ACTIVITY}")), STABLE).await;
    let path = azure.sentinel("law-soc", &format!("contentPackages/{ACTIVITY}"));
    let made = azure.put(&path, STABLE, installation(&product.body)).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.body["type"], "Microsoft.SecurityInsights/contentpackages");
    assert_eq!(made.body["properties"]["installedVersion"], made.body["properties"]["version"]);
    assert!(made.body["properties"]["support"]["tier"].is_string(), "filled from the catalog");
    assert_eq!(made.body["systemData"]["createdByType"], "Application");
    assert_eq!(azure.put(&path, STABLE, installation(&product.body)).await.status, 200);
    assert_eq!(azure.delete(&path, STABLE).await.status, 200);
    assert_eq!(azure.delete(&path, STABLE).await.status, 204);
}

#[tokio::test]
async fn requires_the_schema_version_since_2024_09() {
    let azure = Azure::start().await;
    let product = azure.get(&azure.sentinel("law-soc", &format!("contentProductPackages/{ACTIVITY}")), STABLE).await;
    let mut body = installation(&product.body);
    body["properties"].as_object_mut().expect("an object").remove("contentSchemaVersion");
    let path = azure.sentinel("law-soc", &format!("contentPackages/{ACTIVITY}"));
    for version in ["2024-09-01", STABLE, PREVIEW] {
        let reply = azure.put(&path, version, body.clone()).await;
        assert_eq!((reply.status, reply.code()), (400, "BadRequest"), "{version}");
    }
    assert_eq!(azure.put(&path, "2024-03-01", body).await.status, 201);
}

#[tokio::test]
async fn content_id_belongs_to_one_package() {
    let azure = Azure::start().await;
    let product = azure.get(&azure.sentinel("law-soc", &format!("contentProductPackages/{DEFENDER}")), STABLE).await;
    let orphan = product.body["properties"]["contentProductId"].as_str().expect("an id");
    let path = azure.sentinel("law-soc", &format!("contentPackages/{orphan}"));
    let reply = azure.put(&path, STABLE, installation(&product.body)).await;
    assert_eq!((reply.status, reply.code()), (400, "BadRequestException"));
    assert!(reply.message().ends_with("is already associated with another package"), "{}", reply.message());
}

#[tokio::test]
async fn uninstall_deletes_templates_and_keeps_connector_pages() {
    let azure = Azure::start().await;
    let templates = azure.sentinel("law-soc", "contentTemplates");
    assert_eq!(azure.get(&templates, STABLE).await.names().len(), 3);
    azure.delete(&azure.sentinel("law-soc", &format!("contentPackages/{DEFENDER}")), STABLE).await;
    assert_eq!(azure.get(&templates, STABLE).await.names().len(), 0);
    let pages = azure.get(&azure.sentinel("law-soc", "dataConnectors"), PREVIEW).await;
    assert_eq!(pages.names().len(), 2);
}

#[tokio::test]
async fn list_has_template_bodies_only_if_expanded() {
    let azure = Azure::start().await;
    let first = async |query: &str| {
        azure.get(&azure.sentinel("law-soc", &format!("contentTemplates{query}")), STABLE).await.body["value"][0]
            .clone()
    };
    assert_eq!(first("").await["properties"].get("mainTemplate"), None);
    assert!(first("?$expand=properties/mainTemplate").await["properties"]["mainTemplate"].is_object());
    let of_package = azure.sentinel("law-soc", "contentTemplates?$filter=properties/packageId eq 'other'");
    assert_eq!(azure.get(&of_package, STABLE).await.names().len(), 0);
    let catalog = azure.sentinel("law-soc", "contentproducttemplates/AzureSecurityCenter");
    assert!(azure.get(&catalog, STABLE).await.body["properties"]["packagedContent"].is_object());
}

#[tokio::test]
async fn outdated_workspace_has_an_old_version_and_a_stale_registration() {
    let azure = Azure::start().await;
    let installed = azure.get(&azure.sentinel("law-outdated", "contentPackages"), STABLE).await;
    let versions: Vec<&str> = installed.body["value"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|package| package["properties"]["version"].as_str())
        .collect();
    assert_eq!(versions, ["1.2.0", "2.0.1"]);
    let stale = installed.names()[0].to_owned();
    let product = azure.sentinel("law-outdated", &format!("contentProductPackages/{stale}"));
    assert_eq!(azure.get(&product, STABLE).await.status, 404);
}

#[tokio::test]
async fn codeless_connector_page_requires_its_kind_and_configuration() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-soc", "dataConnectorDefinitions/Codeless");
    let page = json!({"connectorUiConfig": {
        "id": "Codeless", "title": "A product", "publisher": "Contoso", "descriptionMarkdown": "", "graphQueries": [],
        "dataTypes": [], "connectivityCriteria": [], "permissions": {}, "instructionSteps": [],
    }});

    let no_kind = azure.put(&path, STABLE, json!({"properties": page})).await;
    assert_eq!((no_kind.status, no_kind.code()), (400, "BadRequest"));
    let no_page = azure.put(&path, STABLE, json!({"kind": "Customizable", "properties": {}})).await;
    assert_eq!((no_page.status, no_page.code()), (400, "BadRequest"));
    let no_title = json!({"connectorUiConfig": {"id": "Codeless"}});
    let no_title = azure.put(&path, STABLE, json!({"kind": "Customizable", "properties": no_title})).await;
    assert!(no_title.message().contains("'title'"), "{}", no_title.message());
    let too_old = azure.put(&path, "2022-08-01", json!({"kind": "Customizable", "properties": page})).await;
    assert_eq!(too_old.status, 400, "{:?}", too_old.body);

    assert_eq!(azure.put(&path, STABLE, json!({"kind": "Customizable", "properties": page})).await.status, 201);
    let listed = azure.get(&azure.sentinel("law-soc", "dataConnectorDefinitions"), STABLE).await;
    assert_eq!(listed.names(), ["Codeless"]);
}

#[tokio::test]
async fn metadata_requires_parent_and_kind() {
    let azure = Azure::start().await;
    let path = azure.sentinel("law-soc", "metadata/mine");
    assert_eq!(azure.put(&path, STABLE, json!({"properties": {"kind": "DataConnector"}})).await.status, 400);
    let body = json!({"properties": {"kind": "DataConnector", "parentId": azure.workspace("law-soc")}});
    assert_eq!(azure.put(&path, STABLE, body.clone()).await.status, 201);
    assert_eq!(azure.put(&path, STABLE, body.clone()).await.status, 200);
    let other = azure.put(&azure.sentinel("law-soc", "metadata/other"), STABLE, body).await;
    assert_eq!((other.status, other.code()), (400, "BadRequestException"), "a second one of the same parent");
}

#[tokio::test]
async fn content_is_checked_against_the_published_schema() {
    let azure = Azure::start().await;
    let product = azure.get(&azure.sentinel("law-soc", &format!("contentProductPackages/{ACTIVITY}")), STABLE).await;
    let package = installation(&product.body)["properties"].clone();
    let template =
        json!({"contentId": "c", "contentKind": "Workbook", "displayName": "x", "packageId": "p", "version": "1"});
    let metadata = json!({"parentId": azure.workspace("law-soc"), "kind": "Workbook"});
    for (collection, good, member, wrong) in [
        ("contentPackages", &package, "contentKind", json!("Bundle")),
        ("contentPackages", &package, "contentId", json!("another")),
        ("contentPackages", &package, "categories", json!(["Cloud"])),
        ("contentPackages", &package, "dependencies", json!({"operator": "XOR"})),
        ("contentTemplates", &template, "contentKind", json!("Poem")),
        ("contentTemplates", &template, "packageKind", json!("Bundle")),
        ("contentTemplates", &template, "version", json!(1)),
        ("metadata", &metadata, "source", json!({"name": "no kind"})),
        ("metadata", &metadata, "source", json!({"kind": "Hearsay"})),
        ("metadata", &metadata, "support", json!({"tier": "Gold"})),
        ("metadata", &metadata, "providers", json!("Contoso")),
    ] {
        let path = azure.sentinel("law-soc", &format!("{collection}/{ACTIVITY}"));
        let mut properties = good.clone();
        properties[member] = wrong;
        let reply = azure.put(&path, STABLE, json!({"properties": properties})).await;
        assert_eq!((reply.status, reply.code()), (400, "BadRequest"), "{collection} {properties}");
    }
    let path = azure.sentinel("law-soc", "contentTemplates/t");
    let mut properties = template;
    properties["id"] = json!("x");
    let made = azure.put(&path, STABLE, json!({"properties": properties})).await;
    assert_eq!((made.status, made.body["properties"].get("id")), (201, None), "not in the schema");
}
