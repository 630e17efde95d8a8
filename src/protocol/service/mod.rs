//! The calls of the protocol, one function each: decode, ask the framework, encode. No rule of Terraform's is here.

mod answer;
mod data_source;
mod function;
mod not_offered;
mod provider;
mod resource;
mod schema;
mod shapes;
mod stored;

use tonic::{Request, Response, Status, Streaming};

use self::answer::answer;
use self::not_offered::{Events, Kind};
use self::shapes::Shapes;
use super::proto::provider_server::{Provider, ProviderServer};
use super::proto::*;
use crate::framework::Server;

/// What a message may have at most, in bytes. A CLI allows as much.
const MESSAGE_LIMIT: usize = 256 * 1024 * 1024;

/// The provider as a gRPC service.
pub fn service(server: Server) -> ProviderServer<Service> {
    let shapes = Shapes::of(server.schemas());
    ProviderServer::new(Service { server, shapes })
        .max_decoding_message_size(MESSAGE_LIMIT)
        .max_encoding_message_size(MESSAGE_LIMIT)
}

/// The provider, and the types that its values have on the wire.
#[derive(Debug)]
pub struct Service {
    server: Server,
    shapes: Shapes,
}

/// The answer to a call with one response.
type Answered<A> = Result<Response<A>, Status>;

#[tonic::async_trait]
impl Provider for Service {
    async fn get_metadata(&self, _: Request<get_metadata::Request>) -> Answered<get_metadata::Response> {
        answer(async { Ok(schema::metadata(self.server.schemas())) }).await
    }

    async fn get_provider_schema(
        &self,
        _: Request<get_provider_schema::Request>,
    ) -> Answered<get_provider_schema::Response> {
        answer(async { Ok(schema::all(self.server.schemas())) }).await
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<get_resource_identity_schemas::Request>,
    ) -> Answered<get_resource_identity_schemas::Response> {
        answer(async { Ok(schema::identities(self.server.schemas())) }).await
    }

    async fn get_functions(&self, _: Request<get_functions::Request>) -> Answered<get_functions::Response> {
        answer(async { Ok(schema::functions(self.server.schemas())) }).await
    }

    async fn validate_provider_config(
        &self,
        request: Request<validate_provider_config::Request>,
    ) -> Answered<validate_provider_config::Response> {
        answer(provider::validate(self, request.into_inner())).await
    }

    async fn configure_provider(
        &self,
        request: Request<configure_provider::Request>,
    ) -> Answered<configure_provider::Response> {
        answer(provider::configure(self, request.into_inner())).await
    }

    async fn stop_provider(&self, _: Request<stop_provider::Request>) -> Answered<stop_provider::Response> {
        answer(provider::stop(self)).await
    }

    async fn validate_resource_config(
        &self,
        request: Request<validate_resource_config::Request>,
    ) -> Answered<validate_resource_config::Response> {
        answer(resource::validate(self, request.into_inner())).await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<upgrade_resource_state::Request>,
    ) -> Answered<upgrade_resource_state::Response> {
        answer(stored::upgrade_state(self, request.into_inner())).await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<upgrade_resource_identity::Request>,
    ) -> Answered<upgrade_resource_identity::Response> {
        answer(stored::upgrade_identity(self, request.into_inner())).await
    }

    async fn read_resource(&self, request: Request<read_resource::Request>) -> Answered<read_resource::Response> {
        answer(resource::read(self, request.into_inner())).await
    }

    async fn plan_resource_change(
        &self,
        request: Request<plan_resource_change::Request>,
    ) -> Answered<plan_resource_change::Response> {
        answer(resource::plan(self, request.into_inner())).await
    }

    async fn apply_resource_change(
        &self,
        request: Request<apply_resource_change::Request>,
    ) -> Answered<apply_resource_change::Response> {
        answer(resource::apply(self, request.into_inner())).await
    }

    async fn import_resource_state(
        &self,
        request: Request<import_resource_state::Request>,
    ) -> Answered<import_resource_state::Response> {
        answer(stored::import(self, request.into_inner())).await
    }

    async fn move_resource_state(
        &self,
        request: Request<move_resource_state::Request>,
    ) -> Answered<move_resource_state::Response> {
        answer(stored::move_state(self, request.into_inner())).await
    }

    async fn generate_resource_config(
        &self,
        request: Request<generate_resource_config::Request>,
    ) -> Answered<generate_resource_config::Response> {
        not_offered::generate_config(&request.get_ref().type_name)
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<validate_data_resource_config::Request>,
    ) -> Answered<validate_data_resource_config::Response> {
        answer(data_source::validate(self, request.into_inner())).await
    }

    async fn read_data_source(
        &self,
        request: Request<read_data_source::Request>,
    ) -> Answered<read_data_source::Response> {
        answer(data_source::read(self, request.into_inner())).await
    }

    async fn call_function(&self, request: Request<call_function::Request>) -> Answered<call_function::Response> {
        answer(function::call(self, request.into_inner())).await
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<validate_ephemeral_resource_config::Request>,
    ) -> Answered<validate_ephemeral_resource_config::Response> {
        Kind::EphemeralResource.refuse(&request.get_ref().type_name)
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<open_ephemeral_resource::Request>,
    ) -> Answered<open_ephemeral_resource::Response> {
        Kind::EphemeralResource.refuse(&request.get_ref().type_name)
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<renew_ephemeral_resource::Request>,
    ) -> Answered<renew_ephemeral_resource::Response> {
        Kind::EphemeralResource.refuse(&request.get_ref().type_name)
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<close_ephemeral_resource::Request>,
    ) -> Answered<close_ephemeral_resource::Response> {
        Kind::EphemeralResource.refuse(&request.get_ref().type_name)
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<validate_list_resource_config::Request>,
    ) -> Answered<validate_list_resource_config::Response> {
        Kind::ListResource.refuse(&request.get_ref().type_name)
    }

    type ListResourceStream = Events<list_resource::Event>;

    async fn list_resource(&self, request: Request<list_resource::Request>) -> Answered<Self::ListResourceStream> {
        Kind::ListResource.refuse_stream(&request.get_ref().type_name)
    }

    async fn validate_action_config(
        &self,
        request: Request<validate_action_config::Request>,
    ) -> Answered<validate_action_config::Response> {
        Kind::Action.refuse(&request.get_ref().type_name)
    }

    async fn plan_action(&self, request: Request<plan_action::Request>) -> Answered<plan_action::Response> {
        Kind::Action.refuse(&request.get_ref().action_type)
    }

    type InvokeActionStream = Events<invoke_action::Event>;

    async fn invoke_action(&self, request: Request<invoke_action::Request>) -> Answered<Self::InvokeActionStream> {
        Kind::Action.refuse_stream(&request.get_ref().action_type)
    }

    async fn validate_state_store_config(
        &self,
        request: Request<validate_state_store::Request>,
    ) -> Answered<validate_state_store::Response> {
        Kind::StateStore.refuse(&request.get_ref().type_name)
    }

    async fn configure_state_store(
        &self,
        request: Request<configure_state_store::Request>,
    ) -> Answered<configure_state_store::Response> {
        Kind::StateStore.refuse(&request.get_ref().type_name)
    }

    type ReadStateBytesStream = Events<read_state_bytes::Response>;

    async fn read_state_bytes(
        &self,
        request: Request<read_state_bytes::Request>,
    ) -> Answered<Self::ReadStateBytesStream> {
        Kind::StateStore.refuse_stream(&request.get_ref().type_name)
    }

    async fn write_state_bytes(
        &self,
        request: Request<Streaming<write_state_bytes::RequestChunk>>,
    ) -> Answered<write_state_bytes::Response> {
        not_offered::write_state(request.into_inner()).await
    }

    async fn lock_state(&self, request: Request<lock_state::Request>) -> Answered<lock_state::Response> {
        Kind::StateStore.refuse(&request.get_ref().type_name)
    }

    async fn unlock_state(&self, request: Request<unlock_state::Request>) -> Answered<unlock_state::Response> {
        Kind::StateStore.refuse(&request.get_ref().type_name)
    }

    async fn get_states(&self, request: Request<get_states::Request>) -> Answered<get_states::Response> {
        Kind::StateStore.refuse(&request.get_ref().type_name)
    }

    async fn delete_state(&self, request: Request<delete_state::Request>) -> Answered<delete_state::Response> {
        Kind::StateStore.refuse(&request.get_ref().type_name)
    }
}
