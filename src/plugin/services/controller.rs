//! `plugin.GRPCController`: the CLI ends every process it started with `Shutdown`, and kills it two seconds later.

use tonic::{Request, Response, Status};

use crate::plugin::lifetime::Lifetime;
use crate::plugin::proto::Empty;
use crate::plugin::proto::grpc_controller_server::GrpcController;

/// What a `Shutdown` call does.
#[derive(Clone, Copy, Debug)]
pub(in crate::plugin) enum ShutdownCalls {
    /// The process ends: it belongs to the CLI that started it.
    End,
    /// It is answered and nothing more: several CLIs share the process, and none of them started it.
    Ignored,
}

/// The service.
#[derive(Debug)]
pub(super) struct Controller {
    lifetime: Lifetime,
    shutdown_calls: ShutdownCalls,
}

impl Controller {
    pub(super) fn new(lifetime: Lifetime, shutdown_calls: ShutdownCalls) -> Self {
        Self { lifetime, shutdown_calls }
    }
}

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        match self.shutdown_calls {
            ShutdownCalls::End => self.lifetime.end(),
            ShutdownCalls::Ignored => tracing::debug!("a client asked for an end that is not its own to ask for"),
        }
        Ok(Response::new(Empty {}))
    }
}
