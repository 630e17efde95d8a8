//! Finds the contract of a workspace that is already connected.

use serde_json::Value;

use super::data_types::DataTypes;
use super::outcome::{Analysis, Interpretation, Outcome, contract_note};
use super::snapshot::{Connector, Snapshot};
use super::{dedicated, hcl, shared};
use crate::defender_xdr::{is_defender_for_cloud, is_of_xdr_connector};
use crate::sentinel::data_connector::{ALERTS, Category, category};
use crate::tenant_connector::contract::{is_dedicated_kind, is_word};
use crate::tenant_connector::contract_arguments::ContractArguments;

/// Finds the contract that the data connectors of a workspace use.
pub(super) fn connected(snapshot: &Snapshot) -> Analysis {
    let mut notes = Vec::new();
    let (mut likely, mut possible) = (Found::default(), Found::default());
    for connector in snapshot.connectors() {
        match category(&connector.kind) {
            Category::DefenderXdr => {
                for interpretation in interpret_shared(&connector, &mut notes) {
                    likely.add(&connector.kind, interpretation, &mut notes);
                }
            }
            Category::Unpublished if is_dedicated_kind(&connector.kind) => {
                likely.add(&connector.kind, dedicated::interpret(None, &connector), &mut notes);
            }
            Category::Unpublished => {
                possible.add(&connector.kind, dedicated::interpret(None, &connector), &mut notes);
            }
            Category::ConnectorPage | Category::SubscriptionConnector | Category::OtherProduct => {}
        }
    }
    let outcome =
        if likely.is_empty() { possible.outcome_of_unknown(&mut notes) } else { likely.outcome(&possible, &mut notes) };
    Analysis { outcome, notes }
}

/// Contracts with the kinds of their connectors, and reasons why there is no contract.
#[derive(Default)]
struct Found {
    contracts: Vec<(ContractArguments, String)>,
    problems: Vec<String>,
}

impl Found {
    fn add(&mut self, kind: &str, interpretation: Interpretation, notes: &mut Vec<String>) {
        match interpretation.accepted() {
            Interpretation::Contract(arguments, more) => {
                if !self.contracts.iter().any(|(other, _)| *other == arguments) {
                    self.contracts.push((arguments, kind.to_owned()));
                }
                notes.extend(more);
            }
            Interpretation::NothingEnabled(text) => notes.push(text),
            Interpretation::Inexpressible(reason) => self.problems.push(reason),
        }
    }

    fn is_empty(&self) -> bool {
        self.contracts.is_empty() && self.problems.is_empty()
    }

    /// The outcome if some connectors are likely to be the connection. `others` only add notes.
    fn outcome(self, others: &Self, notes: &mut Vec<String>) -> Outcome {
        notes.extend(others.contracts.iter().map(|(_, kind)| {
            format!(
                "There is also a data connector of the unknown kind \"{kind}\", which is probably another product's."
            )
        }));
        if !self.problems.is_empty() {
            notes.extend(self.contracts.iter().map(|(arguments, kind)| contract_note(arguments, kind)));
            return Outcome::Inexpressible(self.problems.join(" "));
        }
        self.contract()
    }

    /// The outcome if there are only connectors of unpublished kinds.
    fn outcome_of_unknown(mut self, notes: &mut Vec<String>) -> Outcome {
        notes.append(&mut self.problems);
        for (arguments, kind) in &self.contracts {
            notes.push(format!(
                "No published schema has the kind \"{kind}\", and its name does not say that it is Defender for Cloud. Only \
                 `contract record` shows for certain whether it is the connection."
            ));
            if arguments.contract().data_types.is_empty() {
                notes.push(format!(
                    "The connector of kind \"{kind}\" has no data types, so it does not show whether it streams alerts, and \
                     destroying a resource that has adopted it would delete it. If it is the connection, use {}.",
                    hcl::contract_in_one_line(arguments)
                ));
            }
        }
        self.contracts.retain(|(arguments, _)| !arguments.contract().data_types.is_empty());
        self.contract()
    }

    fn contract(self) -> Outcome {
        match self.contracts.as_slice() {
            [] => Outcome::Nothing,
            [(arguments, _)] => Outcome::Contract(arguments.clone()),
            several => {
                let each: Vec<String> =
                    several.iter().map(|(arguments, _)| hcl::contract_in_one_line(arguments)).collect();
                Outcome::Inexpressible(format!(
                    "Several connectors are connected, but a contract describes only one: {}.",
                    each.join("; ")
                ))
            }
        }
    }
}

/// Interprets the Defender XDR connector of a workspace.
fn interpret_shared(connector: &Connector, notes: &mut Vec<String>) -> Vec<Interpretation> {
    let mut found = DataTypes::default();
    let properties = connector.properties();
    let data_types = properties.get("dataTypes").and_then(Value::as_object);
    for (name, value) in
        data_types.into_iter().flatten().filter(|(name, _)| *name != ALERTS && !is_of_xdr_connector(name))
    {
        if let Err(problem) = found.add_member(name, value) {
            notes.push(format!("{problem} No contract contains it."));
        }
    }
    let arguments = |provider: Option<String>, with_alerts: bool| {
        let mut data_types = found.enabled.clone();
        data_types.extend(with_alerts.then(|| ALERTS.to_owned()));
        let api_version = shared::api_version(connector);
        ContractArguments { provider, data_types: Some(data_types), api_version, ..ContractArguments::default() }
    };
    let contract = |provider: String| Interpretation::Contract(arguments(Some(provider), true), Vec::new());
    let without_alerts = || -> Vec<Interpretation> {
        let contract =
            (!found.enabled.is_empty()).then(|| Interpretation::Contract(arguments(None, false), Vec::new()));
        contract.into_iter().collect()
    };
    if !connector.document().is_enabled(&[ALERTS]) {
        return without_alerts();
    }
    let Some(filter) = shared::providers(connector) else {
        let note = "The Defender XDR connector has no filter, so it streams the alerts of all products. The default contract \
                    treats this as connected.";
        let arguments = ContractArguments { data_types: None, ..arguments(None, true) };
        return vec![Interpretation::Contract(arguments, vec![note.to_owned()])];
    };
    if let Some(invalid) = filter.iter().find(|name| !is_word(name)) {
        return vec![Interpretation::Inexpressible(format!(
            "The name \"{invalid}\" in the Defender XDR connector must contain only letters and digits."
        ))];
    }
    let (own, rest): (Vec<String>, Vec<String>) = filter.into_iter().partition(|name| is_defender_for_cloud(name));
    let unknown: Vec<String> = rest.into_iter().filter(|name| !shared::is_documented(name)).collect();
    match (own.is_empty(), unknown.as_slice()) {
        (true, []) => without_alerts(),
        (true, [one]) => {
            notes.push(format!(
                "Microsoft does not document the provider \"{one}\", so it is probably Defender for Cloud. Only `contract \
                 record` shows it for certain."
            ));
            vec![contract(one.clone())]
        }
        (true, several) => vec![Interpretation::Inexpressible(format!(
            "The filter of the Defender XDR connector contains {}, and it is not certain which of them is Defender for Cloud. \
             `contract record` shows it.",
            shared::list(several)
        ))],
        (false, unknown) => {
            if !unknown.is_empty() {
                notes.push(format!(
                    "The filter of the Defender XDR connector also contains {}, which Microsoft does not document.",
                    shared::list(unknown)
                ));
            }
            own.into_iter().map(contract).collect()
        }
    }
}
