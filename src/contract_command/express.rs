//! From changes to the contract that writes the same, or to the reason why there is none.

use super::difference::{Change, Field};
use super::snapshot::Connector;
use super::terms::Terms;
use super::{dedicated, hcl, shared};
use crate::sentinel::data_connector::kind::{AZURE_SECURITY_CENTER, MICROSOFT_THREAT_PROTECTION};
use crate::sentinel::data_connector::{Role, role};

/// What a record, or a check, comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Verdict {
    pub(super) outcome: Outcome,
    /// What else the user must know, in sentences.
    pub(super) notes: Vec<String>,
}

/// The kinds of results.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// Nothing that could be the connection.
    Nothing,
    /// The connection is what this contract writes.
    Contract(Terms),
    /// No contract writes it, for this reason.
    Inexpressible(String),
}

/// What a connector is for the question whether it is the tenant-based Defender for Cloud connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Relevance {
    /// It may be: the Defender XDR connector, or a kind that no published schema has.
    Connection,
    /// A connector page, which shows something in the portal and connects nothing.
    ConnectorPage,
    /// The older connector for the alerts of one subscription.
    SubscriptionConnector,
    /// A connector of another product: somebody else's work.
    OtherProduct,
}

impl Relevance {
    /// The word for machines.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::ConnectorPage => "connector_page",
            Self::SubscriptionConnector => "subscription_connector",
            Self::OtherProduct => "other_product",
        }
    }
}

/// Kinds of other products in the published schemas, up to API version 2026-08-01-preview.
const OTHER_PRODUCTS: [&str; 23] = [
    "AmazonWebServicesCloudTrail",
    "AmazonWebServicesS3",
    "APIPolling",
    "AzureActiveDirectory",
    "AzureAdvancedThreatProtection",
    "Dynamics365",
    "GCP",
    "IOT",
    "MicrosoftCloudAppSecurity",
    "MicrosoftDefenderAdvancedThreatProtection",
    "MicrosoftPurviewInformationProtection",
    "MicrosoftThreatIntelligence",
    "Office365",
    "Office365Project",
    "OfficeATP",
    "OfficeIRM",
    "OfficePowerBI",
    "PremiumMicrosoftDefenderForThreatIntelligence",
    "PurviewAudit",
    "Push",
    "RestApiPoller",
    "ThreatIntelligence",
    "ThreatIntelligenceTaxii",
];

/// What a connector of this kind is.
pub(super) fn relevance(kind: &str) -> Relevance {
    if role(kind) == Role::ConnectorPage {
        Relevance::ConnectorPage
    } else if kind.eq_ignore_ascii_case(AZURE_SECURITY_CENTER) {
        Relevance::SubscriptionConnector
    } else if OTHER_PRODUCTS.iter().any(|other| other.eq_ignore_ascii_case(kind)) {
        Relevance::OtherProduct
    } else {
        Relevance::Connection
    }
}

/// What one change of a possible connection says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reading {
    /// It turned on what this contract turns on.
    Contract(Terms, Vec<String>),
    /// It turned nothing on, and says something else.
    Other(String),
    /// It turned something on that no contract does, for this reason.
    Inexpressible(String),
}

/// What one change of a possible connection says.
pub(super) fn read(change: &Change) -> Reading {
    let Some(after) = &change.after else {
        let gone = change.connector();
        return Reading::Other(format!("The data connector of kind \"{}\" disappeared.", gone.kind));
    };
    if let Some(before) = &change.before
        && !before.kind.eq_ignore_ascii_case(&after.kind)
    {
        return Reading::Inexpressible(format!(
            "The kind of a data connector changed from \"{}\" to \"{}\".",
            before.kind, after.kind
        ));
    }
    let is_outside = |field: &&Field| field.path[0] != "properties" && field.path != ["kind"];
    if let Some(field) = change.fields.iter().find(is_outside) {
        return Reading::Inexpressible(format!("`{}` changed, which no contract contains.", field.path.join(".")));
    }
    if after.kind.eq_ignore_ascii_case(MICROSOFT_THREAT_PROTECTION) {
        shared::read(change.before.as_ref(), after, &change.fields)
    } else {
        dedicated::read(after)
    }
}

/// What all changes together come to.
pub(super) fn express(changes: &[Change]) -> Verdict {
    let mut notes = Vec::new();
    let mut contracts: Vec<(Terms, &Connector)> = Vec::new();
    let (mut inexpressible, mut others) = (Vec::new(), Vec::new());
    for change in changes {
        let connector = change.connector();
        match relevance(&connector.kind) {
            Relevance::Connection => match read(change) {
                Reading::Contract(terms, more) => {
                    contracts.push((terms.normalized(), connector));
                    notes.extend(more);
                }
                Reading::Other(text) => others.push(text),
                Reading::Inexpressible(reason) => inexpressible.push(reason),
            },
            relevance => notes.push(beside(relevance, change)),
        }
    }
    let outcome = match (contracts.as_slice(), inexpressible.as_slice(), others.as_slice()) {
        ([], [], []) => Outcome::Nothing,
        ([(terms, _)], [], _) => {
            notes.append(&mut others);
            Outcome::Contract(terms.clone())
        }
        ([], [], _) => Outcome::Inexpressible(others.join(" ")),
        (several, [], _) => {
            notes.append(&mut others);
            Outcome::Inexpressible(together(several))
        }
        (_, reasons, _) => {
            let reason = reasons.join(" ");
            for (terms, connector) in &contracts {
                notes.push(alone(terms, connector));
            }
            notes.append(&mut others);
            Outcome::Inexpressible(reason)
        }
    };
    Verdict { outcome, notes }
}

/// Whether a change may be the click, so that waiting can end.
pub(super) fn is_relevant(change: &Change) -> bool {
    relevance(&change.connector().kind) == Relevance::Connection
}

fn together(contracts: &[(Terms, &Connector)]) -> String {
    let each: Vec<String> = contracts.iter().map(|(terms, connector)| alone(terms, connector)).collect();
    format!("{} data connectors were turned on, and a contract describes one. {}", contracts.len(), each.join(" "))
}

fn alone(terms: &Terms, connector: &Connector) -> String {
    if terms.is_default() {
        return format!("The default contract writes the connector of kind \"{}\" alone.", connector.kind);
    }
    let block = hcl::contract(terms);
    let block: Vec<&str> = block.split_whitespace().collect();
    format!("The connector of kind \"{}\" alone is written by {}.", connector.kind, block.join(" "))
}

/// A change that cannot be the connection.
fn beside(relevance: Relevance, change: &Change) -> String {
    let kind = &change.connector().kind;
    let what = match (&change.before, &change.after) {
        (None, _) => "appeared",
        (_, None) => "disappeared",
        _ => "changed",
    };
    let why = match relevance {
        Relevance::ConnectorPage => "It is a connector page, which connects nothing.",
        Relevance::SubscriptionConnector => {
            "It is the subscription-based connector, which `sentinel_dfc_subscription_connector` manages."
        }
        Relevance::OtherProduct | Relevance::Connection => {
            "It belongs to another product, so somebody else probably changed it at the same time."
        }
    };
    format!("A data connector of kind \"{kind}\" {what}. {why}")
}
