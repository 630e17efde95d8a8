//! The query API of Log Analytics: `POST {endpoint}/loganalytics/v1/workspaces/{customer ID}/query`.
//!
//! In Azure, the API has its own host and audience. The simulator has one host, so the API is below a path, and its
//! audience is the URL of that path, as in the cloud metadata (`logAnalyticsResourceId`). Azure's audiences are
//! accepted too. The path without `/loganalytics` is for clients that build the path themselves.
//!
//! `caller` checks the token, `request` reads the body and the headers, `tables` finds the rows, `crate::kql` runs the
//! query, and `error` contains the errors of the API, which differ from Resource Manager's.

mod caller;
mod error;
mod iso8601;
mod query;
mod request;
mod tables;

use hyper::Method;

use crate::entra::{Entra, LOG_ANALYTICS_PATH};
use crate::http::{Request, Response};
use crate::world::World;
use error::QueryError;

/// Handles a request to this API. Returns none for other paths.
pub(crate) fn handle(request: &Request, world: &World, entra: &Entra<'_>) -> Option<Response> {
    let path = request.path.strip_prefix(LOG_ANALYTICS_PATH).unwrap_or(&request.path);
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let is_own = segments.next().is_some_and(|first| first.eq_ignore_ascii_case("v1"));
    if !is_own {
        return None;
    }
    let rest: Vec<&str> = segments.collect();
    let response = match rest.as_slice() {
        [collection, workspace, action]
            if collection.eq_ignore_ascii_case("workspaces") && action.eq_ignore_ascii_case("query") =>
        {
            match request.method {
                Method::GET | Method::POST => query::handle(request, world, entra, workspace),
                _ => Err(QueryError::method_not_allowed(&request.method)),
            }
        }
        _ => Err(QueryError::path_not_found()),
    };
    Some(response.unwrap_or_else(|error| error.response(request)))
}
