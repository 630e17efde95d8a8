//! The installation record in the private state of the resource.

use crate::content_hub::installation::detection::detect_defects;
use crate::content_hub::installation::{InstallationRecord, Observation};
use crate::framework::{Diagnostics, State};

use super::attributes::DEPLOYMENT_NAME;

/// The key of the record in the private state.
const KEY: &str = "installation";

/// The key of the flag in the private state that marks an imported or adopted solution which the resource has installed
/// again. Before that installation, `deployment_name` is null.
const EXISTED: &str = "existed_before";

/// Whether the solution was imported or adopted. The destroy uninstalls it anyway.
pub(super) fn existed_before(state: &State) -> Result<bool, Diagnostics> {
    Ok(state.get(&DEPLOYMENT_NAME)?.is_none() || state.private().get(EXISTED) == Some(true.into()))
}

/// Marks the solution as imported or adopted before this resource installs it.
pub(super) fn set_existed_before(state: &mut State) {
    state.private_mut().set(EXISTED, true);
}

/// The record in `state`. `None` after an import; the provider then detects fewer defects.
///
/// If this resource has deployed the solution but the record is missing, Terraform has lost the private state. The
/// deployment may be incomplete, so it counts as unfinished.
pub(super) fn record_in(state: &State) -> Option<InstallationRecord> {
    let is_deployed = || state.get(&DEPLOYMENT_NAME).is_ok_and(|name| name.is_some());
    stored_record(state).or_else(|| is_deployed().then(InstallationRecord::lost))
}

/// Whether the private state contains a readable record.
pub(super) fn has_record(state: &State) -> bool {
    stored_record(state).is_some()
}

fn stored_record(state: &State) -> Option<InstallationRecord> {
    serde_json::from_value(state.private().get(KEY)?).ok()
}

/// Stores the record in `state`.
pub(super) fn set_record(state: &mut State, record: &InstallationRecord) {
    let json = serde_json::to_value(record).expect("invariant: strings and numbers serialize to JSON");
    state.private_mut().set(KEY, json);
}

/// The record after an observation: the record of the complete installation, with the current defects. If another
/// version was installed outside of Terraform, the observation becomes the new record.
pub(super) fn updated_record(
    observation: &Observation,
    content_id: &str,
    record: Option<InstallationRecord>,
) -> InstallationRecord {
    let defects = detect_defects(observation, content_id, record.as_ref());
    let is_current = record.as_ref().is_some_and(|record| {
        record.is_unfinished || observation.installed_version().is_none_or(|installed| record.is_of(installed))
    });
    let record = record.filter(|_| is_current).unwrap_or_else(|| {
        let record = observation.to_record();
        // Later observations must not be compared with a damaged installation. Without a version in the record, they
        // are compared with the catalog.
        InstallationRecord { version: record.version.filter(|_| defects.is_empty()), ..record }
    });
    InstallationRecord { defects, ..record }
}
