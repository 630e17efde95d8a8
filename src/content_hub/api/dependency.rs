//! What a package depends on: the content it brings, and other solutions it needs.

use std::fmt;

use serde_json::Value;

use super::package::text;

/// One criterion of a package's `dependencies`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Dependency {
    /// `DataConnector`, `AnalyticsRule`, `Solution`, …
    pub kind: Option<String>,
    /// Content id of what is needed.
    pub content_id: String,
    /// The version that is needed at least; any where Azure names none.
    pub version: Option<String>,
    /// Its name, which Azure often leaves out.
    pub name: Option<String>,
}

impl fmt::Display for Dependency {
    /// The content id, with the version where one is needed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.content_id)?;
        self.version.iter().try_for_each(|version| write!(f, " {version}"))
    }
}

/// The criteria of a `dependencies` document: `{operator, criteria: [{kind, contentId, version, name} or {operator, criteria}]}`.
///
/// Nested criteria are flattened in Azure's order; the operators are dropped, as Content Hub installs all of it together.
pub(crate) fn flatten(dependencies: &Value) -> Vec<Dependency> {
    let own = text(&dependencies["contentId"]).map(|content_id| Dependency {
        kind: text(&dependencies["kind"]),
        content_id,
        version: text(&dependencies["version"]),
        name: text(&dependencies["name"]),
    });
    let nested = dependencies["criteria"].as_array().into_iter().flatten().flat_map(flatten);
    own.into_iter().chain(nested).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_the_criteria_in_order_nested_ones_included() {
        let flat = flatten(&json!({"operator": "AND", "criteria": [
            {"kind": "DataConnector", "contentId": "AzureSecurityCenter", "version": "1.0.0"},
            {"operator": "OR", "criteria": [{"kind": "Parser", "contentId": "P", "name": "A parser"}]},
            {"kind": "Solution", "contentId": "S", "criteria": [{"contentId": "T"}]}
        ]}));

        let ids: Vec<&str> = flat.iter().map(|dependency| dependency.content_id.as_str()).collect();
        assert_eq!(ids, ["AzureSecurityCenter", "P", "S", "T"]);
        assert_eq!(flat[0].version.as_deref(), Some("1.0.0"));
        assert_eq!(flat[1].name.as_deref(), Some("A parser"));
    }

    #[test]
    fn no_dependencies_are_no_dependencies() {
        assert!(flatten(&json!(null)).is_empty());
        assert!(flatten(&json!({"operator": "AND", "criteria": null})).is_empty());
    }
}
