//! A gRPC client of the echo provider. It sends the same requests as Terraform core, over a connection in memory.

use hyper_util::rt::TokioIo;
use serde_json::{Map, Value as Json, json};
use terraform_provider_sentinel::framework::Server;
use terraform_provider_sentinel::protocol;
use terraform_provider_sentinel::protocol::proto::provider_client::ProviderClient;
use terraform_provider_sentinel::protocol::proto::*;
use tonic::transport::{Channel, Endpoint};

use crate::echo::Echo;
use crate::wire;

/// The resource type with an attribute of every kind.
pub(crate) const SAMPLE: &str = "echo_sample";

/// The resource type that fails.
pub(crate) const FAILING: &str = "echo_failing";

/// The data of a managed object that Terraform core keeps between calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Instance {
    pub(crate) state: Json,
    pub(crate) private: Vec<u8>,
    pub(crate) identity: Json,
}

/// A client, and a provider that ends with the client.
pub(crate) struct Client {
    pub(crate) grpc: ProviderClient<Channel>,
    schemas: get_provider_schema::Response,
}

impl Client {
    /// Starts the echo provider and configures it.
    pub(crate) async fn start() -> Self {
        let mut grpc = connect().await;
        let schemas = grpc.get_provider_schema(get_provider_schema::Request {}).await.expect("a response").into_inner();
        let mut client = Self { grpc, schemas };
        assert_eq!(client.configure(&json!({ "prefix": "echo-" })).await.diagnostics, []);
        client
    }

    pub(crate) fn schemas(&self) -> &get_provider_schema::Response {
        &self.schemas
    }

    pub(crate) async fn configure(&mut self, config: &Json) -> configure_provider::Response {
        let request = configure_provider::Request {
            terraform_version: "1.13.0".to_owned(),
            config: wire::msgpack(config),
            client_capabilities: Some(capabilities()),
        };
        self.grpc.configure_provider(request).await.expect("a response").into_inner()
    }

    pub(crate) async fn validate(&mut self, type_name: &str, config: &Json) -> Vec<Diagnostic> {
        let request = validate_resource_config::Request {
            type_name: type_name.to_owned(),
            config: wire::msgpack(config),
            client_capabilities: Some(capabilities()),
        };
        self.grpc.validate_resource_config(request).await.expect("a response").into_inner().diagnostics
    }

    /// Plans a create or an update.
    pub(crate) async fn plan(
        &mut self,
        type_name: &str,
        prior: &Instance,
        config: &Json,
    ) -> plan_resource_change::Response {
        let request = plan_resource_change::Request {
            type_name: type_name.to_owned(),
            prior_state: wire::msgpack(&prior.state),
            proposed_new_state: wire::msgpack(&self.proposed_new_state(type_name, &prior.state, config)),
            config: wire::msgpack(config),
            prior_private: prior.private.clone().into(),
            prior_identity: encoded_identity(&prior.identity),
            client_capabilities: Some(capabilities()),
            ..Default::default()
        };
        self.grpc.plan_resource_change(request).await.expect("a response").into_inner()
    }

    pub(crate) async fn apply(
        &mut self,
        type_name: &str,
        prior: &Instance,
        planned: &Instance,
        config: &Json,
    ) -> apply_resource_change::Response {
        let request = apply_resource_change::Request {
            type_name: type_name.to_owned(),
            prior_state: wire::msgpack(&prior.state),
            planned_state: wire::msgpack(&planned.state),
            config: wire::msgpack(config),
            planned_private: planned.private.clone().into(),
            planned_identity: encoded_identity(&planned.identity),
            ..Default::default()
        };
        self.grpc.apply_resource_change(request).await.expect("a response").into_inner()
    }

    /// Plans and applies a create. Its response may have diagnostics.
    pub(crate) async fn try_create(&mut self, type_name: &str, config: &Json) -> apply_resource_change::Response {
        let prior = Instance::default();
        let plan = self.plan(type_name, &prior, config).await;
        assert_eq!(plan.diagnostics, [], "planning");
        self.apply(type_name, &prior, &planned(&plan), config).await
    }

    /// Plans and applies a create.
    pub(crate) async fn create(&mut self, type_name: &str, config: &Json) -> Instance {
        self.change(type_name, &Instance::default(), config).await
    }

    /// Plans and applies a change.
    pub(crate) async fn change(&mut self, type_name: &str, prior: &Instance, config: &Json) -> Instance {
        let plan = self.plan(type_name, prior, config).await;
        assert_eq!(plan.diagnostics, [], "planning");
        let applied = self.apply(type_name, prior, &planned(&plan), config).await;
        assert_eq!(applied.diagnostics, [], "applying");
        Instance {
            state: wire::read(applied.new_state.as_ref()),
            private: applied.private.to_vec(),
            identity: wire::read_identity(applied.new_identity.as_ref()),
        }
    }

    pub(crate) async fn destroy(&mut self, type_name: &str, prior: &Instance) -> apply_resource_change::Response {
        let planned = Instance { state: Json::Null, ..prior.clone() };
        self.apply(type_name, prior, &planned, &Json::Null).await
    }

    pub(crate) async fn read(&mut self, type_name: &str, instance: &Instance) -> read_resource::Response {
        let request = read_resource::Request {
            type_name: type_name.to_owned(),
            current_state: wire::msgpack(&instance.state),
            private: instance.private.clone().into(),
            current_identity: encoded_identity(&instance.identity),
            client_capabilities: Some(capabilities()),
            ..Default::default()
        };
        self.grpc.read_resource(request).await.expect("a response").into_inner()
    }

    pub(crate) async fn upgrade(
        &mut self,
        type_name: &str,
        version: i64,
        saved: &Json,
    ) -> upgrade_resource_state::Response {
        let request = upgrade_resource_state::Request {
            type_name: type_name.to_owned(),
            version,
            raw_state: wire::raw_state(saved),
        };
        self.grpc.upgrade_resource_state(request).await.expect("a response").into_inner()
    }

    /// Imports one object by its ID.
    pub(crate) async fn import(&mut self, type_name: &str, id: &str) -> Instance {
        let request =
            import_resource_state::Request { type_name: type_name.to_owned(), id: id.to_owned(), ..Default::default() };
        let imported = self.grpc.import_resource_state(request).await.expect("a response").into_inner();
        assert_eq!(imported.diagnostics, []);
        let [resource] = &imported.imported_resources[..] else { panic!("one resource: {imported:#?}") };
        assert_eq!(resource.type_name, type_name);
        Instance {
            state: wire::read(resource.state.as_ref()),
            private: resource.private.to_vec(),
            identity: wire::read_identity(resource.identity.as_ref()),
        }
    }

    pub(crate) async fn call(&mut self, name: &str, arguments: Vec<DynamicValue>) -> call_function::Response {
        let request = call_function::Request { name: name.to_owned(), arguments };
        self.grpc.call_function(request).await.expect("a response").into_inner()
    }

    /// The proposed new state: the configuration, with the prior values of computed attributes that are not configured.
    fn proposed_new_state(&self, type_name: &str, prior: &Json, config: &Json) -> Json {
        let block = self.schemas.resource_schemas[type_name].block.as_ref().expect("a schema has a block");
        let mut proposed = config.clone();
        for attribute in block.attributes.iter().filter(|attribute| attribute.computed) {
            if proposed[&attribute.name].is_null() {
                proposed[&attribute.name] = prior[&attribute.name].clone();
            }
        }
        proposed
    }
}

async fn connect() -> ProviderClient<Channel> {
    let (near, far) = tokio::io::duplex(1 << 20);
    let service = protocol::service(Server::new(Echo::default()).expect("its schemas are valid"));
    let incoming = tokio_stream::once(Ok::<_, std::io::Error>(far));
    tokio::spawn(tonic::transport::Server::builder().add_service(service).serve_with_incoming(incoming));

    let mut near = Some(near);
    let connector = tower::service_fn(move |_| {
        let near = near.take().map(TokioIo::new);
        async move { near.ok_or_else(|| std::io::Error::other("there is only one connection")) }
    });
    let channel = Endpoint::from_static("http://in-memory").connect_with_connector(connector).await;
    let limit = 256 << 20;
    ProviderClient::new(channel.expect("the provider is served"))
        .max_decoding_message_size(limit)
        .max_encoding_message_size(limit)
}

/// The capabilities of Terraform 1.11 and later, and of OpenTofu.
pub(crate) fn capabilities() -> ClientCapabilities {
    ClientCapabilities { write_only_attributes_allowed: true, ..Default::default() }
}

/// A configuration of the sample with these attributes. Other attributes are null, and other blocks are empty.
pub(crate) fn sample(attributes: Json) -> Json {
    let mut config: Map<String, Json> = ATTRIBUTES.iter().map(|name| ((*name).to_owned(), Json::Null)).collect();
    config.insert("name".to_owned(), json!("one"));
    config.insert("rule".to_owned(), json!([]));
    let Json::Object(attributes) = attributes else { panic!("attributes are an object") };
    for (name, value) in attributes {
        assert!(config.insert(name.clone(), value).is_some(), "the sample has no attribute {name}");
    }
    config.into()
}

const ATTRIBUTES: [&str; 24] = [
    "name", "flag", "amount", "whole", "text", "names", "tags", "weights", "pair", "couple", "anything", "single",
    "items", "members", "entries", "rule", "timeouts", "id", "revision", "greeting", "secret", "token", "zone", "path",
];

/// A configuration of the failing resource. `mode` defines when it fails.
pub(crate) fn failing(mode: &str) -> Json {
    json!({ "name": "one", "fails": mode, "id": null, "timeouts": null })
}

pub(crate) fn planned(plan: &plan_resource_change::Response) -> Instance {
    Instance {
        state: wire::read(plan.planned_state.as_ref()),
        private: plan.planned_private.to_vec(),
        identity: wire::read_identity(plan.planned_identity.as_ref()),
    }
}

/// The only diagnostic of a response, which must be an error.
#[track_caller]
pub(crate) fn only_error(diagnostics: &[Diagnostic]) -> &Diagnostic {
    let [error] = diagnostics else { panic!("expected one diagnostic: {diagnostics:#?}") };
    assert_eq!(error.severity(), diagnostic::Severity::Error);
    error
}

fn encoded_identity(identity: &Json) -> Option<ResourceIdentityData> {
    if identity.is_null() { None } else { wire::identity(identity) }
}
