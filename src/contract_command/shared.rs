//! Interprets changes of the Defender XDR connector. Several products share it, so only a change can be the connection.

use std::collections::BTreeSet;

use serde_json::Value;

use super::data_types::data_type;
use super::difference::Field;
use super::outcome::Interpretation;
use super::snapshot::Connector;
use crate::azure::api_version::is_preview;
use crate::defender_xdr::{DEFENDER_FOR_CLOUD, is_defender_for_cloud, is_of_xdr_connector};
use crate::sentinel::data_connector::ALERTS;
use crate::tenant_connector::contract::is_word;
use crate::tenant_connector::contract_arguments::ContractArguments;

/// The providers that Microsoft documents. Neither is Defender for Cloud.
const DOCUMENTED: [&str; 2] = ["microsoftDefenderForCloudApps", "microsoftDefenderForIdentity"];

/// Interprets the changed fields of the connector.
pub(super) fn interpret(before: Option<&Connector>, after: &Connector, fields: &[Field]) -> Interpretation {
    if let Some(field) = fields.iter().find(|field| !is_expressible(field)) {
        return Interpretation::Inexpressible(format!(
            "`{}` of the Defender XDR connector changed. A contract cannot contain it, because several products share this \
             connector.",
            field.path.join(".")
        ));
    }
    let Enabled { mut data_types, has_xdr_data_types, mut notes } = match enabled(fields) {
        Ok(enabled) => enabled,
        Err(problem) => return Interpretation::Inexpressible(problem),
    };
    let filter = Filter::of(before, after);
    let is_about_alerts = data_types.contains(ALERTS) || !filter.added.is_empty() || filter.is_removed;
    let provider = if is_about_alerts {
        if !after.document().is_enabled(&[ALERTS]) {
            return Interpretation::Inexpressible(
                "The filter of the Defender XDR connector changed, but its alerts are disabled.".to_owned(),
            );
        }
        match filter.provider(&mut notes) {
            Ok(provider) => Some(provider),
            Err(reason) => return Interpretation::Inexpressible(reason),
        }
    } else {
        None
    };
    if is_about_alerts {
        data_types.insert(ALERTS.to_owned());
    }
    if data_types.is_empty() {
        return if has_xdr_data_types {
            Interpretation::Inexpressible(
                "The change enabled only data types that `sentinel_defender_xdr_connector` manages, and no alerts. \
                 Use that resource."
                    .to_owned(),
            )
        } else {
            notes.extend(filter.removed.iter().map(|name| format!("\"{name}\" left the filter.")));
            Interpretation::NothingEnabled(format!(
                "The Defender XDR connector changed, and nothing was enabled. {}",
                notes.join(" ")
            ))
        };
    }
    let arguments = ContractArguments {
        provider,
        data_types: Some(data_types),
        api_version: api_version(after),
        ..ContractArguments::default()
    };
    Interpretation::Contract(arguments, notes)
}

/// The data types that a change enabled.
#[derive(Default)]
struct Enabled {
    /// The data types that a contract can contain.
    data_types: BTreeSet<String>,
    /// Whether the change also enabled data types that `sentinel_defender_xdr_connector` manages.
    has_xdr_data_types: bool,
    notes: Vec<String>,
}

/// Collects the data types that the changed fields enable. The error is the reason why a contract cannot express them.
fn enabled(fields: &[Field]) -> Result<Enabled, String> {
    let mut enabled = Enabled::default();
    for field in fields.iter().filter(|field| field.path.last().is_some_and(|name| name == "state")) {
        let steps = &field.path[2..field.path.len() - 1];
        let name = steps.join(".");
        let is = |value: &Option<Value>, state: &str| {
            value.as_ref().and_then(Value::as_str).is_some_and(|value| value.eq_ignore_ascii_case(state))
        };
        if is(&field.after, "Enabled") && is_of_xdr_connector(&name) {
            enabled.has_xdr_data_types = true;
            enabled.notes.push(format!(
                "`dataTypes.{name}` was enabled too. `sentinel_defender_xdr_connector` manages it, not the contract."
            ));
        } else if is(&field.after, "Enabled") {
            enabled.data_types.insert(data_type(steps)?);
        } else if field.after.is_none() || is(&field.after, "Disabled") {
            if is(&field.before, "Enabled") {
                enabled.notes.push(format!("`dataTypes.{name}` was disabled."));
            }
        } else {
            return Err(format!("`dataTypes.{name}` has a state other than Enabled and Disabled."));
        }
    }
    Ok(enabled)
}

/// Whether a contract can express a change of this field.
fn is_expressible(field: &Field) -> bool {
    let is_state = field.is_below(&["properties", "dataTypes"])
        && field.path.len() > 3
        && field.path.last().is_some_and(|name| name == "state");
    let is_filter = field.path == ["properties", "filteredProviders", ALERTS];
    is_state || is_filter || field.path == ["properties", "tenantId"] || field.path == ["kind"]
}

/// The product filter of the alerts, before and after a change.
struct Filter {
    /// The providers in the filter after the change. `None` if there is no filter.
    current: Option<Vec<String>>,
    added: Vec<String>,
    removed: Vec<String>,
    /// Whether the change removed the filter.
    is_removed: bool,
}

impl Filter {
    fn of(before: Option<&Connector>, after: &Connector) -> Self {
        let (old, current) = (before.and_then(providers), providers(after));
        let lacks =
            |all: &Option<Vec<String>>, name: &str| !all.iter().flatten().any(|other| other.eq_ignore_ascii_case(name));
        let pick = |of: &Option<Vec<String>>, lacking: &Option<Vec<String>>| -> Vec<String> {
            of.iter().flatten().filter(|name| lacks(lacking, name)).cloned().collect()
        };
        let (added, removed) = (pick(&current, &old), pick(&old, &current));
        let is_removed = old.is_some() && current.is_none() && after.document().is_enabled(&[ALERTS]);
        Self { current, added, removed, is_removed }
    }

    /// The provider name of Defender for Cloud: the added one, or one in the filter if the change only enabled the
    /// alerts.
    fn provider(&self, notes: &mut Vec<String>) -> Result<String, String> {
        let Some(current) = &self.current else {
            return Err(
                "The alerts of all products were enabled, without a product filter. The provider always writes a \
                 filter, because it connects one product. It treats this connection as connected: to manage it, \
                 import it or set `adopt_existing = true`, without a `contract`."
                    .to_owned(),
            );
        };
        let candidates = if self.added.is_empty() { current } else { &self.added };
        let (known, unknown): (Vec<&String>, Vec<&String>) =
            candidates.iter().partition(|name| is_defender_for_cloud(name));
        let unknown: Vec<&String> = unknown.into_iter().filter(|name| !is_documented(name)).collect();
        let found = match (known.as_slice(), unknown.as_slice()) {
            ([one], _) | ([], [one]) => (*one).clone(),
            _ => {
                return Err(format!(
                    "The filter contains {}, and it is not certain which of them is Defender for Cloud.",
                    list(candidates)
                ));
            }
        };
        for name in self.added.iter().filter(|name| **name != found) {
            notes.push(format!(
                "\"{name}\" was added to the filter too. `sentinel_defender_xdr_connector` manages other products."
            ));
        }
        notes.extend(self.removed.iter().map(|name| format!("\"{name}\" left the filter.")));
        if !is_word(&found) {
            return Err(format!("The name \"{found}\" in the filter must contain only letters and digits."));
        }
        if found.eq_ignore_ascii_case(DEFENDER_FOR_CLOUD) { Ok(DEFENDER_FOR_CLOUD.to_owned()) } else { Ok(found) }
    }
}

/// The API version for a contract, or `None` for the default version. Stable versions do not support this connector,
/// even if they list it.
pub(super) fn api_version(connector: &Connector) -> Option<String> {
    Some(connector.api_version).filter(|version| is_preview(version)).map(str::to_owned)
}

/// The providers in the filter of a connector, or `None` if it has no filter.
pub(super) fn providers(connector: &Connector) -> Option<Vec<String>> {
    let document = connector.document();
    let filter = document.get(&["properties", "filteredProviders", ALERTS])?.as_array()?;
    Some(filter.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Whether Microsoft documents the provider. A documented provider is not Defender for Cloud.
pub(super) fn is_documented(provider: &str) -> bool {
    DOCUMENTED.iter().any(|known| known.eq_ignore_ascii_case(provider))
}

/// The names in quotation marks, separated by commas.
pub(super) fn list(names: &[String]) -> String {
    if names.is_empty() {
        return "no products".to_owned();
    }
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}
