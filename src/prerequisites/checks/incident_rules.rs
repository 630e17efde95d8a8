//! The check `incident_rules`: no rule creates incidents from Defender for Cloud alerts.

use crate::incident_rule::{AZURE_SECURITY_CENTER, Rule, azure_name};
use crate::prerequisites::check::Check;
use crate::prerequisites::read_result::ReadResult;

const NAME: &str = "incident_rules";

/// Looks for rules that create incidents from Defender for Cloud alerts.
pub fn check(rules: &ReadResult<Vec<Rule>>) -> Check {
    let rules = match rules {
        Ok(rules) => rules,
        Err(unread) => return Check::unknown(NAME, unread),
    };
    let is_duplicate =
        |rule: &&Rule| rule.enabled && azure_name(&rule.product).eq_ignore_ascii_case(AZURE_SECURITY_CENTER);
    let mut names: Vec<String> =
        rules.iter().filter(is_duplicate).map(|rule| format!("\"{}\"", rule.display_name)).collect();
    if names.is_empty() {
        return Check::passed(NAME, "No rule creates incidents from Defender for Cloud alerts.");
    }
    names.sort();
    Check::warning(
        NAME,
        format!(
            "These rules create incidents from Defender for Cloud alerts: {}. Defender XDR also creates incidents \
             from tenant-wide alerts, so each incident would exist twice.",
            names.join(", ")
        ),
        "Disable these rules when you connect the tenant-based connector.",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::prerequisites::check::Status;

    fn status(product: &str, enabled: bool) -> Status {
        let rule = Rule::from_properties(&json!({"displayName": "R", "productFilter": product, "enabled": enabled}));
        check(&Ok(vec![rule])).status
    }

    #[test]
    fn warns_only_about_enabled_rules_of_the_product() {
        assert_eq!(status("Azure Security Center", true), Status::Warning);
        assert_eq!(status("Azure Security Center", false), Status::Passed);
        assert_eq!(status("Azure Security Center for IoT", true), Status::Passed);
        assert_eq!(check(&Ok(Vec::new())).status, Status::Passed);
    }
}
