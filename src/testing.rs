//! A simulated Azure for tests of everything above the Azure client. Tests use paused time, so they do not wait.

use std::time::Duration;

use azure_simulator::{Effect, Fault, Login, Request, Simulator, World};
use reqwest::Certificate;
use serde_json::{Value, json};

use crate::azure::cloud::Cloud;
use crate::azure::credential::{Credential, SecretSource, Setting, Settings, Source};
use crate::azure::http::Http;
use crate::azure::testing::deadline;
use crate::azure::{Client, Correlation};
use crate::sentinel::WorkspaceId;
use crate::session::Session;

/// A simulator and an authenticated client.
pub(crate) struct Azure {
    pub(crate) simulator: Simulator,
    client: Client,
}

impl Azure {
    /// Starts the simulator with its default world.
    pub(crate) async fn start() -> Self {
        Self::start_in(World::default()).await
    }

    /// Starts the simulator with its default world, but without Sentinel objects on `law-soc` except the onboarding
    /// state.
    pub(crate) async fn start_empty() -> Self {
        let mut world = World::default();
        let workspace = world.workspaces()["law-soc"].to_lowercase();
        let sentinel = format!("{workspace}/providers/microsoft.securityinsights/");
        let state = world.to_value();
        let ids = state.as_object().expect("a world").keys();
        for id in ids.filter(|id| id.starts_with(&sentinel) && !id.contains("/onboardingstates/")) {
            world.delete_document(id);
        }
        Self::start_in(world).await
    }

    async fn start_in(world: World) -> Self {
        let simulator = Simulator::start(world).await.expect("a simulator");
        let root = Certificate::from_pem(simulator.ca_pem().as_bytes()).expect("a certificate");
        let http = Http::trusting(root);
        let host = simulator.endpoint().trim_start_matches("https://");
        let cloud = Cloud::from_metadata(host, &http, &deadline()).await.expect("a cloud");
        let credential = Credential::select(&settings(&simulator.login()), &cloud, http.clone()).expect("a credential");
        let client = Client::new(http, cloud, credential, Correlation::given("run-1"));
        simulator.clear_requests();
        Self { simulator, client }
    }

    pub(crate) fn client(&self) -> Client {
        self.client.clone()
    }

    /// A new run.
    pub(crate) fn session(&self) -> Session {
        Session::new(self.client())
    }

    /// The workspace `law-soc` of the default world.
    pub(crate) fn workspace(&self) -> WorkspaceId {
        self.workspace_named("law-soc")
    }

    pub(crate) fn workspace_named(&self, name: &str) -> WorkspaceId {
        WorkspaceId::parse(&self.simulator.workspace(name)).expect("a workspace ID")
    }

    /// The tenant of the subscription of the workspaces.
    pub(crate) fn tenant(&self) -> String {
        self.simulator.login().tenant_id
    }

    /// The ARM ID of a Sentinel object on `law-soc`, for example of `dataConnectors/name`.
    pub(crate) fn id(&self, path: &str) -> String {
        self.workspace().sentinel(path)
    }

    /// Creates or replaces a Sentinel object on `law-soc`.
    pub(crate) fn put(&self, path: &str, document: Value) {
        self.simulator.put_document(&self.id(path), document);
    }

    /// The document of a Sentinel object on `law-soc`.
    pub(crate) fn document(&self, path: &str) -> Option<Value> {
        self.simulator.document(&self.id(path))
    }

    /// All Sentinel objects of a type on `law-soc`.
    pub(crate) fn documents(&self, resource_type: &str) -> Vec<Value> {
        self.simulator.collection(&self.id(resource_type))
    }

    /// Applies `effect` to all further requests with this method whose path and query match the regular expression.
    pub(crate) fn fault(&self, method: &str, path: &str, effect: Effect) {
        self.simulator.add_fault(Fault::new(effect).method(method).path(path));
    }

    /// Like [`fault`](Self::fault), for the next matching request only.
    pub(crate) fn fault_once(&self, method: &str, path: &str, effect: Effect) {
        self.simulator.add_fault(Fault::new(effect).method(method).path(path).times(1));
    }

    /// Replaces all role assignments of the identity by this one, which takes effect after `delay`.
    pub(crate) fn assign_role(&self, role: &str, scope: &str, delay: Duration) {
        let effective_at = (time::OffsetDateTime::now_utc() + delay)
            .format(&time::format_description::well_known::Rfc3339)
            .expect("a date of this century");
        let principal = self.simulator.state()["world"]["applications"][0]["object_id"].clone();
        self.simulator.patch_world(json!({"role_assignments": [
            {"principal_id": principal, "scope": scope, "role": role, "effective_at": effective_at}
        ]}));
    }

    /// Changes the world before each request that `matches`.
    pub(crate) fn before(
        &self,
        matches: impl Fn(&Request) -> bool + Send + 'static,
        change: impl Fn(&mut World) + Send + 'static,
    ) {
        self.simulator.intercept(move |request, world| {
            if matches(request) {
                change(world);
            }
            None
        });
    }

    /// The methods of the requests with `part` in their path, in order: "GET PUT GET".
    pub(crate) fn methods(&self, part: &str) -> String {
        let requests = self.simulator.requests();
        let methods = requests.iter().filter(|request| request.path.contains(part)).map(|request| &request.method);
        methods.map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
}

/// Azure's error for a call to a workspace without Sentinel.
pub(crate) fn not_onboarded() -> Effect {
    Effect::new().error(400, "BadRequest", "Workspace 'law-soc' is not onboarded to Microsoft Sentinel.")
}

/// Another error that Azure returns for a workspace without Sentinel.
pub(crate) fn no_workspace_metadata() -> Effect {
    Effect::new().error(404, "NotFound", "Couldn't find workspaceMetadata of workspace id 5f0f7b1c.")
}

fn settings(login: &Login) -> Settings {
    let source = |name: &str| Source::argument(name);
    let text = |value: &str, name: &str| Some(Setting::new(value.to_owned(), source(name)));
    Settings {
        tenant_id: text(&login.tenant_id, "tenant_id"),
        client_id: text(&login.client_id, "client_id"),
        client_secret: Some(SecretSource::Value(Setting::new(
            login.client_secret.as_str().into(),
            source("client_secret"),
        ))),
        ..Settings::default()
    }
}
