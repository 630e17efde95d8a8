//! Removes IDs and secrets from what is printed, so that a result can be pasted into an issue.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::redaction;
use crate::sentinel::WorkspaceId;

const SECRET: &str = "(sensitive value)";
const EMAIL: &str = "(email address)";

/// Replaces GUIDs, email addresses, secrets, and in ARM paths the names of the workspace and its resource group. The same ID
/// always gets the same replacement, so documents can still be compared.
#[derive(Clone, Debug)]
pub(super) struct Mask {
    /// IDs in lower case, with their replacements.
    known: Vec<(String, String)>,
    workspace: String,
    /// Ends of ARM paths in lower case, with the replacements of the names in them.
    names: [(String, &'static str); 2],
    /// The number of GUIDs with a numbered replacement.
    numbered: usize,
}

impl Mask {
    /// A mask for texts about this workspace.
    pub(super) fn new(workspace: &WorkspaceId) -> Self {
        let subscription = (workspace.subscription().to_ascii_lowercase(), "(subscription ID)".to_owned());
        let group = workspace.resource_id().resource_group().unwrap_or_default().to_ascii_lowercase();
        let name = workspace.name().to_ascii_lowercase();
        let names = [
            (format!("/resourcegroups/{group}"), "(resource group name)"),
            (format!("/workspaces/{name}"), "(workspace name)"),
        ];
        Self { known: vec![subscription], workspace: workspace.to_string().to_ascii_lowercase(), names, numbered: 0 }
    }

    /// Adds the tenants in the member `tenantId` of documents.
    pub(super) fn with_tenants_of<'a>(mut self, properties: impl IntoIterator<Item = &'a Map<String, Value>>) -> Self {
        for properties in properties {
            let tenant = properties.get("tenantId").and_then(Value::as_str);
            // Only GUIDs, because another text could be a part of unrelated words.
            let tenant = tenant.and_then(|tenant| Uuid::try_parse(tenant).ok()).map(|id| id.hyphenated().to_string());
            if let Some(tenant) = tenant
                && !self.known.iter().any(|(known, _)| *known == tenant)
            {
                self.known.push((tenant, "(tenant ID)".to_owned()));
            }
        }
        self
    }

    /// Masks IDs and secrets in a JSON value.
    pub(super) fn json(&mut self, value: &Value) -> Value {
        self.member("", value)
    }

    /// Masks IDs and secrets in the value of a member with this name.
    pub(super) fn named(&mut self, name: &str, value: &Value) -> Value {
        self.member(name, value)
    }

    fn member(&mut self, name: &str, value: &Value) -> Value {
        match value {
            Value::String(text) if is_secret(name, text) => SECRET.into(),
            Value::String(text) => self.text(text).into(),
            Value::Array(elements) => elements.iter().map(|element| self.member(name, element)).collect(),
            Value::Object(fields) => {
                let mut masked = Map::new();
                for (name, value) in fields {
                    let value = self.member(name, value);
                    masked.insert(self.text(name), value);
                }
                Value::Object(masked)
            }
            other => other.clone(),
        }
    }

    /// Masks IDs and secrets in a text.
    pub(super) fn text(&mut self, text: &str) -> String {
        let mut text = replace_ignoring_case(text, &self.workspace, "(workspace ID)");
        for (path, replacement) in &self.names {
            text = replace_last_segment(&text, path, replacement);
            // Azure's messages quote names.
            let name = path.rsplit('/').next().unwrap_or_default();
            text = replace_ignoring_case(&text, &format!("'{name}'"), &format!("'{replacement}'"));
        }
        for (id, replacement) in &self.known {
            text = replace_ignoring_case(&text, id, replacement);
            text = replace_ignoring_case(&text, &id.replace('-', ""), replacement);
        }
        let mut masked = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(at) = find_guid(rest) {
            masked.push_str(&rest[..at]);
            masked.push_str(&self.replacement(&rest[at..at + GUID_LENGTH]));
            rest = &rest[at + GUID_LENGTH..];
        }
        masked.push_str(rest);
        redaction::sanitize(&without_emails(&masked))
    }

    fn replacement(&mut self, guid: &str) -> String {
        let guid = guid.to_ascii_lowercase();
        if let Some((_, replacement)) = self.known.iter().find(|(known, _)| *known == guid) {
            return replacement.clone();
        }
        self.numbered += 1;
        let replacement = format!("(GUID {})", self.numbered);
        self.known.push((guid, replacement.clone()));
        replacement
    }
}

/// Whether a value, or a value in it, looks like a secret.
pub(super) fn has_secrets(value: &Value) -> bool {
    fn check(name: &str, value: &Value) -> bool {
        match value {
            Value::String(text) => is_secret(name, text),
            Value::Array(elements) => elements.iter().any(|element| check(name, element)),
            Value::Object(fields) => fields.iter().any(|(name, value)| check(name, value)),
            _ => false,
        }
    }
    check("", value)
}

/// Whether a text contains a GUID or an email address.
pub(super) fn has_ids(text: &str) -> bool {
    find_guid(text).is_some() || without_emails(text) != text
}

/// Whether a text looks like a secret, by its shape or by the name of its member.
fn is_secret(name: &str, text: &str) -> bool {
    let named = format!("\"{name}\": \"{text}\"");
    let hidden = |text: &str| redaction::sanitize(text).contains(SECRET);
    !text.is_empty() && (hidden(text) || (!name.is_empty() && hidden(&named)))
}

/// The length of a GUID, in bytes.
const GUID_LENGTH: usize = 36;

/// The position of the first GUID in a text.
fn find_guid(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..(bytes.len() + 1).saturating_sub(GUID_LENGTH)).find(|at| {
        bytes[*at..*at + GUID_LENGTH].iter().enumerate().all(|(position, byte)| match position {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    })
}

/// Replaces `pattern`, which is lower-case ASCII, in any case.
fn replace_ignoring_case(text: &str, pattern: &str, replacement: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut replaced = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, _) in lower.match_indices(pattern) {
        replaced.push_str(&text[copied..at]);
        replaced.push_str(replacement);
        copied = at + pattern.len();
    }
    replaced + &text[copied..]
}

/// Replaces the last segment of `path`, which is lower-case ASCII, unless the segment is longer in the text.
fn replace_last_segment(text: &str, path: &str, replacement: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let parent = path.rfind('/').map_or(0, |slash| slash + 1);
    let is_longer = |c: char| c.is_alphanumeric() || "-_.()".contains(c);
    let mut replaced = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, _) in lower.match_indices(path).filter(|(at, _)| !lower[at + path.len()..].starts_with(is_longer)) {
        replaced.push_str(&text[copied..at + parent]);
        replaced.push_str(replacement);
        copied = at + path.len();
    }
    replaced + &text[copied..]
}

fn without_emails(text: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || "._%+-#".contains(c);
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let start = rest[..at]
            .rfind(|c| !is_part(c))
            .map_or(0, |before| before + rest[before..].chars().next().map_or(1, char::len_utf8));
        let after = &rest[at + 1..];
        let end = after.find(|c| !is_part(c)).unwrap_or(after.len());
        if start < at && after[..end].contains('.') {
            masked.push_str(&rest[..start]);
            masked.push_str(EMAIL);
        } else {
            masked.push_str(&rest[..=at]);
            rest = after;
            continue;
        }
        rest = &after[end..];
    }
    masked + rest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SUBSCRIPTION: &str = "4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c";
    const TENANT: &str = "5f3c1d8e-6b0a-4c57-9d1e-2a7b8c9d0e1f";

    fn mask() -> Mask {
        let id = format!(
            "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/law-soc"
        );
        let properties = json!({"tenantId": TENANT}).as_object().cloned().expect("an object");
        Mask::new(&WorkspaceId::parse(&id).expect("an ID")).with_tenants_of([&properties])
    }

    #[test]
    fn ids_are_replaced_in_every_spelling() {
        let text = format!(
            "{} /SUBSCRIPTIONS/{SUBSCRIPTION}/resourcegroups/RG-SOC/providers/microsoft.operationalinsights/workspaces/law-soc/x {}",
            TENANT.to_uppercase(),
            SUBSCRIPTION.replace('-', "")
        );

        assert_eq!(mask().text(&text), "(tenant ID) (workspace ID)/x (subscription ID)");
    }

    #[test]
    fn names_are_replaced_in_other_arm_paths() {
        let text = "/resourceGroups/RG-SOC/providers/x/Workspaces/law-soc, /resourceGroups/rg-soc-2, law-soc";

        let expected = "/resourceGroups/(resource group name)/providers/x/Workspaces/(workspace name), \
                        /resourceGroups/rg-soc-2, law-soc";
        assert_eq!(mask().text(text), expected);
    }

    #[test]
    fn names_are_replaced_in_azure_messages() {
        let text =
            "The Resource 'Microsoft.X/workspaces/law-none' under resource group 'rg-soc' was not found: 'law-soc'";

        let expected = "The Resource 'Microsoft.X/workspaces/law-none' under resource group '(resource group name)' was not \
                        found: '(workspace name)'";
        assert_eq!(mask().text(text), expected);
    }

    #[test]
    fn only_guids_are_tenants() {
        let tenants = [json!({"tenantId": ""}), json!({"tenantId": "a"}), json!({"tenantId": TENANT.replace('-', "")})];
        let tenants: Vec<_> = tenants.iter().filter_map(Value::as_object).collect();
        let mut mask = mask().with_tenants_of(tenants);

        assert_eq!(mask.text(&format!("alerts of {TENANT}")), "alerts of (tenant ID)");
    }

    #[test]
    fn other_guids_stay_distinguishable() {
        let (one, two) = ("11111111-2222-4333-8444-555555555555", "66666666-7777-4888-8999-aaaaaaaaaaaa");

        let masked = mask().json(&json!({"a": one, "b": [two, format!("x{one}")], two: 1}));

        assert_eq!(masked, json!({"a": "(GUID 1)", "b": ["(GUID 2)", "x(GUID 1)"], "(GUID 2)": 1}));
    }

    #[test]
    fn secrets_and_email_addresses_are_replaced() {
        let masked = mask().json(&json!({
            "clientSecret": "s3cret-value", "apiKey": "abcdefgh", "author": "by Ada.L+x@contoso.com, ok", "at": "a @ b",
            "state": "Enabled",
        }));

        assert_eq!(
            masked,
            json!({"clientSecret": SECRET, "apiKey": SECRET, "author": format!("by {EMAIL}, ok"), "at": "a @ b", "state": "Enabled"})
        );
        assert_eq!(mask().named("clientSecret", &"s3cret-value".into()), SECRET);
        assert!(has_secrets(&json!({"auth": {"password": "correct-horse"}})));
        assert!(has_secrets(&json!([{"password": "correct-horse"}])));
        assert!(!has_secrets(&json!({"scope": "Tenant", "n": 1})));
    }

    #[test]
    fn a_guid_or_an_email_address_is_an_id() {
        assert!(has_ids(&format!("x/{TENANT}")));
        assert!(has_ids("by ada@contoso.com"));
        assert!(!has_ids("law-soc"));
    }

    #[test]
    fn keeps_at_signs_without_a_user_or_a_domain() {
        assert_eq!(mask().text("@contoso.com, ada@home"), "@contoso.com, ada@home");
    }
}
