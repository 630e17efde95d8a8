//! The machine on which the client runs, with its managed identities.

use serde::{Deserialize, Serialize};

/// The machine on which the client runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Machine {
    /// `client_id` of the application that is the system-assigned identity.
    #[serde(default)]
    pub(crate) system_assigned: Option<String>,
    #[serde(default)]
    pub(crate) user_assigned: Vec<UserAssigned>,
    /// `IDENTITY_HEADER` of App Service.
    #[serde(default)]
    pub(crate) identity_header: Option<String>,
    /// Present on a machine of Azure Arc.
    #[serde(default)]
    pub(crate) arc: Option<ArcAgent>,
}

/// A user-assigned identity: an application of the world.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserAssigned {
    pub(crate) client_id: String,
    pub(crate) resource_id: String,
}

/// The agent of Azure Arc.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArcAgent {
    /// The file of the challenge. Only a client that can read it gets a token.
    pub(crate) challenge_file: String,
    pub(crate) key: String,
}
