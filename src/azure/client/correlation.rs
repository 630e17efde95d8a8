//! The correlation ID: Azure's activity log and support find the requests of a run by it.

use http::header::HeaderValue;
use uuid::Uuid;

/// `x-ms-correlation-request-id`: the same for all requests of a run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Correlation(Option<String>);

impl Correlation {
    /// A new random id.
    #[must_use]
    pub fn random() -> Self {
        Self(Some(Uuid::new_v4().to_string()))
    }

    /// The id of the user (`ARM_CORRELATION_REQUEST_ID`), or a random one if it is not a valid header.
    #[must_use]
    pub fn given(id: &str) -> Self {
        match HeaderValue::from_str(id.trim()) {
            Ok(value) if !value.is_empty() => Self(Some(id.trim().to_owned())),
            _ => Self::random(),
        }
    }

    /// No id (`disable_correlation_request_id`).
    #[must_use]
    pub fn disabled() -> Self {
        Self(None)
    }

    /// The id, unless disabled.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.0.as_deref()
    }
}
