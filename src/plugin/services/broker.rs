//! `plugin.GRPCBroker`: opens additional connections between Terraform and a plugin. Providers do not need them.

use std::pin::Pin;

use futures_util::StreamExt;
use tokio_stream::Stream;
use tonic::{Request, Response, Status, Streaming};

use crate::plugin::proto::ConnInfo;
use crate::plugin::proto::grpc_broker_server::GrpcBroker;
use crate::plugin::shutdown::Shutdown;

/// The broker service.
#[derive(Debug)]
pub(super) struct Broker {
    shutdown: Shutdown,
}

impl Broker {
    pub(super) fn new(shutdown: Shutdown) -> Self {
        Self { shutdown }
    }
}

#[tonic::async_trait]
impl GrpcBroker for Broker {
    type StartStreamStream = Pin<Box<dyn Stream<Item = Result<ConnInfo, Status>> + Send>>;

    /// Returns a stream without messages, which is open until the client closes it or a shutdown starts. After a
    /// message, the client would connect.
    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        let shutdown = self.shutdown.clone();
        let end = Box::pin(async move { shutdown.started().await });
        let empty = request.into_inner().take_until(end).filter_map(|_| std::future::ready(None));
        Ok(Response::new(Box::pin(empty)))
    }
}
