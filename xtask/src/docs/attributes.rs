//! The schema section of a page: required, optional and read-only attributes, with links to nested attributes.

use std::time::Duration;

use terraform_provider_sentinel::framework::{
    AttributeSpec, Identity, Mode, Nested, Nesting, Replacement, Schema, Shape, Timeouts, Type, Validator, Value,
};

/// The section `## Schema` and the sections for nested attributes.
pub(super) fn section(schema: &Schema) -> String {
    let mut text = "## Schema\n".to_owned();
    for rule in schema.rules() {
        text += &format!("\n{}\n", rule.sentence());
    }
    let specs: Vec<&AttributeSpec> = schema.attributes().chain(schema.blocks()).collect();
    let timeouts = schema.default_timeouts();
    for (title, specs) in groups(&specs) {
        text += &format!("\n### {title}\n\n{}", list(&specs, "", None));
    }
    text + &nested_sections(&specs, "", timeouts)
}

/// The section `### Identity Schema`: the attributes for an `import` block with `identity`.
pub(super) fn identity(identity: &Identity) -> String {
    let (required, optional): (Vec<_>, Vec<_>) =
        identity.attributes().iter().partition(|attribute| Identity::is_required_for_import(attribute));
    let mut text = "### Identity Schema\n".to_owned();
    for (title, specs) in [("Required", required), ("Optional", optional)] {
        if !specs.is_empty() {
            let lines: String = specs.iter().map(|spec| format!("- `{}` ({})\n", spec.name, type_of(spec))).collect();
            text += &format!("\n#### {title}\n\n{lines}");
        }
    }
    text
}

/// The required, optional and read-only attributes, each in the order of the schema.
fn groups<'a>(specs: &[&'a AttributeSpec]) -> Vec<(&'static str, Vec<&'a AttributeSpec>)> {
    let group = |title, wanted: fn(Mode) -> bool| {
        (title, specs.iter().copied().filter(|spec| wanted(spec.mode)).collect::<Vec<_>>())
    };
    let groups = [
        group("Required", |mode| mode == Mode::Required),
        group("Optional", |mode| matches!(mode, Mode::Optional | Mode::OptionalComputed)),
        group("Read-Only", |mode| mode == Mode::Computed),
    ];
    groups.into_iter().filter(|(_, specs)| !specs.is_empty()).collect()
}

fn list(specs: &[&AttributeSpec], prefix: &str, timeouts: Option<Timeouts>) -> String {
    specs.iter().map(|spec| line(spec, prefix, timeouts)).collect()
}

/// The line of an attribute: name, type, description, allowed values, default, and the effect of a change.
fn line(spec: &AttributeSpec, prefix: &str, timeouts: Option<Timeouts>) -> String {
    let (purpose, effects) = purpose_and_effects(spec.description.trim());
    let mut sentences = vec![purpose.to_owned()];
    sentences.extend(
        spec.validators.iter().filter(|validator| !is_described(validator, spec.description)).map(allowed_values),
    );
    sentences.push(effects.to_owned());
    if let Some(default) = spec.default.as_ref().and_then(literal) {
        sentences.push(format!("Defaults to `{default}`."));
    }
    if let Some(default) = timeouts.and_then(|timeouts| timeout(timeouts, spec.name)) {
        sentences.push(format!("Defaults to `{default}`."));
    }
    // A description can say this itself, for example if only some changes force a replacement.
    if !spec.description.contains("forces a new resource") {
        match spec.replacement {
            Some(Replacement::Always | Replacement::IfConfigured) => {
                sentences.push("Changing this forces a new resource to be created.".to_owned());
            }
            Some(Replacement::If(_)) => sentences.push("Some changes force a new resource to be created.".to_owned()),
            None => {}
        }
    }
    if let Some(message) = spec.deprecated {
        sentences.push(format!("**Deprecated:** {message}"));
    }
    if spec.nested().is_some() {
        let anchor = anchor(spec, prefix);
        sentences.push(format!("(see [below for nested schema](#{anchor}))"));
    }
    sentences.retain(|sentence| !sentence.is_empty());
    format!("- `{}` ({}) {}\n", spec.name, type_of(spec), sentences.join(" "))
}

/// Splits a description before its sentences about the default and about changes. The allowed values go between the
/// parts.
fn purpose_and_effects(description: &str) -> (&str, &str) {
    let starts = ["Defaults to ", "Changing "].map(|start| description.find(start));
    match starts.into_iter().flatten().min() {
        Some(position) => (description[..position].trim_end(), &description[position..]),
        None => (description, ""),
    }
}

/// Whether the description itself lists the allowed values, for example with an explanation of each.
fn is_described(validator: &Validator, description: &str) -> bool {
    let is_list = match validator {
        Validator::Each(each) => matches!(each, Validator::OneOf(_) | Validator::OneOfIgnoringCase(_)),
        other => matches!(other, Validator::OneOf(_) | Validator::OneOfIgnoringCase(_)),
    };
    is_list && description.contains("Possible values are")
}

/// The sentence for a validator: "Possible values are …" for a list of texts, otherwise "Must be …" or "Must not …".
fn allowed_values(validator: &Validator) -> String {
    match validator {
        Validator::OneOf(texts) | Validator::OneOfIgnoringCase(texts) => match texts {
            [texts @ .., last] if !texts.is_empty() => {
                format!("Possible values are `{}` and `{last}`.", texts.join("`, `"))
            }
            texts => format!("The only possible value is `{}`.", texts.concat()),
        },
        Validator::Each(each @ (Validator::OneOf(_) | Validator::OneOfIgnoringCase(_))) => allowed_values(each),
        other => format!("{}.", other.requirement()),
    }
}

/// The sections for attributes with nested attributes, depth first.
fn nested_sections(specs: &[&AttributeSpec], prefix: &str, timeouts: Option<Timeouts>) -> String {
    let mut text = String::new();
    for spec in specs {
        let Some(nested) = spec.nested() else { continue };
        let path = format!("{prefix}{}", spec.name);
        text += &format!("\n<a id=\"{}\"></a>\n### Nested Schema for `{path}`\n", anchor(spec, prefix));
        let timeouts = timeouts.filter(|_| path == "timeouts");
        let inner: Vec<&AttributeSpec> = nested.attributes.iter().collect();
        let inner_prefix = format!("{path}.");
        for (title, specs) in groups(&inner) {
            text += &format!("\n{title}:\n\n{}", list(&specs, &inner_prefix, timeouts));
        }
        text += &nested_sections(&inner, &inner_prefix, None);
    }
    text
}

/// The name of an anchor, as in all registry pages: `nestedatt--a--b`, or `nestedblock--a` for blocks.
fn anchor(spec: &AttributeSpec, prefix: &str) -> String {
    let kind = if spec.block.is_some() { "nestedblock" } else { "nestedatt" };
    format!("{kind}--{}{}", prefix.replace('.', "--"), spec.name)
}

fn type_of(spec: &AttributeSpec) -> String {
    let mut name = match (&spec.shape, spec.block) {
        (Shape::Nested(nested), None) => nested_type("Attributes", nested),
        (Shape::Nested(nested), Some(_)) => nested_type("Block", nested),
        (Shape::Type(ty), _) => plain_type(ty),
    };
    if spec.sensitive {
        name += ", Sensitive";
    }
    if spec.write_only {
        name += ", Write-only";
    }
    name
}

fn nested_type(what: &str, nested: &Nested) -> String {
    match nested.nesting {
        Nesting::Single => what.to_owned(),
        Nesting::List => format!("{what} List"),
        Nesting::Set => format!("{what} Set"),
        Nesting::Map => format!("{what} Map"),
    }
}

fn plain_type(ty: &Type) -> String {
    match ty {
        Type::Bool => "Boolean".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::String => "String".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", plain_type(element)),
        Type::Set(element) => format!("Set of {}", plain_type(element)),
        Type::Map(element) => format!("Map of {}", plain_type(element)),
        Type::Object(_) => "Object".to_owned(),
        Type::Tuple(_) => "Tuple".to_owned(),
    }
}

/// A default in the syntax of configurations, if it is a primitive value.
fn literal(value: &Value) -> Option<String> {
    match value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

fn timeout(timeouts: Timeouts, operation: &str) -> Option<String> {
    let duration = match operation {
        "create" => timeouts.create,
        "read" => timeouts.read,
        "update" => timeouts.update,
        "delete" => timeouts.delete,
        _ => None,
    }?;
    Some(minutes(duration))
}

fn minutes(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds % 60 == 0 => format!("{}m", seconds / 60),
        seconds => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allowed_values_come_before_the_default_and_the_effect_of_a_change() {
        assert_eq!(purpose_and_effects("The kind. Defaults to `a`."), ("The kind.", "Defaults to `a`."));
        let both = "The name. Defaults to `a`. Changing this forces a new resource to be created.";
        assert_eq!(purpose_and_effects(both).0, "The name.");
        assert_eq!(purpose_and_effects("The ID."), ("The ID.", ""));
    }

    #[test]
    fn allowed_values_are_listed_once() {
        const LIST: Validator = Validator::OneOf(&["a", "b"]);
        let described = "The kind. Possible values are `a` (old) and `b`.";

        assert!(is_described(&LIST, described) && is_described(&Validator::Each(&LIST), described));
        assert!(!is_described(&LIST, "The kind.") && !is_described(&Validator::NonEmpty, described));
    }
}
