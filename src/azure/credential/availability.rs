//! Whether the settings configure an authentication method.

use super::setting::{Interface, Level};

/// Whether an authentication method is available, and why not.
#[derive(Debug)]
pub(super) enum Availability<T> {
    /// The method is configured completely.
    Available { method: T, level: Level },
    /// No setting selects the method. The text says which setting would.
    NotConfigured(String),
    /// A setting of this level selects the method (`because`), but other settings are missing (`problem`).
    Incomplete { because: String, problem: String, missing: Vec<&'static str>, level: Level },
    /// A setting selects the method, but it is not usable on this machine.
    Unusable { reason: String, level: Level },
}

impl<T> Availability<T> {
    /// A method that a setting selects while other settings are missing. `because` says which setting selects it.
    pub(super) fn incomplete(interface: Interface, because: &str, missing: Vec<&'static str>, level: Level) -> Self {
        Self::Incomplete { because: because.to_owned(), problem: not_set(interface, &missing), missing, level }
    }

    /// The same result with the method converted by `method`.
    pub(super) fn map<U>(self, method: impl FnOnce(T) -> U) -> Availability<U> {
        match self {
            Self::Available { method: found, level } => Availability::Available { method: method(found), level },
            Self::NotConfigured(reason) => Availability::NotConfigured(reason),
            Self::Incomplete { because, problem, missing, level } => {
                Availability::Incomplete { because, problem, missing, level }
            }
            Self::Unusable { reason, level } => Availability::Unusable { reason, level },
        }
    }
}

/// The missing settings in words: "`tenant_id` is not set", "`tenant_id` and `client_id` are not set". An item such as
/// "oidc_token or oidc_token_file_path" names alternatives.
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

/// A flag that is not set, in words: "`use_oidc` is not true".
pub(super) fn not_true(interface: Interface, flag: &str) -> String {
    format!("{} is not true", interface.name(flag))
}
