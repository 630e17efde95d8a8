//! What a plan does about a prerequisite that is not met: the provider argument `preflight`.

/// The values of the provider argument `preflight`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum PreflightMode {
    /// Nothing is checked.
    #[default]
    Off,
    /// The plan warns.
    Warn,
    /// The plan fails.
    Error,
}

impl PreflightMode {
    /// The mode with this name, in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "off" => Some(Self::Off),
            "warn" => Some(Self::Warn),
            "error" => Some(Self::Error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_every_mode() {
        assert_eq!(PreflightMode::named("OFF"), Some(PreflightMode::Off));
        assert_eq!(PreflightMode::named(" warn "), Some(PreflightMode::Warn));
        assert_eq!(PreflightMode::named("error"), Some(PreflightMode::Error));
        assert_eq!(PreflightMode::named("yes"), None);
    }
}
