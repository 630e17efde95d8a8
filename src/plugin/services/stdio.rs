//! `plugin.GRPCStdio`: would carry what the plugin prints. We print nothing; logs go to the real stderr.

use std::pin::Pin;

use futures_util::{FutureExt, StreamExt};
use tokio_stream::Stream;
use tonic::{Request, Response, Status};

use crate::plugin::lifetime::Lifetime;
use crate::plugin::proto::StdioData;
use crate::plugin::proto::grpc_stdio_server::GrpcStdio;

/// The service.
#[derive(Debug)]
pub(super) struct Stdio {
    lifetime: Lifetime,
}

impl Stdio {
    pub(super) fn new(lifetime: Lifetime) -> Self {
        Self { lifetime }
    }
}

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    type StreamStdioStream = Pin<Box<dyn Stream<Item = Result<StdioData, Status>> + Send>>;

    /// Stays open and silent until the process is about to end, as the client expects of a plugin that lives.
    async fn stream_stdio(&self, _: Request<()>) -> Result<Response<Self::StreamStdioStream>, Status> {
        let lifetime = self.lifetime.clone();
        let end = async move { lifetime.finishing().await };
        let silence = end.into_stream().filter_map(|()| std::future::ready(None));
        Ok(Response::new(Box::pin(silence)))
    }
}
