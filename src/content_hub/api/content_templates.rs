//! The content templates of a workspace. Users create active items from them.

use serde_json::Value;

use super::field::string;
use super::template_names::TemplateNames;

/// The content templates of a workspace, grouped by whether they belong to one solution.
///
/// Two solutions may contain a template with the same name. Azure keeps one template and assigns it to the solution
/// that was installed last. Therefore, a template of this solution is present even if Azure assigns it to another
/// solution.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ContentTemplates {
    /// The templates that Azure assigns to this solution.
    pub own: Vec<ContentTemplate>,
    /// The names of all other templates.
    pub others: TemplateNames,
}

impl ContentTemplates {
    /// Splits the documents of `contentTemplates` by whether they belong to the package with this content ID.
    #[must_use]
    pub fn from_documents(content_id: &str, documents: &[Value]) -> Self {
        let is_own = |document: &&Value| {
            document["properties"]["packageId"].as_str().is_some_and(|package| package.eq_ignore_ascii_case(content_id))
        };
        let (own, others): (Vec<&Value>, Vec<&Value>) = documents.iter().partition(is_own);
        Self {
            own: own.into_iter().filter_map(ContentTemplate::from_document).collect(),
            others: others.into_iter().filter_map(|document| document["name"].as_str()).collect(),
        }
    }

    /// The names of the solution's own templates.
    #[must_use]
    pub fn own_names(&self) -> TemplateNames {
        self.own.iter().map(|template| template.name.as_str()).collect()
    }

    /// The number of `names` that are present, in this solution or in another one.
    #[must_use]
    pub fn count_present(&self, names: &TemplateNames) -> usize {
        names.count_in(&[&self.own_names(), &self.others])
    }
}

/// A content template.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ContentTemplate {
    /// The name of the ARM resource.
    pub name: String,
    /// The version of the package that installed the template. Azure may omit it.
    pub package_version: Option<String>,
}

impl ContentTemplate {
    /// Reads a document of `contentTemplates`; `None` if it has no name.
    #[must_use]
    pub fn from_document(document: &Value) -> Option<Self> {
        Some(Self {
            name: string(&document["name"])?,
            package_version: string(&document["properties"]["packageVersion"]),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn counts_templates_of_other_solutions_as_present() {
        let document = |name: &str, package: &str| json!({"name": name, "properties": {"packageId": package}});
        let documents = [document("a", "Solution"), document("b", "other"), json!({"name": "c"}), json!({})];

        let templates = ContentTemplates::from_documents("solution", &documents);

        assert_eq!(templates.own.iter().map(|own| own.name.as_str()).collect::<Vec<_>>(), ["a"]);
        assert_eq!(templates.count_present(&["A", "b", "c", "d"].into_iter().collect()), 3);
    }
}
