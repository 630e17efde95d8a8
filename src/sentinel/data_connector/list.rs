//! Reads the data connectors of a workspace: `GET …/providers/Microsoft.SecurityInsights/dataConnectors[/{name}]`.
//!
//! A connector can be found by its kind and content only in the list, because Azure has no filter for them.

use std::sync::Arc;

use http::StatusCode;
use serde_json::Value;

use super::Document;
use super::kind::RESOURCE_TYPE;
use crate::azure::{Deadline, Error, Request};
use crate::sentinel::{Collection, WorkspaceId};
use crate::session::Session;

/// Lists all data connectors. Azure may omit kinds that the API version does not support.
///
/// # Errors
/// A request failed. For a workspace without Sentinel, see [`crate::sentinel::when_onboarded`] and
/// [`crate::sentinel::unless_gone`].
pub async fn list(
    session: &Session,
    workspace: &WorkspaceId,
    api_version: &str,
    deadline: &Deadline,
) -> Result<Vec<Document>, Error> {
    let collection = Collection::new(workspace, RESOURCE_TYPE, api_version);
    let entries = session.look_up_now(&collection, deadline).await?;
    let request = Request::get(workspace.sentinel(RESOURCE_TYPE), api_version);
    // Usually, no other operation shares the list, so this does not clone it.
    Arc::unwrap_or_clone(entries).into_iter().map(|entry| parse(session, &request, entry)).collect()
}

/// Lists all data connectors, possibly from the cache of this run. For plans.
///
/// # Errors
/// As [`list`].
pub async fn list_recent(
    session: &Session,
    workspace: &WorkspaceId,
    api_version: &str,
    deadline: &Deadline,
) -> Result<Vec<Document>, Error> {
    let entries = session.look_up(&Collection::new(workspace, RESOURCE_TYPE, api_version), deadline).await?;
    let request = Request::get(workspace.sentinel(RESOURCE_TYPE), api_version);
    entries.iter().map(|entry| parse(session, &request, entry.clone())).collect()
}

/// Confirms that a connector is missing in a list: reads it by its possible names, and lists again, because the portal
/// creates it with a new name. Returns the list with the connectors that were found. A list that contains one of the
/// names is complete.
///
/// # Errors
/// As [`list`].
pub async fn read_again(
    session: &Session,
    workspace: &WorkspaceId,
    api_version: &str,
    listed: &[Document],
    names: &[String],
    deadline: &Deadline,
) -> Result<Vec<Document>, Error> {
    let mut documents = listed.to_vec();
    if names.iter().any(|name| has(&documents, name)) {
        return Ok(documents);
    }
    for name in names {
        if !has(&documents, name) {
            documents.extend(get(session, workspace, name, api_version, deadline).await?);
        }
    }
    for document in list(session, workspace, api_version, deadline).await? {
        if !has(&documents, document.name()) {
            documents.push(document);
        }
    }
    Ok(documents)
}

fn has(documents: &[Document], name: &str) -> bool {
    documents.iter().any(|document| document.is_named(name))
}

/// Reads the data connector with this name; `None` if it does not exist.
///
/// # Errors
/// The request failed.
pub async fn get(
    session: &Session,
    workspace: &WorkspaceId,
    name: &str,
    api_version: &str,
    deadline: &Deadline,
) -> Result<Option<Document>, Error> {
    let request = Request::get(workspace.sentinel_resource(RESOURCE_TYPE, name), api_version);
    let response = session.arm().get_optional(&request, deadline).await?;
    response.map(|response| parse(session, &request, response.body)).transpose()
}

fn parse(session: &Session, request: &Request, document: Value) -> Result<Document, Error> {
    Document::parse(document)
        .map_err(|malformed| session.arm().invalid_response(request, StatusCode::OK, malformed.to_string()))
}
