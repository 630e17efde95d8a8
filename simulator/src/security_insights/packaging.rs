//! The ARM template that installs a product, made from what the catalogue says about the product.
//!
//! It has the shape of the real ones: variables that refer to each other, a content template for each piece of
//! content that waits for the package, a page with its metadata for each data connector, and the package.

use serde_json::{Map, Value, json};

const SCHEMA: &str = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
const TYPES: &str = "Microsoft.OperationalInsights/workspaces/providers";

/// Kinds of content, how the names of their templates call them, and the type that is made of them.
const KINDS: &[(&str, &str, &str)] = &[
    ("DataConnector", "dc", "dataConnectors"),
    ("AnalyticsRule", "ar", "AlertRuleTemplates"),
    ("HuntingQuery", "hq", "huntingQueries"),
    ("Workbook", "wb", "workbooks"),
    ("Playbook", "pl", "playbooks"),
    ("Parser", "pr", "parsers"),
    ("Watchlist", "wl", "watchlists"),
];

/// What a product sets itself in its package; the rest is copied from the catalogue.
const COMPUTED: &[&str] =
    &["contentId", "contentProductId", "version", "contentKind", "dependencies", "packagedContent", "installedVersion"];

/// One piece of content that a product brings.
struct Piece<'a> {
    /// Names of its variables start so: `content1`.
    variable: String,
    kind: &'a str,
    content_id: &'a str,
    title: &'a str,
    version: &'a str,
}

/// The template of a product. `known` finds more about a piece of content.
pub(super) fn template<'a>(product: &'a Value, known: impl Fn(&str) -> Option<&'a Value>) -> Value {
    let dependencies = product["dependencies"]["criteria"].as_array().into_iter().flatten();
    let pieces: Vec<Piece<'a>> = dependencies
        .filter(|dependency| dependency["kind"] != "Solution")
        .zip(1..)
        .map(|(dependency, number)| {
            let content_id = text(dependency, "contentId");
            let known = known(content_id).map(|known| text(known, "displayName"));
            Piece {
                variable: format!("content{number}"),
                kind: text(dependency, "kind"),
                content_id,
                title: known.unwrap_or(content_id),
                version: text(dependency, "version"),
            }
        })
        .collect();
    let contents = pieces.iter().flat_map(|piece| {
        let page = (piece.kind == "DataConnector").then(|| [metadata(piece, product, true), page(piece, product)]);
        [content_template(piece, product)].into_iter().chain(page.into_iter().flatten())
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
        "variables": variables(product, &pieces),
        "resources": resources,
        "outputs": {},
    })
}

fn variables(product: &Value, pieces: &[Piece<'_>]) -> Map<String, Value> {
    let mut variables = Map::new();
    let mut set = |name: String, value: String| variables.insert(name, json!(value));
    set("_solutionName".to_owned(), text(product, "displayName").to_owned());
    set("_solutionVersion".to_owned(), text(product, "version").to_owned());
    set("solutionId".to_owned(), text(product, "contentId").to_owned());
    set("_solutionId".to_owned(), "[variables('solutionId')]".to_owned());
    for piece in pieces {
        let (name, short) = (&piece.variable, piece.short());
        set(format!("{name}Id"), piece.content_id.to_owned());
        set(format!("_{name}Id"), format!("[variables('{name}Id')]"));
        set(format!("{name}Version"), piece.version.to_owned());
        set(
            format!("{name}TemplateName"),
            named(&format!("concat(parameters('workspace'),'-{short}-',uniquestring(variables('_{name}Id')))")),
        );
        set(format!("_{name}ResourceId"), resource_id(piece.made_of_it(), &format!("_{name}Id")));
        set(
            format!("_{name}ProductId"),
            product_id(short, piece.kind, &format!("_{name}Id"), &format!("{name}Version")),
        );
    }
    set("_solutionProductId".to_owned(), product_id("sl", "Solution", "_solutionId", "_solutionVersion"));
    variables
}

impl Piece<'_> {
    fn short(&self) -> &'static str {
        KINDS.iter().find(|(kind, ..)| *kind == self.kind).map_or("ct", |(_, short, _)| short)
    }

    /// A codeless connector, which has a page of a type of its own. The content ids of most of them say so.
    fn is_codeless(&self) -> bool {
        self.kind == "DataConnector" && self.content_id.ends_with("Definition")
    }

    fn made_of_it(&self) -> &'static str {
        if self.is_codeless() {
            return "dataConnectorDefinitions";
        }
        KINDS.iter().find(|(kind, ..)| *kind == self.kind).map_or("content", |(.., made)| made)
    }

    fn of(&self, suffix: &str) -> Value {
        json!(format!("[variables('{}{suffix}')]", self.variable))
    }

    fn internal(&self, suffix: &str) -> Value {
        json!(format!("[variables('_{}{suffix}')]", self.variable))
    }
}

fn content_template(piece: &Piece<'_>, product: &Value) -> Value {
    let mut main = json!({
        "$schema": SCHEMA,
        "contentVersion": piece.of("Version"),
        "parameters": {},
        "variables": {},
        "resources": [made_of(piece, product), metadata(piece, product, false)],
    });
    if piece.kind == "Playbook" {
        // Written for people. Resource Manager takes it for an expression, and refuses the template.
        main["metadata"] = json!({
            "title": piece.title,
            "postDeployment": ["[Authorize the connections](of the playbook), then [enable it]"],
        });
    }
    json!({
        "type": format!("{TYPES}/contentTemplates"),
        "apiVersion": "2023-04-01-preview",
        "name": piece.of("TemplateName"),
        "location": "[parameters('workspace-location')]",
        "dependsOn": [resource_id("contentPackages", "_solutionId")],
        "properties": {
            "description": format!("{} with template version {}", piece.title, text(product, "version")),
            "mainTemplate": main,
            "packageKind": product["contentKind"],
            "packageVersion": "[variables('_solutionVersion')]",
            "packageName": "[variables('_solutionName')]",
            "packageId": "[variables('_solutionId')]",
            "contentSchemaVersion": product["contentSchemaVersion"],
            "contentId": piece.internal("Id"),
            "contentKind": piece.kind,
            "displayName": piece.title,
            "contentProductId": piece.internal("ProductId"),
            "id": piece.internal("ProductId"),
            "version": piece.of("Version"),
            "source": source(),
            "author": product["author"],
            "support": product["support"],
        },
    })
}

/// What a user makes of the content template.
fn made_of(piece: &Piece<'_>, product: &Value) -> Value {
    if piece.kind == "DataConnector" {
        return page(piece, product);
    }
    json!({
        "type": format!("Microsoft.SecurityInsights/{}", piece.made_of_it()),
        "apiVersion": "2023-02-01-preview",
        "name": piece.internal("Id"),
        "location": "[parameters('workspace-location')]",
        "properties": {"displayName": piece.title, "author": "[[parameters('author')]"},
    })
}

/// The page of a data connector: it shows how to connect, and connects nothing.
fn page(piece: &Piece<'_>, product: &Value) -> Value {
    let (api_version, kind) =
        if piece.is_codeless() { ("2022-09-01-preview", "Customizable") } else { ("2021-03-01-preview", "GenericUI") };
    json!({
        "type": format!("{TYPES}/{}", piece.made_of_it()),
        "apiVersion": api_version,
        "name": named(&format!("variables('_{}Id')", piece.variable)),
        "location": "[parameters('workspace-location')]",
        "kind": kind,
        "properties": {"connectorUiConfig": {
            "id": piece.internal("Id"),
            "title": piece.title,
            "publisher": product["publisherDisplayName"],
            "descriptionMarkdown": product["description"],
            "availability": {"status": 1, "isPreview": product["isPreview"] == "true"},
        }},
    })
}

fn metadata(piece: &Piece<'_>, product: &Value, waits: bool) -> Value {
    let (kind, variable) = (piece.kind, &piece.variable);
    let mut metadata = json!({
        "type": format!("{TYPES}/metadata"),
        "apiVersion": "2023-04-01-preview",
        "name": named(&format!("concat('{kind}-', last(split(variables('_{variable}ResourceId'),'/')))")),
        "properties": {
            "parentId": piece.internal("ResourceId"),
            "contentId": piece.internal("Id"),
            "kind": piece.kind,
            "version": piece.of("Version"),
            "source": source(),
            "author": product["author"],
            "support": product["support"],
        },
    });
    if waits {
        metadata["dependsOn"] = json!([piece.internal("ResourceId")]);
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

/// The expression that the ids of the catalogue are made with.
fn product_id(short: &str, kind: &str, id: &str, version: &str) -> String {
    format!(
        "[concat(take(variables('_solutionId'),50),'-{short}-',uniqueString(concat(variables('_solutionId'),'-{kind}-',\
         variables('{id}'),'-',variables('{version}'))))]"
    )
}

fn source() -> Value {
    json!({"kind": "Solution", "name": "[variables('_solutionName')]", "sourceId": "[variables('_solutionId')]"})
}

/// The name of something of Sentinel on the workspace.
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
