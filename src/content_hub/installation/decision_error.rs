//! The reasons why a solution cannot be installed or repaired as configured.

use std::fmt;

/// The reason why the configuration cannot be satisfied. Displays as sentences with the cause and the remedy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum DecisionError {
    /// The desired version is older than the installed one.
    Downgrade {
        /// The desired version.
        desired: String,
        /// The installed version.
        installed: String,
    },
    /// The catalog does not offer the desired version.
    NotOffered {
        /// The desired version.
        desired: String,
        /// The version in the catalog; `None` if the catalog does not contain the solution.
        available: Option<String>,
    },
    /// Neither the installed version nor the one in the catalog meets the constraint.
    ConstraintNotMet {
        /// The constraint.
        constraint: String,
        /// The installed version.
        installed: Option<String>,
        /// The version in the catalog; `None` if the catalog does not contain the solution.
        available: Option<String>,
    },
    /// A replacement would uninstall a version and install an older one.
    ReplacementDowngrades {
        /// The installed version.
        installed: String,
        /// The version in the catalog.
        available: String,
    },
    /// The solution is neither installed nor in the catalog.
    NotInCatalog,
    /// The parameters have changed, and the solution cannot be deployed again.
    ParametersBlocked(RepairBlocked),
}

/// The reason why a solution is not reinstalled in place. Displays as sentences with the cause and the remedy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RepairBlocked {
    /// The catalog no longer contains the solution.
    NotInCatalog,
    /// The version in the catalog is older than the installed one.
    Older(String),
    /// The configuration does not allow the version in the catalog.
    NotAllowed(String),
    /// `repair` is `warn`.
    NotConfigured,
}

impl fmt::Display for DecisionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offer = |available: &Option<String>| match available {
            Some(available) => format!("the catalog offers only its newest version, {available}"),
            None => "the catalog no longer contains the solution".to_owned(),
        };
        match self {
            Self::Downgrade { desired, installed } => write!(
                f,
                "Version {installed} is installed, which is newer than {desired}. The provider never replaces a solution \
                 with an older version. Set `version = \"{installed}\"`, or use `version_constraint = \">= {desired}\"`."
            ),
            Self::NotOffered { desired, available } => write!(
                f,
                "Version {desired} cannot be installed, because {}. Set `version` to an available version, or use \
                 `version_constraint = \">= {desired}\"`, which newer versions also meet.",
                offer(available)
            ),
            Self::ConstraintNotMet { constraint, installed, available } => write!(
                f,
                "No version meets the constraint \"{constraint}\": {} is installed, and {}. Widen the constraint.",
                installed.as_ref().map_or_else(|| "none".to_owned(), |installed| format!("version {installed}")),
                offer(available)
            ),
            Self::ReplacementDowngrades { installed, available } => write!(
                f,
                "Version {installed} is installed. The catalog contains only version {available}, which is older. \
                 Replacing the resource would uninstall the solution and install that version. To keep the installed \
                 version, plan without `-replace`. If the resource is tainted, run `terraform untaint`."
            ),
            Self::NotInCatalog => f.write_str(
                "The solution is not installed, and the catalog of this workspace does not contain it. Check \
                 `content_id`, or remove the resource from the configuration.",
            ),
            Self::ParametersBlocked(blocked) => write!(
                f,
                "The parameters differ from those of the last installation, so the solution must be reinstalled. {blocked}"
            ),
        }
    }
}

impl fmt::Display for RepairBlocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInCatalog => f.write_str(
                "The catalog no longer contains the solution, so it stays as it is. To remove the remaining content, \
                 destroy the resource.",
            ),
            Self::Older(available) => write!(
                f,
                "The catalog offers only version {available}, which is older than the installed one, so the solution \
                 stays as it is. Plan again when the catalog offers a newer version. Or uninstall the solution in the \
                 portal, and apply. The apply installs version {available}."
            ),
            Self::NotConfigured => f.write_str(
                "The solution stays as it is, because `repair` is \"warn\". To reinstall it, set `repair = \"always\"`. \
                 To turn off this warning, set `repair = \"never\"`.",
            ),
            Self::NotAllowed(available) => write!(
                f,
                "The catalog offers only version {available}, which the configuration does not allow, so the solution \
                 stays as it is. Allow that version with `version` or `version_constraint`."
            ),
        }
    }
}
