//! Running jobs of pipelines, which may request OIDC tokens.

use serde::{Deserialize, Serialize};

/// A running job of a pipeline.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, tag = "kind")]
pub(crate) enum Job {
    GitHub {
        /// `ACTIONS_ID_TOKEN_REQUEST_TOKEN`
        request_token: String,
        /// Owner of the repository.
        owner: String,
        subject: String,
    },
    AzureDevOps {
        /// `System.AccessToken`
        access_token: String,
        issuer: String,
        service_connections: Vec<ServiceConnection>,
    },
}

/// A service connection that the job may use.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceConnection {
    pub(crate) id: String,
    pub(crate) subject: String,
}
