//! Checks schemas by the rules of Terraform and OpenTofu. A provider with an invalid schema does not start, and a unit
//! test of a resource finds the invalid attribute.
//!
//! The rules are those of Terraform's `InternalValidate`, and the names that Terraform reserves.

use std::collections::BTreeSet;

use super::spec::{AttributeSpec, Mode, Nested, Nesting, Replacement, Shape};
use super::{Identity, Schema};
use crate::framework::value::{Path, PathStep, Type};

/// The kind of a schema. Terraform reserves different names in each kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SchemaKind {
    /// The provider block.
    Provider,
    /// A resource.
    Resource,
    /// A data source.
    DataSource,
}

impl SchemaKind {
    const fn reserved(self) -> &'static [&'static str] {
        match self {
            Self::Provider => &["alias", "count", "depends_on", "for_each", "lifecycle", "locals", "source", "version"],
            Self::Resource | Self::DataSource => {
                &["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"]
            }
        }
    }
}

impl Schema {
    /// The problems of this schema, one sentence each. Empty if the schema is valid.
    #[must_use]
    pub fn problems(&self, kind: SchemaKind) -> Vec<String> {
        let mut problems = Vec::new();
        let mut report = |name: &str, problem: &str| problems.push(format!("`{name}` {problem}"));
        for spec in self.specs() {
            if kind.reserved().contains(&spec.name) {
                report(spec.name, "is a name that Terraform keeps for itself");
            }
            if kind != SchemaKind::Resource && spec.write_only {
                report(spec.name, "is write-only, which only attributes of resources can be");
            }
            if kind != SchemaKind::Resource && (spec.replacement.is_some() || spec.use_state.is_some()) {
                report(spec.name, "has rules for a plan, which only resources have");
            }
            if kind == SchemaKind::Provider && spec.mode.is_computed() {
                report(spec.name, "is computed, which an argument of a provider cannot be");
            }
        }
        check_attributes(self.specs(), &Path::root(), Ancestors::default(), &mut problems);
        for path in self.rules().iter().flat_map(super::Rule::paths).filter(|path| !is_in(self.specs(), path.steps())) {
            problems.push(format!("`{path}` is named in a rule and is not in the schema"));
        }
        if self.state_version() < 0 {
            problems.push("the version is negative".to_owned());
        }
        problems
    }
}

impl Identity {
    /// The problems of this identity for a resource with `schema`, one sentence each. Empty if the identity is valid.
    #[must_use]
    pub fn problems(&self, schema: &Schema) -> Vec<String> {
        let mut problems = Vec::new();
        let mut report = |name: &str, problem: &str| problems.push(format!("identity: `{name}` {problem}"));
        for spec in self.attributes() {
            match schema.attributes().find(|attribute| attribute.name == spec.name) {
                Some(attribute) if attribute.shape.value_type() == spec.shape.value_type() => {}
                _ => report(spec.name, "is not this attribute of the resource"),
            }
            if !is_plain(&spec.shape) {
                report(spec.name, "is neither a plain value nor a list of plain values");
            }
            if spec.sensitive || spec.write_only {
                report(spec.name, "is secret, and an identity is not");
            }
            if spec.mode != Mode::Computed && spec.replacement.is_none() {
                report(spec.name, "can change without a new object, and an identity cannot");
            }
        }
        if self.attributes().is_empty() || self.version() < 0 {
            problems.push("identity: it has no attributes, or a negative version".to_owned());
        }
        problems
    }
}

/// Whether a path leads to an attribute through single nested objects.
fn is_in(specs: &[AttributeSpec], steps: &[PathStep]) -> bool {
    let [PathStep::Attribute(name), rest @ ..] = steps else { return false };
    specs.iter().filter(|spec| spec.name == name).any(|spec| match spec.nested() {
        _ if rest.is_empty() => true,
        Some(nested) => nested.nesting == Nesting::Single && is_in(&nested.attributes, rest),
        None => false,
    })
}

/// The kinds of objects that enclose an attribute.
#[derive(Clone, Copy, Default)]
struct Ancestors {
    in_set: bool,
    in_write_only: bool,
    in_computed: bool,
}

fn check_attributes(specs: &[AttributeSpec], parent: &Path, ancestors: Ancestors, problems: &mut Vec<String>) {
    let mut names = BTreeSet::new();
    for spec in specs {
        let path = parent.clone().child(spec.name);
        for problem in spec_problems(spec, ancestors) {
            problems.push(format!("`{path}` {problem}"));
        }
        if !names.insert(spec.name) {
            problems.push(format!("`{path}` is there twice"));
        }
        if let Shape::Nested(Nested { nesting, attributes }) = &spec.shape {
            let inner = Ancestors {
                in_set: ancestors.in_set || *nesting == Nesting::Set,
                in_write_only: ancestors.in_write_only || spec.write_only,
                in_computed: ancestors.in_computed || spec.mode == Mode::Computed,
            };
            check_attributes(attributes, &path, inner, problems);
        }
    }
}

fn spec_problems(spec: &AttributeSpec, ancestors: Ancestors) -> Vec<&'static str> {
    let nesting = spec.nested().map(|nested| nested.nesting);
    let wrong = [
        (!is_identifier(spec.name), "is not a name of lower-case letters, digits and underscores"),
        (spec.description.is_empty(), "has no description"),
        (spec.write_only && ancestors.in_set, "is write-only inside a set"),
        (ancestors.in_set && has_dynamic(&spec.shape.value_type()), "is of any type inside a set"),
        (
            matches!(spec.replacement, Some(Replacement::If(_) | Replacement::IfConfigured)) && ancestors.in_set,
            "has a rule for replacement inside a set, where there is no prior value to compare with",
        ),
        (spec.write_only && nesting == Some(Nesting::Set), "is a write-only set of objects"),
        (spec.write_only && spec.mode.is_computed(), "is write-only and set by the provider"),
        (ancestors.in_write_only && !spec.write_only, "is not write-only inside a write-only object"),
        (
            ancestors.in_computed && spec.mode != Mode::Computed,
            "is an argument inside an object that only the provider sets",
        ),
        (spec.replacement.is_some() && spec.mode == Mode::Computed, "requires replacement and cannot be configured"),
        (spec.use_state.is_some() && !spec.mode.is_computed(), "keeps its state and is not set by the provider"),
        (spec.use_state.is_some() && spec.default.is_some(), "keeps its state and has a default"),
        (spec.write_only && spec.replacement.is_some(), "is write-only and requires replacement: nothing to compare"),
        (
            spec.default.as_ref().is_some_and(|value| value.conforms(&spec.shape.value_type()).is_err()),
            "has a default of another type",
        ),
        (spec.default.as_ref().is_some_and(|value| (spec.parse)(value).is_err()), "has a default that is not valid"),
        (spec.block.is_some() && nesting == Some(Nesting::Map), "is a block by key"),
        (
            spec.block.is_some_and(|block| block.max_items != 0 && block.min_items > block.max_items),
            "is a block that must be written more often than it may",
        ),
    ];
    wrong.into_iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, problem)| problem).collect()
}

/// Whether a name is valid for attributes, functions and parameters: an HCL identifier in lower case.
pub(in crate::framework) fn is_identifier(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.bytes().all(is_plain) && name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase())
}

fn is_plain(shape: &Shape) -> bool {
    let primitive = |ty: &Type| matches!(ty, Type::Bool | Type::Number | Type::String);
    match shape {
        Shape::Type(Type::List(element)) => primitive(element),
        Shape::Type(ty) => primitive(ty),
        Shape::Nested(_) => false,
    }
}

fn has_dynamic(ty: &Type) -> bool {
    match ty {
        Type::Dynamic => true,
        Type::Bool | Type::Number | Type::String => false,
        Type::List(element) | Type::Set(element) | Type::Map(element) => has_dynamic(element),
        Type::Object(attributes) => attributes.values().any(has_dynamic),
        Type::Tuple(elements) => elements.iter().any(has_dynamic),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::nested_object;
    use crate::framework::schema::{Attribute, AttributePath, Timeouts, Validator};

    const ID: Attribute<String> = Attribute::computed("id").description("Its id.");
    const NAME: Attribute<String> = Attribute::required("name").description("Its name.").requires_replace();

    fn problems(schema: &Schema) -> Vec<String> {
        schema.problems(SchemaKind::Resource)
    }

    #[test]
    fn accepts_a_valid_schema() {
        let schema = Schema::new("A thing.").attribute(&NAME).attribute(&ID).timeouts(Timeouts::RESOURCE);

        assert_eq!(problems(&schema), Vec::<String>::new());
    }

    #[test]
    fn rejects_reserved_names() {
        const COUNT: Attribute<Option<i64>> = Attribute::optional("count").description("How many.");

        assert_eq!(problems(&Schema::new("").attribute(&COUNT)), ["`count` is a name that Terraform keeps for itself"]);
    }

    #[test]
    fn rejects_duplicate_names_and_missing_descriptions() {
        const SILENT: Attribute<String> = Attribute::computed("silent");

        let found = problems(&Schema::new("").attribute(&NAME).attribute(&NAME).attribute(&SILENT));

        assert_eq!(found, ["`name` is there twice", "`silent` has no description"]);
    }

    #[test]
    fn rejects_contradicting_settings_of_an_attribute() {
        const NEVER: Attribute<String> = Attribute::computed("never").description("x").requires_replace();
        const KEPT: Attribute<String> = Attribute::required("kept").description("x").use_state_for_unknown();
        const TOKEN: Attribute<Option<String>> = Attribute::write_only("token").description("x").requires_replace();

        assert_eq!(problems(&Schema::new("").attribute(&NEVER).attribute(&KEPT).attribute(&TOKEN)).len(), 3);
    }

    #[test]
    fn rejects_a_rule_for_an_unknown_attribute() {
        let schema = Schema::new("").attribute(&NAME).conflicting(&[&NAME, &ID]);

        assert_eq!(problems(&schema), ["`id` is named in a rule and is not in the schema"]);
    }

    #[test]
    fn accepts_a_rule_for_a_nested_attribute() {
        nested_object! {
            struct Contact {
                email: Option<String> = Attribute::optional("email").description("Address."),
            }
        }
        const CONTACT: Attribute<Option<Contact>> = Attribute::optional("contact").description("Who is notified.");
        let schema = Schema::new("").attribute(&NAME).attribute(&CONTACT);
        let email = CONTACT.child(&Contact::email());

        assert_eq!(problems(&schema.clone().conflicting(&[&NAME, &email])), Vec::<String>::new());
        assert_eq!(
            problems(&schema.conflicting(&[&CONTACT.child(&NAME)])),
            ["`contact.name` is named in a rule and is not in the schema"]
        );
    }

    #[test]
    fn rejects_a_computed_provider_argument() {
        assert_eq!(Schema::new("").attribute(&ID).problems(SchemaKind::Provider).len(), 1);
    }

    #[test]
    fn rejects_an_identity_attribute_that_can_change() {
        const LABEL: Attribute<Option<String>> =
            Attribute::optional("label").description("x").validate(&[Validator::NonEmpty]);
        let schema = Schema::new("").attribute(&NAME).attribute(&LABEL);

        assert!(Identity::of(0, &[&NAME]).problems(&schema).is_empty());
        assert_eq!(
            Identity::of(0, &[&LABEL]).problems(&schema),
            ["identity: `label` can change without a new object, and an identity cannot"]
        );
        assert_eq!(Identity::of(0, &[&ID]).problems(&schema).len(), 1);
    }
}
