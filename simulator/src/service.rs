//! Processes a request: applies faults, calls the service that responds, and logs the request.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::{Method, StatusCode};
use tokio::sync::Notify;

use crate::alerts::Alert;
use crate::arm::Arm;
use crate::arm::route::ResourceType;
use crate::http::server::{Delivery, Handler};
use crate::http::{Request, Response};
use crate::security_insights::data_connectors::portal;
use crate::state::State;
use crate::world::World;
use crate::{
    admin, authorization, entra, graph, log_analytics, managed_identity, metadata, operational_insights,
    operations_management, pipelines, resource_manager, security, security_insights,
};

/// All resource types, by resource provider.
const RESOURCE_TYPES: &[&[&ResourceType]] = &[
    resource_manager::RESOURCE_TYPES,
    authorization::RESOURCE_TYPES,
    operational_insights::RESOURCE_TYPES,
    operations_management::RESOURCE_TYPES,
    security::RESOURCE_TYPES,
    security_insights::RESOURCE_TYPES,
];

/// The state of a simulator, and the processing of its requests.
pub(crate) struct Service {
    /// Base URL of this simulator, without a trailing slash.
    endpoint: String,
    signer: entra::Signer,
    state: Mutex<State>,
    /// Wakes delayed responses, because the clock may have advanced.
    advanced: Notify,
}

impl Service {
    pub(crate) fn new(endpoint: String, mut world: World) -> Self {
        world.restart_clock();
        let state = State { world, ..State::default() };
        Self { endpoint, signer: entra::Signer::generate(), state: Mutex::new(state), advanced: Notify::new() }
    }

    /// Reads or changes the state. All deployments are up to date.
    pub(crate) fn with_state<T>(&self, action: impl FnOnce(&mut State) -> T) -> T {
        let result = action(&mut self.lock());
        self.advanced.notify_waiters();
        result
    }

    /// Locks the current state. Deployments do not progress in the background, so every access first runs their due
    /// operations.
    fn lock(&self) -> MutexGuard<'_, State> {
        // A handler that panicked has sent no response, so the world remains as the handler left it.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        resource_manager::advance_to_now(self.arm(), &mut state.world);
        state
    }

    pub(crate) fn entra(&self) -> entra::Entra<'_> {
        entra::Entra { endpoint: &self.endpoint, signer: &self.signer }
    }

    /// An administrator selects **Connect** in the portal.
    pub(crate) fn portal_connect(&self, workspace: &str) -> Result<Vec<serde_json::Value>, String> {
        self.with_state(|state| portal::connect(self.arm(), &mut state.world, workspace))
    }

    fn arm(&self) -> Arm<'_> {
        Arm { endpoint: &self.endpoint, resource_types: RESOURCE_TYPES }
    }

    fn respond(&self, request: &Request, world: &mut World) -> Response {
        let entra = self.entra();
        if let Some(response) = managed_identity::handle(request, world, &entra) {
            return response;
        }
        if !request.is_encrypted {
            return Response::text(
                StatusCode::BAD_REQUEST,
                "text/plain",
                "A plain HTTP request was sent to an HTTPS port",
            );
        }
        let mut segments = request.path.split('/').filter(|segment| !segment.is_empty());
        let is_metadata = ["metadata", "endpoints"]
            .iter()
            .all(|name| segments.next().is_some_and(|found| found.eq_ignore_ascii_case(name)));
        if is_metadata && segments.next().is_none() {
            return metadata::handle(request, &self.endpoint, &world.settings.behaviors.cloud_name);
        }
        if let Some(response) = pipelines::handle(request, world, &entra) {
            return response;
        }
        if let Some(response) = graph::handle(request, world, &entra) {
            return response;
        }
        if let Some(response) = entra.handle(request, world) {
            return response;
        }
        if let Some(response) = log_analytics::handle(request, world, &entra) {
            return response;
        }
        self.arm().handle(request, world, &entra)
    }
}

/// Raises the alerts of the behavior `alerts_before_writes`. Fails if a subscription raises no alerts.
fn raise_alerts_before(request: &Request, world: &mut World) -> Result<(), String> {
    let is_write = matches!(request.method, Method::PUT | Method::PATCH | Method::DELETE);
    if !is_write || !request.path.to_lowercase().starts_with("/subscriptions/") {
        return Ok(());
    }
    for subscription in world.settings.behaviors.alerts_before_writes.clone() {
        let raised = world.try_raise_alert(&Alert::new(&subscription));
        raised.map_err(|problem| format!("alerts_before_writes: {problem}"))?;
    }
    Ok(())
}

impl Handler for Service {
    fn handle(&self, mut request: Request) -> Delivery {
        if let Some(path) = request.path.strip_prefix("/_simulator/") {
            return Delivery::plain(
                self.with_state(|state| admin::handle(path, &request, state, self.arm(), &self.entra())),
            );
        }
        let state = &mut *self.lock();
        request.earlier = state.log.count_like(&request);
        if let Err(problem) = raise_alerts_before(&request, &mut state.world) {
            let response = admin::error(StatusCode::BAD_REQUEST, &problem);
            state.log.record(request, Some(&response), None);
            return Delivery::plain(response);
        }
        let (fault, effect) = state.effect_on(&request);
        let own = effect.reaches_service().then(|| self.respond(&request, &mut state.world));
        let response = effect.response(&request, own);
        if let Some(fault) = fault {
            tracing::debug!(fault, method = %request.method, path = request.path, "fault");
        }
        state.log.record(request, response.as_ref(), fault);
        Delivery {
            response,
            delay: effect.delay_time(),
            hang: effect.hangs(),
            disconnect: effect.disconnects(),
            truncate: effect.truncated_to(),
        }
    }

    async fn wait(&self, delay: Duration) {
        let deadline = self.lock().world.now() + delay;
        loop {
            let advanced = self.advanced.notified();
            let left = deadline - self.lock().world.now();
            let Ok(left) = Duration::try_from(left) else { return };
            if left.is_zero() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                () = advanced => {}
            }
        }
    }
}
