//! Reads the roles of the identity on a scope: GET `{scope}/providers/Microsoft.Authorization/permissions`. The request
//! needs no role.

use std::sync::Arc;

use super::Permissions;
use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error, Request};
use crate::session::{CachePolicy, Lookup, cache_failure};

const API_VERSION: &str = "2022-04-01";

/// Looks up the permissions of the identity on a scope.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct PermissionsLookup {
    scope: ResourceId,
}

impl PermissionsLookup {
    /// Looks up the permissions on this resource or resource group.
    #[must_use]
    pub fn of(scope: &ResourceId) -> Self {
        Self { scope: scope.clone() }
    }
}

impl Lookup for PermissionsLookup {
    /// The permissions, or the error of the request.
    type Response = Result<Arc<Permissions>, Error>;
    /// The plans of a run share the result.
    const CACHE: CachePolicy = CachePolicy::ForTheRun;

    async fn fetch(&self, client: &Client, deadline: &Deadline) -> Result<Self::Response, Error> {
        let path = format!("{}/providers/Microsoft.Authorization/permissions", self.scope.as_str());
        let entries = client.list(&Request::get(path, API_VERSION), &deadline.without_role_grace_period()).await;
        cache_failure(entries.map(|entries| Arc::new(Permissions::parse(&entries))))
    }
}
