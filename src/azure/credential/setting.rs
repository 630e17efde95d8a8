//! An authentication setting: its value, its source, and the precedence of the source.

use std::fmt;

/// The source of a setting. `Display` writes it as messages name it: "the argument `client_id`", "the environment
/// variable ARM_CLIENT_ID".
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Source {
    /// An argument of the provider block.
    Argument(String),
    /// An environment variable.
    Variable(String),
}

impl Source {
    /// An argument of the provider block.
    pub fn argument(path: impl fmt::Display) -> Self {
        Self::Argument(path.to_string())
    }

    /// An environment variable.
    pub fn variable(name: impl fmt::Display) -> Self {
        Self::Variable(name.to_string())
    }

    /// The name alone: "client_id", "ARM_CLIENT_ID".
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Argument(name) | Self::Variable(name) => name,
        }
    }

    /// The precedence among the sources of this setting and of other authentication methods.
    #[must_use]
    pub fn level(&self) -> Level {
        match self {
            Self::Argument(_) => Level::Argument,
            Self::Variable(name) if name.starts_with("ARM_") => Level::Arm,
            Self::Variable(_) => Level::Other,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(path) => write!(f, "the argument `{path}`"),
            Self::Variable(name) => write!(f, "the environment variable {name}"),
        }
    }
}

/// The precedence of a source. An earlier level takes precedence over later ones.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Level {
    /// The provider block.
    Argument,
    /// The variables of Terraform's Azure providers, `ARM_*`.
    Arm,
    /// Other variables: those of Azure's SDKs (`AZURE_*`) and of pipelines.
    Other,
    /// No setting: the method is available by default.
    Default,
}

/// How the user runs this executable, which decides how messages name settings.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Interface {
    /// As a provider: settings are arguments of the provider block, or environment variables.
    #[default]
    Provider,
    /// As a command: settings are only environment variables.
    Command,
}

impl Interface {
    /// A setting as messages name it: "`client_id`" or "ARM_CLIENT_ID". `setting` is the name of its argument.
    #[must_use]
    pub fn name(self, setting: &str) -> String {
        // An environment variable without an argument.
        if !setting.contains(|letter: char| letter.is_ascii_lowercase()) {
            return setting.to_owned();
        }
        match self {
            Self::Provider => format!("`{}`", argument(setting)),
            Self::Command => variable(setting),
        }
    }

    /// A setting as advice names it: "`client_id` (ARM_CLIENT_ID)" or "ARM_CLIENT_ID".
    #[must_use]
    pub fn full_name(self, setting: &str) -> String {
        match self {
            Self::Provider => format!("{} ({})", self.name(setting), variable(setting)),
            Self::Command => variable(setting),
        }
    }
}

/// The path of an argument in the provider block.
fn argument(setting: &str) -> String {
    match setting {
        _ if is_of_other_service(setting) => format!("endpoint.{setting}"),
        "resource_manager_endpoint" | "resource_manager_audience" | "active_directory_authority_host" => {
            format!("endpoint.{setting}")
        }
        _ => setting.to_owned(),
    }
}

/// The environment variable of an argument. A test of the provider compares the names with the table of arguments.
#[must_use]
pub fn variable(setting: &str) -> String {
    match setting {
        "metadata_host" => "ARM_METADATA_HOSTNAME".to_owned(),
        // azurerm has no such arguments.
        _ if is_of_other_service(setting) => format!("SENTINEL_{}", setting.to_ascii_uppercase()),
        _ => format!("ARM_{}", setting.to_ascii_uppercase()),
    }
}

/// Whether the argument is about a service other than Resource Manager and Microsoft Entra.
fn is_of_other_service(setting: &str) -> bool {
    ["log_analytics_", "microsoft_graph_"].iter().any(|prefix| setting.starts_with(prefix))
}

/// A value and its source.
#[derive(Clone, Debug)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// The source.
    pub source: Source,
}

impl<T> Setting<T> {
    /// Combines a value and its source.
    pub fn new(value: T, source: Source) -> Self {
        Self { value, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_arguments_arm_variables_and_other_variables() {
        let levels =
            [Source::argument("client_id"), Source::variable("ARM_CLIENT_ID"), Source::variable("AZURE_CLIENT_ID")]
                .map(|source| source.level());

        assert!(levels.is_sorted() && levels[0] < levels[1] && levels[1] < levels[2], "{levels:?}");
        assert_eq!(Source::variable("SYSTEM_ACCESSTOKEN").level(), Level::Other);
    }
}
