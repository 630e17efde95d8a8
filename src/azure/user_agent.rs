//! The `User-Agent` header, in the format of Terraform's Azure providers.
//!
//! `HashiCorp Terraform/1.14.0 (+https://www.terraform.io) terraform-provider-sentinel/0.1.0 pid-<partner ID>`

/// Terraform's partner ID at Microsoft. It is sent unless the user sets another partner ID or disables it.
const TERRAFORM_PARTNER_ID: &str = "222c6c49-1b0a-5959-a213-6608f9eb8820";

/// The parts of the user agent.
#[derive(Clone, Debug, Default)]
pub struct UserAgent {
    /// The version of Terraform; empty if unknown.
    pub terraform_version: String,
    /// The text to append: the environment variable `AZURE_HTTP_USER_AGENT`.
    pub suffix: Option<String>,
    /// The partner ID: a GUID, with or without the prefix `pid-`.
    pub partner_id: Option<String>,
    /// Whether Terraform's partner ID is disabled.
    pub disable_terraform_partner_id: bool,
}

impl UserAgent {
    /// The value of the header. Characters that a header cannot contain are removed.
    #[must_use]
    pub fn header(&self) -> String {
        let version = if self.terraform_version.is_empty() { "unknown" } else { &self.terraform_version };
        let mut text = format!(
            "HashiCorp Terraform/{version} (+https://www.terraform.io) terraform-provider-sentinel/{}",
            env!("CARGO_PKG_VERSION")
        );
        if let Some(suffix) = self.suffix.as_deref().map(str::trim).filter(|suffix| !suffix.is_empty()) {
            text.push(' ');
            text.push_str(suffix);
        }
        if let Some(partner) = self.partner() {
            text.push_str(" pid-");
            text.push_str(partner);
        }
        text.retain(|character| matches!(character, ' '..='~'));
        text
    }

    /// The partner ID to send: the user's, or Terraform's. Azure reads only one.
    fn partner(&self) -> Option<&str> {
        let own =
            self.partner_id.as_deref().map(|id| id.strip_prefix("pid-").unwrap_or(id)).filter(|id| !id.is_empty());
        own.or_else(|| (!self.disable_terraform_partner_id).then_some(TERRAFORM_PARTNER_ID))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent() -> UserAgent {
        UserAgent { terraform_version: "1.14.0".to_owned(), ..UserAgent::default() }
    }

    #[test]
    fn header_contains_terraform_and_provider_versions() {
        let version = env!("CARGO_PKG_VERSION");

        assert_eq!(
            agent().header(),
            format!(
                "HashiCorp Terraform/1.14.0 (+https://www.terraform.io) terraform-provider-sentinel/{version} \
                 pid-222c6c49-1b0a-5959-a213-6608f9eb8820"
            )
        );
    }

    #[test]
    fn custom_partner_id_replaces_terraforms() {
        let with_prefix = UserAgent { partner_id: Some("pid-11111111-0000-0000-0000-000000000000".into()), ..agent() };

        assert!(with_prefix.header().ends_with(" pid-11111111-0000-0000-0000-000000000000"));
    }

    #[test]
    fn partner_id_can_be_disabled() {
        let silent = UserAgent { disable_terraform_partner_id: true, ..agent() };

        assert!(!silent.header().contains("pid-"));
    }

    #[test]
    fn removes_invalid_characters_from_a_suffix() {
        let odd = UserAgent { suffix: Some("pipeline/7\r\nX-Evil: 1".into()), ..agent() };

        assert!(odd.header().contains(" pipeline/7X-Evil: 1 pid-"));
    }
}
