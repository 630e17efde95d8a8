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
    /// Limits the rows to this time, in addition to the query's own conditions. Not limited if `None`.
    pub timespan: Option<&'a Timespan>,
}

/// Why there is no result.
#[derive(Debug)]
pub enum Failure {
    /// The configured cloud does not name the query API.
    NoEndpoint,
    /// The workspace cannot be read in Resource Manager.
    Workspace(Error),
    /// The query failed.
    Query(Error),
}

impl Query<'_> {
    /// Runs the query. The customer ID of the workspace is looked up once and shared between operations.
    ///
    /// # Errors
    /// [`Failure`]. A result that is not complete is no error: see [`QueryResult::partial`].
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
