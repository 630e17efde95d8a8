//! A simulated workspace with Sentinel and nothing installed, and a catalog of small solutions.

use std::sync::Mutex;
use std::time::Duration;

use azure_simulator::{Effect, Request, World};
use serde_json::{Value, json};

use crate::sentinel::WorkspaceId;
use crate::session::Session;
use crate::testing;

/// Content id of the solution that every test installs. It brings a connector page and a playbook.
pub(super) const SOLUTION: &str = "contoso.azure-sentinel-solution-cloud";
/// Its connector page.
pub(super) const PAGE: &str = "CloudPage";

pub(super) struct Azure {
    azure: testing::Azure,
    catalog: Mutex<Vec<Value>>,
}

impl Azure {
    /// The catalog offers [`SOLUTION`] in version 3.0.3.
    pub(super) async fn start() -> Self {
        let azure = testing::Azure::start_empty().await;
        let azure = Self { azure, catalog: Mutex::default() };
        azure.offer(SOLUTION, "3.0.3");
        azure
    }

    /// A new run.
    pub(super) fn session(&self) -> Session {
        self.azure.session()
    }

    pub(super) fn workspace(&self) -> WorkspaceId {
        self.azure.workspace()
    }

    /// The catalog offers this version of a solution, and no other.
    pub(super) fn offer(&self, content_id: &str, version: &str) {
        self.change_catalog(content_id, |package| package["version"] = version.into());
    }

    /// The solution depends on another one.
    pub(super) fn require(&self, content_id: &str, needed: &str) {
        self.change_catalog(content_id, |package| {
            let criteria = package["dependencies"]["criteria"].as_array_mut().expect("a list");
            criteria.push(json!({"kind": "Solution", "contentId": needed, "version": "1.0.0"}));
        });
    }

    /// The template of [`SOLUTION`] declares one more parameter.
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
        let mut catalog = self.catalog.lock().expect("nobody panicked");
        let at = catalog.iter().position(|package| package["contentId"] == content_id).unwrap_or_else(|| {
            catalog.push(package(content_id));
            catalog.len() - 1
        });
        change(&mut catalog[at]);
        self.azure.simulator.patch_world(json!({"catalog": {"packages": *catalog}}));
    }

    /// From now on, the login has only this role, on this scope, and the assignment takes effect after `delay`.
    pub(super) fn assign_role(&self, role: &str, scope: &str, delay: Duration) {
        self.azure.assign_role(role, scope, delay);
    }

    /// The next of these requests is refused because a role is missing.
    pub(super) fn refuse_role_once(&self, method: &str, path: &str, code: &str, message: &str) {
        self.azure.fault_once(method, path, Effect::new().error(403, code, message));
    }

    /// Deployments follow this rule from now on.
    pub(super) fn deploying(&self, rule: &Value) {
        self.azure.simulator.patch_world(json!({"behaviors": {"deployment_rules": [rule]}}));
    }

    /// Resources whose ID matches this regular expression cannot be deployed from now on.
    pub(super) fn refuse(&self, resource: &str) {
        let refusal = json!({"status": 400, "code": "BadRequest", "message": "the innermost reason"});
        self.deploying(&json!({"resource": resource, "refuse": refusal}));
    }

    /// The playbook cannot be deployed from now on.
    pub(super) fn refuse_the_playbook(&self) {
        self.refuse("/contentTemplates/.*-pl-");
    }

    /// The deployment of the playbook never ends from now on.
    pub(super) fn hang_at_the_playbook(&self) {
        self.deploying(&json!({"resource": "/contentTemplates/.*-pl-", "hang": true}));
    }

    /// What the workspace contains, for [`Azure::restore`].
    pub(super) fn snapshot(&self) -> Vec<(String, Value)> {
        let document = |path: String| self.document(&path).map(|document| (path, document));
        self.paths().into_iter().filter_map(document).collect()
    }

    /// Puts back what the workspace contained.
    pub(super) fn restore(&self, snapshot: &[(String, Value)]) {
        for (path, document) in snapshot {
            self.azure.put(path, document.clone());
        }
    }

    /// Azure does not delete the templates of a solution with its registration from now on.
    pub(super) fn leave_templates(&self) {
        self.azure.simulator.patch_world(json!({"behaviors": {"uninstall_removes_templates": false}}));
    }

    /// Everything can be deployed again.
    pub(super) fn deploy_normally(&self) {
        self.azure.simulator.patch_world(json!({"behaviors": {"deployment_rules": []}}));
    }

    /// Registers a solution and deploys nothing of it.
    pub(super) fn register(&self, name: &str, content_id: &str, version: &str) {
        let properties = json!({"contentId": content_id, "version": version, "displayName": "Contoso Cloud"});
        self.azure.put(&format!("contentPackages/{name}"), json!({"properties": properties}));
    }

    pub(super) fn document(&self, path: &str) -> Option<Value> {
        self.azure.document(path)
    }

    /// Deletes the objects whose path below Sentinel contains `part`.
    pub(super) fn delete(&self, part: &str) {
        for path in self.paths().iter().filter(|path| path.contains(&part.to_lowercase())) {
            assert!(self.azure.simulator.delete_document(&self.azure.id(path)));
        }
    }

    /// What the workspace holds, in lower case. Templates have the abbreviation of their kind instead of their name.
    pub(super) fn holds(&self) -> Vec<String> {
        let shown = |path: &String| match path.strip_prefix("contenttemplates/law-soc-").map(|name| name.split('-')) {
            Some(mut name) => format!("contenttemplates/{}", name.next().unwrap_or_default()),
            None => path.clone(),
        };
        self.paths().iter().map(shown).collect()
    }

    /// The paths below Sentinel of what the workspace holds, in lower case and sorted.
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

    /// How many requests had this method and `part` in their address.
    pub(super) fn count(&self, method: &str, part: &str) -> usize {
        self.azure.simulator.count_requests(method, part)
    }

    /// The requests to Resource Manager, as "METHOD path".
    pub(super) fn requests(&self) -> Vec<String> {
        let requests = self.azure.simulator.requests();
        let requests = requests.iter().filter(|request| !request.is_login());
        requests.map(|request| format!("{} {}", request.method, request.path)).collect()
    }

    /// The document of the last request with this method and `part` in its path.
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
