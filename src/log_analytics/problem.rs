//! The cause of a failed query.

use crate::azure::{Error, ServiceError, TextPosition};

/// Why a query failed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Problem {
    /// The text is not a valid query.
    Text {
        /// Azure's message.
        message: String,
        /// The position in the text.
        position: Option<TextPosition>,
    },
    /// The text refers to a table that does not exist in the workspace.
    MissingTable {
        /// The name of the table.
        name: String,
        /// Azure's message.
        message: String,
    },
    /// The identity may not run queries in the workspace.
    NoAccess,
    /// The workspace accepts no queries from this network.
    PrivateNetwork,
    /// The query took too long.
    TooSlow,
    /// The result is larger than the provider accepts.
    TooLarge,
    /// The text is longer than Azure accepts.
    TooLong,
    /// The endpoint or the audience of the queries may be wrong.
    Endpoint,
    /// The error is not about the query.
    Other,
}

impl Problem {
    /// The cause of an error.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        if error.is_too_large() {
            return Self::TooLarge;
        }
        // Azure's time limit may end after the deadline, because authentication and earlier attempts took time.
        if matches!(error, Error::TimedOut { last: None, .. }) {
            return Self::TooSlow;
        }
        match error.service() {
            _ if error.is_about_endpoint() => Self::Endpoint,
            Some(service) => Self::of_service(service),
            None => Self::Other,
        }
    }

    fn of_service(error: &ServiceError) -> Self {
        let code = |wanted: &str| error.has_code(wanted) || error.details.iter().any(|detail| detail.has_code(wanted));
        match error.status {
            400 if error.has_code("BadArgumentError") => Self::of_text(error),
            403 if code("NspValidationFailedError") => Self::PrivateNetwork,
            403 if code("InsufficientAccessError") => Self::NoAccess,
            413 => Self::TooLong,
            504 => Self::TooSlow,
            _ => Self::Other,
        }
    }

    /// The innermost error is the most specific: it has the position, and names what does not exist.
    fn of_text(error: &ServiceError) -> Self {
        let (message, position) = match error.details.last() {
            Some(detail) => (detail.message.clone(), error.details.iter().find_map(|detail| detail.position)),
            None => (error.message.clone(), None),
        };
        match missing_table(&message) {
            Some(name) => Self::MissingTable { name: name.to_owned(), message },
            None => Self::Text { message, position },
        }
    }
}

/// The table in "'where' operator: Failed to resolve table or column expression named 'SecurityAlert'".
fn missing_table(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("Failed to resolve table")?;
    let (_, name) = rest.split_once("named '")?;
    name.split_once('\'').map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::ErrorDetail;

    fn detail(code: &str, message: &str) -> ErrorDetail {
        ErrorDetail { code: Some(code.to_owned()), message: message.to_owned(), ..ErrorDetail::default() }
    }

    fn error(status: u16, code: &str, details: Vec<ErrorDetail>) -> Error {
        let (code, message) = (Some(code.to_owned()), "outer".to_owned());
        ServiceError { status, code, message, details, ..ServiceError::default() }.into()
    }

    #[test]
    fn invalid_text_has_a_message_and_a_position() {
        let position = Some(TextPosition { line: 1, pos: 3 });
        let syntax = ErrorDetail { position, ..detail("SYN0002", "inner") };
        let details = vec![detail("SyntaxError", "A recognition error"), syntax];

        assert_eq!(
            Problem::of(&error(400, "BadArgumentError", details)),
            Problem::Text { message: "inner".to_owned(), position }
        );
        let expected = Problem::Text { message: "outer".to_owned(), position: None };
        assert_eq!(Problem::of(&error(400, "BadArgumentError", Vec::new())), expected);
    }

    #[test]
    fn distinguishes_missing_table_from_missing_column() {
        let named = |message: &str| Problem::of(&error(400, "BadArgumentError", vec![detail("SEM0100", message)]));

        let table = "'where' operator: Failed to resolve table or column expression named 'SecurityAlert'";
        assert!(matches!(named(table), Problem::MissingTable { name, .. } if name == "SecurityAlert"));
        let column = "'where' operator: Failed to resolve column or scalar expression named 'Nope'";
        assert!(matches!(named(column), Problem::Text { .. }));
    }

    #[test]
    fn timeout_is_a_slow_query_unless_an_attempt_failed() {
        let timed_out = |last: Option<Error>| {
            let waited = std::time::Duration::from_secs(300);
            let (last, limit) = (last.map(Box::new), crate::azure::Deadline::lasting(waited).limit());
            Problem::of(&Error::TimedOut { last, waited, limit, next_wait: None, outcome_unknown: false })
        };

        assert_eq!(timed_out(None), Problem::TooSlow);
        assert_eq!(timed_out(Some(error(503, "ServiceUnavailable", Vec::new()))), Problem::Other);
    }

    #[test]
    fn distinguishes_rejected_queries() {
        let inner = vec![detail("NspValidationFailedError", "denied")];

        assert_eq!(Problem::of(&error(403, "InsufficientAccessError", inner)), Problem::PrivateNetwork);
        assert_eq!(Problem::of(&error(403, "InsufficientAccessError", Vec::new())), Problem::NoAccess);
        assert_eq!(Problem::of(&error(403, "InvalidTokenError", Vec::new())), Problem::Other);
        assert_eq!(Problem::of(&error(504, "GatewayTimeout", Vec::new())), Problem::TooSlow);
        assert_eq!(Problem::of(&error(413, "RequestBodyTooLarge", Vec::new())), Problem::TooLong);
        assert_eq!(Problem::of(&error(400, "OtherError", Vec::new())), Problem::Other);
    }
}
