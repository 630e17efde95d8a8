//! A solution in a workspace, by the catalog and by the list of installed solutions.
//!
//! The two can contradict each other. The list of installed solutions may contain a registration from an earlier workspace
//! of the same name, and the list of catalog entries omits `installedVersion`. A catalog entry that was read by its name is
//! what Content Hub itself uses, so it decides. A registration that it contradicts is stale.

use crate::content_hub::api::package::Package;
use crate::content_hub::version::constraint::VersionConstraint;
use crate::content_hub::version::{SolutionVersion, is_update};

/// A solution in a workspace. It has a catalog entry, a registration, or both.
#[derive(Clone, Debug)]
pub struct Solution {
    catalog: Option<Package>,
    registered: Option<Package>,
}

impl Solution {
    /// A solution in the catalog: its entry, and its registration if it has one.
    #[must_use]
    pub fn in_catalog(catalog: Package, registered: Option<Package>) -> Self {
        Self { catalog: Some(catalog), registered }
    }

    /// A registered solution that the catalog does not contain.
    #[must_use]
    pub fn only_registered(registered: Package) -> Self {
        Self { catalog: None, registered: Some(registered) }
    }

    /// The description of the solution: the catalog entry, or else the registration.
    #[must_use]
    pub fn package(&self) -> &Package {
        self.catalog.as_ref().or(self.registered.as_ref()).expect("invariant: both constructors set one of the two")
    }

    /// The version in the catalog, as Azure writes it.
    #[must_use]
    pub fn available_version(&self) -> Option<&str> {
        self.catalog.as_ref()?.version.as_deref()
    }

    /// The installed version, as Azure writes it; `None` if the solution is not installed.
    #[must_use]
    pub fn installed_version(&self) -> Option<&str> {
        self.catalog.as_ref()?.installed_version.as_deref()
    }

    /// Whether the solution is installed.
    #[must_use]
    pub fn is_installed(&self) -> bool {
        self.installed_version().is_some()
    }

    /// Whether the solution is registered, but not installed by the catalog, or not in the catalog at all.
    #[must_use]
    pub fn is_stale_registration(&self) -> bool {
        self.registered.is_some() && !self.is_installed()
    }

    /// Whether the catalog offers a newer version than the installed one.
    #[must_use]
    pub fn is_update_available(&self) -> bool {
        is_update(self.available_version(), self.installed_version())
    }

    /// Whether the installed version meets `constraint`. `false` if the solution is not installed, or if its version cannot
    /// be compared.
    #[must_use]
    pub fn satisfies(&self, constraint: &VersionConstraint) -> bool {
        self.installed_version()
            .and_then(|installed| SolutionVersion::parse(installed).ok())
            .is_some_and(|installed| constraint.is_satisfied_by(&installed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(version: &str, installed: Option<&str>) -> Package {
        Package {
            content_id: "contoso.solution".to_owned(),
            version: Some(version.to_owned()),
            installed_version: installed.map(str::to_owned),
            ..Package::default()
        }
    }

    fn constraint(text: &str) -> VersionConstraint {
        VersionConstraint::parse(text).expect("a constraint of the test")
    }

    #[test]
    fn the_newest_version_is_installed() {
        let solution = Solution::in_catalog(entry("3.0.3", Some("3.0.3")), Some(entry("3.0.3", None)));

        assert_eq!(solution.installed_version(), Some("3.0.3"));
        assert!(!solution.is_update_available());
        assert!(!solution.is_stale_registration());
        assert!(solution.satisfies(&constraint(">= 3.0.0")));
    }

    #[test]
    fn older_version_has_an_update_and_does_not_satisfy_the_constraint() {
        let solution = Solution::in_catalog(entry("3.0.3", Some("2.0.1")), Some(entry("2.0.1", None)));

        assert!(solution.is_update_available());
        assert!(!solution.satisfies(&constraint(">= 3.0.0")));
    }

    #[test]
    fn solution_that_is_not_installed_satisfies_no_constraint() {
        let solution = Solution::in_catalog(entry("3.0.3", None), None);

        assert!(!solution.is_installed());
        assert!(!solution.is_update_available());
        assert!(!solution.satisfies(&constraint(">= 0")));
        assert!(!solution.is_stale_registration());
    }

    #[test]
    fn registration_of_a_package_that_is_not_installed_is_stale() {
        let solution = Solution::in_catalog(entry("3.0.3", None), Some(entry("2.0.1", None)));

        assert!(solution.is_stale_registration());
        assert_eq!(solution.installed_version(), None);
    }

    #[test]
    fn registration_outside_the_catalog_is_stale() {
        let solution = Solution::only_registered(entry("2.0.1", None));

        assert!(solution.is_stale_registration());
        assert_eq!(solution.available_version(), None);
        assert_eq!(solution.package().content_id, "contoso.solution");
    }

    #[test]
    fn an_installation_that_is_not_listed_yet_counts_as_installed() {
        assert!(Solution::in_catalog(entry("3.0.3", Some("3.0.3")), None).is_installed());
    }
}
