//! What to do about a solution, from what is desired and what is there. Pure.
//!
//! The catalogue offers the newest version only, so every installation installs that one. It is never an older one than
//! what is there.

use std::cmp::Ordering;
use std::fmt;

use crate::content_hub::version::constraint::VersionConstraint;
use crate::content_hub::version::{SolutionVersion, compare};

/// What the configuration asks for.
#[derive(Clone, Debug, Default)]
pub struct Desired {
    /// Exactly this version.
    pub version: Option<String>,
    /// A version that meets this.
    pub constraint: Option<VersionConstraint>,
    /// The newest version.
    pub is_newest: bool,
    /// The solution is to be installed even where nothing else asks for it: its parameters have changed.
    pub is_forced: bool,
}

/// The versions at hand, as Azure writes them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Versions<'a> {
    /// In the workspace.
    pub installed: Option<&'a str>,
    /// In the catalogue.
    pub available: Option<&'a str>,
}

/// What to do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Decision {
    /// Nothing.
    Keep,
    /// Install this version, which is the one on offer.
    Install(String),
    /// It should be installed again, and that cannot be.
    CannotRepair(RepairBlocked),
}

/// Why what is desired cannot be had.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// The version that is desired is older than the installed one.
    Downgrade {
        /// What is desired.
        desired: String,
        /// What is there.
        installed: String,
    },
    /// The catalogue offers another version.
    NotOffered {
        /// What is desired.
        desired: String,
        /// What is on offer; none where the catalogue does not have the solution.
        available: Option<String>,
    },
    /// Neither what is there nor what is on offer meets the constraint.
    Unmet {
        /// The constraint.
        constraint: String,
        /// What is there.
        installed: Option<String>,
        /// What is on offer; none where the catalogue does not have the solution.
        available: Option<String>,
    },
    /// What is there would be taken away, and something older put in its place.
    OlderOnOffer {
        /// What is there.
        installed: String,
        /// What is on offer.
        available: String,
    },
    /// It is not installed, and the catalogue does not have it.
    NotInCatalogue,
    /// Its parameters have changed, which only another installation brings into force.
    NotDeployable(RepairBlocked),
}

/// Why what is on offer cannot be installed over what is there. Prints as a sentence, with what can be done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RepairBlocked {
    /// The catalogue does not have the solution any more.
    NotOnOffer,
    /// What is on offer is older than what is there.
    Older(String),
    /// The configuration does not allow what is on offer.
    NotAllowed(String),
}

impl fmt::Display for RepairBlocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOnOffer => f.write_str(
                "The catalogue does not have the solution any more, so it stays as it is. Destroying the resource removes \
                 what is left of it.",
            ),
            Self::Older(available) => write!(
                f,
                "The catalogue offers version {available} only, which is older, and a solution is never replaced by an older \
                 version, so it stays as it is. Plan again when the catalogue offers a newer one; or uninstall the solution \
                 in the portal, and the next apply installs what is on offer."
            ),
            Self::NotAllowed(available) => write!(
                f,
                "The catalogue offers version {available} only, which the configuration does not allow, so it stays as it is. \
                 Allow that version with version or version_constraint."
            ),
        }
    }
}

/// Decides where what is there, if anything, is taken away before: a resource is replaced.
///
/// # Errors
/// [`Refusal`]. To take a newer version away is a downgrade as well.
pub fn decide_anew(desired: &Desired, versions: Versions<'_>) -> Result<Decision, Refusal> {
    if let (Some(installed), Some(available)) = (versions.installed, versions.available)
        && is_older(available, Some(installed))
    {
        return Err(Refusal::OlderOnOffer { installed: installed.to_owned(), available: available.to_owned() });
    }
    decide(desired, Versions { installed: None, ..versions }, false)
}

fn is_older(available: &str, installed: Option<&str>) -> bool {
    installed.is_some_and(|installed| compare(available, installed) == Some(Ordering::Less))
}

/// Decides.
///
/// # Errors
/// [`Refusal`]: what is desired cannot be had, now or ever.
pub fn decide(desired: &Desired, versions: Versions<'_>, is_damaged: bool) -> Result<Decision, Refusal> {
    let Versions { installed, available } = versions;
    let owned = |version: Option<&str>| version.map(str::to_owned);
    let is_newer = available.is_some_and(|available| {
        installed.is_none_or(|installed| compare(available, installed) == Some(Ordering::Greater))
    });
    let offer = || available.filter(|_| is_newer);

    if let Some(pin) = &desired.version {
        if installed.is_none_or(|installed| compare(installed, pin) != Some(Ordering::Equal)) {
            if let Some(offer) = offer().filter(|offer| compare(offer, pin) == Some(Ordering::Equal)) {
                return Ok(Decision::Install(offer.to_owned()));
            }
            return Err(match installed.filter(|installed| compare(installed, pin) == Some(Ordering::Greater)) {
                Some(installed) => Refusal::Downgrade { desired: pin.clone(), installed: installed.to_owned() },
                None => Refusal::NotOffered { desired: pin.clone(), available: owned(available) },
            });
        }
    } else if let Some(constraint) = &desired.constraint {
        let offer = offer().filter(|offer| satisfies(offer, constraint));
        let is_met = installed.is_some_and(|installed| satisfies(installed, constraint));
        match offer {
            Some(offer) if !is_met || desired.is_newest => return Ok(Decision::Install(offer.to_owned())),
            None if !is_met => {
                return Err(Refusal::Unmet {
                    constraint: constraint.to_string(),
                    installed: owned(installed),
                    available: owned(available),
                });
            }
            _ => {}
        }
    } else if installed.is_none() || desired.is_newest {
        match offer() {
            Some(offer) => return Ok(Decision::Install(offer.to_owned())),
            None if installed.is_none() => return Err(Refusal::NotInCatalogue),
            None => {}
        }
    }
    if !is_damaged && !desired.is_forced {
        return Ok(Decision::Keep);
    }
    match repair(desired, versions) {
        Ok(version) => Ok(Decision::Install(version)),
        // Kept in the state, new parameters would look as if they were in force.
        Err(obstacle) if desired.is_forced => Err(Refusal::NotDeployable(obstacle)),
        Err(obstacle) => Ok(Decision::CannotRepair(obstacle)),
    }
}

/// What is there is as it should be, but has to be installed again. That may bring a newer version, where nothing is
/// against it.
fn repair(desired: &Desired, versions: Versions<'_>) -> Result<String, RepairBlocked> {
    let Some(available) = versions.available else { return Err(RepairBlocked::NotOnOffer) };
    if is_older(available, versions.installed) {
        return Err(RepairBlocked::Older(available.to_owned()));
    }
    let is_pinned = desired.version.as_deref().is_none_or(|pin| compare(available, pin) == Some(Ordering::Equal));
    let is_allowed = desired.constraint.as_ref().is_none_or(|constraint| satisfies(available, constraint));
    if is_pinned && is_allowed {
        Ok(available.to_owned())
    } else {
        Err(RepairBlocked::NotAllowed(available.to_owned()))
    }
}

fn satisfies(version: &str, constraint: &VersionConstraint) -> bool {
    SolutionVersion::parse(version).is_ok_and(|version| constraint.is_satisfied_by(&version))
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offered = |available: &Option<String>| match available {
            Some(available) => format!("the catalogue offers only its newest version, {available}"),
            None => "the catalogue does not have the solution any more".to_owned(),
        };
        match self {
            Self::Downgrade { desired, installed } => write!(
                f,
                "Version {installed} is installed, which is newer than {desired}, and a solution is never replaced by an \
                 older version. Set version to \"{installed}\", or use version_constraint = \">= {desired}\"."
            ),
            Self::NotOffered { desired, available } => write!(
                f,
                "Version {desired} cannot be installed: {}. Set version to what is on offer, or use version_constraint = \
                 \">= {desired}\", which an installed version goes on to meet when the catalogue moves on.",
                offered(available)
            ),
            Self::Unmet { constraint, installed, available } => write!(
                f,
                "No version meets the constraint \"{constraint}\": {} is installed, and {}. Widen the constraint.",
                installed.as_ref().map_or_else(|| "none".to_owned(), |installed| format!("version {installed}")),
                offered(available)
            ),
            Self::OlderOnOffer { installed, available } => write!(
                f,
                "Version {installed} is installed, and to replace the resource would take it away and install {available}, \
                 the only version on offer, which is older. Keep what is there: leave out -replace, and where the resource is \
                 tainted, run `terraform untaint` on it."
            ),
            Self::NotDeployable(obstacle) => write!(
                f,
                "Its parameters differ from those that it was installed with, and only another installation brings new ones into \
                 force. {obstacle}"
            ),
            Self::NotInCatalogue => f.write_str(
                "The solution is not installed, and the catalogue of this workspace does not offer a version of it.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn desired(version: &str, constraint: &str, is_newest: bool) -> Desired {
        Desired {
            version: (!version.is_empty()).then(|| version.to_owned()),
            constraint: (!constraint.is_empty()).then(|| VersionConstraint::parse(constraint).expect("a constraint")),
            is_newest,
            is_forced: false,
        }
    }

    fn versions<'a>(installed: &'a str, available: &'a str) -> Versions<'a> {
        let given = |version: &'a str| (!version.is_empty()).then_some(version);
        Versions { installed: given(installed), available: given(available) }
    }

    /// "=" to keep, a version to install, "!" for a refusal.
    fn decided(desired: &Desired, versions: Versions<'_>, is_damaged: bool) -> String {
        match decide(desired, versions, is_damaged) {
            Ok(Decision::Keep) => "=".to_owned(),
            Ok(Decision::Install(version)) => version,
            Ok(Decision::CannotRepair(_)) => "?".to_owned(),
            Err(_) => "!".to_owned(),
        }
    }

    #[test]
    fn what_is_wanted_and_what_is_there_decide() {
        // pin, constraint, newest, installed, available, decision
        let table = [
            ("", "", false, "", "3.0.3", "3.0.3"),
            ("", "", false, "2.0.1", "3.0.3", "="),
            ("", "", true, "2.0.1", "3.0.3", "3.0.3"),
            ("", "", true, "3.0.3", "3.0.3", "="),
            ("", "", true, "3.1.0", "3.0.3", "="),
            ("", "", false, "", "", "!"),
            ("", "", true, "2.0.1", "", "="),
            ("3.0.3", "", false, "", "3.0.3", "3.0.3"),
            ("3.0", "", false, "3.0.0", "3.0.3", "="),
            ("3.0.3", "", false, "2.0.1", "3.0.3", "3.0.3"),
            ("3.0.2", "", false, "", "3.0.3", "!"),
            ("3.0.2", "", false, "2.0.1", "3.0.3", "!"),
            ("2.0.1", "", false, "3.0.3", "3.0.3", "!"),
            ("2.0.1", "", false, "3.0.3", "2.0.1", "!"),
            ("2.0.1", "", false, "2.0.1", "3.0.3", "="),
            ("", ">= 3.0.0", false, "2.0.1", "3.0.3", "3.0.3"),
            ("", ">= 3.0.0", false, "3.0.0", "3.0.3", "="),
            ("", ">= 3.0.0", true, "3.0.0", "3.0.3", "3.0.3"),
            ("", ">= 3.0.0, < 3.0.3", true, "3.0.0", "3.0.3", "="),
            ("", ">= 4.0.0", false, "2.0.1", "3.0.3", "!"),
            ("", "< 3.0.0", false, "3.0.3", "2.0.1", "!"),
            ("", ">= 3.0.0", false, "", "3.1.0-beta", "!"),
            ("", "", false, "newest", "3.0.3", "="),
            ("", ">= 3.0.0", false, "newest", "3.0.3", "!"),
        ];
        for (pin, constraint, newest, installed, available, expected) in table {
            let decision = decided(&desired(pin, constraint, newest), versions(installed, available), false);
            assert_eq!(decision, expected, "{pin:?} {constraint:?} {newest} with {installed:?} and {available:?}");
        }
    }

    #[test]
    fn a_defect_is_repaired_with_what_is_on_offer_if_that_is_allowed() {
        let table = [
            ("", "", "3.0.3", "3.0.3", "3.0.3"),
            ("", "", "2.0.1", "3.0.3", "3.0.3"),
            ("2.0.1", "", "2.0.1", "3.0.3", "?"),
            ("", "< 3.0.0", "2.0.1", "3.0.3", "?"),
            ("", "", "3.1.0", "3.0.3", "?"),
            ("", "", "3.1.0", "", "?"),
        ];
        for (pin, constraint, installed, available, expected) in table {
            let decision = decided(&desired(pin, constraint, false), versions(installed, available), true);
            assert_eq!(decision, expected, "{pin:?} {constraint:?} with {installed:?} and {available:?}");
        }
    }

    #[test]
    fn what_stands_against_a_repair_is_told() {
        let table = [
            ("", "", "3.0.3", "", "does not have the solution any more"),
            ("2.0.1", "", "2.0.1", "3.0.3", "does not allow"),
            ("", "< 3.0.0", "2.0.1", "3.0.3", "does not allow"),
            ("", "", "3.1.0", "3.0.3", "which is older"),
            ("3.1.0", "", "3.1.0", "3.0.3", "which is older"),
        ];
        for (pin, constraint, installed, available, expected) in table {
            let (desired, versions) = (desired(pin, constraint, false), versions(installed, available));
            let Ok(Decision::CannotRepair(obstacle)) = decide(&desired, versions, true) else { panic!("no repair") };
            assert!(obstacle.to_string().contains(expected), "{expected}");
            // parameters that cannot be brought into force are no parameters of what is there
            let forced = Desired { is_forced: true, ..desired };
            assert_eq!(decide(&forced, versions, false), Err(Refusal::NotDeployable(obstacle)));
        }
    }

    #[test]
    fn a_replacement_is_of_what_is_on_offer_and_no_downgrade() {
        let anew = |installed, available| decide_anew(&desired("", "", true), versions(installed, available));

        assert_eq!(anew("3.0.3", "3.0.3"), Ok(Decision::Install("3.0.3".to_owned())));
        assert_eq!(anew("2.0.1", "3.0.3"), Ok(Decision::Install("3.0.3".to_owned())));
        assert_eq!(anew("", "3.0.3"), Ok(Decision::Install("3.0.3".to_owned())));
        assert!(matches!(anew("3.1.0", "3.0.3"), Err(Refusal::OlderOnOffer { .. })));
        assert_eq!(anew("3.1.0", ""), Err(Refusal::NotInCatalogue));
    }

    #[test]
    fn a_refusal_names_what_is_on_offer() {
        let refusal = decide(&desired("3.0.2", "", false), versions("", "3.0.3"), false).expect_err("not offered");

        assert!(refusal.to_string().contains("offers only its newest version, 3.0.3"), "{refusal}");
    }

    fn some_version() -> impl Strategy<Value = String> {
        prop_oneof![
            Just(String::new()),
            (0_u8..3, 0_u8..3).prop_map(|(major, minor)| format!("{major}.{minor}")),
            (0_u8..3, 0_u8..3).prop_map(|(major, minor)| format!("{major}.{minor}.0-beta")),
        ]
    }

    proptest! {
        #[test]
        fn an_installation_is_of_what_is_on_offer_allowed_and_no_downgrade(
            pin in some_version(), bound in some_version(), newest: bool, forced: bool,
            installed in some_version(), available in some_version(), is_damaged: bool,
        ) {
            let constraint = if bound.is_empty() { String::new() } else { format!(">= {bound}") };
            let desired = Desired { is_forced: forced, ..desired(&pin, &constraint, newest) };
            let versions = versions(&installed, &available);
            if let Ok(Decision::Install(version)) = decide(&desired, versions, is_damaged) {
                prop_assert_eq!(Some(version.as_str()), versions.available);
                prop_assert!(desired.version.iter().all(|pin| compare(pin, &version) == Some(Ordering::Equal)));
                prop_assert!(versions.installed.is_none_or(|installed| compare(&version, installed) != Some(Ordering::Less)));
                // what was installed is now there, and nothing more is desired
                let after = Versions { installed: Some(&version), available: versions.available };
                let desired = Desired { is_forced: false, ..desired };
                prop_assert_eq!(decide(&desired, after, false), Ok(Decision::Keep));
            }
        }
    }
}
