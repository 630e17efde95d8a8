//! The installation record in the private state of the resource.

use crate::content_hub::installation::detection::detect_defects;
use crate::content_hub::installation::{InstallationRecord, Observation};
use crate::framework::{Diagnostics, State};

use super::attributes::DEPLOYMENT_NAME;

/// The key in the private state.
const KEY: &str = "installation";

/// The key in the private state of whether the solution existed before the resource, and the resource has upgraded or
/// repaired it since. Until then, `deployment_name` is null.
const EXISTED: &str = "existed_before";

/// Whether the solution was imported or adopted. The destroy uninstalls it, too.
pub(super) fn existed_before(state: &State) -> Result<bool, Diagnostics> {
    Ok(state.get(&DEPLOYMENT_NAME)?.is_none() || state.private().get(EXISTED) == Some(true.into()))
}

/// Notes that the solution was imported or adopted, before this resource installs it.
pub(super) fn set_existed_before(state: &mut State) {
    state.private_mut().set(EXISTED, true);
}

/// The record of `state`. `None` if there is none, as after an import; the provider then detects fewer defects.
///
/// If a record is missing although this resource has deployed the solution, Terraform has lost it. Nothing says whether that
/// deployment was complete, so it counts as unfinished.
pub(super) fn record_in(state: &State) -> Option<InstallationRecord> {
    let is_deployed = || state.get(&DEPLOYMENT_NAME).is_ok_and(|name| name.is_some());
    kept(state).or_else(|| is_deployed().then(InstallationRecord::lost))
}

/// Whether the private state contains a record that can be read.
pub(super) fn has_record(state: &State) -> bool {
    kept(state).is_some()
}

fn kept(state: &State) -> Option<InstallationRecord> {
    serde_json::from_value(state.private().get(KEY)?).ok()
}

/// Stores the record in `state`.
pub(super) fn set_record(state: &mut State, record: &InstallationRecord) {
    let json = serde_json::to_value(record).expect("invariant: strings and numbers serialize to JSON");
    state.private_mut().set(KEY, json);
}

/// The record after an observation: the complete installation as it was remembered, with its defects now. If another version
/// has been installed outside of Terraform, that version is remembered as it is.
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
        // A damaged installation is nothing to compare with. Without a version, the next observation uses the catalog again.
        InstallationRecord { version: record.version.filter(|_| defects.is_empty()), ..record }
    });
    InstallationRecord { defects, ..record }
}
