//! The dependencies of a package: its own content, and the other solutions that it requires.

use std::fmt;

use serde_json::Value;

use super::field::string;

/// One criterion of a package's `dependencies`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Dependency {
    /// The kind of content, for example `DataConnector`, `AnalyticsRule` or `Solution`.
    pub kind: Option<String>,
    /// The content ID of the dependency.
    pub content_id: String,
    /// The minimum version; `None` if any version is enough.
    pub version: Option<String>,
    /// The name of the dependency, which Azure often omits.
    pub name: Option<String>,
}

impl fmt::Display for Dependency {
    /// Writes the content ID, followed by the minimum version if it is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.content_id)?;
        self.version.iter().try_for_each(|version| write!(f, " {version}"))
    }
}

impl Dependency {
    /// Reads a `dependencies` document: `{operator, criteria: [{kind, contentId, version, name} or {operator,
    /// criteria}]}`.
    ///
    /// The result lists nested criteria in Azure's order. Operators are ignored, because Content Hub installs all
    /// criteria.
    pub(super) fn from_criteria(dependencies: &Value) -> Vec<Self> {
        let own = string(&dependencies["contentId"]).map(|content_id| Self {
            kind: string(&dependencies["kind"]),
            content_id,
            version: string(&dependencies["version"]),
            name: string(&dependencies["name"]),
        });
        let nested = dependencies["criteria"].as_array().into_iter().flatten().flat_map(Self::from_criteria);
        own.into_iter().chain(nested).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_nested_criteria_in_order() {
        let flat = Dependency::from_criteria(&json!({"operator": "AND", "criteria": [
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
    fn reads_no_dependencies_without_criteria() {
        assert!(Dependency::from_criteria(&json!(null)).is_empty());
        assert!(Dependency::from_criteria(&json!({"operator": "AND", "criteria": null})).is_empty());
    }
}
