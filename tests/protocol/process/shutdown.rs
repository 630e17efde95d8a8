//! Tests of the shutdown of the process.

use std::time::{Duration, Instant};

use rustix::process::Signal;
use terraform_provider_sentinel::plugin::proto::Empty;
use terraform_provider_sentinel::plugin::proto::grpc_broker_client::GrpcBrokerClient;
use terraform_provider_sentinel::plugin::proto::grpc_controller_client::GrpcControllerClient;
use terraform_provider_sentinel::plugin::proto::grpc_stdio_client::GrpcStdioClient;
use tokio_stream::pending;

use super::calls::assert_healthy;
use super::host::{Host, within};
use super::in_flight::CallInFlight;

/// A shell that starts the provider, so that a test can kill the provider's parent.
const PARENT: &str = concat!(env!("CARGO_BIN_EXE_terraform-provider-sentinel"), " & wait");

#[tokio::test]
async fn ignores_interrupts() {
    let host = Host::start().await;
    let channel = host.connect().await;
    let call = CallInFlight::start(&channel).await;

    host.signal(Signal::INT);
    assert_healthy(&channel).await;
    host.signal(Signal::INT);

    call.finish().await.expect("the call in flight gets a response");
    assert_healthy(&channel).await;
}

#[tokio::test]
async fn shutdown_ends_the_process_with_open_streams() {
    let host = Host::start().await;
    let channel = host.connect().await;
    let mut stdio = GrpcStdioClient::new(channel.clone());
    let _output = within(stdio.stream_stdio(())).await.expect("a stream").into_inner();
    let mut broker = GrpcBrokerClient::new(channel.clone());
    let _connections = within(broker.start_stream(pending())).await.expect("a stream").into_inner();

    within(GrpcControllerClient::new(channel).shutdown(Empty {})).await.expect("a response");

    assert_exits_immediately(host).await;
}

#[tokio::test]
async fn shutdown_does_not_wait_for_calls_in_flight() {
    let host = Host::start().await;
    let channel = host.connect().await;
    let call = CallInFlight::start(&channel).await;

    within(GrpcControllerClient::new(channel).shutdown(Empty {})).await.expect("a response");

    assert_exits_immediately(host).await;
    assert!(call.finish().await.is_err());
}

#[tokio::test]
async fn sigterm_lets_calls_in_flight_finish() {
    let host = Host::start().await;
    let channel = host.connect().await;
    let call = CallInFlight::start(&channel).await;

    host.signal(Signal::TERM);
    host.stops_listening().await;

    call.finish().await.expect("the call in flight gets a response");
    assert_eq!(host.ended().await.status.code(), Some(0));
}

#[tokio::test]
async fn second_sigterm_ends_the_process_immediately() {
    let host = Host::start().await;
    let channel = host.connect().await;
    let _call = CallInFlight::start(&channel).await;

    host.signal(Signal::TERM);
    host.stops_listening().await;
    host.signal(Signal::TERM);

    assert_eq!(host.ended().await.status.code(), Some(0));
}

#[tokio::test]
async fn exits_when_its_parent_is_killed() {
    let host = start_in_shell().await;
    let _channel = host.connect().await;

    host.signal(Signal::KILL);

    let directory = host.handshake.socket().parent().expect("it is in a directory").to_owned();
    host.ended().await; // Waits until stdout is closed at the exit of the provider.
    assert!(!directory.exists());
}

#[tokio::test]
async fn call_in_flight_finishes_after_the_parent_is_killed() {
    let host = start_in_shell().await;
    let channel = host.connect().await;
    let call = CallInFlight::start(&channel).await;

    host.signal(Signal::KILL);
    host.stops_listening().await;

    call.finish().await.expect("the call in flight gets a response");
    drop(channel);
    host.ended().await;
}

async fn start_in_shell() -> Host {
    Host::start_program("sh", |command| command.args(["-c", PARENT])).await
}

/// Asserts that the process exits cleanly before Terraform would kill it after two seconds.
async fn assert_exits_immediately(host: Host) {
    let directory = host.handshake.socket().parent().expect("it is in a directory").to_owned();
    let start = Instant::now();

    let ended = host.ended().await;

    assert!(start.elapsed() < Duration::from_secs(1), "it took {:?}", start.elapsed());
    assert_eq!(ended.status.code(), Some(0));
    assert!(!directory.exists());
}
