//! The deployment history of a resource group: `GET …/Microsoft.Resources/deployments`.

use serde_json::Value;

use super::run::API_VERSION;
use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error, Request};

/// A deployment in the history.
#[derive(Clone, Debug)]
pub struct PastDeployment {
    /// The ARM ID.
    pub id: ResourceId,
    /// The time of the last state change, as Azure writes it. All times are in UTC, so their texts sort by time.
    pub changed_at: String,
    parameters: Value,
}

/// Lists the deployments of a resource group that are in this state: `Running`, `Succeeded`, `Failed` or `Canceled`.
///
/// # Errors
/// The error of the request.
pub async fn history(
    arm: &Client,
    group: &ResourceId,
    state: &str,
    deadline: &Deadline,
) -> Result<Vec<PastDeployment>, Error> {
    let path = format!("{group}/providers/Microsoft.Resources/deployments");
    let request = Request::get(path, API_VERSION).query("$filter", &format!("provisioningState eq '{state}'"));
    let documents = arm.list(&request, deadline).await?;
    Ok(documents.iter().filter_map(|document| PastDeployment::from_document(group, document)).collect())
}

impl PastDeployment {
    fn from_document(group: &ResourceId, document: &Value) -> Option<Self> {
        let properties = &document["properties"];
        Some(Self {
            id: group.extension("Microsoft.Resources", "deployments", document["name"].as_str()?),
            changed_at: properties["timestamp"].as_str().unwrap_or_default().to_owned(),
            parameters: properties["parameters"].clone(),
        })
    }

    /// The value of a text parameter of the deployment. Names are compared ignoring case.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let parameters = self.parameters.as_object()?;
        let (_, found) = parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        found["value"].as_str()
    }
}
