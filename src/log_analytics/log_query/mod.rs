//! The data source `sentinel_log_query`, which runs a query in a workspace.

mod attributes;
mod cells;

use attributes::{COLUMNS, IS_PARTIAL, MAX_ROWS, QUERY, ROWS, ROWS_JSON, ResultColumn, TIMESPAN, WORKSPACE_ID};

use super::{Query, QueryResult, diagnostics};
use crate::framework::{Context, DataSource, Diagnostic, Diagnostics, Schema, State, Timeouts};
use crate::session::{self, Session};

/// The data source `sentinel_log_query`.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogQueryDataSource;

impl DataSource for LogQueryDataSource {
    type Client = Session;

    fn type_name(&self) -> &'static str {
        "sentinel_log_query"
    }

    fn schema(&self) -> Schema {
        Schema::new(
            "Runs a query in the Kusto Query Language (KQL) in a Log Analytics workspace and returns its rows.\n\nTerraform \
             runs the query in each plan, and keeps the result in the state. If an argument is known only \
             after apply, it runs the query only in the apply. Everybody who can read the state can read the rows.",
        )
        .attribute(&WORKSPACE_ID)
        .attribute(&QUERY)
        .attribute(&TIMESPAN)
        .attribute(&MAX_ROWS)
        .attribute(&COLUMNS)
        .attribute(&ROWS)
        .attribute(&ROWS_JSON)
        .attribute(&IS_PARTIAL)
        .timeouts(Timeouts::DATA_SOURCE)
    }

    async fn read(&self, context: &Context, session: &Session, mut config: State) -> Result<State, Diagnostics> {
        let (workspace, text) = (config.get(&WORKSPACE_ID)?, config.get(&QUERY)?);
        let (timespan, max_rows) = (config.get(&TIMESPAN)?, config.get(&MAX_ROWS)?);
        let deadline = session::deadline(context);
        let query = Query { workspace: &workspace, text: &text, timespan: timespan.as_ref() };
        let paths = diagnostics::Paths { workspace: WORKSPACE_ID.path(), query: Some(QUERY.path()) };
        let result = query.run(session, &deadline).await;
        let mut result = result.map_err(|failure| diagnostics::failure(&failure, &text, &paths))?;
        if !result.denied_tables.is_empty() {
            return Err(diagnostics::denied_tables(&result.denied_tables, &WORKSPACE_ID.path()).into());
        }
        if let Some(name) = result.duplicate_column() {
            return Err(same_column(name).into());
        }
        let warnings = truncate(&mut result, usize::try_from(max_rows).unwrap_or_default());
        config.set(&IS_PARTIAL, !warnings.is_empty());
        warnings.into_iter().for_each(|warning| context.warn(warning));
        config.set(&COLUMNS, result.columns.iter().map(ResultColumn::of).collect());
        config.set(&ROWS, cells::rows(&result));
        config.set(&ROWS_JSON, cells::json(&result));
        Ok(config)
    }
}

/// Truncates the result to `max_rows`, and returns the warnings about missing rows.
fn truncate(result: &mut QueryResult, max_rows: usize) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    if !result.partial.is_empty() {
        let consequence = "Rows or values are missing, so `is_partial` is true. If a limit was exceeded, shorten `timespan` or \
                           return fewer rows and columns.";
        warnings.push(diagnostics::partial(&result.partial, consequence).at(QUERY.path()));
    }
    if result.further_results > 0 {
        let warning = Diagnostic::warning(
            "The query returned more than one result",
            format!(
                "The query returned {} results. The data source keeps only the first one, so `is_partial` is true. Run a query \
                 for each result, without `fork`.",
                result.further_results + 1
            ),
        );
        warnings.push(warning.at(QUERY.path()));
    }
    let found = result.rows.len();
    if found > max_rows {
        result.rows.truncate(max_rows);
        warnings.push(
            Diagnostic::warning(
                "The query returned more rows than max_rows",
                format!(
                    "The query returned {found} rows. The data source keeps the first {max_rows} of them (`max_rows`), so \
                     `is_partial` is true. Without a sort order, Azure may return other rows each time. Return fewer rows, for \
                     example with `| top {max_rows} by TimeGenerated`, or increase `max_rows`."
                ),
            )
            .at(MAX_ROWS.path()),
        );
    }
    warnings
}

fn same_column(name: &str) -> Diagnostic {
    let detail = format!(
        "The result of the query has several columns that are called `{name}`. Rows are maps, so each column needs a name of its \
         own. Rename the columns in the query, for example with `project`."
    );
    Diagnostic::error("Several columns have the same name", detail).at(QUERY.path())
}

#[cfg(test)]
mod tests;
