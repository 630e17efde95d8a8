//! How the process ends, and what must not end it.

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

/// A shell that starts the provider and then waits: the provider's parent, but not ours.
const PARENT: &str = concat!(env!("CARGO_BIN_EXE_terraform-provider-sentinel"), " & wait");

#[tokio::test]
async fn trap_06_an_interrupt_is_left_to_the_cli() {
    let host = Host::start().await;
    let channel = host.connect().await;
    let call = CallInFlight::begin(&channel).await;

    host.signal(Signal::INT);
    assert_healthy(&channel).await;
    host.signal(Signal::INT);

    call.finish().await.expect("the call in flight is answered");
    assert_healthy(&channel).await;
}

#[tokio::test]
async fn trap_07_shutdown_ends_the_process_although_streams_are_open() {
    let host = Host::start().await;
    let channel = host.connect().await;
    let mut stdio = GrpcStdioClient::new(channel.clone());
    let _output = within(stdio.stream_stdio(())).await.expect("it opens").into_inner();
    let mut broker = GrpcBrokerClient::new(channel.clone());
    let _connections = within(broker.start_stream(pending())).await.expect("it opens").into_inner();

    within(GrpcControllerClient::new(channel).shutdown(Empty {})).await.expect("it is answered");

    assert_leaves_at_once(host).await;
}

#[tokio::test]
async fn trap_07_shutdown_does_not_wait_for_calls() {
    let host = Host::start().await;
    let channel = host.connect().await;
    let call = CallInFlight::begin(&channel).await;

    within(GrpcControllerClient::new(channel).shutdown(Empty {})).await.expect("it is answered");

    assert_leaves_at_once(host).await;
    assert!(call.finish().await.is_err());
}

#[tokio::test]
async fn a_termination_lets_the_call_in_flight_finish_and_takes_no_new_connection() {
    let host = Host::start().await;
    let channel = host.connect().await;
    let call = CallInFlight::begin(&channel).await;

    host.signal(Signal::TERM);
    host.stops_listening().await;

    call.finish().await.expect("the call in flight is answered");
    assert_eq!(host.ended().await.status.code(), Some(0));
}

#[tokio::test]
async fn a_second_termination_ends_at_once() {
    let host = Host::start().await;
    let channel = host.connect().await;
    let _call = CallInFlight::begin(&channel).await;

    host.signal(Signal::TERM);
    host.stops_listening().await;
    host.signal(Signal::TERM);

    assert_eq!(host.ended().await.status.code(), Some(0));
}

#[tokio::test]
async fn trap_10_it_leaves_when_its_parent_is_killed() {
    let host = start_by_shell().await;
    let _channel = host.connect().await;

    host.signal(Signal::KILL);

    let directory = host.handshake.socket().parent().expect("it is in a folder").to_owned();
    host.ended().await; // Waits until nobody has its stdout any more: the provider is the last one.
    assert!(!directory.exists());
}

#[tokio::test]
async fn trap_10_a_call_in_flight_outlives_the_parent() {
    let host = start_by_shell().await;
    let channel = host.connect().await;
    let call = CallInFlight::begin(&channel).await;

    host.signal(Signal::KILL);
    host.stops_listening().await;

    call.finish().await.expect("the call in flight is answered");
    host.ended().await;
}

#[tokio::test]
async fn the_end_of_stdin_is_no_end() {
    let host = Host::start().await; // Its stdin is /dev/null.

    assert_healthy(&host.connect().await).await;
}

async fn start_by_shell() -> Host {
    Host::start_program("sh", |command| command.args(["-c", PARENT])).await
}

/// The process ends cleanly and in time, and leaves nothing behind. A CLI kills it after two seconds.
async fn assert_leaves_at_once(host: Host) {
    let directory = host.handshake.socket().parent().expect("it is in a folder").to_owned();
    let start = Instant::now();

    let ended = host.ended().await;

    assert!(start.elapsed() < Duration::from_secs(1), "it took {:?}", start.elapsed());
    assert_eq!(ended.status.code(), Some(0));
    assert!(!directory.exists());
}
