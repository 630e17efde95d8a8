//! A solution in a workspace, according to the catalog and the list of installed solutions.
//!
//! The two can contradict each other. The list of installed solutions may contain a registration from an earlier
//! workspace with the same name, and the list of catalog entries omits `installedVersion`. Content Hub itself uses the
//! catalog entry that is read by its name, so this entry takes precedence. A registration that contradicts it is stale.

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
    /// Creates a solution from its catalog entry, and its registration if there is one.
    #[must_use]
    pub fn in_catalog(catalog: Package, registered: Option<Package>) -> Self {
        Self { catalog: Some(catalog), registered }
    }

    /// Creates a solution that is registered but not in the catalog.
    #[must_use]
    pub fn only_registered(registered: Package) -> Self {
        Self { catalog: None, registered: Some(registered) }
    }

    /// The description of the solution: the catalog entry, or else the registration.
    #[must_use]
    pub fn package(&self) -> &Package {
        self.catalog.as_ref().or(self.registered.as_ref()).expect("invariant: both constructors set one of the two")
    }

    /// The version in the catalog, in Azure's spelling.
    #[must_use]
    pub fn available_version(&self) -> Option<&str> {
        self.catalog.as_ref()?.version.as_deref()
    }

    /// The installed version, in Azure's spelling; `None` if the solution is not installed.
    #[must_use]
    pub fn installed_version(&self) -> Option<&str> {
        self.catalog.as_ref()?.installed_version.as_deref()
    }

    /// Whether the solution is installed.
    #[must_use]
    pub fn is_installed(&self) -> bool {
        self.installed_version().is_some()
    }

    /// Whether the solution is registered, but the catalog does not report it as installed.
    #[must_use]
    pub fn is_stale_registration(&self) -> bool {
        self.registered.is_some() && !self.is_installed()
    }

    /// Whether the catalog offers a newer version than the installed one.
    #[must_use]
    pub fn is_update_available(&self) -> bool {
        is_update(self.available_version(), self.installed_version())
    }

    /// Whether the installed version meets `constraint`. Returns `false` if the solution is not installed, or if its
    /// version cannot be compared.
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
    fn newest_version_has_no_update() {
        let solution = Solution::in_catalog(entry("3.0.3", Some("3.0.3")), Some(entry("3.0.3", None)));

        assert_eq!(solution.installed_version(), Some("3.0.3"));
        assert!(!solution.is_update_available());
        assert!(!solution.is_stale_registration());
        assert!(solution.satisfies(&constraint(">= 3.0.0")));
    }

    #[test]
    fn older_version_has_an_update_and_fails_the_constraint() {
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
    fn registration_without_an_installation_is_stale() {
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
    fn installation_without_a_registration_counts_as_installed() {
        assert!(Solution::in_catalog(entry("3.0.3", Some("3.0.3")), None).is_installed());
    }
}
