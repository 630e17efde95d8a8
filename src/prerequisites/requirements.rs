//! Azure's own check whether a connector can be connected: POST `…/dataConnectorsCheckRequirements`. It changes
//! nothing.

use serde_json::{Value, json};

use crate::azure::{Client, Deadline, Error, Request};
use crate::defender_xdr;
use crate::sentinel::WorkspaceId;
use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;
use crate::session::{CachePolicy, Lookup, cache_failure};

/// Looks up the requirements of the Defender XDR connector, through which the alerts stream.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct XdrRequirements {
    workspace: WorkspaceId,
    tenant_id: String,
}

impl XdrRequirements {
    /// Looks up the requirements for the alerts of this tenant.
    pub fn of(workspace: &WorkspaceId, tenant_id: &str) -> Self {
        Self { workspace: workspace.clone(), tenant_id: tenant_id.to_owned() }
    }
}

/// Azure's response: `Valid`, `Invalid` or `Unknown` for each requirement.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Requirements {
    /// Whether the identity may connect.
    pub authorization: Option<String>,
    /// Whether the tenant has the license.
    pub license: Option<String>,
}

impl Lookup for XdrRequirements {
    /// The requirements, or the error of the request.
    type Response = Result<Requirements, Error>;
    /// The plans of a run share the result.
    const CACHE: CachePolicy = CachePolicy::ForTheRun;

    async fn fetch(&self, client: &Client, deadline: &Deadline) -> Result<Self::Response, Error> {
        let path = self.workspace.sentinel("dataConnectorsCheckRequirements");
        let body = json!({"kind": MICROSOFT_THREAT_PROTECTION, "properties": {"tenantId": self.tenant_id}});
        let request = Request::post(path, defender_xdr::API_VERSION).with_body(body).changes_nothing();
        let response = client.send(&request, &deadline.without_role_grace_period()).await;
        cache_failure(response.map(|response| {
            let text = |name: &str| response.body.get(name).and_then(Value::as_str).map(str::to_owned);
            Requirements { authorization: text("authorizationState"), license: text("licenseState") }
        }))
    }
}
