//! The simulated Azure as a child process, and a client for its admin endpoint.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// A running simulator. It exits when its stdin is closed: when this value is dropped, or when this process exits.
#[derive(Debug)]
pub struct Simulator {
    ready: Ready,
    admin: Admin,
    process: Child,
    stdin: Option<ChildStdin>,
    _folder: TempDir,
}

/// The line that the simulator prints when it is ready.
#[derive(Clone, Debug, Deserialize)]
struct Ready {
    endpoint: String,
    ca_file: String,
    env: BTreeMap<String, String>,
    workspaces: BTreeMap<String, String>,
}

impl Simulator {
    /// Starts `binary` with its default world, or with the world in the file `world`.
    pub fn start(binary: &Path, world: Option<&Path>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("simulator-").tempdir().context("no temporary folder")?;
        let mut command = Command::new(binary);
        command.arg("--exit-with-stdin").arg("--dir").arg(folder.path());
        if let Some(world) = world {
            command.arg("--world").arg(world);
        }
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(folder.path().join("log"))?)
            .spawn()
            .with_context(|| format!("{} does not start", binary.display()))?;
        let stdin = process.stdin.take();
        let mut line = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let Ok(ready) = serde_json::from_str::<Ready>(&line) else {
            let _ = process.kill();
            let _ = process.wait();
            let log = fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            bail!("the simulator did not get ready; it printed {line:?} and logged:\n{log}");
        };
        let admin = Admin::new(&ready)?;
        Ok(Self { ready, admin, process, stdin, _folder: folder })
    }

    /// The address of the simulator: `https://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> &str {
        &self.ready.endpoint
    }

    /// The environment variables with the endpoint and the credentials, for the provider and other Azure clients.
    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.ready.env
    }

    /// The ARM ID of the workspace `name`.
    pub fn workspace(&self, name: &str) -> Result<&str> {
        let id = self.ready.workspaces.get(name);
        id.map(String::as_str).with_context(|| format!("the simulated world has no workspace {name}"))
    }

    /// The complete content of the simulator, in the format of a world file: documents by lower-case ARM ID, and
    /// `world` for everything without an ARM ID (tenants, identities, the catalog).
    pub fn world(&self) -> Result<Map<String, Value>> {
        match self.admin.call("GET", "/_simulator/state", None)? {
            Value::Object(world) => Ok(world),
            other => bail!("the simulator's state is not an object: {other}"),
        }
    }

    /// All documents, by lower-case ARM ID.
    pub fn documents(&self) -> Result<BTreeMap<String, Value>> {
        Ok(self.world()?.into_iter().filter(|(id, _)| id.starts_with('/')).collect())
    }

    /// The document with this ARM ID, ignoring case.
    pub fn document(&self, id: &str) -> Result<Option<Value>> {
        Ok(self.documents()?.remove(&id.to_lowercase()))
    }

    /// Writes a document like another client. It does not appear in the request log.
    pub fn put_document(&self, id: &str, document: &Value) -> Result<()> {
        self.admin.call("PUT", &format!("/_simulator/resources?id={id}"), Some(document)).map(drop)
    }

    /// Deletes a document like another client. It does not appear in the request log.
    pub fn delete_document(&self, id: &str) -> Result<()> {
        self.admin.call("DELETE", &format!("/_simulator/resources?id={id}"), None).map(drop)
    }

    /// Selects **Connect** on the page of the tenant-based connector in the simulated portal. Returns the number of
    /// documents that the portal wrote.
    pub fn portal_connect(&self, workspace_id: &str) -> Result<usize> {
        let response = self.admin.call("POST", &format!("/_simulator/portal/connect?id={workspace_id}"), None)?;
        Ok(response["written"].as_array().map_or(0, Vec::len))
    }

    /// Adds a fault, which makes matching requests fail. The fields are those of `/_simulator/faults`.
    pub fn inject(&self, fault: &Value) -> Result<()> {
        self.admin.call("POST", "/_simulator/faults", Some(fault)).map(drop)
    }

    /// The number of requests that faults have affected.
    pub fn fault_hits(&self) -> Result<u64> {
        let faults = self.admin.call("GET", "/_simulator/faults", None)?;
        let hits = |fault: &Value| fault.get("hits").and_then(Value::as_u64).unwrap_or(0);
        Ok(faults.as_array().map_or(0, |all| all.iter().map(hits).sum()))
    }

    /// Removes all faults.
    pub fn clear_faults(&self) -> Result<()> {
        self.admin.call("DELETE", "/_simulator/faults", None).map(drop)
    }

    /// All requests since the start or the last [`clear_requests`](Self::clear_requests), in order.
    pub fn requests(&self) -> Result<Requests> {
        let log = self.admin.call("GET", "/_simulator/requests", None)?;
        Ok(Requests(serde_json::from_value(log).context("the simulator's request log has another format")?))
    }

    /// The output of `az account get-access-token` for a user of the world, or the error of Entra.
    pub fn token_of_user(&self, user: &str, resource: &str) -> Result<Value> {
        self.admin.call("POST", "/_simulator/tokens", Some(&json!({"user": user, "resource": resource})))
    }

    /// Clears the request log.
    pub fn clear_requests(&self) -> Result<()> {
        self.admin.call("DELETE", "/_simulator/requests", None).map(drop)
    }

    /// Raises alerts of Defender for Cloud: one, or a list. The fields are those of the simulator's
    /// `/_simulator/alerts`.
    pub fn raise_alerts(&self, alerts: &Value) -> Result<()> {
        self.admin.call("POST", "/_simulator/alerts", Some(alerts)).map(drop)
    }

    /// Advances the clock of the simulator: tokens expire, deployments progress, and delays of eventual consistency
    /// end.
    pub fn advance_clock(&self, by: Duration) -> Result<()> {
        let seconds = by.as_secs();
        self.admin.call("POST", "/_simulator/clock", Some(&json!({ "advance_seconds": seconds }))).map(drop)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let deadline = Instant::now() + Duration::from_secs(2);
        while Instant::now() < deadline {
            if !matches!(self.process.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(2));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The requests to Azure.
#[derive(Clone, Debug)]
pub struct Requests(Vec<Request>);

impl Requests {
    /// The requests to Azure Resource Manager, without token requests, metadata and admin calls.
    pub fn to_arm(&self) -> impl Iterator<Item = &Request> {
        self.0.iter().filter(|request| request.path.to_lowercase().starts_with("/subscriptions"))
    }

    /// The number of requests to ARM with `method` and with `part` in their path, ignoring case.
    pub fn count(&self, method: &str, part: &str) -> usize {
        let part = part.to_lowercase();
        self.to_arm().filter(|r| r.method == method && r.path.to_lowercase().contains(&part)).count()
    }

    /// The number of requests that tried to change something in ARM. A check of requirements is a POST without a
    /// change.
    pub fn writes(&self) -> usize {
        let is_check = |request: &Request| request.path.to_lowercase().ends_with("/dataconnectorscheckrequirements");
        self.to_arm().filter(|request| request.method != "GET" && !is_check(request)).count()
    }

    /// The requests to the token endpoints of Microsoft Entra.
    pub fn to_token_endpoints(&self) -> impl Iterator<Item = &Request> {
        let is_token = |path: &str| path.ends_with("/oauth2/v2.0/token") || path.ends_with("/oauth2/token");
        self.0.iter().filter(move |request| is_token(&request.path.to_lowercase()))
    }

    /// All requests, including token requests, in order.
    pub fn all(&self) -> &[Request] {
        &self.0
    }
}

/// A request and the status of its response.
#[derive(Clone, Debug, Deserialize)]
pub struct Request {
    /// The HTTP method.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The query without the question mark.
    pub query: String,
    /// The `api-version` of the query.
    #[serde(default)]
    pub api_version: Option<String>,
    /// The HTTP status of the response. `None` if the connection was interrupted.
    #[serde(default)]
    pub status: Option<u16>,
    /// The client's user agent.
    #[serde(default)]
    pub user_agent: Option<String>,
}

#[derive(Debug)]
struct Admin {
    endpoint: String,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl Admin {
    fn new(ready: &Ready) -> Result<Self> {
        // This fails only if a crypto provider is already installed.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let pem = fs::read(&ready.ca_file).with_context(|| format!("cannot read {}", ready.ca_file))?;
        let client = reqwest::Client::builder()
            .tls_certs_only(reqwest::Certificate::from_pem_bundle(&pem)?)
            .no_proxy()
            .timeout(Duration::from_secs(10))
            .build()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { endpoint: ready.endpoint.clone(), client, runtime })
    }

    fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let response = self.runtime.block_on(async {
            let mut request = self.client.request(method.parse()?, format!("{}{path}", self.endpoint));
            if let Some(body) = body {
                request = request.json(body);
            }
            let response = request.send().await?;
            anyhow::Ok((response.status(), response.text().await?))
        });
        let (status, text) = response.with_context(|| format!("the simulator did not respond to {method} {path}"))?;
        ensure!(status.is_success(), "the simulator responded to {method} {path} with {status}: {text}");
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).with_context(|| format!("the simulator responded to {method} {path} with {text:?}"))
    }
}
