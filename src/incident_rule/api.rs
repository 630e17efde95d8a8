//! Alert rules of Microsoft Sentinel: `…/providers/Microsoft.SecurityInsights/alertRules/{name}`.

use std::sync::Arc;

use http::StatusCode;
use serde_json::Value;

use super::rule::Rule;
use crate::azure::resource_id::ResourceId;
use crate::azure::{Deadline, Error, Request};
use crate::sentinel::{Collection, WorkspaceId};
use crate::session::Session;

/// The type of alert rules.
pub const TYPE: &str = "Microsoft.SecurityInsights/alertRules";

const COLLECTION: &str = "alertRules";
const API_VERSION: &str = "2025-09-01";

/// The maximum number of retries if another process changes the rule during a write.
const CONFLICT_LIMIT: u32 = 5;

/// The maximum number of attempts if Azure reports that a rule does not exist, but still lists it.
const NOT_FOUND_LIMIT: u32 = 3;

/// The alert rules of one workspace in one operation.
#[derive(Clone, Copy, Debug)]
pub struct AlertRules<'a> {
    /// The session of the run.
    pub session: &'a Session,
    /// The workspace.
    pub workspace: &'a WorkspaceId,
    /// The deadline of the operation.
    pub deadline: &'a Deadline,
}

/// The ID of an alert rule.
#[must_use]
pub fn id(workspace: &WorkspaceId, name: &str) -> ResourceId {
    workspace.sentinel_resource(COLLECTION, name)
}

/// Whether a document has this name.
#[must_use]
pub fn is_named(document: &Value, name: &str) -> bool {
    document["name"].as_str().is_some_and(|found| found.eq_ignore_ascii_case(name))
}

impl AlertRules<'_> {
    /// All alert rules, from Azure or from earlier in this run.
    ///
    /// # Errors
    /// A request failed.
    pub async fn recent(&self) -> Result<Arc<Vec<Value>>, Error> {
        self.session.look_up(&Collection::new(self.workspace, COLLECTION, API_VERSION), self.deadline).await
    }

    /// All alert rules, from Azure.
    ///
    /// # Errors
    /// A request failed.
    pub async fn current(&self) -> Result<Arc<Vec<Value>>, Error> {
        self.session.look_up_now(&Collection::new(self.workspace, COLLECTION, API_VERSION), self.deadline).await
    }

    /// The alert rule with this name.
    ///
    /// # Errors
    /// A request failed.
    pub async fn get(&self, name: &str) -> Result<Option<Value>, Error> {
        let request = Request::get(id(self.workspace, name), API_VERSION);
        let response = self.session.arm().get_optional(&request, self.deadline).await?;
        Ok(response.map(|response| response.body))
    }

    /// The alert rule with this name, which exists according to the state. If Azure does not find it, the list of rules
    /// must confirm this.
    ///
    /// # Errors
    /// A request failed.
    pub async fn find(&self, name: &str) -> Result<Option<Value>, Error> {
        if let Some(document) = self.get(name).await? {
            return Ok(Some(document));
        }
        let collection = Collection::new(self.workspace, COLLECTION, API_VERSION);
        let listed = self.session.look_up_now(&collection, self.deadline).await?;
        Ok(listed.iter().find(|document| is_named(document, name)).cloned())
    }

    /// Creates a rule, or updates `existing`. After an etag conflict, it updates the current document.
    ///
    /// # Errors
    /// Azure rejected the rule, or the outcome is unknown.
    pub async fn put(&self, name: &str, rule: &Rule, mut existing: Option<Value>) -> Result<(), Error> {
        let id = id(self.workspace, name);
        let mut conflicts = 0;
        loop {
            let request = Request::put(&id, API_VERSION, rule.document(existing.as_ref()));
            let sent = self.session.arm().send(&request, self.deadline).await;
            self.session.invalidate(&id);
            match sent {
                Err(error) if error.is_etag_conflict() && conflicts < CONFLICT_LIMIT => {
                    conflicts += 1;
                    tracing::info!(rule = name, "another process has changed the rule: reading it again");
                    existing = self.get(name).await?;
                }
                sent => return sent.map(drop),
            }
        }
    }

    /// Deletes a rule. Succeeds if the rule does not exist and the list of rules confirms this.
    ///
    /// # Errors
    /// A request failed.
    pub async fn delete(&self, name: &str) -> Result<Deleted, Error> {
        let id = id(self.workspace, name);
        for _ in 0..NOT_FOUND_LIMIT {
            let sent = self.session.arm().send(&Request::delete(&id, API_VERSION), self.deadline).await;
            self.session.invalidate(&id);
            match sent {
                Ok(response) if response.status != StatusCode::NO_CONTENT => return Ok(Deleted::Gone),
                Err(error) if !error.is_not_found() => return Err(error),
                _ => {}
            }
            if self.find(name).await?.is_none() {
                return Ok(Deleted::Gone);
            }
        }
        Ok(Deleted::StillListed)
    }
}

/// The result of a deletion.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Deleted {
    /// The rule does not exist.
    Gone,
    /// Azure reports that the rule does not exist, but still lists it.
    StillListed,
}
