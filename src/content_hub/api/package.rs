//! A Content Hub package as Azure describes it: an entry of the catalogue (`contentProductPackages`) or of the installed
//! list (`contentPackages`), which have one shape.
//!
//! The API declares no field as required and is loose with types: flags are strings or booleans, numbers may stand where
//! texts should, fields come and go between entries. What cannot be read counts as absent; only an entry without name
//! and content id is no package.

use serde_json::Value;

use super::dependency::{self, Dependency};

/// One package.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Package {
    /// ARM id, as Azure spells it.
    pub id: String,
    /// Name of the ARM resource; mostly the content id, sometimes the product id.
    pub name: String,
    /// The short, stable id: `azuresentinel.azure-sentinel-solution-…`.
    pub content_id: String,
    /// Id of this version of the package; changes with every version.
    pub content_product_id: Option<String>,
    /// `Solution` or `Standalone`.
    pub content_kind: Option<String>,
    /// Version of the format of the packaged content; Azure asks for it at installation.
    pub content_schema_version: Option<String>,
    /// In the catalogue the version on offer, in the installed list the installed one.
    pub version: Option<String>,
    /// Catalogue only, and only when the entry was read by its name: the list leaves it out even where it is installed.
    pub installed_version: Option<String>,
    /// The name that the portal shows.
    pub display_name: Option<String>,
    /// Text in Markdown or HTML.
    pub description: Option<String>,
    /// The name of the publisher.
    pub publisher: Option<String>,
    /// Who supports it.
    pub support: Option<Support>,
    /// What it is about.
    pub categories: Categories,
    /// The content that it brings or needs, nested criteria flattened, in Azure's order.
    pub dependencies: Vec<Dependency>,
    /// Whether it is a preview.
    pub is_preview: bool,
    /// Whether its publisher has given it up.
    pub is_deprecated: bool,
    /// Date of the first version, `2022-05-17`.
    pub first_published: Option<String>,
    /// Date of this version.
    pub last_published: Option<String>,
}

/// Who supports a package.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Support {
    /// `Microsoft`, `Partner` or `Community`.
    pub tier: Option<String>,
    /// The supporter's name.
    pub name: Option<String>,
    /// The supporter's mail address.
    pub email: Option<String>,
    /// The supporter's page.
    pub link: Option<String>,
}

/// What a package is about.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Categories {
    /// Such as `Security - Cloud Security`.
    pub domains: Vec<String>,
    /// Industries.
    pub verticals: Vec<String>,
}

impl Package {
    /// Reads a document of `contentProductPackages` or `contentPackages`; `None` where it names neither itself nor its content.
    pub fn from_document(document: &Value) -> Option<Self> {
        let properties = &document["properties"];
        let name = text(&document["name"]);
        let content_id = text(&properties["contentId"]);
        Some(Self {
            id: text(&document["id"]).unwrap_or_default(),
            name: name.clone().or_else(|| content_id.clone())?,
            content_id: content_id.or(name)?,
            content_product_id: text(&properties["contentProductId"]),
            content_kind: text(&properties["contentKind"]),
            content_schema_version: text(&properties["contentSchemaVersion"]),
            version: text(&properties["version"]),
            installed_version: text(&properties["installedVersion"]),
            display_name: text(&properties["displayName"]),
            description: text(&properties["description"]),
            publisher: text(&properties["publisherDisplayName"]).or_else(|| joined(&properties["providers"])),
            support: Support::from_document(&properties["support"]),
            categories: Categories {
                domains: texts(&properties["categories"]["domains"]),
                verticals: texts(&properties["categories"]["verticals"]),
            },
            dependencies: dependency::flatten(&properties["dependencies"]),
            is_preview: flag(&properties["isPreview"]),
            is_deprecated: flag(&properties["isDeprecated"]),
            first_published: text(&properties["firstPublishDate"]),
            last_published: text(&properties["lastPublishDate"]),
        })
    }

    /// Whether this package has the content id, compared without case.
    pub fn has_content_id(&self, content_id: &str) -> bool {
        self.content_id.eq_ignore_ascii_case(content_id)
    }

    /// Whether this package has the display name, compared without case and surrounding white space.
    pub fn has_display_name(&self, display_name: &str) -> bool {
        self.display_name.as_deref().is_some_and(|own| own.trim().to_lowercase() == display_name.trim().to_lowercase())
    }
}

impl Support {
    fn from_document(document: &Value) -> Option<Self> {
        let support = Self {
            tier: text(&document["tier"]),
            name: text(&document["name"]),
            email: text(&document["email"]),
            link: text(&document["link"]),
        };
        (support != Self::default()).then_some(support)
    }
}

/// A text that says something: `null`, other types and blank texts are absent; numbers are taken as they are written.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().map(|items| items.iter().filter_map(text).collect()).unwrap_or_default()
}

fn joined(value: &Value) -> Option<String> {
    Some(texts(value).join(", ")).filter(|names| !names.is_empty())
}

/// A flag, which the API sends as the strings `true` and `false` and sometimes as a boolean.
fn flag(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => text.trim().eq_ignore_ascii_case("true"),
        _ => false,
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
    fn reads_a_catalogue_entry() {
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
    fn flags_are_read_as_strings_and_as_booleans() {
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
    fn an_empty_installed_version_means_not_installed() {
        for value in [json!(null), json!(""), json!("  ")] {
            assert_eq!(package(&json!({"installedVersion": value})).installed_version, None, "{value}");
        }
    }

    #[test]
    fn the_publisher_falls_back_to_the_providers() {
        assert_eq!(
            package(&json!({"providers": ["Microsoft", "Contoso"]})).publisher.as_deref(),
            Some("Microsoft, Contoso")
        );
    }

    #[test]
    fn a_document_without_name_and_content_id_is_no_package() {
        assert_eq!(Package::from_document(&json!({"properties": {"version": "1.0.0"}})), None);
        assert_eq!(Package::from_document(&json!("text")), None);
    }

    #[test]
    fn names_compare_without_case() {
        let package = package(&json!({"contentId": "Contoso.Solution", "displayName": "Contoso Solution"}));
        assert!(package.has_content_id("contoso.solution"));
        assert!(package.has_display_name(" CONTOSO solution "));
    }

    proptest! {
        #[test]
        fn any_type_in_any_field_is_tolerated(key in "contentId|version|support|categories|dependencies|isPreview|providers", value in any_json()) {
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
