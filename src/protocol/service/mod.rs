//! The tfplugin6 provider service: a table of its calls and the functions that handle them.
//!
//! A handler decodes the request, calls the framework, and encodes the response. The framework enforces Terraform's
//! rules.

mod data_source;
mod function;
mod provider;
mod resource;
mod respond;
mod schema;
mod state;
mod unsupported;
mod value_types;

use tonic::{Request, Response, Status, Streaming};

use self::respond::respond;
use self::unsupported::{Kind, SingleEvent};
use self::value_types::ValueTypes;
use super::proto::provider_server::{Provider, ProviderServer};
use super::proto::*;
use crate::framework::Server;

/// The largest message, in bytes. Providers written in Go have the same limit.
const MAX_MESSAGE_SIZE: usize = 256 * 1024 * 1024;

/// The gRPC service of a provider.
pub fn service(server: Server) -> ProviderServer<Service> {
    let types = ValueTypes::of(server.schemas());
    ProviderServer::new(Service { server, types })
        .max_decoding_message_size(MAX_MESSAGE_SIZE)
        .max_encoding_message_size(MAX_MESSAGE_SIZE)
}

/// A provider, and the types of its values.
#[derive(Debug)]
pub struct Service {
    server: Server,
    types: ValueTypes,
}

/// The result of a call that has one response.
type GrpcResult<R> = Result<Response<R>, Status>;

/// Implements the service. The response to an unsupported call is an error that the provider has no such type.
macro_rules! provider_service {
    (
        supported { $($call:ident => $handler:path,)* }
        unsupported { $($kind:ident { $($rejected:ident($type_name:ident),)* })* }
        unsupported_streams { $($stream_kind:ident: $streamed:ident($name:ident) -> $stream:ident<$event:path>,)* }
    ) => {
        #[tonic::async_trait]
        impl Provider for Service {
            $(async fn $call(&self, request: Request<$call::Request>) -> GrpcResult<$call::Response> {
                respond($handler(self, request.into_inner())).await
            })*

            $($(async fn $rejected(&self, request: Request<$rejected::Request>) -> GrpcResult<$rejected::Response> {
                Kind::$kind.respond(&request.get_ref().$type_name)
            })*)*

            $(type $stream = SingleEvent<$event>;

            async fn $streamed(&self, request: Request<$streamed::Request>) -> GrpcResult<Self::$stream> {
                Kind::$stream_kind.respond_with_stream(&request.get_ref().$name)
            })*

            // The only call whose messages have another name.
            async fn validate_state_store_config(
                &self,
                request: Request<validate_state_store::Request>,
            ) -> GrpcResult<validate_state_store::Response> {
                Kind::StateStore.respond(&request.get_ref().type_name)
            }

            // The only call with a stream of requests.
            async fn write_state_bytes(
                &self,
                request: Request<Streaming<write_state_bytes::RequestChunk>>,
            ) -> GrpcResult<write_state_bytes::Response> {
                unsupported::write_state_bytes(request.into_inner()).await
            }
        }
    };
}

provider_service! {
    supported {
        get_metadata => schema::metadata,
        get_provider_schema => schema::provider_schema,
        get_resource_identity_schemas => schema::identity_schemas,
        get_functions => schema::functions,
        validate_provider_config => provider::validate,
        configure_provider => provider::configure,
        stop_provider => provider::stop,
        validate_resource_config => resource::validate,
        upgrade_resource_state => state::upgrade,
        upgrade_resource_identity => state::upgrade_identity,
        read_resource => resource::read,
        plan_resource_change => resource::plan,
        apply_resource_change => resource::apply,
        import_resource_state => state::import,
        move_resource_state => state::move_state,
        generate_resource_config => unsupported::generate_resource_config,
        validate_data_resource_config => data_source::validate,
        read_data_source => data_source::read,
        call_function => function::call,
    }
    unsupported {
        EphemeralResource {
            validate_ephemeral_resource_config(type_name),
            open_ephemeral_resource(type_name),
            renew_ephemeral_resource(type_name),
            close_ephemeral_resource(type_name),
        }
        ListResource {
            validate_list_resource_config(type_name),
        }
        Action {
            validate_action_config(type_name),
            plan_action(action_type),
        }
        StateStore {
            configure_state_store(type_name),
            lock_state(type_name),
            unlock_state(type_name),
            get_states(type_name),
            delete_state(type_name),
        }
    }
    unsupported_streams {
        ListResource: list_resource(type_name) -> ListResourceStream<list_resource::Event>,
        Action: invoke_action(action_type) -> InvokeActionStream<invoke_action::Event>,
        StateStore: read_state_bytes(type_name) -> ReadStateBytesStream<read_state_bytes::Response>,
    }
}
