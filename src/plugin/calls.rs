//! Calls to the provider run to their end, whatever becomes of the connection they came on.
//!
//! A CLI that is killed takes its connections with it. What the provider was doing for it, a write half-way through a
//! read, merge and put for example, must still come to a defined end; and the process must know when it has.

use std::convert::Infallible;
use std::task::{Context, Poll};

use tokio_util::task::TaskTracker;
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tonic::codegen::{BoxFuture, Service};
use tonic::server::NamedService;

/// A gRPC service each call of which is a task of its own.
#[derive(Clone, Debug)]
pub(crate) struct RunToEnd<S> {
    service: S,
    in_flight: TaskTracker,
}

impl<S> RunToEnd<S> {
    /// Counts the calls to `service` in `in_flight`.
    pub(crate) fn new(service: S, in_flight: TaskTracker) -> Self {
        Self { service, in_flight }
    }
}

impl<S: NamedService> NamedService for RunToEnd<S> {
    const NAME: &'static str = S::NAME;
}

impl<S> Service<Request<Body>> for RunToEnd<S>
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
            // Author code that panics is caught by the framework; this is for a panic outside of it.
            call.await.unwrap_or_else(|_| Ok(Status::internal("the provider broke off this call").into_http()))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::oneshot;

    use super::*;

    /// Answers when it is told to.
    struct Waiting(Option<oneshot::Receiver<()>>);

    impl Service<Request<Body>> for Waiting {
        type Response = Response<Body>;
        type Error = Infallible;
        type Future = BoxFuture<Response<Body>, Infallible>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request<Body>) -> Self::Future {
            let told = self.0.take().expect("called once");
            Box::pin(async move {
                told.await.expect("the test tells, or the call panics");
                Ok(Response::new(Body::empty()))
            })
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_outlives_its_connection() {
        let (tell, told) = oneshot::channel();
        let in_flight = TaskTracker::new();
        let answer = RunToEnd::new(Waiting(Some(told)), in_flight.clone()).call(Request::new(Body::empty()));

        // The connection goes away, and with it the future that would have sent the answer.
        drop(answer);
        in_flight.close();
        let idle = tokio::time::timeout(Duration::from_secs(60), in_flight.wait());
        assert!(idle.await.is_err(), "the call is still in flight");

        tell.send(()).expect("the call still waits for it");
        in_flight.wait().await;
    }

    #[tokio::test]
    async fn a_call_that_panics_is_answered() {
        let (tell, told) = oneshot::channel();
        let mut service = RunToEnd::new(Waiting(Some(told)), TaskTracker::new());
        drop(tell);
        let answer = service.call(Request::new(Body::empty())).await.expect("infallible");
        assert_eq!(answer.headers()["grpc-status"], "13");
    }
}
