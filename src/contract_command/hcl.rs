//! The text of a `contract` block, ready to paste.

use serde_json::Value;

use super::terms::Terms;

/// `contract = { … }`, with aligned equals signs, indented by two spaces.
pub(super) fn contract(terms: &Terms) -> String {
    let mut lines: Vec<(&str, String)> = Vec::new();
    for (name, text) in [("kind", &terms.kind), ("provider", &terms.provider), ("api_version", &terms.api_version)] {
        if let Some(text) = text {
            lines.push((name, quoted(text)));
        }
    }
    if let Some(data_types) = &terms.data_types {
        let names: Vec<String> = data_types.iter().map(|name| quoted(name)).collect();
        lines.push(("data_types", format!("[{}]", names.join(", "))));
    }
    if let Some(properties) = &terms.properties {
        lines.push(("properties", format!("jsonencode({})", value(&Value::Object(properties.clone())))));
    }
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let lines: String = lines.iter().map(|(name, value)| format!("    {name:width$} = {value}\n")).collect();
    format!("  contract = {{\n{lines}  }}\n")
}

/// A JSON value as an expression, in one line.
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

/// A string literal without templates.
fn quoted(text: &str) -> String {
    Value::from(text).to_string().replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_block_has_every_term() {
        let terms = Terms {
            kind: Some("Own".to_owned()),
            api_version: Some("2026-08-01-preview".to_owned()),
            data_types: Some(BTreeSet::from(["alerts".to_owned(), "more".to_owned()])),
            properties: json!({"scope": {"level": "${x}", "parts": [1, true, "a\nb"]}, "none": {}})
                .as_object()
                .cloned(),
            ..Terms::default()
        };

        assert_eq!(
            contract(&terms),
            r#"  contract = {
    kind        = "Own"
    api_version = "2026-08-01-preview"
    data_types  = ["alerts", "more"]
    properties  = jsonencode({ "scope" = { "level" = "$${x}", "parts" = [1, true, "a\nb"] }, "none" = {} })
  }
"#
        );
    }
}
