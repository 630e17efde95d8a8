//! `plugin.GRPCBroker`: would open further connections between client and plugin. Providers need none.

use std::pin::Pin;

use futures_util::StreamExt;
use tokio_stream::Stream;
use tonic::{Request, Response, Status, Streaming};

use crate::plugin::lifetime::Lifetime;
use crate::plugin::proto::ConnInfo;
use crate::plugin::proto::grpc_broker_server::GrpcBroker;

/// The service.
#[derive(Debug)]
pub(super) struct Broker {
    lifetime: Lifetime,
}

impl Broker {
    pub(super) fn new(lifetime: Lifetime) -> Self {
        Self { lifetime }
    }
}

#[tonic::async_trait]
impl GrpcBroker for Broker {
    type StartStreamStream = Pin<Box<dyn Stream<Item = Result<ConnInfo, Status>> + Send>>;

    /// Stays open until the client closes it or the process is about to end, and never says anything: a message
    /// would tell the client that there is a connection to make.
    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        let lifetime = self.lifetime.clone();
        let end = Box::pin(async move { lifetime.finishing().await });
        let silence = request.into_inner().take_until(end).filter_map(|_| std::future::ready(None));
        Ok(Response::new(Box::pin(silence)))
    }
}
