//! Whether the settings configure a login method.

use super::setting::{Interface, Level};

/// Whether a login method can be used.
#[derive(Debug)]
pub(super) enum Availability<T> {
    /// It is configured completely.
    Available { method: T, level: Level },
    /// No setting asks for it. The text says which one would.
    NotConfigured(String),
    /// A setting of this level asks for it, but others are missing.
    Incomplete { reason: String, missing: Vec<&'static str>, level: Level },
    /// A setting asks for it, but it cannot be used on this machine.
    Unusable { reason: String, level: Level },
}

impl<T> Availability<T> {
    /// A method that a setting asks for while others are missing. `because` says which setting asks for it.
    pub(super) fn incomplete(interface: Interface, because: &str, missing: Vec<&'static str>, level: Level) -> Self {
        Self::Incomplete { reason: format!("{because}, but {}", not_set(interface, &missing)), missing, level }
    }

    /// The same verdict about the method as another type.
    pub(super) fn map<U>(self, method: impl FnOnce(T) -> U) -> Availability<U> {
        match self {
            Self::Available { method: found, level } => Availability::Available { method: method(found), level },
            Self::NotConfigured(reason) => Availability::NotConfigured(reason),
            Self::Incomplete { reason, missing, level } => Availability::Incomplete { reason, missing, level },
            Self::Unusable { reason, level } => Availability::Unusable { reason, level },
        }
    }
}

/// "`tenant_id` is not set", "`tenant_id` and `client_id` are not set". One item may name several
/// settings of which one is needed.
pub(super) fn not_set(interface: Interface, missing: &[&str]) -> String {
    let names = |item: &str, separator: &str| {
        item.split(" or ").map(|setting| interface.name(setting)).collect::<Vec<_>>().join(separator)
    };
    match missing {
        [one] if one.contains(" or ") => format!("neither {} is set", names(one, " nor ")),
        [one] => format!("{} is not set", interface.name(one)),
        several => {
            let items: Vec<String> = several.iter().map(|item| names(item, " or ")).collect();
            format!("{} are not set", items.join(" and "))
        }
    }
}

/// "`use_oidc` is not true".
pub(super) fn not_true(interface: Interface, flag: &str) -> String {
    format!("{} is not true", interface.name(flag))
}
