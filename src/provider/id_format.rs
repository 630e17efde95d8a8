//! The formats of the IDs in the provider block.

pub(super) use crate::azure::is_guid;

/// Whether a text identifies a tenant: a GUID or a domain name such as `contoso.onmicrosoft.com`.
pub(super) fn is_tenant(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    is_guid(text) || (text.contains('.') && text.len() <= 253 && text.split('.').all(label))
}

/// Whether a text is the GUID of a partner, with or without the `pid-` prefix of the user agent.
pub(super) fn is_partner(text: &str) -> bool {
    is_guid(text.strip_prefix("pid-").unwrap_or(text))
}

/// Whether a text is the resource ID of a user-assigned managed identity.
pub(super) fn is_identity_id(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.starts_with("/subscriptions/") && text.contains("/providers/microsoft.managedidentity/userassignedidentities/")
}

/// Whether a text is an HTTP or HTTPS URL.
pub(super) fn is_http(text: &str) -> bool {
    reqwest::Url::parse(text).is_ok_and(|url| ["http", "https"].contains(&url.scheme()))
}

/// Whether a text is an HTTPS URL.
pub(super) fn is_https(text: &str) -> bool {
    reqwest::Url::parse(text).is_ok_and(|url| url.scheme() == "https")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "222c6c49-1b0a-5959-a213-6608f9eb8820";

    #[test]
    fn a_guid_has_hyphens_and_no_braces() {
        assert!(is_guid(GUID));
        assert!(is_guid(&GUID.to_uppercase()));
        for malformed in [
            "",
            "222c6c491b0a5959a2136608f9eb8820",
            "{222c6c49-1b0a-5959-a213-6608f9eb8820}",
            "222c6c49-1b0a-5959-a213-6608f9eb882g",
        ] {
            assert!(!is_guid(malformed), "{malformed}");
        }
    }

    #[test]
    fn a_tenant_is_a_guid_or_a_domain() {
        assert!(is_tenant(GUID));
        assert!(is_tenant("contoso.onmicrosoft.com"));
        for malformed in ["common", "contoso..com", "-a.com", "https://login", "contoso.com/x", "contoso .com"] {
            assert!(!is_tenant(malformed), "{malformed}");
        }
    }

    #[test]
    fn a_partner_may_have_the_prefix() {
        assert!(is_partner(GUID));
        assert!(is_partner(&format!("pid-{GUID}")));
        assert!(!is_partner("pid-contoso"));
    }
}
