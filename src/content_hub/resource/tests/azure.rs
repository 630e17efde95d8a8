//! A simulated workspace with Sentinel and a catalog of small solutions. No solution is installed.

use std::sync::Mutex;
use std::time::Duration;

use azure_simulator::{Effect, Request, World};
use serde_json::{Value, json};

use crate::sentinel::WorkspaceId;
use crate::session::Session;
use crate::testing;

/// The content ID of the solution that every test installs. It contains a connector page and a playbook.
pub(super) const SOLUTION: &str = "contoso.azure-sentinel-solution-cloud";
/// The connector page of [`SOLUTION`].
pub(super) const PAGE: &str = "CloudPage";

pub(super) struct Azure {
    azure: testing::Azure,
    catalog: Mutex<Vec<Value>>,
}

impl Azure {
    /// Starts a simulator whose catalog offers [`SOLUTION`] in version 3.0.3.
    pub(super) async fn start() -> Self {
        let azure = testing::Azure::start_empty().await;
        let azure = Self { azure, catalog: Mutex::default() };
        azure.offer(SOLUTION, "3.0.3");
        azure
    }

    /// The session of a new run.
    pub(super) fn session(&self) -> Session {
        self.azure.session()
    }

    pub(super) fn workspace(&self) -> WorkspaceId {
        self.azure.workspace()
    }

    /// Offers this version of a solution in the catalog.
    pub(super) fn offer(&self, content_id: &str, version: &str) {
        self.change_catalog(content_id, |package| package["version"] = version.into());
    }

    /// Adds a required solution to a solution.
    pub(super) fn require(&self, content_id: &str, needed: &str) {
        self.change_catalog(content_id, |package| {
            let criteria = package["dependencies"]["criteria"].as_array_mut().expect("a list");
            criteria.push(json!({"kind": "Solution", "contentId": needed, "version": "1.0.0"}));
        });
    }

    /// Declares a parameter in the template of [`SOLUTION`].
    pub(super) async fn declare_parameter(&self, name: &str, declaration: Value) {
        let entry =
            crate::azure::Request::get(self.azure.id(&format!("contentProductPackages/{SOLUTION}")), "2025-09-01");
        let entry =
            self.session().arm().send(&entry, &crate::azure::testing::deadline()).await.expect("it is on offer");
        let mut template = entry.body["properties"]["packagedContent"].clone();
        template["parameters"][name] = declaration;
        self.change_catalog(SOLUTION, |package| package["packagedContent"] = template);
        self.azure.simulator.clear_requests();
    }

    fn change_catalog(&self, content_id: &str, change: impl FnOnce(&mut Value)) {
        let mut catalog = self.catalog.lock().expect("no panic");
        let at = catalog.iter().position(|package| package["contentId"] == content_id).unwrap_or_else(|| {
            catalog.push(package(content_id));
            catalog.len() - 1
        });
        change(&mut catalog[at]);
        self.azure.simulator.patch_world(json!({"catalog": {"packages": *catalog}}));
    }

    /// Limits the identity to this role on this scope. The assignment takes effect after `delay`.
    pub(super) fn assign_role(&self, role: &str, scope: &str, delay: Duration) {
        self.azure.assign_role(role, scope, delay);
    }

    /// Rejects the next matching request because of a missing role.
    pub(super) fn deny_once(&self, method: &str, path: &str, code: &str, message: &str) {
        self.azure.fault_once(method, path, Effect::new().error(403, code, message));
    }

    /// Applies this rule to deployments.
    pub(super) fn set_deployment_rule(&self, rule: &Value) {
        self.azure.simulator.patch_world(json!({"behaviors": {"deployment_rules": [rule]}}));
    }

    /// Rejects the deployment of resources whose ID matches this regular expression.
    pub(super) fn reject_deployment_of(&self, resource: &str) {
        let refusal = json!({"status": 400, "code": "BadRequest", "message": "the innermost reason"});
        self.set_deployment_rule(&json!({"resource": resource, "refuse": refusal}));
    }

    /// Rejects the deployment of the playbook.
    pub(super) fn reject_playbook(&self) {
        self.reject_deployment_of("/contentTemplates/.*-pl-");
    }

    /// Keeps the deployment of the playbook running forever.
    pub(super) fn hang_at_playbook(&self) {
        self.set_deployment_rule(&json!({"resource": "/contentTemplates/.*-pl-", "hang": true}));
    }

    /// The documents of the workspace, for [`Azure::restore`].
    pub(super) fn snapshot(&self) -> Vec<(String, Value)> {
        let document = |path: String| self.document(&path).map(|document| (path, document));
        self.paths().into_iter().filter_map(document).collect()
    }

    /// Restores the documents of a snapshot.
    pub(super) fn restore(&self, snapshot: &[(String, Value)]) {
        for (path, document) in snapshot {
            self.azure.put(path, document.clone());
        }
    }

    /// Keeps the templates of a solution when its registration is deleted.
    pub(super) fn keep_templates(&self) {
        self.azure.simulator.patch_world(json!({"behaviors": {"uninstall_removes_templates": false}}));
    }

    /// Removes all deployment rules.
    pub(super) fn clear_deployment_rules(&self) {
        self.azure.simulator.patch_world(json!({"behaviors": {"deployment_rules": []}}));
    }

    /// Registers a solution without its content.
    pub(super) fn register(&self, name: &str, content_id: &str, version: &str) {
        let properties = json!({"contentId": content_id, "version": version, "displayName": "Contoso Cloud"});
        self.azure.put(&format!("contentPackages/{name}"), json!({"properties": properties}));
    }

    pub(super) fn document(&self, path: &str) -> Option<Value> {
        self.azure.document(path)
    }

    /// Deletes the objects whose path in Sentinel contains `part`.
    pub(super) fn delete(&self, part: &str) {
        for path in self.paths().iter().filter(|path| path.contains(&part.to_lowercase())) {
            assert!(self.azure.simulator.delete_document(&self.azure.id(path)));
        }
    }

    /// The objects of the workspace, as paths in lower case. The name of a template is replaced by the abbreviation of
    /// its kind.
    pub(super) fn objects(&self) -> Vec<String> {
        let shown = |path: &String| match path.strip_prefix("contenttemplates/law-soc-").map(|name| name.split('-')) {
            Some(mut name) => format!("contenttemplates/{}", name.next().unwrap_or_default()),
            None => path.clone(),
        };
        self.paths().iter().map(shown).collect()
    }

    /// The paths of all objects in Sentinel, in lower case and sorted.
    fn paths(&self) -> Vec<String> {
        let state = self.azure.simulator.state();
        let sentinel = self.azure.id("").to_lowercase();
        let mut paths: Vec<String> = state
            .as_object()
            .expect("a world")
            .keys()
            .filter_map(|id| id.strip_prefix(&sentinel))
            .map(str::to_owned)
            .collect();
        paths.retain(|path| !path.starts_with("onboardingstates/"));
        paths.sort();
        paths
    }

    pub(super) fn fault(&self, method: &str, path: &str, effect: Effect) {
        self.azure.fault(method, path, effect);
    }

    pub(super) fn fault_once(&self, method: &str, path: &str, effect: Effect) {
        self.azure.fault_once(method, path, effect);
    }

    pub(super) fn intercept(&self, interceptor: impl FnMut(&Request, &mut World) -> Option<Effect> + Send + 'static) {
        self.azure.simulator.intercept(interceptor);
    }

    pub(super) fn clear_faults(&self) {
        self.azure.simulator.clear_faults();
    }

    /// The number of requests with this method and `part` in their URL.
    pub(super) fn count(&self, method: &str, part: &str) -> usize {
        self.azure.simulator.count_requests(method, part)
    }

    /// The requests to Resource Manager, as "METHOD path".
    pub(super) fn requests(&self) -> Vec<String> {
        let requests = self.azure.simulator.requests();
        let requests = requests.iter().filter(|request| !request.is_login());
        requests.map(|request| format!("{} {}", request.method, request.path)).collect()
    }

    /// The body of the last request with this method and `part` in its path.
    pub(super) fn sent(&self, method: &str, part: &str) -> Value {
        let requests = self.azure.simulator.requests();
        let sent = requests.iter().rfind(|request| request.method == method && request.path.contains(part));
        sent.expect("it was sent").json().expect("JSON")
    }

    /// The number of requests that write.
    pub(super) fn writes(&self) -> usize {
        self.requests().iter().filter(|request| !request.starts_with("GET ")).count()
    }
}

fn package(content_id: &str) -> Value {
    json!({
        "contentId": content_id,
        "contentKind": "Solution",
        "contentSchemaVersion": "3.0.0",
        "version": "1.0.0",
        "displayName": "Contoso Cloud",
        "publisherDisplayName": "Contoso",
        "isPreview": "false",
        "source": {"kind": "Solution", "name": "Contoso Cloud", "sourceId": content_id},
        "author": {"name": "Contoso"},
        "support": {"tier": "Partner", "name": "Contoso"},
        "dependencies": {"operator": "AND", "criteria": [
            {"kind": "DataConnector", "contentId": PAGE, "version": "1.0.0"},
            {"kind": "Playbook", "contentId": "CloudPlaybook", "version": "1.0.0"},
        ]},
    })
}
