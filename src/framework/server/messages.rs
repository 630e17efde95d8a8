//! The requests to a server and its responses, with decoded values. Each field means the same as the protocol's field of
//! that name.

use crate::framework::diagnostics::Diagnostics;
use crate::framework::value::{Path, Value};

/// The provider's arguments, for the following calls.
#[derive(Clone, Debug)]
pub struct ConfigureRequest {
    /// Version of the CLI. OpenTofu sends the version of Terraform that it is compatible with.
    pub terraform_version: String,
    /// The provider block.
    pub config: Value,
}

/// Asks how an object is now.
#[derive(Clone, Debug)]
pub struct ReadRequest {
    /// The resource's type.
    pub type_name: String,
    /// How it was; null after an import by identity alone.
    pub current_state: Value,
    /// What the provider keeps beside the attributes.
    pub private: Vec<u8>,
    /// Which object it is. `None` in states of versions without identities.
    pub identity: Option<Value>,
}

/// How an object is now.
#[derive(Clone, Debug)]
pub struct ReadResponse {
    /// Its state; null if it is gone.
    pub new_state: Value,
    /// What the provider keeps beside the attributes.
    pub private: Vec<u8>,
    /// Which object it is.
    pub identity: Option<Value>,
    /// Its diagnostics.
    pub diagnostics: Diagnostics,
}

/// Asks what an apply would do.
#[derive(Clone, Debug)]
pub struct PlanRequest {
    /// The resource's type.
    pub type_name: String,
    /// What exists; null if nothing does, or if it is about the new object of a replacement.
    pub prior_state: Value,
    /// Configuration and prior state, merged by the CLI; null to destroy.
    pub proposed_new_state: Value,
    /// What the user wrote; null to destroy.
    pub config: Value,
    /// What the provider keeps beside the attributes.
    pub prior_private: Vec<u8>,
    /// Which object it is.
    pub prior_identity: Option<Value>,
}

/// What an apply would do.
#[derive(Clone, Debug)]
pub struct PlanResponse {
    /// What will exist; null to destroy.
    pub planned_state: Value,
    /// Changes that need a new object: in order, each once, and each somewhere in the prior or the planned state.
    pub requires_replace: Vec<Path>,
    /// What the provider keeps beside the attributes.
    pub planned_private: Vec<u8>,
    /// Which object it will be.
    pub planned_identity: Option<Value>,
    /// Its diagnostics.
    pub diagnostics: Diagnostics,
}

/// Asks to do what was planned.
#[derive(Clone, Debug)]
pub struct ApplyRequest {
    /// The resource's type.
    pub type_name: String,
    /// What exists; null to create.
    pub prior_state: Value,
    /// What is to exist; null to delete.
    pub planned_state: Value,
    /// What the user wrote; null to delete.
    pub config: Value,
    /// What the provider keeps beside the attributes.
    pub planned_private: Vec<u8>,
    /// Which object it is to be.
    pub planned_identity: Option<Value>,
}

/// What was done.
#[derive(Clone, Debug)]
pub struct ApplyResponse {
    /// What exists now, also after an error; null if nothing does.
    pub new_state: Value,
    /// What the provider keeps beside the attributes.
    pub private: Vec<u8>,
    /// Which object it is.
    pub identity: Option<Value>,
    /// Its diagnostics.
    pub diagnostics: Diagnostics,
}

/// Asks for an object that exists already.
#[derive(Clone, Debug)]
pub struct ImportRequest {
    /// The resource's type.
    pub type_name: String,
    /// Its id; empty if it is named by its identity.
    pub id: String,
    /// Its identity.
    pub identity: Option<Value>,
}

/// An object that exists already.
#[derive(Clone, Debug)]
pub struct ImportResponse {
    /// What is needed to read it.
    pub state: Option<Value>,
    /// What the provider keeps beside the attributes.
    pub private: Vec<u8>,
    /// Which object it is, if that is known before it is read.
    pub identity: Option<Value>,
    /// Its diagnostics.
    pub diagnostics: Diagnostics,
}

/// Asks to take over the state of another type.
#[derive(Clone, Debug)]
pub struct MoveRequest {
    /// Full address of the other type's provider: `registry.terraform.io/hashicorp/azurerm`.
    pub source_provider_address: String,
    /// The other type.
    pub source_type_name: String,
    /// Version of the other type's schema.
    pub source_schema_version: i64,
    /// The state, as JSON.
    pub source_state: serde_json::Value,
    /// The type that takes over.
    pub target_type_name: String,
}

/// The state of another type, taken over.
#[derive(Clone, Debug)]
pub struct MoveResponse {
    /// The state as JSON, by the schema of the type that takes over.
    pub target_state: Option<serde_json::Value>,
    /// Which object it is.
    pub identity: Option<Value>,
    /// Its diagnostics.
    pub diagnostics: Diagnostics,
}
