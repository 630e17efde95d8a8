//! A call that stays in flight until a test finishes it, because its request message is not yet sent.

use futures_util::stream;
use terraform_provider_sentinel::protocol::proto::get_metadata;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic::{Request, Status};
use tonic_prost::ProstCodec;

use super::calls;
use super::host::within;

/// A call whose request message is not yet sent.
pub(super) struct CallInFlight {
    send: oneshot::Sender<()>,
    response: JoinHandle<Result<(), Status>>,
}

impl CallInFlight {
    /// Starts the call and waits until the provider has received it.
    pub(super) async fn start(channel: &Channel) -> Self {
        let (send, sent) = oneshot::channel();
        let message = stream::once(async move {
            // Receiving fails if the test drops the call.
            let _ = sent.await;
            get_metadata::Request::default()
        });
        let mut grpc = Grpc::new(channel.clone());
        within(grpc.ready()).await.expect("the connection is open");
        let response = tokio::spawn(async move {
            let path = PathAndQuery::from_static("/tfplugin6.Provider/GetMetadata");
            let codec = ProstCodec::<get_metadata::Request, get_metadata::Response>::default();
            let mut responses = grpc.streaming(Request::new(message), path, codec).await?.into_inner();
            responses.message().await.map(drop)
        });
        // A connection keeps the order of calls, so the first call has arrived before the response to this one.
        tokio::task::yield_now().await;
        calls::assert_healthy(channel).await;
        Self { send, response }
    }

    /// Sends the request message and waits for the response.
    pub(super) async fn finish(self) -> Result<(), Status> {
        // Sending fails if the call has already ended.
        let _ = self.send.send(());
        within(self.response).await.expect("the call does not panic")
    }
}
