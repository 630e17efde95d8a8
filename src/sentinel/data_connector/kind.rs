//! Kinds of data connector, and what a kind says about a document.

/// Defender XDR: one document a workspace, whose slices several products share.
pub const MICROSOFT_THREAT_PROTECTION: &str = "MicrosoftThreatProtection";

/// Defender for Cloud alerts of a single subscription: the connector that the tenant-wide one replaces.
pub const AZURE_SECURITY_CENTER: &str = "AzureSecurityCenter";

/// The documents' resource type below the namespace `Microsoft.SecurityInsights`.
pub const RESOURCE_TYPE: &str = "dataConnectors";

/// Kinds that draw a page in the portal and connect nothing. Content Hub solutions put them into a workspace, under
/// names that look like connections (`MicrosoftDefenderForCloudTenantBased` is one).
const CARDS: [&str; 2] = ["GenericUI", "StaticUI"];

/// The documents' resource type with its namespace.
#[must_use]
pub fn full_type() -> String {
    format!("Microsoft.SecurityInsights/{RESOURCE_TYPE}")
}

/// What a document under `dataConnectors` is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// A connector page of the portal: it can be deleted and put back without any effect on the data.
    Card,
    /// A connection: data flows while its data types are on.
    Connection,
}

/// Decides on the kind, never on the name. A kind that nobody has documented is a connection: its content tells more.
#[must_use]
pub fn role(kind: &str) -> Role {
    if CARDS.iter().any(|card| card.eq_ignore_ascii_case(kind)) { Role::Card } else { Role::Connection }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_the_portal_are_cards_in_any_case() {
        assert_eq!(role("GenericUI"), Role::Card);
        assert_eq!(role("staticui"), Role::Card);
    }

    #[test]
    fn everything_else_is_a_connection_unknown_kinds_too() {
        assert_eq!(role(MICROSOFT_THREAT_PROTECTION), Role::Connection);
        assert_eq!(role("MicrosoftDefenderForCloudTenantBased"), Role::Connection);
        assert_eq!(role("KindOfTheFuture"), Role::Connection);
    }
}
