//! Filters the solutions of the catalog. The provider does not use Azure's own filters.

use std::collections::BTreeSet;

use crate::content_hub::api::package::Package;
use crate::content_hub::lookup::solution::Solution;

/// The filters of the data source. An empty filter matches everything. Strings are compared case-insensitively.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filter {
    /// Words that must all occur in the name, the description, the publisher or the content ID.
    pub(crate) search: Option<String>,
    /// The categories to include: domains or industries.
    pub(crate) categories: BTreeSet<String>,
    /// The publishers to include.
    pub(crate) publishers: BTreeSet<String>,
    /// The support tiers to include.
    pub(crate) support_tiers: BTreeSet<String>,
    /// The kind of package to include: `Solution` or `Standalone`.
    pub(crate) content_kind: Option<String>,
    /// Whether to include only installed solutions, or only those that are not installed.
    pub(crate) installed: Option<bool>,
    /// Whether to include only solutions with an available update, or only those without one.
    pub(crate) update_available: Option<bool>,
    /// Whether to include previews.
    pub(crate) include_previews: bool,
    /// Whether to include deprecated solutions.
    pub(crate) include_deprecated: bool,
}

impl Filter {
    /// Whether a package matches all filters that do not depend on the workspace.
    pub(crate) fn matches(&self, package: &Package) -> bool {
        let kind = package.content_kind.as_deref();
        let tier = package.support.as_ref().and_then(|support| support.tier.as_deref());
        let categories = &package.categories;
        let is_any_category =
            categories.domains.iter().chain(&categories.verticals).any(|category| contains(&self.categories, category));
        self.search.as_deref().is_none_or(|search| contains_words(search, package))
            && (self.categories.is_empty() || is_any_category)
            && (self.publishers.is_empty()
                || package.publisher.as_deref().is_some_and(|own| contains(&self.publishers, own)))
            && (self.support_tiers.is_empty() || tier.is_some_and(|own| contains(&self.support_tiers, own)))
            && self
                .content_kind
                .as_deref()
                .is_none_or(|desired| kind.is_some_and(|own| own.eq_ignore_ascii_case(desired)))
            && (self.include_previews || !package.is_preview)
            && (self.include_deprecated || !package.is_deprecated)
    }

    /// Whether a solution matches the filters on its installation.
    pub(crate) fn matches_installation(&self, solution: &Solution) -> bool {
        self.installed.is_none_or(|desired| desired == solution.is_installed())
            && self.update_available.is_none_or(|desired| desired == solution.is_update_available())
    }
}

/// Whether every word of `search` occurs in the name, the description, the publisher or the content ID.
pub(crate) fn contains_words(search: &str, package: &Package) -> bool {
    let texts = [&package.display_name, &package.description, &package.publisher, &Some(package.content_id.clone())];
    let text = texts.iter().filter_map(|text| text.as_deref()).collect::<Vec<_>>().join(" ").to_lowercase();
    search.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn contains(desired: &BTreeSet<String>, own: &str) -> bool {
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
        Filter { include_previews: true, include_deprecated: true, ..Filter::default() }
    }

    fn set(text: &str) -> BTreeSet<String> {
        BTreeSet::from([text.to_owned()])
    }

    #[test]
    fn each_filter_selects_matching_solutions() {
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
            Filter { include_deprecated: false, ..all() },
        ];
        for filter in filters {
            assert!(filter.matches(&cloud), "{filter:?}");
            assert!(!filter.matches(&other), "{filter:?}");
        }
        assert!(!Filter { include_previews: false, ..all() }.matches(&cloud));
        assert!(!Filter { search: Some("cloud missing".to_owned()), ..all() }.matches(&cloud));
    }

    #[test]
    fn filters_by_installation_and_available_update() {
        let installed = Solution::in_catalog(package(&json!({"version": "2.0", "installedVersion": "1.0"})), None);
        let absent = Solution::in_catalog(package(&json!({"version": "2.0"})), None);
        let only = |desired| Filter { installed: Some(desired), ..all() };

        assert!(only(true).matches_installation(&installed) && !only(true).matches_installation(&absent));
        assert!(only(false).matches_installation(&absent) && !only(false).matches_installation(&installed));
        let updates = Filter { update_available: Some(true), ..all() };
        assert!(updates.matches_installation(&installed) && !updates.matches_installation(&absent));
    }
}
