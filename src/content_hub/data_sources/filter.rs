//! Which solutions of the catalogue are asked for. Pure: Azure's own filters are not relied on.

use std::collections::BTreeSet;

use crate::content_hub::api::package::Package;
use crate::content_hub::lookup::solution::Solution;

/// What is asked for; what is not given lets everything through. Texts are compared without case.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filter {
    /// Words that must all be in the name, the description, the publisher or the content id.
    pub(crate) search: Option<String>,
    /// One of these is among its categories: domains or industries.
    pub(crate) categories: BTreeSet<String>,
    /// One of these is its publisher.
    pub(crate) publishers: BTreeSet<String>,
    /// One of these is its support tier.
    pub(crate) support_tiers: BTreeSet<String>,
    /// `Solution` or `Standalone`.
    pub(crate) content_kind: Option<String>,
    /// Whether it is installed.
    pub(crate) installed: Option<bool>,
    /// Whether the catalogue offers a newer version than the installed one.
    pub(crate) update_available: Option<bool>,
    /// Previews pass as well.
    pub(crate) includes_previews: bool,
    /// What its publisher has given up passes as well.
    pub(crate) includes_deprecated: bool,
}

impl Filter {
    /// Whether a package passes, as far as the package alone tells.
    pub(crate) fn passes(&self, package: &Package) -> bool {
        let kind = package.content_kind.as_deref();
        let tier = package.support.as_ref().and_then(|support| support.tier.as_deref());
        let categories = &package.categories;
        let is_any_category =
            categories.domains.iter().chain(&categories.verticals).any(|category| has(&self.categories, category));
        self.search.as_deref().is_none_or(|search| is_found(search, package))
            && (self.categories.is_empty() || is_any_category)
            && (self.publishers.is_empty()
                || package.publisher.as_deref().is_some_and(|own| has(&self.publishers, own)))
            && (self.support_tiers.is_empty() || tier.is_some_and(|own| has(&self.support_tiers, own)))
            && self
                .content_kind
                .as_deref()
                .is_none_or(|desired| kind.is_some_and(|own| own.eq_ignore_ascii_case(desired)))
            && (self.includes_previews || !package.is_preview)
            && (self.includes_deprecated || !package.is_deprecated)
    }

    /// Whether a solution passes that passes as a package.
    pub(crate) fn passes_as_installed(&self, solution: &Solution) -> bool {
        self.installed.is_none_or(|desired| desired == solution.is_installed())
            && self.update_available.is_none_or(|desired| desired == solution.is_update_available())
    }
}

/// Every word is somewhere in the texts that a person would look at.
pub(crate) fn is_found(search: &str, package: &Package) -> bool {
    let texts = [&package.display_name, &package.description, &package.publisher, &Some(package.content_id.clone())];
    let text = texts.iter().filter_map(|text| text.as_deref()).collect::<Vec<_>>().join(" ").to_lowercase();
    search.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn has(desired: &BTreeSet<String>, own: &str) -> bool {
    let own = own.trim().to_lowercase();
    desired.iter().any(|desired| desired.trim().to_lowercase() == own)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn package(properties: &Value) -> Package {
        Package::from_document(&json!({"name": "contoso.cloud", "properties": properties})).expect("a package")
    }

    fn all() -> Filter {
        Filter { includes_previews: true, includes_deprecated: true, ..Filter::default() }
    }

    fn set(text: &str) -> BTreeSet<String> {
        BTreeSet::from([text.to_owned()])
    }

    #[test]
    fn each_filter_lets_through_what_it_asks_for() {
        let cloud = package(
            &json!({"displayName": "Contoso Cloud", "description": "Watches clouds", "contentKind": "Solution",
            "publisherDisplayName": "Contoso", "support": {"tier": "Partner"}, "isPreview": "true",
            "categories": {"domains": ["Security - Cloud Security"], "verticals": ["Finance"]}}),
        );
        let other = package(&json!({"displayName": "Other", "contentKind": "Standalone", "isDeprecated": true}));
        let filters = [
            Filter { search: Some("CLOUD watches".to_owned()), ..all() },
            Filter { categories: set("security - cloud security"), ..all() },
            Filter { categories: set("finance"), ..all() },
            Filter { publishers: set("contoso "), ..all() },
            Filter { support_tiers: set("partner"), ..all() },
            Filter { content_kind: Some("solution".to_owned()), ..all() },
            Filter { includes_deprecated: false, ..all() },
        ];
        for filter in filters {
            assert!(filter.passes(&cloud), "{filter:?}");
            assert!(!filter.passes(&other), "{filter:?}");
        }
        assert!(!Filter { includes_previews: false, ..all() }.passes(&cloud));
        assert!(!Filter { search: Some("cloud missing".to_owned()), ..all() }.passes(&cloud));
    }

    #[test]
    fn what_is_installed_is_asked_of_the_solution() {
        let installed = Solution::in_catalog(package(&json!({"version": "2.0", "installedVersion": "1.0"})), None);
        let absent = Solution::in_catalog(package(&json!({"version": "2.0"})), None);
        let only = |desired| Filter { installed: Some(desired), ..all() };

        assert!(only(true).passes_as_installed(&installed) && !only(true).passes_as_installed(&absent));
        assert!(only(false).passes_as_installed(&absent) && !only(false).passes_as_installed(&installed));
        let updates = Filter { update_available: Some(true), ..all() };
        assert!(updates.passes_as_installed(&installed) && !updates.passes_as_installed(&absent));
    }
}
