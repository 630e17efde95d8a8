//! The correlation ID, by which Azure's activity log and support find the requests of a run.

use http::header::HeaderValue;
use uuid::Uuid;

/// The value of `x-ms-correlation-request-id`, the same for all requests of a run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Correlation(Option<String>);

impl Correlation {
    /// A new random ID.
    #[must_use]
    pub fn random() -> Self {
        Self(Some(Uuid::new_v4().to_string()))
    }

    /// The ID that the user sets (`ARM_CORRELATION_REQUEST_ID`), or a random ID if it is not a valid header.
    #[must_use]
    pub fn given(id: &str) -> Self {
        match HeaderValue::from_str(id.trim()) {
            Ok(value) if !value.is_empty() => Self(Some(id.trim().to_owned())),
            _ => Self::random(),
        }
    }

    /// No ID (`disable_correlation_request_id`).
    #[must_use]
    pub fn disabled() -> Self {
        Self(None)
    }

    /// The ID, unless disabled.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.0.as_deref()
    }
}
