//! A workspace with a Content Hub that keeps what it is sent as Azure does, over real HTTPS: for the tests of what
//! installs and uninstalls.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::api::expression::Scope;
use crate::azure::testing::{Received, Reply, Server};
use crate::sentinel::WorkspaceId;
use crate::session::Session;

const WORKSPACE: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-soc";
const OPERATION: &str = "/subscriptions/s/providers/Microsoft.Resources/operations/";

/// Content id of the solution that every test installs.
pub(crate) const SOLUTION: &str = "contoso.azure-sentinel-solution-cloud";
/// Its connector page.
pub(crate) const PAGE: &str = "CloudPage";

/// What Azure holds.
#[derive(Debug, Default)]
pub(crate) struct World {
    /// The catalogue: properties by content id, packaged content included.
    pub(crate) catalogue: BTreeMap<String, Value>,
    /// Documents by collection and lower-cased name: `contentpackages/…`.
    pub(crate) documents: BTreeMap<String, Value>,
    /// Deployments by name, with the state that they end in and their operations.
    pub(crate) deployments: BTreeMap<String, Value>,
    /// Resources of a template that Azure cannot deploy, by the end of their name.
    pub(crate) undeployable: Vec<String>,
    /// Deployments never come to an end.
    pub(crate) hangs: bool,
}

pub(crate) struct Azure {
    server: Server,
    world: Arc<Mutex<World>>,
}

impl Azure {
    /// A workspace with nothing installed, and a catalogue that offers [`SOLUTION`] in version 3.0.3.
    pub(crate) async fn new() -> Self {
        Self::with(|_, _, _| None).await
    }

    /// The same, with something that goes wrong: `mishap` is given a request and the number of requests like it so far,
    /// and may answer it in Azure's place.
    pub(crate) async fn with(
        mishap: impl Fn(&Received, usize, &mut World) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let mut world = World::default();
        world.offer(SOLUTION, "3.0.3");
        let world = Arc::new(Mutex::new(world));
        let held = Arc::clone(&world);
        let play = move |request: &Received, before: usize| {
            let mut world = held.lock().expect("nobody panicked");
            mishap(request, before, &mut world).unwrap_or_else(|| world.answer(request, before))
        };
        Self { server: Server::arm(play).await, world }
    }

    /// The same, with one request that is refused: the one that has `number` others before it. Azure may have carried it
    /// out all the same.
    pub(crate) async fn refusing(number: usize, is_carried_out: bool) -> Self {
        let seen = AtomicUsize::new(0);
        Self::with(move |request, before, world| {
            if seen.fetch_add(1, Ordering::Relaxed) != number {
                return None;
            }
            if is_carried_out {
                let _ = world.answer(request, before);
            }
            Some(Reply::error(403, "AuthorizationFailed", "not this one"))
        })
        .await
    }

    pub(crate) fn session(&self) -> Session {
        Session::new(self.server.client())
    }

    pub(crate) fn workspace(&self) -> WorkspaceId {
        WorkspaceId::parse(WORKSPACE).expect("a workspace")
    }

    /// Looks at, or changes, what Azure holds.
    pub(crate) fn world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut self.world.lock().expect("nobody panicked"))
    }

    /// Names of everything that the workspace holds, by collection.
    pub(crate) fn holds(&self) -> Vec<String> {
        self.world(|world| world.documents.keys().cloned().collect())
    }

    /// How many requests with this method and a path that contains `part` were sent.
    pub(crate) fn count(&self, method: &str, part: &str) -> usize {
        let begins = format!("{method} ");
        let part = part.to_lowercase();
        self.server
            .calls()
            .iter()
            .filter(|call| call.starts_with(&begins) && call.to_lowercase().contains(&part))
            .count()
    }

    /// The requests, as "METHOD target".
    pub(crate) fn calls(&self) -> Vec<String> {
        self.server.calls()
    }

    /// Requests that change something.
    pub(crate) fn writes(&self) -> usize {
        self.server.calls().iter().filter(|call| !call.starts_with("GET ")).count()
    }
}

impl World {
    /// The catalogue offers this version of a solution, with a page, two templates and metadata of the page.
    pub(crate) fn offer(&mut self, content_id: &str, version: &str) {
        let sentinel = "concat(parameters('workspace'),'/Microsoft.SecurityInsights/'";
        let workspaces = "Microsoft.OperationalInsights/workspaces/providers";
        let template = |name: &str| {
            json!({"type": format!("{workspaces}/contentTemplates"), "name": format!("[{sentinel},'{name}')]"),
                "properties": {"packageId": content_id, "packageVersion": version, "contentId": name, "mainTemplate":
                    {"metadata": {"postDeployment": ["for the portal"]}}}})
        };
        let properties = json!({
            "contentId": content_id,
            "contentProductId": format!("{content_id}-sl-{version}"),
            "contentKind": "Solution",
            "contentSchemaVersion": "3.0.0",
            "displayName": "Contoso Cloud",
            "version": version,
            "packagedContent": {
                "parameters": {"workspace": {"type": "string"}, "workspace-location": {"type": "string", "defaultValue": ""}},
                "variables": {"page": PAGE},
                "resources": [
                    {"type": format!("{workspaces}/dataConnectors"), "kind": "GenericUI",
                     "name": format!("[{sentinel},variables('page'))]"), "properties": {}},
                    template("template-1"),
                    template("template-2"),
                    {"type": format!("{workspaces}/metadata"), "name": format!("[{sentinel},'DataConnector-CloudPage')]"),
                     "properties": {"parentId": format!("{WORKSPACE}/providers/Microsoft.SecurityInsights/dataConnectors/{PAGE}"),
                        "source": {"sourceId": content_id}}},
                ],
            },
        });
        self.catalogue.insert(content_id.to_owned(), properties);
    }

    /// Registers a solution, with nothing but that.
    pub(crate) fn register(&mut self, name: &str, content_id: &str, version: &str) {
        self.put(
            "contentPackages",
            name,
            json!({"properties": {"contentId": content_id, "version": version,
            "displayName": "Contoso Cloud"}}),
        );
    }

    /// Puts a document into a collection.
    pub(crate) fn put(&mut self, collection: &str, name: &str, mut document: Value) {
        document["name"] = name.into();
        document["id"] = format!("{WORKSPACE}/providers/Microsoft.SecurityInsights/{collection}/{name}").into();
        self.documents.insert(format!("{collection}/{name}").to_lowercase(), document);
    }

    /// The version that is registered under the content id.
    pub(crate) fn registered(&self, content_id: &str) -> Option<&str> {
        let owner = self.owner(content_id)?;
        owner["properties"]["version"].as_str()
    }

    fn owner(&self, content_id: &str) -> Option<&Value> {
        let mut packages = self.documents.iter().filter(|(key, _)| key.starts_with("contentpackages/"));
        packages.find(|(_, package)| package["properties"]["contentId"] == content_id).map(|(_, package)| package)
    }

    fn answer(&mut self, request: &Received, before: usize) -> Reply {
        let path = request.target.split('?').next().unwrap_or_default();
        if let Some(name) = path.strip_prefix(OPERATION) {
            return self.operation(name, before);
        }
        if path.ends_with("/Microsoft.Resources/deployments") {
            return self.running_deployments();
        }
        if let Some((_, rest)) = path.split_once("/Microsoft.Resources/deployments/") {
            return self.deployment(request, rest);
        }
        let Some((_, rest)) = path.split_once("/Microsoft.SecurityInsights/") else {
            return Reply::json(200, &json!({"location": "westeurope"}));
        };
        match (request.method.as_str(), rest.split_once('/')) {
            ("GET", None) if rest == "contentProductPackages" => self.catalogue_list(),
            ("GET", None) => {
                let prefix = format!("{}/", rest.to_lowercase());
                let found = self.documents.iter().filter(|(key, _)| key.starts_with(&prefix));
                Reply::json(200, &json!({"value": found.map(|(_, document)| document).collect::<Vec<_>>()}))
            }
            ("GET", Some(("contentProductPackages", name))) => self.entry(name),
            ("PUT", Some(("contentPackages", name))) => self.registration(request, name),
            ("DELETE", Some((collection, name))) => self.delete(collection, name),
            ("GET", Some(_)) => match self.documents.get(&rest.to_lowercase()) {
                Some(document) => Reply::json(200, document),
                None => Reply::error(404, "NotFound", "no such thing"),
            },
            _ => Reply::error(405, "MethodNotAllowed", "not here"),
        }
    }

    fn catalogue_list(&self) -> Reply {
        let entries = self.catalogue.iter().map(|(name, properties)| {
            let mut properties = properties.clone();
            properties.as_object_mut().expect("properties").remove("packagedContent");
            json!({"name": name, "properties": properties})
        });
        Reply::json(200, &json!({"value": entries.collect::<Vec<_>>()}))
    }

    fn entry(&self, name: &str) -> Reply {
        let found = self.catalogue.iter().find(|(content_id, _)| content_id.eq_ignore_ascii_case(name));
        let Some((content_id, properties)) = found else { return Reply::error(404, "NotFound", "no such entry") };
        let mut properties = properties.clone();
        if let Some(owner) = self.owner(content_id).filter(|owner| owner["stale"].is_null()) {
            properties["installedVersion"] = owner["properties"]["version"].clone();
            properties["metadataResourceId"] = owner["id"].clone();
        }
        Reply::json(200, &json!({"name": content_id, "properties": properties}))
    }

    fn registration(&mut self, request: &Received, name: &str) -> Reply {
        let sent: Value = serde_json::from_str(&request.body).expect("a document");
        if sent["properties"]["contentSchemaVersion"].is_null() {
            return Reply::error(400, "BadRequest", "Required property 'contentSchemaVersion' not found");
        }
        let content_id = sent["properties"]["contentId"].as_str().unwrap_or_default().to_owned();
        if self.owner(&content_id).is_some_and(|owner| owner["name"] != name) {
            return Reply::error(400, "BadRequestException", "contentId is already associated with another package");
        }
        self.put("contentPackages", name, sent.clone());
        Reply::json(201, &sent)
    }

    fn delete(&mut self, collection: &str, name: &str) -> Reply {
        let gone = self.documents.remove(&format!("{collection}/{name}").to_lowercase());
        if collection == "contentPackages"
            && let Some(package) = &gone
        {
            let content_id = package["properties"]["contentId"].clone();
            self.documents.retain(|_, other| other["properties"]["packageId"] != content_id);
        }
        Reply::json(if gone.is_some() { 200 } else { 204 }, &Value::Null)
    }

    fn deployment(&mut self, request: &Received, rest: &str) -> Reply {
        let (name, below) = rest.split_once('/').unwrap_or((rest, ""));
        match (request.method.as_str(), below) {
            ("PUT", "") => {
                let sent: Value = serde_json::from_str(&request.body).expect("a document");
                let done = self.deploy(&sent["properties"]);
                self.deployments.insert(name.to_owned(), done);
                Reply::json(201, &json!({"properties": {"provisioningState": "Accepted"}}))
                    .header("azure-asyncoperation", &format!("{OPERATION}{name}?api-version=own"))
                    .header("retry-after-ms", "5")
            }
            ("GET", "operations") => {
                let operations = self.deployments.get(name).map(|done| done["operations"].clone());
                Reply::json(200, &json!({"value": operations.unwrap_or_else(|| json!([]))}))
            }
            ("POST", "cancel") => {
                if let Some(done) = self.deployments.get_mut(name) {
                    done["state"] = "Canceled".into();
                }
                Reply::json(204, &Value::Null)
            }
            ("GET", "") => match self.deployments.get(name) {
                Some(done) => Reply::json(200, &json!({"properties": {"provisioningState": done["state"]}})),
                None => Reply::error(404, "DeploymentNotFound", "no such deployment"),
            },
            _ => Reply::error(405, "MethodNotAllowed", "not here"),
        }
    }

    fn running_deployments(&self) -> Reply {
        let running = self.deployments.iter().filter(|(_, done)| done["state"] == "Running");
        let listed =
            running.map(|(name, done)| json!({"name": name, "properties": {"parameters": done["parameters"]}}));
        Reply::json(200, &json!({"value": listed.collect::<Vec<_>>()}))
    }

    fn deploy(&mut self, properties: &Value) -> Value {
        let template = &properties["template"];
        let workspace = properties["parameters"]["workspace"]["value"].as_str().unwrap_or_default().to_owned();
        let scope = Scope { variables: &template["variables"], parameters: &[("workspace", &workspace)] };
        let mut operations = Vec::new();
        let mut state = "Succeeded";
        for resource in template["resources"].as_array().into_iter().flatten() {
            let name =
                resource["name"].as_str().and_then(|name| scope.evaluate(name)).expect("a name that can be told");
            let name = name.rsplit('/').next().unwrap_or_default();
            let collection = resource["type"].as_str().and_then(|own| own.rsplit('/').next()).unwrap_or_default();
            let id = format!("{WORKSPACE}/providers/Microsoft.SecurityInsights/{collection}/{name}");
            let fails = self.undeployable.iter().any(|end| name.ends_with(end));
            let (outcome, message) = if fails {
                state = "Failed";
                (
                    "Failed",
                    json!({"error": {"code": "Outer", "message": "see details", "details": [
                    {"code": "BadRequest", "message": "the innermost reason"}]}}),
                )
            } else {
                self.put(collection, name, resource.clone());
                ("Succeeded", json!("OK"))
            };
            operations.push(json!({"properties": {"provisioningState": outcome, "targetResource": {"id": id},
                "statusMessage": message}}));
        }
        json!({"state": if self.hangs { "Running" } else { state }, "operations": operations,
            "template": template, "parameters": properties["parameters"]})
    }

    fn operation(&self, name: &str, before: usize) -> Reply {
        let Some(done) = self.deployments.get(name) else { return Reply::error(404, "NotFound", "no such operation") };
        let state = if before == 0 { json!("Running") } else { done["state"].clone() };
        let error = json!({"code": "DeploymentFailed", "message": "At least one operation failed."});
        Reply::json(200, &json!({"status": state, "error": error})).header("retry-after-ms", "5")
    }
}
