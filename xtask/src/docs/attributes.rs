//! The schema section of a page: required, optional and read-only attributes, with links to nested ones.

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
    let rows: Vec<&AttributeSpec> = schema.attributes().chain(schema.blocks()).collect();
    let timeouts = schema.default_timeouts();
    for (title, rows) in groups(&rows) {
        text += &format!("\n### {title}\n\n{}", list(&rows, "", None));
    }
    text + &nested_sections(&rows, "", timeouts)
}

/// The section `### Identity Schema`: the attributes for an `import` block with `identity`.
pub(super) fn identity(identity: &Identity) -> String {
    let (required, optional): (Vec<_>, Vec<_>) =
        identity.attributes().iter().partition(|attribute| Identity::is_required_for_import(attribute));
    let mut text = "### Identity Schema\n".to_owned();
    for (title, rows) in [("Required", required), ("Optional", optional)] {
        if !rows.is_empty() {
            let lines: String = rows.iter().map(|row| format!("- `{}` ({})\n", row.name, type_of(row))).collect();
            text += &format!("\n#### {title}\n\n{lines}");
        }
    }
    text
}

/// Required, optional and read-only rows, each in the order of the table.
fn groups<'a>(rows: &[&'a AttributeSpec]) -> Vec<(&'static str, Vec<&'a AttributeSpec>)> {
    let group = |title, wanted: fn(Mode) -> bool| {
        (title, rows.iter().copied().filter(|row| wanted(row.mode)).collect::<Vec<_>>())
    };
    let groups = [
        group("Required", |mode| mode == Mode::Required),
        group("Optional", |mode| matches!(mode, Mode::Optional | Mode::OptionalComputed)),
        group("Read-Only", |mode| mode == Mode::Computed),
    ];
    groups.into_iter().filter(|(_, rows)| !rows.is_empty()).collect()
}

fn list(rows: &[&AttributeSpec], prefix: &str, timeouts: Option<Timeouts>) -> String {
    rows.iter().map(|row| line(row, prefix, timeouts)).collect()
}

/// One attribute: name, type, description, allowed values, default, and what a change does.
fn line(row: &AttributeSpec, prefix: &str, timeouts: Option<Timeouts>) -> String {
    let (purpose, effects) = purpose_and_effects(row.description.trim());
    let mut sentences = vec![purpose.to_owned()];
    sentences.extend(
        row.validators.iter().filter(|validator| !is_described(validator, row.description)).map(allowed_values),
    );
    sentences.push(effects.to_owned());
    if let Some(default) = row.default.as_ref().and_then(literal) {
        sentences.push(format!("Defaults to `{default}`."));
    }
    if let Some(default) = timeouts.and_then(|timeouts| timeout(timeouts, row.name)) {
        sentences.push(format!("Defaults to `{default}`."));
    }
    // A description can say this itself, for example if only some changes force a replacement.
    if !row.description.contains("forces a new resource") {
        match row.replacement {
            Some(Replacement::Always | Replacement::IfConfigured) => {
                sentences.push("Changing this forces a new resource to be created.".to_owned());
            }
            Some(Replacement::If(_)) => sentences.push("Some changes force a new resource to be created.".to_owned()),
            None => {}
        }
    }
    if let Some(message) = row.deprecated {
        sentences.push(format!("**Deprecated:** {message}"));
    }
    if row.nested().is_some() {
        let anchor = anchor(row, prefix);
        sentences.push(format!("(see [below for nested schema](#{anchor}))"));
    }
    sentences.retain(|sentence| !sentence.is_empty());
    format!("- `{}` ({}) {}\n", row.name, type_of(row), sentences.join(" "))
}

/// Splits a description before its own sentences about the default and about changes, which come after the allowed values.
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

/// A section for every row that has attributes of its own, depth first.
fn nested_sections(rows: &[&AttributeSpec], prefix: &str, timeouts: Option<Timeouts>) -> String {
    let mut text = String::new();
    for row in rows {
        let Some(nested) = row.nested() else { continue };
        let path = format!("{prefix}{}", row.name);
        text += &format!("\n<a id=\"{}\"></a>\n### Nested Schema for `{path}`\n", anchor(row, prefix));
        let timeouts = timeouts.filter(|_| path == "timeouts");
        let inner: Vec<&AttributeSpec> = nested.attributes.iter().collect();
        let inner_prefix = format!("{path}.");
        for (title, rows) in groups(&inner) {
            text += &format!("\n{title}:\n\n{}", list(&rows, &inner_prefix, timeouts));
        }
        text += &nested_sections(&inner, &inner_prefix, None);
    }
    text
}

/// The anchor's name as in every registry page: `nestedatt--a--b`, for blocks `nestedblock--a`.
fn anchor(row: &AttributeSpec, prefix: &str) -> String {
    let kind = if row.block.is_some() { "nestedblock" } else { "nestedatt" };
    format!("{kind}--{}{}", prefix.replace('.', "--"), row.name)
}

fn type_of(row: &AttributeSpec) -> String {
    let mut name = match (&row.shape, row.block) {
        (Shape::Nested(nested), None) => nested_type("Attributes", nested),
        (Shape::Nested(nested), Some(_)) => nested_type("Block", nested),
        (Shape::Type(ty), _) => plain_type(ty),
    };
    if row.sensitive {
        name += ", Sensitive";
    }
    if row.write_only {
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

/// A default as a configuration would write it, if it is a plain value.
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
