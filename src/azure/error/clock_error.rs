//! The difference between the clock of this machine and the clock of a service.

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::azure::text::human;

/// The difference that Azure tolerates.
const TOLERANCE: Duration = Duration::from_secs(60);

/// A difference that Azure may not tolerate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClockError {
    /// This machine is ahead by this much.
    Ahead(Duration),
    /// This machine is behind by this much.
    Behind(Duration),
}

impl ClockError {
    /// Compares the time of a response with the time of this machine when the response arrived.
    pub(in crate::azure) fn between(service: SystemTime, machine: SystemTime) -> Option<Self> {
        let error = match machine.duration_since(service) {
            Ok(ahead) => Self::Ahead(ahead),
            Err(behind) => Self::Behind(behind.duration()),
        };
        let (Self::Ahead(difference) | Self::Behind(difference)) = error;
        (difference > TOLERANCE).then_some(error)
    }
}

impl fmt::Display for ClockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ahead(difference) => write!(f, "{} ahead of Azure's", human(*difference)),
            Self::Behind(difference) => write!(f, "{} behind Azure's", human(*difference)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignores_a_difference_of_at_most_a_minute() {
        let service = SystemTime::UNIX_EPOCH + Duration::from_secs(10_000);
        let error = |machine: SystemTime| ClockError::between(service, machine).map(|error| error.to_string());

        assert_eq!(error(service + Duration::from_secs(60)), None);
        assert_eq!(error(service + Duration::from_secs(600)).as_deref(), Some("10 min ahead of Azure's"));
        assert_eq!(error(service - Duration::from_secs(90)).as_deref(), Some("1 min 30 s behind Azure's"));
    }
}
