//! The provider argument `preflight`, which controls how a plan reports unmet prerequisites.

/// The values of the provider argument `preflight`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum PreflightMode {
    /// The plan does not check prerequisites.
    #[default]
    Off,
    /// The plan reports unmet prerequisites as warnings.
    Warn,
    /// The plan reports unmet prerequisites as errors.
    Error,
}

impl PreflightMode {
    /// The mode with this name, ignoring case.
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
