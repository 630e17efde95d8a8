//! What a plan does about a prerequisite that is not met: the provider argument `preflight`.

/// The values of the provider argument `preflight`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Preflight {
    /// Nothing is checked.
    #[default]
    Off,
    /// The plan warns.
    Warn,
    /// The plan fails.
    Error,
}

impl Preflight {
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
        assert_eq!(Preflight::named("OFF"), Some(Preflight::Off));
        assert_eq!(Preflight::named(" warn "), Some(Preflight::Warn));
        assert_eq!(Preflight::named("error"), Some(Preflight::Error));
        assert_eq!(Preflight::named("yes"), None);
    }
}
