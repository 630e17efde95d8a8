//! Errors and warnings about queries.

use super::problem::Problem;
use super::query::Failure;
use crate::azure::{Error, ErrorDetail, TextPosition};
use crate::azure_diagnostics;
use crate::framework::{Diagnostic, Path};
use crate::sentinel::unreadable_workspace;

const ACCESS: &str = "Assign the role Microsoft Sentinel Reader or Log Analytics Reader on the workspace. A new \
                      role assignment takes some minutes to take effect. The guide \"Permissions\" lists every action.";

/// The settings of an endpoint for queries that is wrong.
const ENDPOINT: &str = "If `endpoint.log_analytics_endpoint` (SENTINEL_LOG_ANALYTICS_ENDPOINT) or \
                        `endpoint.log_analytics_audience` (SENTINEL_LOG_ANALYTICS_AUDIENCE) is set, check that it is the \
                        one of the cloud. Without them, the provider uses those of the cloud.";

/// The attributes that errors of a query are about.
#[derive(Clone, Debug)]
pub struct Paths {
    /// The workspace.
    pub workspace: Path,
    /// The query, if it comes from the configuration.
    pub query: Option<Path>,
}

/// The diagnostic of a query that failed. `text` is the query.
#[must_use]
pub fn failure(failure: &Failure, text: &str, paths: &Paths) -> Diagnostic {
    match failure {
        Failure::NoEndpoint => no_endpoint(),
        Failure::Workspace(error) => unreadable_workspace(error, "reading the workspace").at(paths.workspace.clone()),
        Failure::Query(error) => {
            let problem = Problem::of(error);
            let is_about_text = matches!(
                problem,
                Problem::Text { .. }
                    | Problem::MissingTable { .. }
                    | Problem::TooSlow
                    | Problem::TooLarge
                    | Problem::TooLong
            );
            let path = paths.query.clone().filter(|_| is_about_text).unwrap_or_else(|| paths.workspace.clone());
            query_failed(error, problem, text).at(path)
        }
    }
}

fn query_failed(error: &Error, problem: Problem, text: &str) -> Diagnostic {
    let activity = "running the query";
    let with =
        |summary: &str, remedy: &str| azure_diagnostics::from_error_with_own_remedy(error, activity, summary, remedy);
    match problem {
        Problem::Text { message, position } => invalid_query(&message, position, text),
        Problem::MissingTable { name, message } => missing_table(&name, &message),
        Problem::NoAccess => with("Missing permission to query the workspace", ACCESS),
        Problem::PrivateNetwork => with(
            "The workspace accepts no queries from this network",
            "Run Terraform in a network that the workspace allows, or allow queries from public networks under \"Network \
             isolation\" of the workspace.",
        ),
        Problem::TooSlow => with(
            "The query took too long",
            "Shorten the time range, filter earlier in the query, or set a longer timeout: `timeouts { read = \"10m\" }`. Azure \
             stops every query after 10 minutes.",
        ),
        Problem::TooLarge => with(
            "The result of the query is too large",
            "Return less: select columns with `project`, count with `summarize`, or add `| take 1000`.",
        ),
        Problem::TooLong => with(
            "The query is too long",
            "The query exceeds Azure's length limit. Shorten it, for example by moving long lists to a watchlist or a \
             saved function.",
        ),
        // Resource Manager has another endpoint, so it may still be reachable.
        Problem::Endpoint => Diagnostic {
            stops_all_requests: false,
            ..azure_diagnostics::from_error_with_remedy(error, activity, ENDPOINT)
        },
        Problem::Other => azure_diagnostics::from_error(error, activity),
    }
}

fn no_endpoint() -> Diagnostic {
    Diagnostic::error(
        "The cloud has no endpoint for queries",
        "The configured cloud has no Log Analytics endpoint. The provider sends access tokens only to hosts of the \
         configured cloud, so it cannot run queries. Set `endpoint.log_analytics_endpoint` in the provider block, or \
         select the cloud with `environment` or `metadata_host`, without `endpoint`.",
    )
}

fn invalid_query(message: &str, position: Option<TextPosition>, text: &str) -> Diagnostic {
    let mut detail = rejected(message);
    if let Some(position) = position {
        detail.push_str(&excerpt(position, text));
    }
    detail.push_str("\n\nCorrect the query. To try it, open the workspace in the Azure portal and select **Logs**.");
    Diagnostic::error("Invalid query", detail)
}

fn rejected(message: &str) -> String {
    format!("Azure rejected the query: {}.", message.trim_end_matches('.'))
}

/// The number of characters of a line that are shown before and after the position.
const CONTEXT: usize = 60;

/// The line and the column of a position, and the line of the query with a mark below the position. Terraform does not
/// wrap indented lines.
fn excerpt(TextPosition { line, pos }: TextPosition, text: &str) -> String {
    let mut excerpt = format!("\n\nLine {line}, column {}:", pos + 1);
    if let Some(source) = line.checked_sub(1).and_then(|index| text.lines().nth(index)) {
        let skipped = pos.saturating_sub(CONTEXT);
        let shown: String = source.chars().skip(skipped).take(2 * CONTEXT).collect();
        let before: String = shown.chars().take(pos - skipped).map(|it| if it == '\t' { '\t' } else { ' ' }).collect();
        excerpt.push_str(&format!("\n  {}\n  {before}^", shown.trim_end()));
    }
    excerpt
}

fn missing_table(name: &str, message: &str) -> Diagnostic {
    Diagnostic::error(
        "The query refers to something that does not exist",
        format!(
            "{}\n\nThe workspace has no table or function `{name}`. A table may exist only after its first row arrived. Names \
             are case-sensitive. Check the spelling, and whether the connector that fills the table is connected.",
            rejected(message)
        ),
    )
}

/// The warning that Azure returned only a part of the result.
#[must_use]
pub fn partial(causes: &[ErrorDetail], consequence: &str) -> Diagnostic {
    let causes: Vec<String> = causes.iter().map(|cause| format!("  - {}", cause.message)).collect();
    Diagnostic::warning(
        "Azure returned only a part of the result",
        format!("Azure gave these reasons:\n{}\n\n{consequence}", causes.join("\n")),
    )
}

/// The error about tables that the identity may not read.
#[must_use]
pub fn denied_tables(tables: &[String], workspace: &Path) -> Diagnostic {
    let (noun, names) = (if tables.len() == 1 { "table" } else { "tables" }, tables.join("`, `"));
    Diagnostic::error(
        "Missing permission to read a table",
        format!(
            "The identity is allowed to query the workspace, but not to read the {noun} `{names}`. Azure omits the \
             rows of such tables, so the result would be wrong.\n\nAssign a role that contains \
             `Microsoft.OperationalInsights/workspaces/query/{}/read`, for example Microsoft Sentinel Reader or Log \
             Analytics Reader on the workspace.",
            tables.first().map_or("*", String::as_str)
        ),
    )
    .at(workspace.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_the_position_of_an_error() {
        let text = "SecurityAlert\n\t| wher x == 1\n";

        assert_eq!(
            excerpt(TextPosition { line: 2, pos: 3 }, text),
            "\n\nLine 2, column 4:\n  \t| wher x == 1\n  \t  ^"
        );
        assert_eq!(excerpt(TextPosition { line: 9, pos: 0 }, text), "\n\nLine 9, column 1:");
        let long = format!("{}x{}", "a".repeat(1_000_000), "b".repeat(1_000_000));
        let shortened = excerpt(TextPosition { line: 1, pos: 1_000_000 }, &long);
        assert!(shortened.ends_with(&format!("bbb\n  {}^", " ".repeat(CONTEXT))) && shortened.len() < 300);
        assert_eq!(excerpt(TextPosition { line: 0, pos: 0 }, text), "\n\nLine 0, column 1:");
    }

    #[test]
    fn only_the_roles_that_a_query_needs_are_named() {
        let error = crate::azure::ServiceError {
            status: 403,
            code: Some("InsufficientAccessError".to_owned()),
            ..Default::default()
        };
        let error = Error::from(error);

        let detail = query_failed(&error, Problem::of(&error), "").detail;

        assert!(detail.contains("What to do: Assign the role Microsoft Sentinel Reader or"), "{detail}");
        assert!(!detail.contains("Contributor") && !detail.contains("Security Administrator"), "{detail}");
    }

    #[test]
    fn a_rejected_token_or_an_unknown_host_names_the_settings_of_the_endpoint() {
        let rejected = crate::azure::ServiceError { status: 401, ..Default::default() };
        let (host, cause) = ("logs.example".to_owned(), "dns error".to_owned());
        let unknown_host = Error::Transport { host, kind: crate::azure::TransportKind::Name, cause };

        for error in [Error::from(rejected), unknown_host] {
            let detail = query_failed(&error, Problem::of(&error), "").detail;

            assert!(detail.contains("What to do:\n  - If `endpoint.log_analytics_endpoint`"), "{detail}");
            assert!(detail.contains("`endpoint.log_analytics_audience`"), "{detail}");
        }
    }

    #[test]
    fn message_ends_with_one_full_stop() {
        for message in ["It is wrong", "It is wrong."] {
            assert!(invalid_query(message, None, "").detail.contains(": It is wrong.\n"), "{message}");
        }
    }
}
