//! A call to the provider that stays in flight for as long as a test wants: its request is not finished.

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

/// The service waits for its request message.
pub(super) struct CallInFlight {
    send: oneshot::Sender<()>,
    answered: JoinHandle<Result<(), Status>>,
}

impl CallInFlight {
    /// Starts the call; on return the provider has got it.
    pub(super) async fn begin(channel: &Channel) -> Self {
        let (send, sent) = oneshot::channel();
        let message = stream::once(async move {
            // A test that has no more use for the call drops the sender.
            let _ = sent.await;
            get_metadata::Request::default()
        });
        let mut grpc = Grpc::new(channel.clone());
        within(grpc.ready()).await.expect("the connection is open");
        let answered = tokio::spawn(async move {
            let path = PathAndQuery::from_static("/tfplugin6.Provider/GetMetadata");
            let codec = ProstCodec::<get_metadata::Request, get_metadata::Response>::default();
            let mut answer = grpc.streaming(Request::new(message), path, codec).await?.into_inner();
            answer.message().await.map(drop)
        });
        // HTTP/2 keeps the order: when this one is answered, the one before it has arrived.
        tokio::task::yield_now().await;
        calls::assert_healthy(channel).await;
        Self { send, answered }
    }

    /// Lets the provider go on, and waits for its answer.
    pub(super) async fn finish(self) -> Result<(), Status> {
        // If the call is over already, its answer tells.
        let _ = self.send.send(());
        within(self.answered).await.expect("the call does not panic")
    }
}
