//! Turns the changes of a workspace into the contract that writes the same, or into the reason why there is none.

use super::difference::{Change, Field};
use super::outcome::{Analysis, Interpretation, Outcome, contract_note};
use super::{dedicated, shared};
use crate::sentinel::data_connector::{Category, category};
use crate::tenant_connector::contract_arguments::ContractArguments;

/// Finds the contract that writes what has changed.
pub(super) fn analyze(changes: &[Change]) -> Analysis {
    let mut notes = Vec::new();
    let mut contracts: Vec<(ContractArguments, &str)> = Vec::new();
    let (mut inexpressible, mut others) = (Vec::new(), Vec::new());
    for change in changes {
        let kind = change.connector().kind.as_str();
        if let Some(note) = ignored_change_note(change) {
            notes.push(note);
            continue;
        }
        match interpret(change) {
            Interpretation::Contract(arguments, more) => {
                contracts.push((arguments, kind));
                notes.extend(more);
            }
            Interpretation::NothingEnabled(text) => others.push(text),
            Interpretation::Inexpressible(reason) => inexpressible.push(reason),
        }
    }
    let outcome = match (contracts.as_slice(), inexpressible.as_slice(), others.as_slice()) {
        ([], [], []) => Outcome::Nothing,
        ([(arguments, _)], [], _) => {
            notes.append(&mut others);
            Outcome::Contract(arguments.clone())
        }
        ([], [], _) => Outcome::Inexpressible(others.join(" ")),
        (several, [], _) => {
            notes.append(&mut others);
            Outcome::Inexpressible(several_contracts_reason(several))
        }
        (_, reasons, _) => {
            let reason = reasons.join(" ");
            notes.extend(contracts.iter().map(|(arguments, kind)| contract_note(arguments, kind)));
            notes.append(&mut others);
            Outcome::Inexpressible(reason)
        }
    };
    Analysis { outcome, notes }
}

/// Whether a change may be the connection, so that the wait can end.
pub(super) fn is_possible_connection(change: &Change) -> bool {
    ignored_change_note(change).is_none() && !matches!(interpret(change), Interpretation::NothingEnabled(_))
}

/// Interprets one change of a possible connection.
fn interpret(change: &Change) -> Interpretation {
    let Some(after) = &change.after else {
        let deleted = change.connector();
        return Interpretation::NothingEnabled(format!("The data connector of kind \"{}\" disappeared.", deleted.kind));
    };
    if let Some(before) = &change.before
        && !before.kind.eq_ignore_ascii_case(&after.kind)
    {
        return Interpretation::Inexpressible(format!(
            "The kind of a data connector changed from \"{}\" to \"{}\".",
            before.kind, after.kind
        ));
    }
    let is_outside = |field: &&Field| field.path[0] != "properties" && field.path != ["kind"];
    let interpretation = if category(&after.kind) == Category::DefenderXdr {
        shared::interpret(change.before.as_ref(), after, &change.fields)
    } else {
        dedicated::interpret(change.before.as_ref(), after)
    };
    match change.fields.iter().find(is_outside) {
        Some(field) if !matches!(interpretation, Interpretation::NothingEnabled(_)) => {
            Interpretation::Inexpressible(format!("`{}` changed, which no contract contains.", field.path.join(".")))
        }
        _ => interpretation.accepted(),
    }
}

fn several_contracts_reason(contracts: &[(ContractArguments, &str)]) -> String {
    let each: Vec<String> = contracts.iter().map(|(arguments, kind)| contract_note(arguments, kind)).collect();
    format!("{} data connectors were enabled, but a contract describes only one. {}", contracts.len(), each.join(" "))
}

/// Returns a note about a change that cannot be the connection, or `None` if it can be.
fn ignored_change_note(change: &Change) -> Option<String> {
    let kind = &change.connector().kind;
    let why = match category(kind) {
        Category::DefenderXdr | Category::Unpublished => return None,
        Category::ConnectorPage => "It is a connector page, which connects nothing.",
        Category::SubscriptionConnector => {
            "It is the subscription-based connector, which `sentinel_dfc_subscription_connector` manages."
        }
        Category::OtherProduct => {
            "It belongs to another product, so another process or person probably changed it at the same time."
        }
    };
    let what = match (&change.before, &change.after) {
        (None, _) => "appeared",
        (_, None) => "disappeared",
        _ => "changed",
    };
    Some(format!("A data connector of kind \"{kind}\" {what}. {why}"))
}
