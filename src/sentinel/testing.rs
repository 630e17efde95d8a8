//! A simulated Azure for tests of what reads and writes Sentinel. With paused time, no test waits.

use azure_simulator::{Login, Simulator, World};
use reqwest::Certificate;

use super::WorkspaceId;
use crate::azure::cloud::Cloud;
use crate::azure::credential::{Credential, Setting, Settings};
use crate::azure::http::Http;
use crate::azure::testing::deadline;
use crate::azure::{Client, Correlation};
use crate::session::Session;

/// A simulator and a client that is logged in to it.
pub(crate) struct Azure {
    pub(crate) simulator: Simulator,
    client: Client,
}

impl Azure {
    /// The default world of the simulator.
    pub(crate) async fn start() -> Self {
        Self::start_in(World::default()).await
    }

    /// This world.
    pub(crate) async fn start_in(world: World) -> Self {
        let simulator = Simulator::start(world).await.expect("a simulator");
        let root = Certificate::from_pem(simulator.ca_pem().as_bytes()).expect("a certificate");
        let http = Http::trusting(root);
        let host = simulator.endpoint().trim_start_matches("https://");
        let cloud = Cloud::from_metadata(host, &http, &deadline()).await.expect("a cloud");
        let credential = Credential::select(&settings(&simulator.login()), &cloud, http.clone()).expect("a login");
        let client = Client::new(http, cloud, credential, Correlation::given("run-1"));
        simulator.clear_requests();
        Self { simulator, client }
    }

    /// A new run.
    pub(crate) fn session(&self) -> Session {
        Session::new(self.client.clone())
    }

    /// The workspace `law-soc` of the default world.
    pub(crate) fn workspace(&self) -> WorkspaceId {
        self.workspace_named("law-soc")
    }

    pub(crate) fn workspace_named(&self, name: &str) -> WorkspaceId {
        WorkspaceId::parse(&self.simulator.workspace(name)).expect("a workspace id")
    }

    /// The methods of the requests with `part` in their path, in order: "GET PUT GET".
    pub(crate) fn methods(&self, part: &str) -> String {
        let requests = self.simulator.requests();
        let methods = requests.iter().filter(|request| request.path.contains(part)).map(|request| &request.method);
        methods.map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
}

fn settings(login: &Login) -> Settings {
    let text = |value: &str| Some(Setting::new(value.to_owned(), "the simulator"));
    Settings {
        tenant_id: text(&login.tenant_id),
        client_id: text(&login.client_id),
        client_secret: Some(Setting::new(login.client_secret.as_str().into(), "the simulator")),
        ..Settings::default()
    }
}
