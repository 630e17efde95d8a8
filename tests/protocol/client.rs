//! A client of the provider, over a connection in memory.

use hyper_util::rt::TokioIo;
use terraform_provider_sentinel::framework::{Provider, Server};
use terraform_provider_sentinel::protocol;
use terraform_provider_sentinel::protocol::proto::provider_client::ProviderClient;
use tonic::transport::{Channel, Endpoint};

pub(crate) type Client = ProviderClient<Channel>;

/// Serves a provider and connects to it. It lives as long as the client.
pub(crate) async fn connect(provider: impl Provider) -> Client {
    let (near, far) = tokio::io::duplex(1 << 20);
    let service = protocol::service(Server::new(provider).expect("its schemas are valid"));
    let incoming = tokio_stream::once(Ok::<_, std::io::Error>(far));
    tokio::spawn(tonic::transport::Server::builder().add_service(service).serve_with_incoming(incoming));

    let mut near = Some(near);
    let connector = tower::service_fn(move |_| {
        let near = near.take().map(TokioIo::new);
        async move { near.ok_or_else(|| std::io::Error::other("the one connection is taken")) }
    });
    let channel = Endpoint::from_static("http://in-memory").connect_with_connector(connector).await;
    let limit = 256 << 20;
    ProviderClient::new(channel.expect("the provider is served"))
        .max_decoding_message_size(limit)
        .max_encoding_message_size(limit)
}
