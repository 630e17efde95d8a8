//! The onboarding state in Azure: `…/providers/Microsoft.SecurityInsights/onboardingStates/default`. A workspace has at
//! most one.

use serde_json::{Value, json};

use crate::azure::resource_id::ResourceId;
use crate::azure::{Deadline, Error, Request};
use crate::sentinel::{OnboardingState, WorkspaceId, is_gone};
use crate::session::Session;

/// The resource type of onboarding states.
pub const TYPE: &str = "Microsoft.SecurityInsights/onboardingStates";

/// The name of every onboarding state.
pub const NAME: &str = "default";

/// The properties of an onboarding state.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Onboarded {
    /// Whether the workspace uses a customer-managed key.
    pub customer_managed_key: bool,
}

impl Onboarded {
    fn parse(document: &Value) -> Self {
        Self { customer_managed_key: document["properties"]["customerManagedKey"].as_bool().unwrap_or_default() }
    }
}

/// The ID of the onboarding state of a workspace.
#[must_use]
pub fn id(workspace: &WorkspaceId) -> ResourceId {
    OnboardingState::id_on(workspace)
}

/// Reads the onboarding state. `None` if the workspace has none, or does not exist.
///
/// # Errors
/// A request failed.
pub async fn get(session: &Session, workspace: &WorkspaceId, deadline: &Deadline) -> Result<Option<Onboarded>, Error> {
    match session.arm().send(&Request::get(id(workspace), OnboardingState::API_VERSION), deadline).await {
        Ok(response) => Ok(Some(Onboarded::parse(&response.body))),
        Err(error) if is_gone(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Creates the onboarding state.
///
/// # Errors
/// Azure rejected the request, or its outcome is unknown.
pub async fn put(
    session: &Session,
    workspace: &WorkspaceId,
    onboarded: Onboarded,
    deadline: &Deadline,
) -> Result<(), Error> {
    let body = json!({"properties": {"customerManagedKey": onboarded.customer_managed_key}});
    session.arm().send(&Request::put(id(workspace), OnboardingState::API_VERSION, body), deadline).await.map(drop)
}

/// Deletes the onboarding state. Succeeds if it does not exist.
///
/// # Errors
/// Azure rejected the request, or its outcome is unknown.
pub async fn delete(session: &Session, workspace: &WorkspaceId, deadline: &Deadline) -> Result<(), Error> {
    match session.arm().send(&Request::delete(id(workspace), OnboardingState::API_VERSION), deadline).await {
        Err(error) if !is_gone(&error) => Err(error),
        _ => Ok(()),
    }
}

/// Whether another API of Microsoft Sentinel accepts the workspace.
///
/// # Errors
/// The request failed for another reason.
pub async fn is_effective(session: &Session, workspace: &WorkspaceId, deadline: &Deadline) -> Result<bool, Error> {
    let request = Request::get(workspace.sentinel("dataConnectors"), OnboardingState::API_VERSION);
    match session.arm().send(&request, deadline).await {
        Ok(_) => Ok(true),
        Err(error) if is_gone(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_customer_managed_key_means_false() {
        for document in [json!({}), json!({"properties": {}}), json!({"properties": {"customerManagedKey": null}})] {
            assert!(!Onboarded::parse(&document).customer_managed_key);
        }
        assert!(Onboarded::parse(&json!({"properties": {"customerManagedKey": true}})).customer_managed_key);
    }
}
