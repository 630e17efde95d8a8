//! The gRPC services that go-plugin wants beside the plugin's own.

mod broker;
mod controller;
mod stdio;

use tonic::service::{Routes, RoutesBuilder};
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use super::lifetime::Lifetime;
use super::proto::grpc_broker_server::GrpcBrokerServer;
use super::proto::grpc_controller_server::GrpcControllerServer;
use super::proto::grpc_stdio_server::GrpcStdioServer;
use super::server::PluginService;

pub(super) use controller::ShutdownCalls;

/// The name that go-plugin's client asks the health service about.
const HEALTH_NAME: &str = "plugin";

/// Everything that is served on one connection: `plugin` and go-plugin's own services.
pub(super) async fn routes(plugin: impl PluginService, lifetime: &Lifetime, shutdown_calls: ShutdownCalls) -> Routes {
    let reporter = HealthReporter::new();
    reporter.set_service_status(HEALTH_NAME, ServingStatus::Serving).await;
    let health = tonic_health::server::HealthService::from_health_reporter(reporter);

    let mut routes = RoutesBuilder::default();
    routes
        .add_service(plugin)
        .add_service(GrpcControllerServer::new(controller::Controller::new(lifetime.clone(), shutdown_calls)))
        .add_service(GrpcStdioServer::new(stdio::Stdio::new(lifetime.clone())))
        .add_service(GrpcBrokerServer::new(broker::Broker::new(lifetime.clone())))
        .add_service(tonic_health::pb::health_server::HealthServer::new(health));
    routes.routes()
}
