//! A running simulator and a client that trusts it.

use std::collections::BTreeMap;

use azure_simulator::{Login, Simulator, World};
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, Method, RequestBuilder};
use serde_json::{Value, json};

pub(crate) const STABLE: &str = "2025-09-01";
pub(crate) const PREVIEW: &str = "2025-10-01-preview";

/// A simulator for one test.
pub(crate) struct Azure {
    pub(crate) simulator: Simulator,
    pub(crate) http: Client,
    pub(crate) login: Login,
    workspaces: BTreeMap<String, String>,
    token: String,
}

/// A response, read completely.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Reply {
    /// `error.code` of the ARM envelope.
    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    pub(crate) fn message(&self) -> &str {
        self.body["error"]["message"].as_str().unwrap_or_default()
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.body["value"].as_array().expect("a collection").iter().filter_map(|item| item["name"].as_str()).collect()
    }
}

impl Azure {
    /// Starts a simulator with the default world.
    pub(crate) async fn start() -> Self {
        Self::start_with(World::default()).await
    }

    /// Starts a simulator with the default world and changes to its `world` object.
    pub(crate) async fn with_world(settings: Value) -> Self {
        let azure = Self::start().await;
        let reply = azure.admin(Method::PATCH, "world", Some(settings)).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        azure
    }

    pub(crate) async fn start_with(world: World) -> Self {
        let simulator = Simulator::start(world).await.expect("the simulator starts");
        let http = client(simulator.ca_pem().as_bytes());
        let (login, workspaces) = (simulator.login(), simulator.workspaces());
        let mut azure = Self { simulator, http, login, workspaces, token: String::new() };
        azure.token = azure.token(&[]).await;
        azure
    }

    pub(crate) fn endpoint(&self) -> &str {
        self.simulator.endpoint()
    }

    pub(crate) fn workspace(&self, name: &str) -> &str {
        &self.workspaces[name]
    }

    /// The path of a Sentinel resource on a workspace.
    pub(crate) fn sentinel(&self, workspace: &str, rest: &str) -> String {
        format!("{}/providers/Microsoft.SecurityInsights/{rest}", self.workspace(workspace))
    }

    pub(crate) async fn get(&self, path: &str, api_version: &str) -> Reply {
        self.arm(Method::GET, path, api_version, None).await
    }

    pub(crate) async fn put(&self, path: &str, api_version: &str, body: Value) -> Reply {
        self.arm(Method::PUT, path, api_version, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str, api_version: &str) -> Reply {
        self.arm(Method::DELETE, path, api_version, None).await
    }

    /// Sends a Resource Manager request with a token of the default application.
    pub(crate) async fn arm(&self, method: Method, path: &str, api_version: &str, body: Option<Value>) -> Reply {
        let separator = if path.contains('?') { '&' } else { '?' };
        let request = self.request(method, &format!("{path}{separator}api-version={api_version}"));
        send(if let Some(body) = body { request.json(&body) } else { request }).await
    }

    /// Builds a request with a token of the default application.
    pub(crate) fn request(&self, method: Method, path_and_query: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path_and_query}", self.endpoint())).bearer_auth(&self.token)
    }

    pub(crate) async fn admin(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        let request = self.http.request(method, format!("{}/_simulator/{path}", self.endpoint()));
        send(if let Some(body) = body { request.json(&body) } else { request }).await
    }

    /// The document with this ID, or null.
    pub(crate) fn document(&self, id: &str) -> Value {
        self.simulator.document(id).unwrap_or_default()
    }

    pub(crate) async fn advance(&self, seconds: u32) {
        let reply = self.admin(Method::POST, "clock", Some(json!({"advance_seconds": seconds}))).await;
        assert_eq!(reply.status, 200);
    }

    pub(crate) async fn fault(&self, fault: Value) {
        let reply = self.admin(Method::POST, "faults", Some(fault)).await;
        assert_eq!(reply.status, 201, "{reply:?}");
    }

    /// Sends a form to a token endpoint.
    pub(crate) async fn token_request(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        send(self.http.post(format!("{}/{path}", self.endpoint())).form(form)).await
    }

    /// Authenticates at the v2.0 endpoint of the default tenant, with these fields replaced, or omitted if empty.
    pub(crate) async fn authenticate(&self, changes: &[(&str, &str)]) -> Reply {
        let scope = format!("{}/.default", self.endpoint());
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", &self.login.client_id),
            ("client_secret", &self.login.client_secret),
            ("scope", &scope),
        ];
        form.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        form.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
        self.token_request(&format!("{}/oauth2/v2.0/token", self.login.tenant_id), &form).await
    }

    /// The access token of [`Azure::authenticate`] with these changes.
    pub(crate) async fn token(&self, changes: &[(&str, &str)]) -> String {
        let reply = self.authenticate(changes).await;
        reply.body["access_token"].as_str().unwrap_or_else(|| panic!("no token: {reply:?}")).to_owned()
    }
}

pub(crate) fn client(authority: &[u8]) -> Client {
    builder(authority).build().expect("a client")
}

pub(crate) fn http1_client(authority: &[u8]) -> Client {
    builder(authority).http1_only().build().expect("a client")
}

/// A client that trusts only this authority and follows no redirects.
fn builder(authority: &[u8]) -> ClientBuilder {
    // Succeeds only for the first test of the process.
    let _already_installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let authority = Certificate::from_pem(authority).expect("a certificate");
    Client::builder().tls_certs_only([authority]).redirect(Policy::none())
}

pub(crate) async fn send(request: RequestBuilder) -> Reply {
    let response = request.send().await.expect("a response");
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let bytes = response.bytes().await.expect("a body");
    let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).expect("JSON") };
    Reply { status, headers, body }
}

/// The body with the value at a JSON pointer replaced or removed.
pub(crate) fn changed(mut body: Value, pointer: &str, value: Option<Value>) -> Value {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object there");
    match value {
        Some(value) => parent.insert(key.to_owned(), value),
        None => parent.remove(key),
    };
    body
}
