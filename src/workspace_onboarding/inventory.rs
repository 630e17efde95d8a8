//! The numbers of data connectors, analytics rules and solutions that an offboarding deletes.

use std::fmt;

use serde_json::Value;

use crate::azure::Deadline;
use crate::sentinel::data_connector::kind;
use crate::sentinel::{Collection, WorkspaceId};
use crate::session::Session;

/// Only a preview API version lists all kinds of data connectors.
const CONNECTORS_API_VERSION: &str = "2025-10-01-preview";

const API_VERSION: &str = "2025-09-01";

/// The numbers of objects in a workspace. A number is `None` if the list could not be read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Inventory {
    connectors: Option<usize>,
    rules: Option<usize>,
    solutions: Option<usize>,
}

impl Inventory {
    /// Counts the objects of the workspace.
    pub async fn read(session: &Session, workspace: &WorkspaceId, deadline: &Deadline) -> Self {
        let list = async |resource_type, api_version| {
            session.look_up(&Collection::new(workspace, resource_type, api_version), deadline).await.ok()
        };
        let (connectors, rules, solutions) = tokio::join!(
            list(kind::RESOURCE_TYPE, CONNECTORS_API_VERSION),
            list("alertRules", API_VERSION),
            list("contentPackages", API_VERSION),
        );
        let is_connection = |document: &&Value| !kind::is_connector_page(document["kind"].as_str().unwrap_or_default());
        Self {
            connectors: connectors.map(|documents| documents.iter().filter(is_connection).count()),
            rules: rules.map(|documents| documents.len()),
            solutions: solutions.map(|documents| documents.len()),
        }
    }
}

impl fmt::Display for Inventory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |number: Option<usize>, one: &str| match number {
            Some(1) => format!("1 {one}"),
            Some(number) => format!("{number} {one}s"),
            None => format!("an unknown number of {one}s"),
        };
        if self.connectors.is_none() && self.rules.is_none() && self.solutions.is_none() {
            return f.write_str("an unknown number of data connectors, rules and solutions");
        }
        write!(
            f,
            "{}, {} and {}",
            count(self.connectors, "data connector"),
            count(self.rules, "analytics rule"),
            count(self.solutions, "Content Hub solution")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_known_and_unknown_numbers() {
        let inventory = Inventory { connectors: Some(2), rules: Some(1), solutions: None };

        assert_eq!(
            inventory.to_string(),
            "2 data connectors, 1 analytics rule and an unknown number of Content Hub solutions"
        );
    }
}
