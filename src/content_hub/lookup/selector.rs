//! How a user names a solution, and which package of a list is meant.

use std::fmt;

use super::nearest::nearest;
use crate::content_hub::api::package::Package;

/// What a solution is looked up by; both are compared without case.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Selector {
    /// The content id, which is unique: `azuresentinel.azure-sentinel-solution-…`.
    ContentId(String),
    /// The name that the portal shows, which is not unique.
    DisplayName(String),
}

impl Selector {
    /// Whether it means this package.
    #[must_use]
    pub fn matches(&self, package: &Package) -> bool {
        match self {
            Self::ContentId(content_id) => package.has_content_id(content_id),
            Self::DisplayName(display_name) => package.has_display_name(display_name),
        }
    }

    /// The package of `packages` that is meant, none where there is none.
    ///
    /// One content id may stand more than once in the installed list (an orphan of a failed installation, named by its
    /// product id): the entry that is named by the content id comes first.
    ///
    /// # Errors
    /// The packages that share the display name.
    pub fn pick(&self, packages: &[Package]) -> Result<Option<Package>, Ambiguous> {
        let mut matching: Vec<&Package> = packages.iter().filter(|package| self.matches(package)).collect();
        matching.sort_by_key(|package| !package.name.eq_ignore_ascii_case(&package.content_id));
        matching.dedup_by(|a, b| a.has_content_id(&b.content_id));
        match matching.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some((*one).clone())),
            several => Err(Ambiguous {
                selector: self.clone(),
                candidates: several.iter().map(|package| Candidate::of(package)).collect(),
            }),
        }
    }

    /// Names like the one that was not found: content ids or display names, as the selector is one.
    #[must_use]
    pub fn nearest(&self, packages: &[Package]) -> Vec<Candidate> {
        let name = |package: &Package| match self {
            Self::ContentId(_) => Some(package.content_id.clone()),
            Self::DisplayName(_) => package.display_name.clone(),
        };
        let names: Vec<String> = packages.iter().filter_map(name).collect();
        let near = nearest(self.value(), names.iter().map(String::as_str));
        near.into_iter()
            .filter_map(|near| packages.iter().find(|package| name(package).as_deref() == Some(near)))
            .map(Candidate::of)
            .collect()
    }

    /// What was given.
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
            Self::ContentId(value) => write!(f, "content id \"{value}\""),
            Self::DisplayName(value) => write!(f, "display name \"{value}\""),
        }
    }
}

/// Several packages have the display name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ambiguous {
    /// What was looked for.
    pub selector: Selector,
    /// What was found.
    pub candidates: Vec<Candidate>,
}

/// A package as an error shows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Candidate {
    /// Its content id.
    pub content_id: String,
    /// Its display name; its content id where it has none.
    pub display_name: String,
    /// `Solution` or `Standalone`, where known.
    pub kind: Option<String>,
}

impl Candidate {
    fn of(package: &Package) -> Self {
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
    fn a_content_id_in_any_case_finds_its_package() {
        let packages = [package("a", "Contoso.A", "A"), package("b", "contoso.b", "B")];

        let found = Selector::ContentId("contoso.a".to_owned()).pick(&packages).expect("not ambiguous");

        assert_eq!(found.map(|package| package.content_id).as_deref(), Some("Contoso.A"));
    }

    #[test]
    fn the_entry_named_by_its_content_id_comes_before_an_orphan() {
        let packages = [package("contoso.a-sl-123", "contoso.a", "A"), package("contoso.a", "contoso.a", "A")];

        let found = Selector::DisplayName("a".to_owned()).pick(&packages).expect("one content id is one package");

        assert_eq!(found.map(|package| package.name).as_deref(), Some("contoso.a"));
    }

    #[test]
    fn a_display_name_of_several_packages_lists_them() {
        let packages = [package("a", "contoso.a", "Firewall"), package("b", "contoso.b", "firewall")];

        let error = Selector::DisplayName("Firewall".to_owned()).pick(&packages).expect_err("two of that name");

        let shown: Vec<String> = error.candidates.iter().map(Candidate::to_string).collect();
        assert_eq!(shown, ["contoso.a (\"Firewall\", Solution)", "contoso.b (\"firewall\", Solution)"]);
    }

    #[test]
    fn what_is_not_there_has_neighbours_of_its_own_sort() {
        let packages = [package("a", "contoso.firewall", "Contoso Firewall"), package("b", "fabrikam.mail", "Mail")];

        let by_name = Selector::DisplayName("Contoso Firewal".to_owned()).nearest(&packages);
        let by_id = Selector::ContentId("contoso.firewal".to_owned()).nearest(&packages);

        assert_eq!(by_name[0].display_name, "Contoso Firewall");
        assert_eq!(by_id[0].content_id, "contoso.firewall");
    }
}
