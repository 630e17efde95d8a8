//! Runs a query in a workspace.

use super::customer_id::CustomerId;
use super::result::QueryResult;
use super::{Timespan, request};
use crate::azure::{Deadline, Error};
use crate::sentinel::WorkspaceId;
use crate::session::Session;

/// A query of one workspace.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// The workspace.
    pub workspace: &'a WorkspaceId,
    /// The text, in the Kusto Query Language.
    pub text: &'a str,
    /// The time range of the rows, in addition to the query's own filters. Unlimited if `None`.
    pub timespan: Option<&'a Timespan>,
}

/// Why a query has no result.
#[derive(Debug)]
pub enum Failure {
    /// The configured cloud has no endpoint for queries.
    NoEndpoint,
    /// The workspace cannot be read in Resource Manager.
    Workspace(Error),
    /// The query failed.
    Query(Error),
}

impl Query<'_> {
    /// Runs the query. Operations share the customer ID of the workspace.
    ///
    /// # Errors
    /// [`Failure`]. A partial result is not an error: see [`QueryResult::partial`].
    pub async fn run(&self, session: &Session, deadline: &Deadline) -> Result<QueryResult, Failure> {
        let client = session.arm().log_analytics().ok_or(Failure::NoEndpoint)?;
        let customer_id =
            session.look_up(&CustomerId::of(self.workspace), deadline).await.map_err(Failure::Workspace)?;
        let request = request::query(&customer_id, self.text, self.timespan, deadline.remaining());
        let response = client.send(&request, deadline).await.map_err(Failure::Query)?;
        let status = response.status;
        QueryResult::read(response.body)
            .map_err(|problem| Failure::Query(client.invalid_response(&request, status, problem)))
    }
}
