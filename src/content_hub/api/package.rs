//! A Content Hub package: an entry of the catalog (`contentProductPackages`) or of the list of installed solutions
//! (`contentPackages`). Both have the same schema.
//!
//! The API declares no field as required, and its types vary: a flag is a string or a boolean, and a number may replace
//! a string. A field that cannot be read counts as absent. Only the name or the content ID is required.

use serde_json::Value;

use super::dependency::Dependency;
use super::field::{flag, string, strings};

/// A package.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Package {
    /// The resource ID, in Azure's spelling.
    pub id: String,
    /// The name of the ARM resource: mostly the content ID, sometimes the product ID.
    pub name: String,
    /// The short, stable ID: `azuresentinel.azure-sentinel-solution-…`.
    pub content_id: String,
    /// The ID of this version of the package, which is different for each version.
    pub content_product_id: Option<String>,
    /// The kind of the package: `Solution` or `Standalone`.
    pub content_kind: Option<String>,
    /// The version of the content format. Azure requires it for installation.
    pub content_schema_version: Option<String>,
    /// The available version in a catalog entry. The installed version in the list of installed solutions.
    pub version: Option<String>,
    /// The installed version. Azure returns it only in a catalog entry that is read by its name.
    pub installed_version: Option<String>,
    /// The display name in the portal.
    pub display_name: Option<String>,
    /// The publisher's description, in Markdown or HTML.
    pub description: Option<String>,
    /// The name of the publisher.
    pub publisher: Option<String>,
    /// The support contact.
    pub support: Option<Support>,
    /// The categories.
    pub categories: Categories,
    /// The content of the package and the other solutions that it requires, in Azure's order.
    pub dependencies: Vec<Dependency>,
    /// Whether the package is a preview.
    pub is_preview: bool,
    /// Whether the publisher has deprecated the package.
    pub is_deprecated: bool,
    /// The date of the first version, for example `2022-05-17`.
    pub first_published: Option<String>,
    /// The date of this version.
    pub last_published: Option<String>,
}

/// The support contact of a package.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Support {
    /// The support tier: `Microsoft`, `Partner` or `Community`.
    pub tier: Option<String>,
    /// The name of the contact.
    pub name: Option<String>,
    /// The email address of the contact.
    pub email: Option<String>,
    /// The URL of the support page.
    pub link: Option<String>,
}

/// The categories of a package.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Categories {
    /// The domains, for example `Security - Cloud Security`.
    pub domains: Vec<String>,
    /// The industries.
    pub verticals: Vec<String>,
}

impl Package {
    /// Reads a document of `contentProductPackages` or `contentPackages`; `None` if it has neither a name nor a content
    /// ID.
    pub fn from_document(document: &Value) -> Option<Self> {
        let properties = &document["properties"];
        let name = string(&document["name"]);
        let content_id = string(&properties["contentId"]);
        Some(Self {
            id: string(&document["id"]).unwrap_or_default(),
            name: name.clone().or_else(|| content_id.clone())?,
            content_id: content_id.or(name)?,
            content_product_id: string(&properties["contentProductId"]),
            content_kind: string(&properties["contentKind"]),
            content_schema_version: string(&properties["contentSchemaVersion"]),
            version: string(&properties["version"]),
            installed_version: string(&properties["installedVersion"]),
            display_name: string(&properties["displayName"]),
            description: string(&properties["description"]),
            publisher: string(&properties["publisherDisplayName"]).or_else(|| {
                let providers = strings(&properties["providers"]);
                (!providers.is_empty()).then(|| providers.join(", "))
            }),
            support: Support::from_document(&properties["support"]),
            categories: Categories {
                domains: strings(&properties["categories"]["domains"]),
                verticals: strings(&properties["categories"]["verticals"]),
            },
            dependencies: Dependency::from_criteria(&properties["dependencies"]),
            is_preview: flag(&properties["isPreview"]),
            is_deprecated: flag(&properties["isDeprecated"]),
            first_published: string(&properties["firstPublishDate"]),
            last_published: string(&properties["lastPublishDate"]),
        })
    }

    /// Whether the package has this content ID, ignoring case.
    pub fn has_content_id(&self, content_id: &str) -> bool {
        self.content_id.eq_ignore_ascii_case(content_id)
    }

    /// Whether the package has this display name, ignoring case and surrounding spaces.
    pub fn has_display_name(&self, display_name: &str) -> bool {
        self.display_name.as_deref().is_some_and(|own| own.trim().to_lowercase() == display_name.trim().to_lowercase())
    }
}

impl Support {
    fn from_document(document: &Value) -> Option<Self> {
        let support = Self {
            tier: string(&document["tier"]),
            name: string(&document["name"]),
            email: string(&document["email"]),
            link: string(&document["link"]),
        };
        (support != Self::default()).then_some(support)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn package(properties: &Value) -> Package {
        Package::from_document(&json!({"name": "n", "properties": properties})).expect("a package")
    }

    #[test]
    fn reads_a_catalog_entry() {
        let package = Package::from_document(&json!({
            "id": "/…/contentProductPackages/contoso.solution",
            "name": "contoso.solution",
            "type": "Microsoft.SecurityInsights/contentproductpackages",
            "properties": {
                "contentId": "contoso.solution",
                "contentProductId": "contoso.solution-sl-abc",
                "contentKind": "Solution",
                "contentSchemaVersion": "3.0.0",
                "version": "3.0.3",
                "installedVersion": "2.0.1",
                "displayName": "Contoso",
                "publisherDisplayName": "Contoso Ltd",
                "support": {"tier": "Partner", "name": "Contoso", "link": "https://contoso.example"},
                "categories": {"domains": ["Security - Network"], "verticals": null},
                "isPreview": "true",
                "firstPublishDate": "2022-05-17"
            }
        }))
        .expect("a package");

        assert_eq!(package.content_id, "contoso.solution");
        assert_eq!(package.version.as_deref(), Some("3.0.3"));
        assert_eq!(package.installed_version.as_deref(), Some("2.0.1"));
        assert_eq!(package.publisher.as_deref(), Some("Contoso Ltd"));
        assert_eq!(package.support.and_then(|support| support.tier).as_deref(), Some("Partner"));
        assert_eq!(package.categories, Categories { domains: vec!["Security - Network".into()], verticals: vec![] });
        assert!(package.is_preview);
        assert!(!package.is_deprecated);
    }

    #[test]
    fn reads_flags_from_strings_and_booleans() {
        for (value, expected) in [
            (json!("true"), true),
            (json!("True"), true),
            (json!(true), true),
            (json!("false"), false),
            (json!(null), false),
            (json!(1), false),
        ] {
            assert_eq!(package(&json!({"isDeprecated": value})).is_deprecated, expected, "{value}");
        }
    }

    #[test]
    fn reads_an_empty_installed_version_as_none() {
        for value in [json!(null), json!(""), json!("  ")] {
            assert_eq!(package(&json!({"installedVersion": value})).installed_version, None, "{value}");
        }
    }

    #[test]
    fn uses_the_providers_if_the_publisher_is_missing() {
        assert_eq!(
            package(&json!({"providers": ["Microsoft", "Contoso"]})).publisher.as_deref(),
            Some("Microsoft, Contoso")
        );
    }

    #[test]
    fn ignores_a_document_without_name_and_content_id() {
        assert_eq!(Package::from_document(&json!({"properties": {"version": "1.0.0"}})), None);
        assert_eq!(Package::from_document(&json!("text")), None);
    }

    #[test]
    fn compares_names_case_insensitively() {
        let package = package(&json!({"contentId": "Contoso.Solution", "displayName": "Contoso Solution"}));
        assert!(package.has_content_id("contoso.solution"));
        assert!(package.has_display_name(" CONTOSO solution "));
    }

    proptest! {
        #[test]
        fn accepts_any_type_in_any_field(key in "contentId|version|support|categories|dependencies|isPreview|providers", value in any_json()) {
            let _ = Package::from_document(&json!({"name": "n", "properties": {key: value}}));
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,5}".prop_map(Value::from)
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            let key = "criteria|operator|contentId|domains|[a-z]{1,3}";
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(key, inner, 0..4)
                    .prop_map(|map: BTreeMap<String, Value>| Value::Object(map.into_iter().collect()))
            ]
        })
    }
}
