//! `plugin.GRPCController`: Terraform calls `Shutdown` to end a plugin, and kills it two seconds later.

use tonic::{Request, Response, Status};

use crate::plugin::proto::Empty;
use crate::plugin::proto::grpc_controller_server::GrpcController;
use crate::plugin::shutdown::Shutdown;

/// The effect of a `Shutdown` call.
#[derive(Clone, Copy, Debug)]
pub(in crate::plugin) enum OnShutdownCall {
    /// Ends the process, because Terraform started it.
    End,
    /// Does nothing. In debug mode, several Terraform processes share this process, and none of them started it.
    Ignore,
}

/// The controller service.
#[derive(Debug)]
pub(super) struct Controller {
    shutdown: Shutdown,
    on_call: OnShutdownCall,
}

impl Controller {
    pub(super) fn new(shutdown: Shutdown, on_call: OnShutdownCall) -> Self {
        Self { shutdown, on_call }
    }
}

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        match self.on_call {
            OnShutdownCall::End => self.shutdown.start_immediate(),
            OnShutdownCall::Ignore => tracing::debug!("ignored a Shutdown call"),
        }
        Ok(Response::new(Empty {}))
    }
}
