//! The server's requests and responses, with decoded values. Each field has the same meaning as the protocol's field
//! with the same name.

use crate::framework::diagnostics::Diagnostics;
use crate::framework::value::{Path, Value};

/// A request to configure the provider.
#[derive(Clone, Debug)]
pub struct ConfigureRequest {
    /// The version of Terraform. OpenTofu sends the version of Terraform that it is compatible with.
    pub terraform_version: String,
    /// The provider block.
    pub config: Value,
}

/// A request to read a resource.
#[derive(Clone, Debug)]
pub struct ReadRequest {
    /// The resource type.
    pub type_name: String,
    /// The current state. Null after an import by identity.
    pub current_state: Value,
    /// The private state.
    pub private: Vec<u8>,
    /// The resource identity. `None` for states that an older version without identities has saved.
    pub identity: Option<Value>,
}

/// The response to a [`ReadRequest`].
#[derive(Clone, Debug)]
pub struct ReadResponse {
    /// The new state. Null if the object no longer exists.
    pub new_state: Value,
    /// The private state.
    pub private: Vec<u8>,
    /// The resource identity.
    pub identity: Option<Value>,
    /// The diagnostics.
    pub diagnostics: Diagnostics,
}

/// A request to plan a change of a resource.
#[derive(Clone, Debug)]
pub struct PlanRequest {
    /// The resource type.
    pub type_name: String,
    /// The prior state. Null for a creation, and for the new object of a replacement.
    pub prior_state: Value,
    /// The proposed new state, which Terraform merges from the configuration and the prior state. Null to destroy.
    pub proposed_new_state: Value,
    /// The configuration. Null to destroy.
    pub config: Value,
    /// The prior private state.
    pub prior_private: Vec<u8>,
    /// The prior resource identity.
    pub prior_identity: Option<Value>,
}

/// The response to a [`PlanRequest`].
#[derive(Clone, Debug)]
pub struct PlanResponse {
    /// The planned state. Null to destroy.
    pub planned_state: Value,
    /// The paths of changes that replace the object, sorted and without duplicates. Each path exists in the prior or
    /// the planned state.
    pub requires_replace: Vec<Path>,
    /// The planned private state.
    pub planned_private: Vec<u8>,
    /// The planned resource identity.
    pub planned_identity: Option<Value>,
    /// The diagnostics.
    pub diagnostics: Diagnostics,
}

/// A request to apply a planned change.
#[derive(Clone, Debug)]
pub struct ApplyRequest {
    /// The resource type.
    pub type_name: String,
    /// The prior state. Null to create.
    pub prior_state: Value,
    /// The planned state. Null to delete.
    pub planned_state: Value,
    /// The configuration. Null to delete.
    pub config: Value,
    /// The planned private state.
    pub planned_private: Vec<u8>,
    /// The planned resource identity.
    pub planned_identity: Option<Value>,
}

/// The response to an [`ApplyRequest`].
#[derive(Clone, Debug)]
pub struct ApplyResponse {
    /// The state of what exists now, also after an error. Null if no object exists.
    pub new_state: Value,
    /// The private state.
    pub private: Vec<u8>,
    /// The resource identity.
    pub identity: Option<Value>,
    /// The diagnostics.
    pub diagnostics: Diagnostics,
}

/// A request to import an existing object.
#[derive(Clone, Debug)]
pub struct ImportRequest {
    /// The resource type.
    pub type_name: String,
    /// The import ID. Empty for an import by identity.
    pub id: String,
    /// The resource identity.
    pub identity: Option<Value>,
}

/// The response to an [`ImportRequest`].
#[derive(Clone, Debug)]
pub struct ImportResponse {
    /// The state with the attributes that the following read requires.
    pub state: Option<Value>,
    /// The private state.
    pub private: Vec<u8>,
    /// The resource identity, if it is known before the read.
    pub identity: Option<Value>,
    /// The diagnostics.
    pub diagnostics: Diagnostics,
}

/// A request to convert the state of another resource type, for a `moved` block.
#[derive(Clone, Debug)]
pub struct MoveRequest {
    /// The full address of the source provider: `registry.terraform.io/hashicorp/azurerm`.
    pub source_provider_address: String,
    /// The source resource type.
    pub source_type_name: String,
    /// The version of the source schema.
    pub source_schema_version: i64,
    /// The source state, as JSON.
    pub source_state: serde_json::Value,
    /// The target resource type.
    pub target_type_name: String,
}

/// The response to a [`MoveRequest`].
#[derive(Clone, Debug)]
pub struct MoveResponse {
    /// The target state, as JSON.
    pub target_state: Option<serde_json::Value>,
    /// The resource identity.
    pub identity: Option<Value>,
    /// The diagnostics.
    pub diagnostics: Diagnostics,
}
