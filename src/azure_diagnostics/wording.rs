//! Texts that differ between Terraform and the provider's own commands.
//!
//! The tables contain texts with placeholders in braces:
//!
//! | Placeholder | For Terraform | For a command |
//! |---|---|---|
//! | `{tenant_id}`, or another setting | `tenant_id` (ARM_TENANT_ID) | ARM_TENANT_ID |
//! | `{again}`, `{Again}` | apply again | run the command again |
//! | `{terraform: text}` | text | nothing |

use crate::azure::credential::Interface;

/// The prefix of a part that is only for Terraform.
const TERRAFORM: &str = "terraform:";

/// Replaces the placeholders in `text`.
pub(super) fn render(text: &str, interface: Interface) -> String {
    let mut rendered = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (placeholder, after) = after.split_once('}').expect("invariant: a brace in a table is closed");
        rendered.push_str(before);
        rendered.push_str(&value(placeholder, interface));
        rest = after;
    }
    rendered + rest
}

fn value(placeholder: &str, interface: Interface) -> String {
    let is_command = interface == Interface::Command;
    match placeholder {
        "again" if is_command => "run the command again".to_owned(),
        "again" => "apply again".to_owned(),
        "Again" if is_command => "Run the command again".to_owned(),
        "Again" => "Apply again".to_owned(),
        _ => match placeholder.strip_prefix(TERRAFORM) {
            Some(_) if is_command => String::new(),
            Some(text) => text.to_owned(),
            None => interface.full_name(placeholder),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_texts_for_terraform_and_for_commands() {
        let text = "Set {tenant_id}, and {again}.{terraform: Reference the workspace.} {Again} later.";

        assert_eq!(
            render(text, Interface::Provider),
            "Set `tenant_id` (ARM_TENANT_ID), and apply again. Reference the workspace. Apply again later."
        );
        assert_eq!(
            render(text, Interface::Command),
            "Set ARM_TENANT_ID, and run the command again. Run the command again later."
        );
    }
}
