//! One reference page: front matter, title, description, examples, schema, import.

use std::path::Path;

use anyhow::{Result, ensure};
use terraform_provider_sentinel::framework::{Identity, Schema};

use super::{attributes, examples};

/// The provider's short name. Resource names start with it, page names do not.
const PROVIDER: &str = "sentinel";

/// What the provider's page contains besides what follows from the schema.
const INDEX: &str = include_str!("index.md");

/// The place of the examples in it.
const EXAMPLES_MARK: &str = "<!-- Example Usage -->\n\n";

/// What a page can be about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Provider,
    Resource,
    DataSource,
}

/// Something with a schema, as its page needs it.
pub(super) struct Subject<'a> {
    pub(super) kind: Kind,
    /// Full name: `sentinel_dfc_tenant_connector`, for the provider `sentinel`.
    pub(super) name: &'a str,
    pub(super) schema: &'a Schema,
    /// A resource's identity.
    pub(super) identity: Option<&'a Identity>,
}

impl Subject<'_> {
    /// The page's name below docs/.
    pub(super) fn file(&self) -> String {
        let short = self.name.strip_prefix(PROVIDER).unwrap_or(self.name).trim_start_matches('_');
        match self.kind {
            Kind::Provider => "index.md".to_owned(),
            Kind::Resource => format!("resources/{short}.md"),
            Kind::DataSource => format!("data-sources/{short}.md"),
        }
    }

    /// The page's text, with examples from `folder`.
    pub(super) fn text(&self, folder: &Path) -> Result<String> {
        let (title, heading) = match self.kind {
            Kind::Provider => (format!("{} Provider", self.name), format!("{} Provider", self.name)),
            Kind::Resource => (format!("{} Resource - {PROVIDER}", self.name), format!("{} (Resource)", self.name)),
            Kind::DataSource => {
                (format!("{} Data Source - {PROVIDER}", self.name), format!("{} (Data Source)", self.name))
            }
        };
        let description = self.schema.description().trim();
        ensure!(!description.is_empty(), "{} has no description", self.name);

        let mut text = format!("---\npage_title: \"{title}\"\n");
        // The registries allow no subcategory on the index.
        if self.kind != Kind::Provider {
            text += "subcategory: \"\"\n";
        }
        text += &format!("description: |-\n{}\n---\n\n", indented(first_paragraph(description)));
        text += "<!-- Written by `cargo xtask docs` from the schema and examples/: change those. -->\n\n";
        text += &format!("# {heading}\n\n{description}\n\n");
        if let Some(message) = self.schema.deprecation() {
            text += &format!("~> **Deprecated:** {message}\n\n");
        }
        let examples = self.examples(folder)?;
        if self.kind == Kind::Provider {
            ensure!(INDEX.contains(EXAMPLES_MARK), "index.md has lost the mark of its examples");
            text += &INDEX.replace(EXAMPLES_MARK, &examples);
        } else {
            text += &examples;
        }
        text += &attributes::section(self.schema);
        if self.kind == Kind::Resource {
            text += &self.import(&folder.join("resources").join(self.name))?;
        }
        Ok(text)
    }

    fn examples(&self, folder: &Path) -> Result<String> {
        let (folder, stem) = match self.kind {
            Kind::Provider => (folder.join("provider"), "provider"),
            Kind::Resource => (folder.join("resources").join(self.name), "resource"),
            Kind::DataSource => (folder.join("data-sources").join(self.name), "data-source"),
        };
        let configurations = examples::configurations(&folder, stem)?;
        ensure!(!configurations.is_empty(), "{} has no example: {}/{stem}.tf", self.name, folder.display());
        let blocks: Vec<String> = configurations
            .iter()
            .enumerate()
            .map(|(number, text)| if number == 0 { text.as_str() } else { examples::without_workspace_variable(text) })
            .map(|text| examples::fenced("terraform", text))
            .collect();
        Ok(format!("## Example Usage\n\n{}\n", blocks.join("\n")))
    }

    fn import(&self, folder: &Path) -> Result<String> {
        let mut parts = Vec::new();
        if let Some(commands) = examples::text(&folder.join("import.sh"))? {
            parts.push(format!("On the command line:\n\n{}", examples::fenced("shell", &commands)));
        }
        if let Some(block) = examples::text(&folder.join("import-by-string-id.tf"))? {
            parts.push(format!("With an `import` block:\n\n{}", examples::fenced("terraform", &block)));
        }
        if let Some(identity) = self.identity
            && let Some(block) = examples::text(&folder.join("import-by-identity.tf"))?
        {
            let since = "With an `import` block by identity (Terraform 1.12 or newer, OpenTofu 1.12 or newer):";
            let block = examples::fenced("terraform", &block);
            parts.push(format!("{since}\n\n{block}\n{}", attributes::identity(identity)));
        }
        if parts.is_empty() {
            return Ok(String::new());
        }
        Ok(format!("\n## Import\n\n{}", parts.join("\n")))
    }
}

fn first_paragraph(text: &str) -> &str {
    text.split("\n\n").next().unwrap_or(text).trim()
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {}", line.trim_end())).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use terraform_provider_sentinel::framework::{Attribute, Timeouts};

    use super::*;

    const WORKSPACE: Attribute<String> =
        Attribute::required("workspace_id").description("ARM id of the workspace.").requires_replace();
    const ADOPT: Attribute<bool> =
        Attribute::optional_with_default("adopt_existing", || false).description("Take over what exists.");
    const ID: Attribute<String> = Attribute::computed("id").description("ARM id.");

    fn page() -> String {
        let schema = Schema::new("Connects.\n\nMore about it.")
            .attribute(&WORKSPACE)
            .attribute(&ADOPT)
            .attribute(&ID)
            .timeouts(Timeouts::RESOURCE);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let examples = folder.path().join("resources/sentinel_thing");
        std::fs::create_dir_all(&examples).expect("it is writable");
        std::fs::write(examples.join("resource.tf"), "resource {}\n").expect("it is writable");
        std::fs::write(examples.join("import.sh"), "terraform import x y\n").expect("it is writable");
        let identity = Identity::of(0, &[&WORKSPACE]);
        let subject =
            Subject { kind: Kind::Resource, name: "sentinel_thing", schema: &schema, identity: Some(&identity) };
        assert_eq!(subject.file(), "resources/thing.md");
        subject.text(folder.path()).expect("the examples are there")
    }

    #[test]
    fn front_matter_has_the_first_paragraph() {
        assert!(page().starts_with(
            "---\npage_title: \"sentinel_thing Resource - sentinel\"\nsubcategory: \"\"\ndescription: |-\n  Connects.\n---\n"
        ));
    }

    #[test]
    fn groups_attributes_into_required_optional_and_read_only() {
        let page = page();
        let schema = page.split("## Schema\n").nth(1).and_then(|rest| rest.split("<a id").next());
        assert_eq!(
            schema,
            Some(
                "\n### Required\n\n\
                 - `workspace_id` (String) ARM id of the workspace. Changing this forces a new resource to be created.\n\
                 \n### Optional\n\n\
                 - `adopt_existing` (Boolean) Take over what exists. Defaults to `false`.\n\
                 - `timeouts` (Block) Timeouts, as durations such as `30s`, `10m` or `1h30m`. \
                 (see [below for nested schema](#nestedblock--timeouts))\n\
                 \n### Read-Only\n\n\
                 - `id` (String) ARM id.\n\n"
            )
        );
    }

    #[test]
    fn timeouts_show_their_defaults() {
        assert!(page().contains("- `read` (String) How long to wait for reading. Defaults to `5m`.\n"));
    }
}
