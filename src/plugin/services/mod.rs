//! go-plugin's own gRPC services, served together with the provider service.

mod broker;
mod controller;
mod stdio;

use std::convert::Infallible;

use tonic::body::Body;
use tonic::codegen::Service;
use tonic::codegen::http::{Request, Response};
use tonic::server::NamedService;
use tonic::service::{Routes, RoutesBuilder};
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use super::proto::grpc_broker_server::GrpcBrokerServer;
use super::proto::grpc_controller_server::GrpcControllerServer;
use super::proto::grpc_stdio_server::GrpcStdioServer;
use super::shutdown::Shutdown;

pub(super) use controller::OnShutdownCall;

/// The service name that go-plugin's client uses in health checks.
const HEALTH_SERVICE_NAME: &str = "plugin";

/// A generated tonic server, such as the provider service.
pub trait PluginService:
    Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send + 'static>
    + NamedService
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> PluginService for S where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send + 'static>
        + NamedService
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// All services of the process: `plugin` and go-plugin's own.
pub(super) async fn routes(plugin: impl PluginService, shutdown: &Shutdown, on_call: OnShutdownCall) -> Routes {
    let reporter = HealthReporter::new();
    reporter.set_service_status(HEALTH_SERVICE_NAME, ServingStatus::Serving).await;
    let health = tonic_health::server::HealthService::from_health_reporter(reporter);

    let mut routes = RoutesBuilder::default();
    routes
        .add_service(plugin)
        .add_service(GrpcControllerServer::new(controller::Controller::new(shutdown.clone(), on_call)))
        .add_service(GrpcStdioServer::new(stdio::Stdio::new(shutdown.clone())))
        .add_service(GrpcBrokerServer::new(broker::Broker::new(shutdown.clone())))
        .add_service(tonic_health::pb::health_server::HealthServer::new(health));
    routes.routes()
}
