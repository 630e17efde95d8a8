//! Selects a solution by content ID or display name.

use std::fmt;

use super::suggestions::suggestions;
use crate::content_hub::api::package::Package;

/// The content ID or display name to look up a solution by, ignoring case.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Selector {
    /// The content ID, which is unique: `azuresentinel.azure-sentinel-solution-…`.
    ContentId(String),
    /// The display name in the portal, which may not be unique.
    DisplayName(String),
}

impl Selector {
    /// Whether the selector matches this package.
    #[must_use]
    pub fn matches(&self, package: &Package) -> bool {
        match self {
            Self::ContentId(content_id) => package.has_content_id(content_id),
            Self::DisplayName(display_name) => package.has_display_name(display_name),
        }
    }

    /// Selects a package; `None` if none matches.
    ///
    /// The list of installed solutions may contain a content ID twice, because a failed installation can leave a
    /// registration whose name is the product ID. The registration whose name is the content ID takes precedence.
    ///
    /// # Errors
    /// Several packages have the display name.
    pub fn select(&self, packages: &[Package]) -> Result<Option<Package>, Ambiguous> {
        let mut matching: Vec<&Package> = packages.iter().filter(|package| self.matches(package)).collect();
        matching.sort_by_key(|package| !package.name.eq_ignore_ascii_case(&package.content_id));
        matching.dedup_by(|a, b| a.has_content_id(&b.content_id));
        match matching.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some((*one).clone())),
            several => Err(Ambiguous {
                selector: self.clone(),
                candidates: several.iter().map(|package| Candidate::from(*package)).collect(),
            }),
        }
    }

    /// Packages with a similar content ID or display name.
    #[must_use]
    pub fn suggestions(&self, packages: &[Package]) -> Vec<Candidate> {
        let name = |package: &Package| match self {
            Self::ContentId(_) => Some(package.content_id.clone()),
            Self::DisplayName(_) => package.display_name.clone(),
        };
        let names: Vec<String> = packages.iter().filter_map(name).collect();
        let similar = suggestions(self.value(), names.iter().map(String::as_str));
        similar
            .into_iter()
            .filter_map(|similar| packages.iter().find(|package| name(package).as_deref() == Some(similar)))
            .map(Candidate::from)
            .collect()
    }

    /// The content ID or display name.
    #[must_use]
    pub fn value(&self) -> &str {
        match self {
            Self::ContentId(value) | Self::DisplayName(value) => value,
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ContentId(value) => write!(f, "content ID \"{value}\""),
            Self::DisplayName(value) => write!(f, "display name \"{value}\""),
        }
    }
}

/// Several packages have the display name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ambiguous {
    /// The selector.
    pub selector: Selector,
    /// The matching packages.
    pub candidates: Vec<Candidate>,
}

/// A package in an error message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Candidate {
    /// The content ID.
    pub content_id: String,
    /// The display name; the content ID if there is none.
    pub display_name: String,
    /// `Solution` or `Standalone`, if known.
    pub kind: Option<String>,
}

impl From<&Package> for Candidate {
    fn from(package: &Package) -> Self {
        Self {
            content_id: package.content_id.clone(),
            display_name: package.display_name.clone().unwrap_or_else(|| package.content_id.clone()),
            kind: package.content_kind.clone(),
        }
    }
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (\"{}\"", self.content_id, self.display_name)?;
        match &self.kind {
            Some(kind) => write!(f, ", {kind})"),
            None => f.write_str(")"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, content_id: &str, display_name: &str) -> Package {
        Package {
            name: name.to_owned(),
            content_id: content_id.to_owned(),
            display_name: Some(display_name.to_owned()),
            content_kind: Some("Solution".to_owned()),
            ..Package::default()
        }
    }

    #[test]
    fn selects_a_package_by_content_id_in_any_case() {
        let packages = [package("a", "Contoso.A", "A"), package("b", "contoso.b", "B")];

        let found = Selector::ContentId("contoso.a".to_owned()).select(&packages).expect("not ambiguous");

        assert_eq!(found.map(|package| package.content_id).as_deref(), Some("Contoso.A"));
    }

    #[test]
    fn prefers_the_registration_named_by_the_content_id() {
        let packages = [package("contoso.a-sl-123", "contoso.a", "A"), package("contoso.a", "contoso.a", "A")];

        let found = Selector::DisplayName("a".to_owned()).select(&packages).expect("one content id is one package");

        assert_eq!(found.map(|package| package.name).as_deref(), Some("contoso.a"));
    }

    #[test]
    fn ambiguous_display_name_lists_its_packages() {
        let packages = [package("a", "contoso.a", "Firewall"), package("b", "contoso.b", "firewall")];

        let error = Selector::DisplayName("Firewall".to_owned()).select(&packages).expect_err("two of that name");

        let shown: Vec<String> = error.candidates.iter().map(Candidate::to_string).collect();
        assert_eq!(shown, ["contoso.a (\"Firewall\", Solution)", "contoso.b (\"firewall\", Solution)"]);
    }

    #[test]
    fn suggestions_match_the_kind_of_selector() {
        let packages = [package("a", "contoso.firewall", "Contoso Firewall"), package("b", "fabrikam.mail", "Mail")];

        let by_name = Selector::DisplayName("Contoso Firewal".to_owned()).suggestions(&packages);
        let by_id = Selector::ContentId("contoso.firewal".to_owned()).suggestions(&packages);

        assert_eq!(by_name[0].display_name, "Contoso Firewall");
        assert_eq!(by_id[0].content_id, "contoso.firewall");
    }
}
