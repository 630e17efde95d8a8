//! Which contract a workspace uses that is connected already.

use std::collections::BTreeSet;

use serde_json::Value;

use super::dedicated;
use super::express::{Outcome, Reading, Relevance, Verdict, relevance};
use super::hcl;
use super::shared;
use super::snapshot::{Connector, Snapshot};
use super::terms::Terms;
use crate::defender_xdr::is_defender_for_cloud;
use crate::sentinel::data_connector::ALERTS;
use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;
use crate::tenant_connector::contract::is_word;

/// Data types of the Defender XDR connector that say nothing about Defender for Cloud.
const OTHERS: [&str; 3] = [ALERTS, "incidents", "advancedHunting"];

/// The contract in use, from what the workspace holds.
pub(super) fn connected(snapshot: &Snapshot) -> Verdict {
    let mut notes = Vec::new();
    let (mut contracts, mut problems): (Vec<Terms>, Vec<String>) = (Vec::new(), Vec::new());
    let connectors = snapshot.connectors();
    for connector in connectors.iter().filter(|connector| relevance(&connector.kind) == Relevance::Connection) {
        if connector.kind.eq_ignore_ascii_case(MICROSOFT_THREAT_PROTECTION) {
            of_shared(connector, &mut contracts, &mut problems, &mut notes);
            continue;
        }
        match dedicated::read(connector) {
            Reading::Contract(terms, more) => {
                contracts.push(terms);
                notes.extend(more);
            }
            Reading::Other(text) => notes.push(text),
            Reading::Inexpressible(reason) => problems.push(reason),
        }
    }
    let mut contracts: Vec<Terms> = contracts.into_iter().map(Terms::normalized).collect();
    contracts.dedup();
    let outcome = match (contracts.as_slice(), problems.is_empty()) {
        ([], true) => Outcome::Nothing,
        ([terms], true) => Outcome::Contract(terms.clone()),
        (_, false) => Outcome::Inexpressible(problems.join(" ")),
        (several, true) => {
            let blocks: Vec<String> = several
                .iter()
                .map(|terms| match terms.is_default() {
                    true => "the default contract".to_owned(),
                    false => hcl::contract(terms).split_whitespace().collect::<Vec<_>>().join(" "),
                })
                .collect();
            Outcome::Inexpressible(format!(
                "Several connections are on, and a contract describes one: {}.",
                blocks.join("; ")
            ))
        }
    };
    Verdict { outcome, notes }
}

fn of_shared(connector: &Connector, contracts: &mut Vec<Terms>, problems: &mut Vec<String>, notes: &mut Vec<String>) {
    let document = connector.document();
    let mut data_types: BTreeSet<String> = BTreeSet::new();
    let properties = connector.properties();
    let others = properties.get("dataTypes").and_then(Value::as_object);
    for name in others.into_iter().flat_map(|types| types.keys()).filter(|name| !OTHERS.contains(&name.as_str())) {
        if document.is_on(&[name]) {
            data_types.insert(name.clone());
        }
    }
    let api_version = Some(connector.api_version.to_owned());
    if !document.is_on(&[ALERTS]) {
        if !data_types.is_empty() && data_types.iter().all(|name| is_word(name)) {
            contracts.push(Terms { data_types: Some(data_types), api_version, ..Terms::default() });
        }
        return;
    }
    let Some(filter) = shared::providers(connector) else {
        notes.push(
            "The Defender XDR connector has no filter, so it streams the alerts of every product. The default contract treats \
             this as connected."
                .to_owned(),
        );
        contracts.push(Terms { api_version, ..Terms::default() });
        return;
    };
    if let Some(strange) = filter.iter().chain(&data_types).find(|name| !is_word(name)) {
        problems
            .push(format!("The name \"{strange}\" in the Defender XDR connector is not a word of letters and digits."));
        return;
    }
    let (own, rest): (Vec<String>, Vec<String>) = filter.into_iter().partition(|name| is_defender_for_cloud(name));
    let unknown: Vec<String> = rest.into_iter().filter(|name| !shared::is_documented(name)).collect();
    data_types.insert(ALERTS.to_owned());
    let with = |provider: String| Terms {
        provider: Some(provider),
        data_types: Some(data_types.clone()),
        api_version: api_version.clone(),
        ..Terms::default()
    };
    match (own.is_empty(), unknown.as_slice()) {
        (true, []) => {}
        (true, [one]) => {
            notes.push(format!(
                "Microsoft does not document the provider \"{one}\", so it is probably Defender for Cloud. Only `contract record` \
                 shows it for certain."
            ));
            contracts.push(with(one.clone()));
        }
        (true, several) => problems.push(format!(
            "The filter of the Defender XDR connector contains {}, and it is not certain which of them is Defender for Cloud. \
             `contract record` shows it.",
            shared::list(several)
        )),
        (false, unknown) => {
            contracts.extend(own.into_iter().map(with));
            if !unknown.is_empty() {
                notes.push(format!(
                    "The filter of the Defender XDR connector also contains {}, which Microsoft does not document.",
                    shared::list(unknown)
                ));
            }
        }
    }
}
