//! What the settings say about a login method.

/// Whether a login method can be used.
pub(super) enum Verdict<T> {
    /// It is configured completely.
    Use(T),
    /// It is not configured, or a setting is missing.
    Missing(String),
    /// It is configured, but this version of the provider does not support it.
    Unsupported(String),
}

impl<T> Verdict<T> {
    /// The same verdict about the method as another type.
    pub(super) fn map<U>(self, method: impl FnOnce(T) -> U) -> Verdict<U> {
        match self {
            Self::Use(found) => Verdict::Use(method(found)),
            Self::Missing(reason) => Verdict::Missing(reason),
            Self::Unsupported(reason) => Verdict::Unsupported(reason),
        }
    }
}

/// Says which of these settings are missing.
pub(super) fn missing(settings: &[(&'static str, bool)]) -> String {
    let absent: Vec<&str> = settings.iter().filter(|(_, present)| !present).map(|(name, _)| *name).collect();
    match absent.as_slice() {
        [one] => format!("{one} is not set"),
        several => format!("{} are not set", several.join(" and ")),
    }
}
