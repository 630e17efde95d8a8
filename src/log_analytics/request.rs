//! The request of a query: POST `/v1/workspaces/{customerId}/query`.

use std::time::Duration;

use serde_json::json;

use super::Timespan;
use crate::azure::Request;

/// The longest time limit of a query in Azure.
const MAX_LENGTH: Duration = Duration::from_secs(600);

/// How long before the operation's deadline Azure should stop the query, so that its response arrives in time.
const MARGIN: Duration = Duration::from_secs(2);

/// The request that runs `query`. `remaining` is the time until the operation's deadline.
///
/// `include-permissions` makes Azure list the tables that the identity may not read. Without it, Azure omits their rows
/// silently.
pub(super) fn query(customer_id: &str, query: &str, timespan: Option<&Timespan>, remaining: Duration) -> Request {
    let limit = time_limit(remaining);
    let mut body = json!({"query": query});
    if let Some(timespan) = timespan {
        body["timespan"] = json!(timespan.for_azure());
    }
    let prefer = format!("wait={},include-permissions=true", limit.as_secs());
    Request::run_query(format!("/v1/workspaces/{customer_id}/query"), body, limit).header("prefer", prefer)
}

/// The time limit of the query, in whole seconds and at least one.
fn time_limit(remaining: Duration) -> Duration {
    Duration::from_secs(remaining.saturating_sub(MARGIN).min(MAX_LENGTH).as_secs().max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "4c8d2f7a-1e63-4b95-a0d8-6f3e9c5b7d12";

    #[test]
    fn body_contains_the_query_and_its_timespan() {
        let timespan = Timespan::parse("P1W").expect("a timespan");

        let request = query(ID, "T | count", Some(&timespan), Duration::from_secs(62));

        assert_eq!(request.path(), format!("/v1/workspaces/{ID}/query"));
        assert_eq!(request.body(), Some(&json!({"query": "T | count", "timespan": "PT604800S"})));
        assert_eq!(request.headers(), [("prefer", "wait=60,include-permissions=true".into())]);
        assert_eq!(query(ID, "T", None, MAX_LENGTH).body(), Some(&json!({"query": "T"})));
    }

    #[test]
    fn time_limit_ends_before_the_deadline_and_after_ten_minutes() {
        for (remaining, limit) in [(0, 1), (1, 1), (300, 298), (602, 600), (7200, 600)] {
            assert_eq!(time_limit(Duration::from_secs(remaining)).as_secs(), limit, "{remaining}");
        }
    }
}
