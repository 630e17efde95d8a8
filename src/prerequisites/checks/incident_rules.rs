//! The check `incident_rules`: which rules create incidents from Defender for Cloud alerts, and whether they duplicate others.

use crate::defender_xdr::with_incidents;
use crate::incident_rule::{AZURE_SECURITY_CENTER, Rule, azure_name};
use crate::prerequisites::check::Check;
use crate::prerequisites::read_result::ReadResult;
use crate::sentinel::data_connector::Document;

const NAME: &str = "incident_rules";

/// Looks for rules that create incidents from Defender for Cloud alerts. Without Defender XDR incidents, they are the only
/// source of incidents, because the tenant-based connector streams only alerts.
pub fn check(rules: &ReadResult<Vec<Rule>>, connectors: &ReadResult<Vec<Document>>) -> Check {
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
    let connectors = match connectors {
        Ok(connectors) => connectors,
        Err(unread) => return Check::unknown(NAME, unread),
    };
    names.sort();
    let found = format!("These rules create incidents from Defender for Cloud alerts: {}.", names.join(", "));
    if with_incidents(connectors).is_some() {
        return Check::warning(
            NAME,
            format!("{found} Defender XDR incidents are also enabled, so each incident exists twice."),
            "Disable these rules.",
        );
    }
    Check::warning(
        NAME,
        format!("{found} They are the only source of these incidents, because Defender XDR incidents are disabled."),
        "First enable Defender XDR incidents (`sentinel_defender_xdr_connector`). Then disable these rules. If you disable \
         the rules first, new alerts get no incidents.",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::prerequisites::check::Status;
    use crate::prerequisites::read_result::ReadFailure;
    use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;

    fn rules(product: &str, enabled: bool) -> ReadResult<Vec<Rule>> {
        let properties = json!({"displayName": "R", "productFilter": product, "enabled": enabled});
        Ok(vec![Rule::from_properties(&properties)])
    }

    fn xdr(incidents: &str) -> ReadResult<Vec<Document>> {
        let properties = json!({"dataTypes": {"incidents": {"state": incidents}, "alerts": {"state": "Enabled"}}});
        Ok(vec![Document::new("x", MICROSOFT_THREAT_PROTECTION, properties)])
    }

    #[test]
    fn warns_only_about_enabled_rules_of_the_product() {
        let status = |product, enabled| check(&rules(product, enabled), &xdr("Enabled")).status;

        assert_eq!(status("Azure Security Center", true), Status::Warning);
        assert_eq!(status("Azure Security Center", false), Status::Passed);
        assert_eq!(status("Azure Security Center for IoT", true), Status::Passed);
        assert_eq!(check(&Ok(Vec::new()), &Ok(Vec::new())).status, Status::Passed);
    }

    #[test]
    fn rules_are_disabled_only_when_defender_xdr_creates_the_incidents() {
        let remedy = |connectors: &_| check(&rules("Azure Security Center", true), connectors).remedy;

        assert_eq!(remedy(&xdr("Enabled")).as_deref(), Some("Disable these rules."));
        for connectors in [xdr("Disabled"), Ok(Vec::new())] {
            let remedy = remedy(&connectors).expect("a warning");
            assert!(remedy.starts_with("First enable Defender XDR incidents"), "{remedy}");
        }
    }

    #[test]
    fn without_the_connectors_nothing_says_whether_incidents_exist_twice() {
        let unread = Err(ReadFailure::new("No.", "Ask."));

        assert_eq!(check(&rules("Azure Security Center", true), &unread).status, Status::Unknown);
        assert_eq!(check(&Ok(Vec::new()), &unread).status, Status::Passed);
    }
}
