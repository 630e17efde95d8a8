//! A running simulator, and what a test does with it.

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
/// The methods read and change the world directly, without a request. Azure's services, faults and the request log
/// see nothing of it.
pub struct Simulator {
    endpoint: String,
    ca_pem: String,
    service: Arc<Service>,
    stopping: CancellationToken,
    accepting: Option<tokio::task::JoinHandle<()>>,
}

/// Why the simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken, or is not an address of this machine.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The requested address.
        address: SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The certificates cannot be made.
    #[error("cannot make certificates: {0}")]
    Certificate(String),
}

impl Simulator {
    /// Starts a simulator on a free port of the loopback address. It responds as soon as this returns.
    ///
    /// # Errors
    /// If there is no free port, or the certificates cannot be made.
    pub async fn start(world: World) -> Result<Self, StartError> {
        Self::start_on((Ipv4Addr::LOCALHOST, 0).into(), world).await
    }

    /// Starts a simulator on this address; port 0 is any free port.
    ///
    /// # Errors
    /// If the address cannot be used, or the certificates cannot be made.
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

    /// Closes the listener and every connection, and waits until that is done.
    pub async fn stop(mut self) {
        self.stopping.cancel();
        if let Some(accepting) = self.accepting.take() {
            // A panic of the accept loop was printed when it happened; there is nothing left to stop then.
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

    /// A Resource Manager token of the first application, as its login would give.
    ///
    /// # Panics
    /// If the world has no application.
    #[must_use]
    pub fn bearer_token(&self) -> String {
        let token = self.service.with_state(|state| self.service.entra().token_of_first_application(&state.world));
        token.expect("the world has an application")
    }

    /// ARM id of a workspace of the world.
    ///
    /// # Panics
    /// If there is no workspace with this name.
    #[must_use]
    pub fn workspace(&self, name: &str) -> String {
        self.workspaces().remove(name).unwrap_or_else(|| panic!("the world has no workspace {name}"))
    }

    /// ARM ids of all workspaces by name.
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

    /// The document with this ARM id, in any case.
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
    /// If `id` is not an ARM id or `document` is not an object.
    pub fn put_document(&self, id: &str, document: Value) -> Value {
        self.with_world(|world| world.put_document(id, document))
    }

    /// Removes a document and everything below it; whether it existed.
    pub fn delete_document(&self, id: &str) -> bool {
        self.with_world(|world| world.delete_document(id))
    }

    /// An administrator selects **Connect** on the page of the tenant-based Defender for Cloud connector in the portal.
    /// Returns what the portal wrote, which the world's behavior `portal_connect` says.
    ///
    /// # Panics
    /// If the workspace has no such page, or a write was refused.
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

    /// Activates a fault and returns its id. The first active fault that is due applies to a request.
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

    /// Shows `interceptor` each request before the service processes it. It may change the world, and it may return an
    /// effect on the request. The first interceptor that returns one wins; faults come after interceptors.
    ///
    /// The interceptor must not call methods of this simulator: the state is locked while it runs.
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

    /// The requests since the start or the last [`clear_requests`](Self::clear_requests), in order of arrival, logins
    /// included.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.service.with_state(|state| state.log.entries().to_vec())
    }

    /// How many requests with this method had a path and query that contains `part`, in any case. Logins count only if
    /// `part` says so.
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

    /// Moves the simulator's clock forward: tokens expire, deployments progress, delayed responses arrive.
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
