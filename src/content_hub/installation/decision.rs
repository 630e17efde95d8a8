//! Decides whether to install a solution, from the configuration, the versions and the defects. Pure functions.
//!
//! The catalog offers only the newest version, so every installation installs that version. The provider never replaces
//! an installed version with an older one.

use std::cmp::Ordering;

use super::decision_error::{DecisionError, RepairBlocked};
use super::{Defect, Repair};
use crate::content_hub::version::constraint::VersionConstraint;
use crate::content_hub::version::{SolutionVersion, compare};

/// The desired installation, according to the configuration.
#[derive(Clone, Debug, Default)]
pub struct Desired {
    /// The exact version.
    pub version: Option<String>,
    /// The constraint that the version must meet.
    pub constraint: Option<VersionConstraint>,
    /// Whether to upgrade to the newest version.
    pub is_newest: bool,
    /// Whether to deploy again, even the installed version, because the parameters have changed.
    pub must_redeploy: bool,
    /// What to do about missing content.
    pub repair: Repair,
}

/// The versions of a solution, as Azure writes them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Versions<'a> {
    /// The version in the workspace.
    pub installed: Option<&'a str>,
    /// The version in the catalog.
    pub available: Option<&'a str>,
}

/// The decision about an installation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Decision {
    /// Do not change the solution.
    Keep,
    /// Install this version, which is the version in the catalog.
    Install(String),
    /// Do not change the solution, although it should be reinstalled.
    CannotRepair(RepairBlocked),
}

/// Decides about a replacement, which uninstalls the installed version first.
///
/// # Errors
/// As [`decide`]. Replacing a newer version is also a downgrade.
pub fn decide_replacement(desired: &Desired, versions: Versions<'_>) -> Result<Decision, DecisionError> {
    if let (Some(installed), Some(available)) = (versions.installed, versions.available)
        && is_older(available, Some(installed))
    {
        let (installed, available) = (installed.to_owned(), available.to_owned());
        return Err(DecisionError::ReplacementDowngrades { installed, available });
    }
    decide(desired, Versions { installed: None, ..versions }, &[])
}

/// Decides about an installed solution, or about a first installation.
///
/// # Errors
/// The configuration cannot be satisfied.
pub fn decide(desired: &Desired, versions: Versions<'_>, defects: &[Defect]) -> Result<Decision, DecisionError> {
    if let Some(version) = upgrade(desired, versions)? {
        return Ok(Decision::Install(version));
    }
    if !desired.must_redeploy && !defects.contains(&Defect::Unfinished) {
        match desired.repair {
            _ if defects.is_empty() => return Ok(Decision::Keep),
            Repair::Never => return Ok(Decision::Keep),
            Repair::Warn => return Ok(Decision::CannotRepair(RepairBlocked::NotConfigured)),
            Repair::Always => {}
        }
    }
    match repair(desired, versions) {
        Ok(version) => Ok(Decision::Install(version)),
        // If the plan succeeded, the state would contain the new parameters as if they were deployed.
        Err(blocked) if desired.must_redeploy => Err(DecisionError::ParametersBlocked(blocked)),
        Err(blocked) => Ok(Decision::CannotRepair(blocked)),
    }
}

/// The version to install or upgrade to; `None` if the installed version meets the configuration.
fn upgrade(desired: &Desired, versions: Versions<'_>) -> Result<Option<String>, DecisionError> {
    let Versions { installed, available } = versions;
    let owned = |version: Option<&str>| version.map(str::to_owned);
    let is_newer = available.is_some_and(|available| {
        installed.is_none_or(|installed| compare(available, installed) == Some(Ordering::Greater))
    });
    let offer = available.filter(|_| is_newer);

    if let Some(pin) = &desired.version {
        if installed.is_some_and(|installed| is_same(installed, pin)) {
            return Ok(None);
        }
        if let Some(offer) = offer.filter(|offer| is_same(offer, pin)) {
            return Ok(Some(offer.to_owned()));
        }
        return Err(match installed.filter(|installed| compare(installed, pin) == Some(Ordering::Greater)) {
            Some(installed) => DecisionError::Downgrade { desired: pin.clone(), installed: installed.to_owned() },
            None => DecisionError::NotOffered { desired: pin.clone(), available: owned(available) },
        });
    }
    if let Some(constraint) = &desired.constraint {
        let is_met = installed.is_some_and(|installed| satisfies(installed, constraint));
        return match offer.filter(|offer| satisfies(offer, constraint)) {
            Some(offer) if !is_met || desired.is_newest => Ok(Some(offer.to_owned())),
            None if !is_met => Err(DecisionError::ConstraintNotMet {
                constraint: constraint.to_string(),
                installed: owned(installed),
                available: owned(available),
            }),
            _ => Ok(None),
        };
    }
    match (offer, installed) {
        (Some(offer), None) => Ok(Some(offer.to_owned())),
        (Some(offer), Some(_)) if desired.is_newest => Ok(Some(offer.to_owned())),
        (None, None) => Err(DecisionError::NotInCatalog),
        (_, Some(_)) => Ok(None),
    }
}

/// The version to reinstall in place. It is newer than the installed version if the catalog offers a newer one and the
/// configuration allows it.
fn repair(desired: &Desired, versions: Versions<'_>) -> Result<String, RepairBlocked> {
    let Some(available) = versions.available else { return Err(RepairBlocked::NotInCatalog) };
    if is_older(available, versions.installed) {
        return Err(RepairBlocked::Older(available.to_owned()));
    }
    let is_pinned = desired.version.as_deref().is_none_or(|pin| is_same(available, pin));
    let is_allowed = desired.constraint.as_ref().is_none_or(|constraint| satisfies(available, constraint));
    if is_pinned && is_allowed {
        Ok(available.to_owned())
    } else {
        Err(RepairBlocked::NotAllowed(available.to_owned()))
    }
}

fn is_same(version: &str, pin: &str) -> bool {
    compare(version, pin) == Some(Ordering::Equal)
}

fn is_older(available: &str, installed: Option<&str>) -> bool {
    installed.is_some_and(|installed| compare(available, installed) == Some(Ordering::Less))
}

fn satisfies(version: &str, constraint: &VersionConstraint) -> bool {
    SolutionVersion::parse(version).is_ok_and(|version| constraint.is_satisfied_by(&version))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::content_hub::installation::InstallationRecord;

    fn desired(version: &str, constraint: &str, is_newest: bool) -> Desired {
        Desired {
            version: (!version.is_empty()).then(|| version.to_owned()),
            constraint: (!constraint.is_empty()).then(|| VersionConstraint::parse(constraint).expect("a constraint")),
            is_newest,
            ..Desired::default()
        }
    }

    fn versions<'a>(installed: &'a str, available: &'a str) -> Versions<'a> {
        let given = |version: &'a str| (!version.is_empty()).then_some(version);
        Versions { installed: given(installed), available: given(available) }
    }

    fn damage(is_damaged: bool) -> Vec<Defect> {
        if is_damaged { vec![Defect::MissingPages(vec!["Page".to_owned()])] } else { Vec::new() }
    }

    /// "=" for `Keep`, the version for `Install`, "?" for `CannotRepair`, and "!" for an error.
    fn outcome(desired: &Desired, versions: Versions<'_>, is_damaged: bool) -> String {
        match decide(desired, versions, &damage(is_damaged)) {
            Ok(Decision::Keep) => "=".to_owned(),
            Ok(Decision::Install(version)) => version,
            Ok(Decision::CannotRepair(_)) => "?".to_owned(),
            Err(_) => "!".to_owned(),
        }
    }

    #[test]
    fn decides_by_config_and_versions() {
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
            let decision = outcome(&desired(pin, constraint, newest), versions(installed, available), false);
            assert_eq!(decision, expected, "{pin:?} {constraint:?} {newest} with {installed:?} and {available:?}");
        }
    }

    #[test]
    fn repairs_a_defect_if_the_available_version_is_allowed() {
        let table = [
            ("", "", "3.0.3", "3.0.3", "3.0.3"),
            ("", "", "2.0.1", "3.0.3", "3.0.3"),
            ("2.0.1", "", "2.0.1", "3.0.3", "?"),
            ("", "< 3.0.0", "2.0.1", "3.0.3", "?"),
            ("", "", "3.1.0", "3.0.3", "?"),
            ("", "", "3.1.0", "", "?"),
        ];
        for (pin, constraint, installed, available, expected) in table {
            let decision = outcome(&desired(pin, constraint, false), versions(installed, available), true);
            assert_eq!(decision, expected, "{pin:?} {constraint:?} with {installed:?} and {available:?}");
        }
    }

    #[test]
    fn follows_repair_for_missing_content_but_always_finishes() {
        let installed = versions("3.0.3", "3.0.3");
        let again = Ok(Decision::Install("3.0.3".to_owned()));
        let reported = Ok(Decision::CannotRepair(RepairBlocked::NotConfigured));
        for (repair, expected) in
            [(Repair::Always, again.clone()), (Repair::Warn, reported), (Repair::Never, Ok(Decision::Keep))]
        {
            let desired = Desired { repair, ..Desired::default() };
            assert_eq!(decide(&desired, installed, &damage(true)), expected);
            assert_eq!(decide(&desired, installed, &[]), Ok(Decision::Keep));
            assert_eq!(decide(&desired, installed, &InstallationRecord::lost().defects), again);
            let redeployed = Desired { must_redeploy: true, ..desired };
            assert_eq!(decide(&redeployed, installed, &[]), again);
        }
    }

    #[test]
    fn reports_why_a_repair_is_blocked() {
        let table = [
            ("", "", "3.0.3", "", "no longer contains the solution"),
            ("2.0.1", "", "2.0.1", "3.0.3", "does not allow"),
            ("", "< 3.0.0", "2.0.1", "3.0.3", "does not allow"),
            ("", "", "3.1.0", "3.0.3", "which is older"),
            ("3.1.0", "", "3.1.0", "3.0.3", "which is older"),
        ];
        for (pin, constraint, installed, available, expected) in table {
            let (desired, versions) = (desired(pin, constraint, false), versions(installed, available));
            let Ok(Decision::CannotRepair(blocked)) = decide(&desired, versions, &damage(true)) else {
                panic!("no repair")
            };
            assert!(blocked.to_string().contains(expected), "{expected}");
            // The state must not contain parameters that cannot be deployed.
            let changed = Desired { must_redeploy: true, ..desired };
            assert_eq!(decide(&changed, versions, &[]), Err(DecisionError::ParametersBlocked(blocked)));
        }
    }

    #[test]
    fn replacement_installs_the_available_version_or_fails() {
        let replace = |installed, available| decide_replacement(&desired("", "", true), versions(installed, available));

        assert_eq!(replace("3.0.3", "3.0.3"), Ok(Decision::Install("3.0.3".to_owned())));
        assert_eq!(replace("2.0.1", "3.0.3"), Ok(Decision::Install("3.0.3".to_owned())));
        assert_eq!(replace("", "3.0.3"), Ok(Decision::Install("3.0.3".to_owned())));
        assert!(matches!(replace("3.1.0", "3.0.3"), Err(DecisionError::ReplacementDowngrades { .. })));
        assert_eq!(replace("3.1.0", ""), Err(DecisionError::NotInCatalog));
    }

    #[test]
    fn error_contains_the_available_version() {
        let error = decide(&desired("3.0.2", "", false), versions("", "3.0.3"), &[]).expect_err("not offered");

        assert!(error.to_string().contains("offers only its newest version, 3.0.3"), "{error}");
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
        fn installs_only_available_allowed_and_newer_versions(
            pin in some_version(), bound in some_version(), newest: bool, is_changed: bool,
            installed in some_version(), available in some_version(), is_damaged: bool,
        ) {
            let constraint = if bound.is_empty() { String::new() } else { format!(">= {bound}") };
            let desired = Desired { must_redeploy: is_changed, ..desired(&pin, &constraint, newest) };
            let versions = versions(&installed, &available);
            if let Ok(Decision::Install(version)) = decide(&desired, versions, &damage(is_damaged)) {
                prop_assert_eq!(Some(version.as_str()), versions.available);
                prop_assert!(desired.version.iter().all(|pin| compare(pin, &version) == Some(Ordering::Equal)));
                prop_assert!(versions.installed.is_none_or(|installed| compare(&version, installed) != Some(Ordering::Less)));
                // After the installation, the decision is to keep the solution.
                let after = Versions { installed: Some(&version), available: versions.available };
                let desired = Desired { must_redeploy: false, ..desired };
                prop_assert_eq!(decide(&desired, after, &[]), Ok(Decision::Keep));
            }
        }
    }
}
