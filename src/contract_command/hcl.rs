//! The text of a `contract` block, ready to paste.

use serde_json::Value;

use crate::tenant_connector::contract_arguments::ContractArguments;

/// `contract = { … }`, with aligned equals signs, indented by two spaces.
pub(super) fn contract(arguments: &ContractArguments) -> String {
    let lines = assignments(arguments);
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let lines: String = lines.iter().map(|(name, value)| format!("    {name:width$} = {value}\n")).collect();
    format!("  contract = {{\n{lines}  }}\n")
}

/// The contract as part of a sentence.
pub(super) fn contract_in_one_line(arguments: &ContractArguments) -> String {
    if arguments.is_default() {
        return "the default contract".to_owned();
    }
    let members: Vec<String> = assignments(arguments).iter().map(|(name, value)| format!("{name} = {value}")).collect();
    format!("`contract = {{ {} }}`", members.join(", "))
}

/// The names of the arguments, and their values as HCL expressions.
fn assignments(arguments: &ContractArguments) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    for (name, text) in
        [("kind", &arguments.kind), ("provider", &arguments.provider), ("api_version", &arguments.api_version)]
    {
        if let Some(text) = text {
            lines.push((name, quoted(text)));
        }
    }
    if let Some(data_types) = &arguments.data_types {
        let names: Vec<String> = data_types.iter().map(|name| quoted(name)).collect();
        lines.push(("data_types", format!("[{}]", names.join(", "))));
    }
    if let Some(properties) = &arguments.properties {
        lines.push(("properties", format!("jsonencode({})", value(&Value::Object(properties.clone())))));
    }
    lines
}

/// A JSON value as an HCL expression on one line.
fn value(json: &Value) -> String {
    match json {
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(name, member)| format!("{} = {}", quoted(name), value(member))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        Value::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(value).collect();
            format!("[{}]", elements.join(", "))
        }
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

/// An HCL string literal with escaped template sequences.
fn quoted(text: &str) -> String {
    Value::from(text).to_string().replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    #[test]
    fn formats_every_argument() {
        let arguments = ContractArguments {
            kind: Some("Own".to_owned()),
            api_version: Some("2026-08-01-preview".to_owned()),
            data_types: Some(BTreeSet::from(["alerts".to_owned(), "more".to_owned()])),
            properties: json!({"scope": {"level": "${x}", "parts": [1, true, "a\nb"]}, "none": {}})
                .as_object()
                .cloned(),
            ..ContractArguments::default()
        };

        assert_eq!(
            contract(&arguments),
            r#"  contract = {
    kind        = "Own"
    api_version = "2026-08-01-preview"
    data_types  = ["alerts", "more"]
    properties  = jsonencode({ "scope" = { "level" = "$${x}", "parts" = [1, true, "a\nb"] }, "none" = {} })
  }
"#
        );
    }

    #[test]
    fn formats_one_line_with_commas_and_keeps_spaces() {
        let arguments = ContractArguments {
            kind: Some("Own".to_owned()),
            properties: json!({"scope": "two  spaces"}).as_object().cloned(),
            ..ContractArguments::default()
        };

        assert_eq!(
            contract_in_one_line(&arguments),
            r#"`contract = { kind = "Own", properties = jsonencode({ "scope" = "two  spaces" }) }`"#
        );
        assert_eq!(contract_in_one_line(&ContractArguments::default()), "the default contract");
    }
}
