//! `plugin.GRPCStdio`: forwards the plugin's output. This plugin prints nothing, and writes its logs to stderr itself.

use std::pin::Pin;

use futures_util::{FutureExt, StreamExt};
use tokio_stream::Stream;
use tonic::{Request, Response, Status};

use crate::plugin::proto::StdioData;
use crate::plugin::proto::grpc_stdio_server::GrpcStdio;
use crate::plugin::shutdown::Shutdown;

/// The stdio service.
#[derive(Debug)]
pub(super) struct Stdio {
    shutdown: Shutdown,
}

impl Stdio {
    pub(super) fn new(shutdown: Shutdown) -> Self {
        Self { shutdown }
    }
}

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    type StreamStdioStream = Pin<Box<dyn Stream<Item = Result<StdioData, Status>> + Send>>;

    /// Returns a stream without messages, which is open until a shutdown starts, as the client expects.
    async fn stream_stdio(&self, _: Request<()>) -> Result<Response<Self::StreamStdioStream>, Status> {
        let shutdown = self.shutdown.clone();
        let end = async move { shutdown.started().await };
        let empty = end.into_stream().filter_map(|()| std::future::ready(None));
        Ok(Response::new(Box::pin(empty)))
    }
}
