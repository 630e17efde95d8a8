//! One query: the workspace, the permissions, the rows, and the response.

use std::cell::RefCell;

use serde_json::{Map, Value as Json, json};
use time::OffsetDateTime;

use super::caller::{self, Caller};
use super::error::QueryError;
use super::request::{self, QueryRequest};
use super::{iso8601, tables};
use crate::entra::Entra;
use crate::http::{Request, Response};
use crate::kql::{self, KqlError, Table, Tables, Value};
use crate::world::World;

/// Handles a query in the workspace with this customer ID.
pub(super) fn handle(
    request: &Request,
    world: &World,
    entra: &Entra<'_>,
    customer_id: &str,
) -> Result<Response, QueryError> {
    let claims = caller::authenticate(request, world, entra)?;
    let (workspace, document) = workspace(world, customer_id).ok_or_else(QueryError::path_not_found)?;
    let caller = Caller::authorized(claims, &workspace, world)?;
    if document["properties"]["publicNetworkAccessForQuery"] == "Disabled" {
        let name = document["name"].as_str().unwrap_or_default();
        return Err(QueryError::private_network_only(&workspace, name));
    }
    let query_request = QueryRequest::read(request)?;
    let query = kql::parse(&query_request.query)?;
    let interval = query_request.timespan.as_deref().map(|timespan| interval(timespan, world)).transpose()?;
    let tables =
        WorkspaceTables { world, workspace: &workspace, caller: &caller, interval, denied: RefCell::default() };
    let result = kql::run(&query, &tables, world.now())?;
    let denied = tables.denied.into_inner();
    let mut body = response(&result, world.settings.behaviors.query_row_limit);
    if query_request.wants_permissions {
        body["permissions"] = permissions(&workspace, &denied);
    }
    Ok(Response::ok(&body))
}

/// The ARM ID and the document of the workspace with this customer ID.
fn workspace<'a>(world: &'a World, customer_id: &str) -> Option<(String, &'a Json)> {
    const TYPE: &str = "Microsoft.OperationalInsights/workspaces";
    world.documents.iter().find_map(|(_, document)| {
        let text = |pointer: &str| document.pointer(pointer).and_then(Json::as_str);
        let is_own = text("/type")?.eq_ignore_ascii_case(TYPE)
            && text("/properties/customerId")?.eq_ignore_ascii_case(customer_id);
        Some((text("/id").filter(|_| is_own)?.to_owned(), document))
    })
}

/// The start and the end of the timespan.
fn interval(timespan: &str, world: &World) -> Result<Interval, QueryError> {
    iso8601::interval(timespan, world.now())
        .ok_or_else(|| request::invalid(&format!("The timespan '{timespan}' is not an ISO 8601 duration or interval")))
}

type Interval = (OffsetDateTime, OffsetDateTime);

/// The tables of a workspace, with the rows that the caller may read.
struct WorkspaceTables<'a> {
    world: &'a World,
    workspace: &'a str,
    caller: &'a Caller,
    interval: Option<Interval>,
    /// The tables of the query that the caller may not read.
    denied: RefCell<Vec<String>>,
}

impl Tables for WorkspaceTables<'_> {
    fn find(&self, name: &str, operator: Option<&str>) -> Result<Table, KqlError> {
        let table = tables::find(self.world, self.workspace, name);
        let mut table = table.ok_or_else(|| KqlError::unknown_table(operator, name))?;
        // Azure does not reject the query. It omits rows that the caller may not read, and reports this only on
        // request.
        if !self.caller.may_read(self.world, name) {
            table.rows.clear();
            let mut denied = self.denied.borrow_mut();
            if !denied.iter().any(|known| known == name) {
                denied.push(name.to_owned());
            }
        }
        if let (Some((start, end)), Some(time)) = (self.interval, table.index(tables::TIME)) {
            table.rows.retain(|row| matches!(&row[time], Value::DateTime(at) if (start..=end).contains(at)));
        }
        Ok(table)
    }
}

/// The body of the response. A result with too many rows is truncated and has an error, with status 200.
fn response(result: &Table, limit: usize) -> Json {
    let columns: Vec<Json> =
        result.columns.iter().map(|column| json!({"name": column.name, "type": column.kind.name()})).collect();
    let rows: Vec<Json> =
        result.rows.iter().take(limit).map(|row| row.iter().map(Value::to_json).collect::<Json>()).collect();
    let mut body = json!({"tables": [{"name": "PrimaryResult", "columns": columns, "rows": rows}]});
    if result.rows.len() > limit {
        let message = format!(
            "The results of this query exceed the set limit of {limit} records, so not all records were returned \
             (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003). See https://aka.ms/kustoquerylimits for more information and \
             possible solutions."
        );
        body["error"] = json!({
            "code": "PartialError",
            "message": "There were some errors when processing your query.",
            "details": [{
                "code": "EngineError",
                "message": "Something went wrong processing your query on the server.",
                "innererror": {"code": "-2133196797", "message": message, "severity": 2, "severityName": "Error"},
            }],
        });
    }
    body
}

/// The member that `Prefer: include-permissions=true` adds to the response.
fn permissions(workspace: &str, denied: &[String]) -> Json {
    let mut source = Map::new();
    source.insert("resourceId".to_owned(), json!(workspace));
    if !denied.is_empty() {
        source.insert("denyTables".to_owned(), json!(denied));
    }
    json!({"dataSources": [source]})
}
