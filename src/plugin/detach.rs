//! Detached calls, which continue even if the client disconnects.
//!
//! A killed Terraform process closes its connections. A write that has started (read, merge, put) must still finish,
//! and this process must not end before.

use std::convert::Infallible;
use std::task::{Context, Poll};

use tokio_util::task::TaskTracker;
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::codegen::{BoxFuture, Service};
use tonic::server::NamedService;

/// A gRPC service that runs each call in its own task.
#[derive(Clone, Debug)]
pub(crate) struct Detached<S> {
    service: S,
    in_flight: TaskTracker,
}

impl<S> Detached<S> {
    /// Wraps `service` and tracks its calls in `in_flight`.
    pub(crate) fn new(service: S, in_flight: TaskTracker) -> Self {
        Self { service, in_flight }
    }
}

impl<S: NamedService> NamedService for Detached<S> {
    const NAME: &'static str = S::NAME;
}

impl<S> Service<Request<Body>> for Detached<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Response<Body>, Infallible>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let call = self.in_flight.spawn(self.service.call(request));
        Box::pin(async move {
            // The framework catches panics of a resource's code; this catches all others.
            call.await.unwrap_or_else(|_| Ok(Status::internal("the provider panicked during this call").into_http()))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::oneshot;

    use super::*;

    /// A service whose only call waits for a signal.
    struct Waiting(Option<oneshot::Receiver<()>>);

    impl Service<Request<Body>> for Waiting {
        type Response = Response<Body>;
        type Error = Infallible;
        type Future = BoxFuture<Response<Body>, Infallible>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request<Body>) -> Self::Future {
            let signal = self.0.take().expect("called once");
            Box::pin(async move {
                signal.await.expect("the test sends the signal, or the call panics");
                Ok(Response::new(Body::empty()))
            })
        }
    }

    #[tokio::test(start_paused = true)]
    async fn call_continues_after_its_connection_closes() {
        let (sender, signal) = oneshot::channel();
        let in_flight = TaskTracker::new();
        let response = Detached::new(Waiting(Some(signal)), in_flight.clone()).call(Request::new(Body::empty()));

        // A closed connection drops the future that would send the response.
        drop(response);
        in_flight.close();
        let idle = tokio::time::timeout(Duration::from_secs(60), in_flight.wait());
        assert!(idle.await.is_err(), "the call is still in flight");

        sender.send(()).expect("the call still waits for it");
        in_flight.wait().await;
    }

    #[tokio::test]
    async fn panicking_call_returns_an_internal_status() {
        let (sender, signal) = oneshot::channel();
        let mut service = Detached::new(Waiting(Some(signal)), TaskTracker::new());
        drop(sender);
        let response = service.call(Request::new(Body::empty())).await.expect("infallible");
        assert_eq!(response.headers()["grpc-status"], "13");
    }
}
