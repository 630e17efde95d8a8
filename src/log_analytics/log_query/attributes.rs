//! The attributes of `sentinel_log_query`.

use std::collections::BTreeMap;

use crate::framework::{Attribute, Validator, nested_object};
use crate::log_analytics::{Column, Timespan};
use crate::sentinel::WorkspaceId;

pub(super) const WORKSPACE_ID: Attribute<WorkspaceId> =
    Attribute::required("workspace_id").description("The ID of the Log Analytics workspace to query.");

pub(super) const QUERY: Attribute<String> =
    Attribute::required("query").description("The KQL query.").validate(&[NOT_BLANK]);

pub(super) const TIMESPAN: Attribute<Option<Timespan>> = Attribute::optional("timespan").description(
    "The time range of the query: an ISO 8601 duration that ends now, for example `P7D`, or an interval, for example \
     `2026-01-01T00:00:00Z/2026-01-08T00:00:00Z`. Azure combines it with the filters on `TimeGenerated` in the query. By \
     default, only the query limits the time.",
);

pub(super) const MAX_ROWS: Attribute<i64> = Attribute::optional_with_default("max_rows", || 1000)
    .description(
        "The maximum number of rows to return. If the query returns more, the data source warns and sets `is_partial`. \
         The state contains every row twice, so keep results small.",
    )
    .validate(&[Validator::Between(1, 30_000)]);

pub(super) const COLUMNS: Attribute<Vec<ResultColumn>> =
    Attribute::computed("columns").description("The columns of the result, in order.");

pub(super) const ROWS: Attribute<Vec<BTreeMap<String, Option<String>>>> = Attribute::computed("rows").description(
    "The rows, as maps of column names to strings. Empty values are null, except in `string` columns. `dynamic` values \
     are JSON strings.",
);

pub(super) const ROWS_JSON: Attribute<String> = Attribute::computed("rows_json").description(
    "The rows as a JSON array of objects, in which numbers, booleans and `dynamic` values keep their types. Use it with \
     `jsondecode`.",
);

pub(super) const IS_PARTIAL: Attribute<bool> = Attribute::computed("is_partial").description(
    "Whether rows are missing: the query returned more than `max_rows` rows, or Azure returned only a part of the \
     result. A warning shows the reason.",
);

nested_object! {
    /// A column of the result.
    #[derive(Clone, Debug, PartialEq)]
    pub(super) struct ResultColumn {
        pub(super) name: String = Attribute::computed("name").description("The name of the column."),
        pub(super) kind: String = Attribute::computed("type")
            .description("The type of the column in Kusto, for example `string`, `long`, `datetime` or `dynamic`."),
    }
}

impl ResultColumn {
    pub(super) fn of(column: &Column) -> Self {
        Self { name: column.name.clone(), kind: column.kind.clone() }
    }
}

const NOT_BLANK: Validator =
    Validator::pattern("not be blank", "SecurityAlert | count", |text| !text.trim().is_empty());
