//! What is true of one solution in one workspace, from the two documents that speak of it.
//!
//! The installed list can hold entries that are left over from an earlier workspace of the same name, and the list of the
//! catalogue leaves `installedVersion` out. The catalogue entry, read by its name, is what Content Hub itself goes by, so
//! it decides; an entry of the installed list that it contradicts is a stale registration.

use std::cmp::Ordering;

use crate::content_hub::api::package::Package;
use crate::content_hub::version::constraint::VersionConstraint;
use crate::content_hub::version::{SolutionVersion, compare};

/// One solution in one workspace. At least one of the two documents is there.
#[derive(Clone, Debug)]
pub struct Solution {
    catalogue: Option<Package>,
    registered: Option<Package>,
}

impl Solution {
    /// A solution of the catalogue.
    ///
    /// `catalogue` is the entry read by its name, `registered` the entry of the installed list with the same content id.
    #[must_use]
    pub fn in_catalogue(catalogue: Package, registered: Option<Package>) -> Self {
        Self { catalogue: Some(catalogue), registered }
    }

    /// A registration whose solution the catalogue does not have (any more).
    #[must_use]
    pub fn only_registered(registered: Package) -> Self {
        Self { catalogue: None, registered: Some(registered) }
    }

    /// What describes the solution best: the catalogue's entry, else the registration.
    #[must_use]
    pub fn package(&self) -> &Package {
        self.catalogue
            .as_ref()
            .or(self.registered.as_ref())
            .expect("invariant: both constructors set one of the documents")
    }

    /// The version on offer, as Azure writes it.
    #[must_use]
    pub fn available_version(&self) -> Option<&str> {
        self.catalogue.as_ref()?.version.as_deref()
    }

    /// The version in the workspace, as Azure writes it; none where the solution is not installed.
    #[must_use]
    pub fn installed_version(&self) -> Option<&str> {
        self.catalogue.as_ref()?.installed_version.as_deref()
    }

    /// Whether the solution is installed.
    #[must_use]
    pub fn is_installed(&self) -> bool {
        self.installed_version().is_some()
    }

    /// Whether the installed list has the solution while the catalogue says that it is not installed, or lacks it.
    #[must_use]
    pub fn is_stale_registration(&self) -> bool {
        self.registered.is_some() && !self.is_installed()
    }

    /// Whether the catalogue offers a newer version than the installed one. Versions that cannot be compared count as an
    /// update where their texts differ: the catalogue has the newest.
    #[must_use]
    pub fn is_update_available(&self) -> bool {
        let (Some(installed), Some(available)) = (self.installed_version(), self.available_version()) else {
            return false;
        };
        compare(available, installed).is_none_or(Ordering::is_gt)
    }

    /// Whether the installed version meets `constraint`: never where nothing is installed, or where what is installed
    /// has no version that can be compared.
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
    fn an_installed_solution_at_the_newest_version() {
        let solution = Solution::in_catalogue(entry("3.0.3", Some("3.0.3")), Some(entry("3.0.3", None)));

        assert_eq!(solution.installed_version(), Some("3.0.3"));
        assert!(!solution.is_update_available());
        assert!(!solution.is_stale_registration());
        assert!(solution.satisfies(&constraint(">= 3.0.0")));
    }

    #[test]
    fn an_older_version_can_be_updated_and_fails_the_constraint() {
        let solution = Solution::in_catalogue(entry("3.0.3", Some("2.0.1")), Some(entry("2.0.1", None)));

        assert!(solution.is_update_available());
        assert!(!solution.satisfies(&constraint(">= 3.0.0")));
    }

    #[test]
    fn what_is_not_installed_has_no_update_and_satisfies_nothing() {
        let solution = Solution::in_catalogue(entry("3.0.3", None), None);

        assert!(!solution.is_installed());
        assert!(!solution.is_update_available());
        assert!(!solution.satisfies(&constraint(">= 0")));
        assert!(!solution.is_stale_registration());
    }

    #[test]
    fn a_registration_that_the_catalogue_contradicts_is_stale() {
        let solution = Solution::in_catalogue(entry("3.0.3", None), Some(entry("2.0.1", None)));

        assert!(solution.is_stale_registration());
        assert_eq!(solution.installed_version(), None);
    }

    #[test]
    fn a_registration_that_the_catalogue_does_not_know_is_stale() {
        let solution = Solution::only_registered(entry("2.0.1", None));

        assert!(solution.is_stale_registration());
        assert_eq!(solution.available_version(), None);
        assert_eq!(solution.package().content_id, "contoso.solution");
    }

    #[test]
    fn an_installation_that_is_not_listed_yet_counts() {
        assert!(Solution::in_catalogue(entry("3.0.3", Some("3.0.3")), None).is_installed());
    }

    #[test]
    fn versions_that_cannot_be_compared_differ_by_their_text() {
        assert!(Solution::in_catalogue(entry("Q1 2024", Some("Q4 2023")), None).is_update_available());
    }
}
