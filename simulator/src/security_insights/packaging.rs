//! Generates the ARM template that installs a product from the product's catalog entry.
//!
//! Like Microsoft's templates, it contains variables that refer to each other, a content template for each content
//! item, which depends on the package, a connector page with its metadata for each data connector, and the package.

use serde_json::{Map, Value, json};

const SCHEMA: &str = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
const TYPES: &str = "Microsoft.OperationalInsights/workspaces/providers";

/// Content kinds, their abbreviation in template names, and the resource type that users create from them.
const KINDS: &[(&str, &str, &str)] = &[
    ("DataConnector", "dc", "dataConnectors"),
    ("AnalyticsRule", "ar", "AlertRuleTemplates"),
    ("HuntingQuery", "hq", "huntingQueries"),
    ("Workbook", "wb", "workbooks"),
    ("Playbook", "pl", "playbooks"),
    ("Parser", "pr", "parsers"),
    ("Watchlist", "wl", "watchlists"),
];

/// Properties of the package that are computed. The other properties are copied from the catalog.
const COMPUTED: &[&str] =
    &["contentId", "contentProductId", "version", "contentKind", "dependencies", "packagedContent", "installedVersion"];

/// A content item of a product.
struct ContentItem<'a> {
    /// Prefix of its variables: `content1`.
    variable: String,
    kind: &'a str,
    content_id: &'a str,
    title: &'a str,
    version: &'a str,
}

/// The template of a product. `known` looks up a content item in the catalog by its content ID.
pub(super) fn template<'a>(product: &'a Value, known: impl Fn(&str) -> Option<&'a Value>) -> Value {
    let dependencies = product["dependencies"]["criteria"].as_array().into_iter().flatten();
    let items: Vec<ContentItem<'a>> = dependencies
        .filter(|dependency| dependency["kind"] != "Solution")
        .zip(1..)
        .map(|(dependency, number)| {
            let content_id = text(dependency, "contentId");
            let known = known(content_id).map(|known| text(known, "displayName"));
            ContentItem {
                variable: format!("content{number}"),
                kind: text(dependency, "kind"),
                content_id,
                title: known.unwrap_or(content_id),
                version: text(dependency, "version"),
            }
        })
        .collect();
    let contents = items.iter().flat_map(|item| {
        let page = (item.kind == "DataConnector").then(|| [metadata(item, product, true), page(item, product)]);
        [content_template(item, product)].into_iter().chain(page.into_iter().flatten())
    });
    let resources: Vec<Value> = contents.chain([package(product)]).collect();
    json!({
        "$schema": SCHEMA,
        "contentVersion": "1.0.0.0",
        "metadata": {
            "author": product["publisherDisplayName"],
            "comments": format!("Solution template of {}", text(product, "displayName")),
        },
        "parameters": {
            "location": {
                "type": "string",
                "minLength": 1,
                "defaultValue": "[resourceGroup().location]",
                "metadata": {"description": "Not used, but needed to pass validation"},
            },
            "workspace-location": {
                "type": "string",
                "defaultValue": "",
                "metadata": {"description": "Region of the workspace"},
            },
            "workspace": {"type": "string", "defaultValue": "", "metadata": {"description": "Name of the workspace"}},
        },
        "variables": variables(product, &items),
        "resources": resources,
        "outputs": {},
    })
}

fn variables(product: &Value, items: &[ContentItem<'_>]) -> Map<String, Value> {
    let mut variables = Map::new();
    let mut set = |name: String, value: String| variables.insert(name, json!(value));
    set("_solutionName".to_owned(), text(product, "displayName").to_owned());
    set("_solutionVersion".to_owned(), text(product, "version").to_owned());
    set("solutionId".to_owned(), text(product, "contentId").to_owned());
    set("_solutionId".to_owned(), "[variables('solutionId')]".to_owned());
    for item in items {
        let (name, short) = (&item.variable, item.abbreviation());
        set(format!("{name}Id"), item.content_id.to_owned());
        set(format!("_{name}Id"), format!("[variables('{name}Id')]"));
        set(format!("{name}Version"), item.version.to_owned());
        set(
            format!("{name}TemplateName"),
            named(&format!("concat(parameters('workspace'),'-{short}-',uniquestring(variables('_{name}Id')))")),
        );
        set(format!("_{name}ResourceId"), resource_id(item.resource_type(), &format!("_{name}Id")));
        set(
            format!("_{name}ProductId"),
            product_id(short, item.kind, &format!("_{name}Id"), &format!("{name}Version")),
        );
    }
    set("_solutionProductId".to_owned(), product_id("sl", "Solution", "_solutionId", "_solutionVersion"));
    variables
}

impl ContentItem<'_> {
    fn abbreviation(&self) -> &'static str {
        KINDS.iter().find(|(kind, ..)| *kind == self.kind).map_or("ct", |(_, short, _)| short)
    }

    /// Whether the item is a codeless connector, whose page has a separate resource type. Most of these content IDs end
    /// with `Definition`.
    fn is_codeless(&self) -> bool {
        self.kind == "DataConnector" && self.content_id.ends_with("Definition")
    }

    fn resource_type(&self) -> &'static str {
        if self.is_codeless() {
            return "dataConnectorDefinitions";
        }
        KINDS.iter().find(|(kind, ..)| *kind == self.kind).map_or("content", |(.., created)| created)
    }

    fn variable(&self, suffix: &str) -> Value {
        json!(format!("[variables('{}{suffix}')]", self.variable))
    }

    fn internal_variable(&self, suffix: &str) -> Value {
        json!(format!("[variables('_{}{suffix}')]", self.variable))
    }
}

fn content_template(item: &ContentItem<'_>, product: &Value) -> Value {
    let mut main = json!({
        "$schema": SCHEMA,
        "contentVersion": item.variable("Version"),
        "parameters": {},
        "variables": {},
        "resources": [created_resource(item, product), metadata(item, product, false)],
    });
    if item.kind == "Playbook" {
        // Notes for users. Resource Manager parses them as expressions, and rejects the template.
        main["metadata"] = json!({
            "title": item.title,
            "postDeployment": ["[Authorize the connections](of the playbook), then [enable it]"],
        });
    }
    json!({
        "type": format!("{TYPES}/contentTemplates"),
        "apiVersion": "2023-04-01-preview",
        "name": item.variable("TemplateName"),
        "location": "[parameters('workspace-location')]",
        "dependsOn": [resource_id("contentPackages", "_solutionId")],
        "properties": {
            "description": format!("{} with template version {}", item.title, text(product, "version")),
            "mainTemplate": main,
            "packageKind": product["contentKind"],
            "packageVersion": "[variables('_solutionVersion')]",
            "packageName": "[variables('_solutionName')]",
            "packageId": "[variables('_solutionId')]",
            "contentSchemaVersion": product["contentSchemaVersion"],
            "contentId": item.internal_variable("Id"),
            "contentKind": item.kind,
            "displayName": item.title,
            "contentProductId": item.internal_variable("ProductId"),
            "id": item.internal_variable("ProductId"),
            "version": item.variable("Version"),
            "source": source(),
            "author": product["author"],
            "support": product["support"],
        },
    })
}

/// The resource that a user creates from the content template.
fn created_resource(item: &ContentItem<'_>, product: &Value) -> Value {
    if item.kind == "DataConnector" {
        return page(item, product);
    }
    json!({
        "type": format!("Microsoft.SecurityInsights/{}", item.resource_type()),
        "apiVersion": "2023-02-01-preview",
        "name": item.internal_variable("Id"),
        "location": "[parameters('workspace-location')]",
        "properties": {"displayName": item.title, "author": "[[parameters('author')]"},
    })
}

/// The connector page of a data connector. The page itself connects nothing.
fn page(item: &ContentItem<'_>, product: &Value) -> Value {
    let (api_version, kind) =
        if item.is_codeless() { ("2022-09-01-preview", "Customizable") } else { ("2021-03-01-preview", "GenericUI") };
    json!({
        "type": format!("{TYPES}/{}", item.resource_type()),
        "apiVersion": api_version,
        "name": named(&format!("variables('_{}Id')", item.variable)),
        "location": "[parameters('workspace-location')]",
        "kind": kind,
        "properties": {"connectorUiConfig": page_content(item, product)},
    })
}

fn page_content(item: &ContentItem<'_>, product: &Value) -> Value {
    let (criteria, criteria_type) = if item.is_codeless() {
        ("connectivityCriteria", "HasDataConnectors")
    } else {
        ("connectivityCriterias", "SentinelKinds")
    };
    let mut page = json!({
        "id": item.internal_variable("Id"),
        "title": item.title,
        "publisher": text(product, "publisherDisplayName"),
        "descriptionMarkdown": text(product, "description"),
        "graphQueries": [],
        "sampleQueries": [],
        "dataTypes": [],
        "availability": {"status": 1, "isPreview": product["isPreview"] == "true"},
        "permissions": {"resourceProvider": [], "customs": []},
        "instructionSteps": [],
    });
    page[criteria] = json!([{"type": criteria_type, "value": [item.content_id]}]);
    page
}

fn metadata(item: &ContentItem<'_>, product: &Value, waits_for_page: bool) -> Value {
    let (kind, variable) = (item.kind, &item.variable);
    let mut metadata = json!({
        "type": format!("{TYPES}/metadata"),
        "apiVersion": "2023-04-01-preview",
        "name": named(&format!("concat('{kind}-', last(split(variables('_{variable}ResourceId'),'/')))")),
        "properties": {
            "parentId": item.internal_variable("ResourceId"),
            "contentId": item.internal_variable("Id"),
            "kind": item.kind,
            "version": item.variable("Version"),
            "source": source(),
            "author": product["author"],
            "support": product["support"],
        },
    });
    if waits_for_page {
        metadata["dependsOn"] = json!([item.internal_variable("ResourceId")]);
    }
    metadata
}

fn package(product: &Value) -> Value {
    let mut properties = json!({
        "version": "[variables('_solutionVersion')]",
        "kind": product["contentKind"],
        "contentKind": product["contentKind"],
        "contentProductId": "[variables('_solutionProductId')]",
        "id": "[variables('_solutionProductId')]",
        "contentId": "[variables('_solutionId')]",
        "parentId": "[variables('_solutionId')]",
        "dependencies": product["dependencies"],
    });
    for (name, value) in
        product.as_object().into_iter().flatten().filter(|(name, _)| !COMPUTED.contains(&name.as_str()))
    {
        properties[name] = value.clone();
    }
    json!({
        "type": format!("{TYPES}/contentPackages"),
        "apiVersion": "2023-04-01-preview",
        "name": named("variables('_solutionId')"),
        "location": "[parameters('workspace-location')]",
        "properties": properties,
    })
}

/// The expression for a `contentProductId`.
fn product_id(short: &str, kind: &str, id: &str, version: &str) -> String {
    format!(
        "[concat(take(variables('_solutionId'),50),'-{short}-',uniqueString(concat(variables('_solutionId'),'-{kind}-',\
         variables('{id}'),'-',variables('{version}'))))]"
    )
}

fn source() -> Value {
    json!({"kind": "Solution", "name": "[variables('_solutionName')]", "sourceId": "[variables('_solutionId')]"})
}

/// The name of a Sentinel resource on the workspace.
fn named(expression: &str) -> String {
    format!("[concat(parameters('workspace'),'/Microsoft.SecurityInsights/',{expression})]")
}

fn resource_id(collection: &str, variable: &str) -> String {
    format!(
        "[extensionResourceId(resourceId('Microsoft.OperationalInsights/workspaces', parameters('workspace')), \
         'Microsoft.SecurityInsights/{collection}', variables('{variable}'))]"
    )
}

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_default()
}
