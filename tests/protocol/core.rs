//! The part that the CLI's core plays around the calls: which values it sends, and what it keeps of the answers.

use serde_json::{Map, Value as Json, json};
use terraform_provider_sentinel::protocol::proto::*;

use crate::client::{Client, connect};
use crate::echo::Echo;
use crate::wire;

/// The type of the resource that has an attribute of every kind.
pub(crate) const SAMPLE: &str = "echo_sample";

/// The type of the resource that fails.
pub(crate) const FRAGILE: &str = "echo_fragile";

/// A managed object as core keeps it between calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Instance {
    pub(crate) state: Json,
    pub(crate) private: Vec<u8>,
    pub(crate) identity: Json,
}

/// A configured provider, and the calls that core makes to it.
pub(crate) struct Core {
    pub(crate) client: Client,
}

impl Core {
    /// Starts and configures the echo provider.
    pub(crate) async fn start() -> Self {
        let mut core = Self { client: connect(Echo::default()).await };
        let answer = core.configure(&json!({ "prefix": "echo-" })).await;
        assert_eq!(answer.diagnostics, []);
        core
    }

    pub(crate) async fn configure(&mut self, config: &Json) -> configure_provider::Response {
        let request = configure_provider::Request {
            terraform_version: "1.13.0".to_owned(),
            config: wire::msgpack(config),
            client_capabilities: Some(capabilities()),
        };
        self.client.configure_provider(request).await.expect("an answer").into_inner()
    }

    pub(crate) async fn validate(&mut self, type_name: &str, config: &Json) -> Vec<Diagnostic> {
        let request = validate_resource_config::Request {
            type_name: type_name.to_owned(),
            config: wire::msgpack(config),
            client_capabilities: Some(capabilities()),
        };
        self.client.validate_resource_config(request).await.expect("an answer").into_inner().diagnostics
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
            proposed_new_state: wire::msgpack(&proposed(&prior.state, config)),
            config: wire::msgpack(config),
            prior_private: prior.private.clone().into(),
            prior_identity: sent_identity(&prior.identity),
            client_capabilities: Some(capabilities()),
            ..Default::default()
        };
        self.client.plan_resource_change(request).await.expect("an answer").into_inner()
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
            planned_identity: sent_identity(&planned.identity),
            ..Default::default()
        };
        self.client.apply_resource_change(request).await.expect("an answer").into_inner()
    }

    /// Plans and applies a create, and keeps the object.
    pub(crate) async fn create(&mut self, type_name: &str, config: &Json) -> Instance {
        self.change(type_name, &Instance::default(), config).await
    }

    /// Plans and applies a change, and keeps the object.
    pub(crate) async fn change(&mut self, type_name: &str, prior: &Instance, config: &Json) -> Instance {
        let plan = self.plan(type_name, prior, config).await;
        assert_eq!(plan.diagnostics, [], "planning");
        let applied = self.apply(type_name, prior, &planned(&plan), config).await;
        assert_eq!(applied.diagnostics, [], "applying");
        kept(&applied)
    }

    /// Applies the destruction of an object.
    pub(crate) async fn destroy(&mut self, type_name: &str, prior: &Instance) -> apply_resource_change::Response {
        let planned = Instance { state: Json::Null, ..prior.clone() };
        self.apply(type_name, prior, &planned, &Json::Null).await
    }

    pub(crate) async fn read(&mut self, type_name: &str, instance: &Instance) -> read_resource::Response {
        let request = read_resource::Request {
            type_name: type_name.to_owned(),
            current_state: wire::msgpack(&instance.state),
            private: instance.private.clone().into(),
            current_identity: sent_identity(&instance.identity),
            client_capabilities: Some(capabilities()),
            ..Default::default()
        };
        self.client.read_resource(request).await.expect("an answer").into_inner()
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
        self.client.upgrade_resource_state(request).await.expect("an answer").into_inner()
    }

    pub(crate) async fn import(&mut self, type_name: &str, id: &str) -> import_resource_state::Response {
        let request =
            import_resource_state::Request { type_name: type_name.to_owned(), id: id.to_owned(), ..Default::default() };
        self.client.import_resource_state(request).await.expect("an answer").into_inner()
    }

    pub(crate) async fn call(&mut self, name: &str, arguments: Vec<DynamicValue>) -> call_function::Response {
        let request = call_function::Request { name: name.to_owned(), arguments };
        self.client.call_function(request).await.expect("an answer").into_inner()
    }
}

/// What Terraform 1.11 and later, and OpenTofu, say of themselves.
pub(crate) fn capabilities() -> ClientCapabilities {
    ClientCapabilities { write_only_attributes_allowed: true, ..Default::default() }
}

/// A configuration of the sample: its name, and what else is given. Everything else is null, blocks are empty.
pub(crate) fn sample(given: Json) -> Json {
    let mut config: Map<String, Json> = ATTRIBUTES.iter().map(|name| ((*name).to_owned(), Json::Null)).collect();
    config.insert("name".to_owned(), json!("one"));
    config.insert("rule".to_owned(), json!([]));
    let Json::Object(given) = given else { panic!("attributes are given as an object") };
    for (name, value) in given {
        assert!(config.insert(name.clone(), value).is_some(), "the sample has no attribute {name}");
    }
    config.into()
}

/// A configuration of the resource that fails, with how it is to fail.
pub(crate) fn fragile(fails: &str) -> Json {
    json!({ "name": "one", "fails": fails, "id": null, "timeouts": null })
}

pub(crate) fn planned(plan: &plan_resource_change::Response) -> Instance {
    Instance {
        state: wire::read(plan.planned_state.as_ref()),
        private: plan.planned_private.to_vec(),
        identity: wire::read_identity(plan.planned_identity.as_ref()),
    }
}

pub(crate) fn kept(applied: &apply_resource_change::Response) -> Instance {
    Instance {
        state: wire::read(applied.new_state.as_ref()),
        private: applied.private.to_vec(),
        identity: wire::read_identity(applied.new_identity.as_ref()),
    }
}

/// The only diagnostic of an answer, which is an error.
#[track_caller]
pub(crate) fn only_error(diagnostics: &[Diagnostic]) -> &Diagnostic {
    let [error] = diagnostics else { panic!("one diagnostic was expected: {diagnostics:#?}") };
    assert_eq!(error.severity(), diagnostic::Severity::Error);
    error
}

/// What core proposes: the configuration, with the prior values of computed attributes that it leaves out.
fn proposed(prior: &Json, config: &Json) -> Json {
    let mut proposed = config.clone();
    let Json::Object(members) = &mut proposed else { return proposed };
    for (name, value) in members {
        if value.is_null() && COMPUTED.contains(&name.as_str()) {
            *value = prior[name].clone();
        }
    }
    proposed
}

fn sent_identity(identity: &Json) -> Option<ResourceIdentityData> {
    if identity.is_null() { None } else { wire::identity(identity) }
}

/// Of the sample; the computed ones also of the other resources.
const ATTRIBUTES: [&str; 24] = [
    "name", "flag", "amount", "whole", "text", "names", "tags", "weights", "pair", "couple", "anything", "single",
    "items", "members", "entries", "rule", "timeouts", "id", "revision", "greeting", "secret", "token", "zone", "path",
];
const COMPUTED: [&str; 3] = ["id", "revision", "greeting"];
