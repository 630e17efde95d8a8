//! The data source `sentinel_dfc_alert_summary`.

mod attributes;

use time::OffsetDateTime;

use attributes::{
    BY_DAY, BY_SEVERITY, BY_SUBSCRIPTION, FROM_SUBSCRIPTION_CONNECTORS, IS_PARTIAL, IS_RECEIVING, NEWEST, QUERY,
    STATUS, TOTAL, WINDOW, WORKSPACE_ID,
};

use super::kql;
use super::summary::{Status, Summary};
use crate::framework::{Context, DataSource, Diagnostic, Diagnostics, Schema, State, Timeouts};
use crate::log_analytics::{Failure, Problem, Query, QueryResult, diagnostics};
use crate::session::{self, Session};

/// The data source `sentinel_dfc_alert_summary`.
#[derive(Clone, Copy, Debug, Default)]
pub struct AlertSummaryDataSource;

impl DataSource for AlertSummaryDataSource {
    type Client = Session;

    fn type_name(&self) -> &'static str {
        "sentinel_dfc_alert_summary"
    }

    fn schema(&self) -> Schema {
        Schema::new(
            "Counts the Microsoft Defender for Cloud alerts that arrived in a Microsoft Sentinel workspace. Use it to \
             check that a connector works.\n\nThe tenant-based and the subscription-based connector write alerts to \
             the table `SecurityAlert`. Only informational alerts show which connector they came from: see \
             `min_from_subscription_connectors`.",
        )
        .attribute(&WORKSPACE_ID)
        .attribute(&WINDOW)
        .attribute(&STATUS)
        .attribute(&IS_RECEIVING)
        .attribute(&TOTAL)
        .attribute(&BY_SEVERITY)
        .attribute(&BY_DAY)
        .attribute(&BY_SUBSCRIPTION)
        .attribute(&NEWEST)
        .attribute(&FROM_SUBSCRIPTION_CONNECTORS)
        .attribute(&IS_PARTIAL)
        .attribute(&QUERY)
        .timeouts(Timeouts::DATA_SOURCE)
    }

    async fn read(&self, context: &Context, session: &Session, mut config: State) -> Result<State, Diagnostics> {
        let (workspace, window) = (config.get(&WORKSPACE_ID)?, config.get(&WINDOW)?);
        let deadline = session::deadline(context);
        let text = kql::summary(&window);
        let query = Query { workspace: &workspace, text: &text, timespan: None };
        let result = allow_missing_table(query.run(session, &deadline).await).map_err(|failure| {
            let paths = diagnostics::Paths { workspace: WORKSPACE_ID.path(), query: None };
            diagnostics::failure(&failure, &text, &paths)
        })?;
        let now = OffsetDateTime::now_utc();
        let summary = match &result {
            Some(result) if result.is_denied(kql::TABLE) => {
                return Err(diagnostics::denied_tables(&[kql::TABLE.to_owned()], &WORKSPACE_ID.path()).into());
            }
            // A partial result has no columns if Azure stopped before the first row.
            Some(result) if !result.columns.is_empty() || result.partial.is_empty() => {
                Summary::of(result, window.length(), now).map_err(unexpected)?
            }
            _ => Summary::empty(window.length(), now),
        };
        let partial = result.as_ref().map(|result| result.partial.as_slice()).unwrap_or_default();
        if !partial.is_empty() {
            let consequence = "Alerts may be missing, so the numbers may be too low. Use a shorter `window`.";
            context.warn(diagnostics::partial(partial, consequence).at(WINDOW.path()));
        }
        let status = Status::of(result.as_ref(), summary.total);
        config.set(&STATUS, status.name().to_owned());
        config.set(&IS_RECEIVING, status.is_receiving());
        config.set(&IS_PARTIAL, !partial.is_empty());
        config.set(&FROM_SUBSCRIPTION_CONNECTORS, summary.min_from_subscription_connectors());
        config.set(&TOTAL, summary.total);
        config.set(&BY_SEVERITY, summary.by_severity);
        config.set(&BY_DAY, summary.by_day);
        config.set(&BY_SUBSCRIPTION, summary.by_subscription);
        config.set(&NEWEST, summary.newest);
        config.set(&QUERY, text);
        Ok(config)
    }
}

/// The result, or `None` if the table does not exist yet, which is not an error.
fn allow_missing_table(result: Result<QueryResult, Failure>) -> Result<Option<QueryResult>, Failure> {
    match result {
        Ok(result) => Ok(Some(result)),
        Err(Failure::Query(error)) => match Problem::of(&error) {
            Problem::MissingTable { name, .. } if name == kql::TABLE => Ok(None),
            _ => Err(Failure::Query(error)),
        },
        Err(failure) => Err(failure),
    }
}

fn unexpected(column: &'static str) -> Diagnostic {
    Diagnostic::error(
        "Azure returned an unexpected result",
        format!(
            "The column `{column}` of the result is missing or has an unexpected type. Update the provider. Until then, run the \
             query with `sentinel_log_query`."
        ),
    )
    .at(WORKSPACE_ID.path())
}

#[cfg(test)]
mod tests;
