//! Tests of the data source and the preflight against a simulated Azure, with identities that have different roles.

mod data_source;
mod preflight;

use serde_json::{Value, json};

use crate::testing::Azure;

/// Assigns the identity only this role, on this scope.
fn give_role(azure: &Azure, role: &Value, scope: &str) {
    let principal = azure.simulator.state()["world"]["applications"][0]["object_id"].clone();
    azure.simulator.patch_world(json!({
        "roles": {"tested": role},
        "role_assignments": [{"principal_id": principal, "scope": scope, "role": "tested"}],
    }));
}

fn group(azure: &Azure) -> String {
    azure.workspace().resource_id().parent().expect("a resource group").to_string()
}
