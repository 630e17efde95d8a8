//! A running simulator, and its API for tests.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::alerts::Alert;
use crate::faults::{Effect, Fault};
use crate::http::{Request, certificate, server};
use crate::service::Service;
use crate::world::World;
use crate::world::identities::Login;
use crate::world::tables::Row;

/// A running simulator. It stops when dropped.
///
/// The methods read and change the world directly. They send no request, so faults and the request log do not apply.
pub struct Simulator {
    endpoint: String,
    ca_pem: String,
    service: Arc<Service>,
    stopping: CancellationToken,
    accepting: Option<tokio::task::JoinHandle<()>>,
}

/// An error at the start of the simulator.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is in use, or is not an address of this machine.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The requested address.
        address: SocketAddr,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The certificates cannot be generated.
    #[error("cannot make certificates: {0}")]
    Certificate(String),
}

impl Simulator {
    /// Starts a simulator on a free port of the loopback address. It accepts requests as soon as this function returns.
    ///
    /// # Errors
    /// If there is no free port, or the certificates cannot be generated.
    pub async fn start(world: World) -> Result<Self, StartError> {
        Self::start_on((Ipv4Addr::LOCALHOST, 0).into(), world).await
    }

    /// Starts a simulator on this address; port 0 is any free port.
    ///
    /// # Errors
    /// If the address cannot be used, or the certificates cannot be generated.
    pub async fn start_on(address: SocketAddr, world: World) -> Result<Self, StartError> {
        let listen_error = |source| StartError::Listen { address, source };
        let certificate_error = |error: &dyn std::error::Error| StartError::Certificate(error.to_string());
        let listener = TcpListener::bind(address).await.map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;
        let certificates = certificate::issue(address.ip()).map_err(|error| certificate_error(&error))?;
        let tls = server::acceptor(&certificates).map_err(|error| certificate_error(&error))?;

        let endpoint = format!("https://{address}");
        let service = Arc::new(Service::new(endpoint.clone(), world));
        let stopping = CancellationToken::new();
        let accepting = tokio::spawn(server::accept(listener, tls, Arc::clone(&service), stopping.clone()));
        Ok(Self { endpoint, ca_pem: certificates.authority_pem, service, stopping, accepting: Some(accepting) })
    }

    /// Closes the listener and every connection, and waits until they are closed.
    pub async fn stop(mut self) {
        self.stopping.cancel();
        if let Some(accepting) = self.accepting.take() {
            // A panic of the accept loop was printed when it happened, and leaves nothing to stop.
            let _finished = accepting.await;
        }
    }

    /// Base URL of every service: `https://127.0.0.1:PORT`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The certificate authority to trust, in PEM.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// Credentials of the first application of the world.
    #[must_use]
    pub fn login(&self) -> Login {
        self.service.with_state(|state| state.world.settings.first_login())
    }

    /// A Resource Manager token of the first application, as if it had authenticated.
    ///
    /// # Panics
    /// If the world has no application.
    #[must_use]
    pub fn bearer_token(&self) -> String {
        let token = self.service.with_state(|state| self.service.entra().token_of_first_application(&state.world));
        token.expect("the world has an application")
    }

    /// ARM ID of a workspace of the world.
    ///
    /// # Panics
    /// If there is no workspace with this name.
    #[must_use]
    pub fn workspace(&self, name: &str) -> String {
        self.workspaces().remove(name).unwrap_or_else(|| panic!("the world has no workspace {name}"))
    }

    /// ARM IDs of all workspaces by name.
    #[must_use]
    pub fn workspaces(&self) -> BTreeMap<String, String> {
        self.service.with_state(|state| state.world.workspaces())
    }

    /// The whole world, in the format of a world file.
    #[must_use]
    pub fn state(&self) -> Value {
        self.service.with_state(|state| state.world.to_value())
    }

    /// Reads or changes the world. No request is processed meanwhile.
    pub fn with_world<T>(&self, action: impl FnOnce(&mut World) -> T) -> T {
        self.service.with_state(|state| action(&mut state.world))
    }

    /// The document with this ARM ID, in any case.
    #[must_use]
    pub fn document(&self, id: &str) -> Option<Value> {
        self.with_world(|world| world.document(id).cloned())
    }

    /// The documents of a collection, such as `{workspace}/providers/Microsoft.SecurityInsights/dataConnectors`.
    #[must_use]
    pub fn collection(&self, path: &str) -> Vec<Value> {
        self.with_world(|world| world.collection(path).cloned().collect())
    }

    /// Stores a document; see [`World::put_document`].
    ///
    /// # Panics
    /// If `id` is not an ARM ID or `document` is not an object.
    pub fn put_document(&self, id: &str, document: Value) -> Value {
        self.with_world(|world| world.put_document(id, document))
    }

    /// Deletes a document and everything below it. Returns whether the document existed.
    pub fn delete_document(&self, id: &str) -> bool {
        self.with_world(|world| world.delete_document(id))
    }

    /// An administrator selects **Connect** on the page of the tenant-based Defender for Cloud connector in the portal.
    /// Returns the documents that the portal wrote, which the world's behavior `portal_connect` defines.
    ///
    /// # Panics
    /// If the workspace has no such page, or a write was rejected.
    pub fn portal_connect(&self, workspace: &str) -> Vec<Value> {
        self.service.portal_connect(workspace).unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// Raises an alert of Defender for Cloud; see [`World::raise_alert`].
    ///
    /// # Panics
    /// If the subscription does not exist or has no Defender plan.
    pub fn raise_alert(&self, alert: &Alert) -> Value {
        self.with_world(|world| world.raise_alert(alert))
    }

    /// The rows of the table `SecurityAlert` or `SecurityIncident` of a workspace, oldest first.
    #[must_use]
    pub fn table_rows(&self, workspace: &str, table: &str) -> Vec<Row> {
        self.with_world(|world| world.table_rows(workspace, table).to_vec())
    }

    /// Applies a JSON merge patch to the `world` object: identities, roles, behaviors, the catalog.
    ///
    /// # Panics
    /// If the result is not a world.
    pub fn patch_world(&self, patch: Value) {
        self.with_world(|world| world.patch(patch));
    }

    /// Activates a fault and returns its ID. If several faults match a request, the first active fault that is due
    /// applies.
    ///
    /// # Panics
    /// If the effect has a status or a header that HTTP does not allow.
    pub fn add_fault(&self, fault: Fault) -> u64 {
        let added = self.service.with_state(|state| state.faults.add(fault));
        added.unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// How many requests a fault has applied to.
    #[must_use]
    pub fn fault_hits(&self, id: u64) -> u64 {
        self.service.with_state(|state| state.faults.hits(id))
    }

    /// Calls `interceptor` with each request before the service processes it. The interceptor may change the world and
    /// may return an effect on the request. The first effect applies; faults apply only if no interceptor returns an
    /// effect.
    ///
    /// The interceptor must not call methods of this simulator, because the state is locked while it runs.
    pub fn intercept(&self, interceptor: impl FnMut(&Request, &mut World) -> Option<Effect> + Send + 'static) {
        self.service.with_state(|state| state.interceptors.push(Box::new(interceptor)));
    }

    /// Removes all faults and interceptors.
    pub fn clear_faults(&self) {
        self.service.with_state(|state| {
            state.faults.clear();
            state.interceptors.clear();
        });
    }

    /// The requests since the start or the last [`clear_requests`](Self::clear_requests), in order of arrival,
    /// including token requests.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.service.with_state(|state| state.log.entries().to_vec())
    }

    /// The number of requests with this method whose path and query contain `part`, in any case. This includes token
    /// requests that match.
    #[must_use]
    pub fn count_requests(&self, method: &str, part: &str) -> usize {
        let part = part.to_lowercase();
        let matches = |request: &&Request| request.method == method && request.target().to_lowercase().contains(&part);
        self.service.with_state(|state| state.log.entries().iter().filter(matches).count())
    }

    /// Empties the request log.
    pub fn clear_requests(&self) {
        self.service.with_state(|state| state.log.clear());
    }

    /// Advances the simulator's clock: tokens expire, deployments progress, delayed responses arrive.
    ///
    /// The clock also runs with Tokio's, so a test with paused time rarely needs this.
    pub fn advance_clock(&self, by: Duration) {
        self.with_world(|world| world.advance_clock(by.as_secs_f64()));
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stopping.cancel();
    }
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulator").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}
