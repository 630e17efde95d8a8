//! From a look at a solution to the computed attributes.

use std::cmp::Ordering;

use crate::content_hub::api::entry::Entry;
use crate::content_hub::installation::record::KEY;
use crate::content_hub::installation::{Observation, Record};
use crate::content_hub::version::compare;
use crate::framework::State;
use crate::sentinel::WorkspaceId;

use super::attributes::{
    AVAILABLE_VERSION, CONNECTOR_IDS, CONTENT_ID, CONTENT_PRODUCT_ID, DEPENDENCIES, DISPLAY_NAME, ID,
    INSTALLED_VERSION, TEMPLATE_COUNT, UPDATE_AVAILABLE, VERSION,
};
use super::identity::package_id;

/// Writes what Azure holds into the state, and `record` into its private part.
pub(super) fn flatten(
    state: &mut State,
    workspace: &WorkspaceId,
    content_id: &str,
    observation: &Observation,
    record: &Record,
) {
    name(state, workspace, content_id, observation);
    let (installed, available) = (observation.installed_version(), observation.available_version());
    let is_as_before = state.get(&INSTALLED_VERSION).is_ok_and(|before| before.as_deref() == installed);
    if installed.is_some() {
        // a pin that means the same version keeps its spelling
        state.set(&VERSION, installed.map(str::to_owned));
    }
    state.set(&INSTALLED_VERSION, installed.map(str::to_owned));
    state.set(&AVAILABLE_VERSION, available.map(str::to_owned));
    state.set(&UPDATE_AVAILABLE, Some(is_newer(available, installed)));
    describe(state, observation, installed.is_none() || installed == available, is_as_before);
    let pages = observation.pages(Some(record));
    let made = |name: &str| workspace.sentinel_resource("dataConnectors", name).to_string();
    let definitions = observation.definitions(Some(record));
    let defined =
        definitions.iter().map(|name| workspace.sentinel_resource("dataConnectorDefinitions", name).to_string());
    let ids = pages.iter().map(|page| page.id().map_or_else(|| made(page.name()), str::to_owned)).chain(defined);
    state.set(&CONNECTOR_IDS, Some(ids.collect()));
    state.set(&TEMPLATE_COUNT, Some(i64::try_from(observation.template_count(record)).unwrap_or(i64::MAX)));
    state.private_mut().set(KEY, record.to_json());
}

/// What tells the solution from others; what the configuration says keeps its spelling.
pub(super) fn name(state: &mut State, workspace: &WorkspaceId, content_id: &str, observation: &Observation) {
    if state.get(&CONTENT_ID).is_ok_and(|given| given.is_none()) {
        state.set(&CONTENT_ID, Some(content_id.to_owned()));
    }
    if state.get(&DISPLAY_NAME).is_ok_and(|given| given.is_none())
        && let Some(package) = observation.package()
    {
        state.set(&DISPLAY_NAME, Some(package.display_name.clone().unwrap_or_else(|| content_id.to_owned())));
    }
    // One spelling, whatever the configuration has: Azure's own.
    let own = observation.package().map(|package| package.content_id.as_str());
    let content_id = own.filter(|own| own.eq_ignore_ascii_case(content_id)).unwrap_or(content_id);
    state.set(&ID, Some(package_id(workspace, content_id).to_string()));
}

/// The catalogue describes the version on offer. Of an older one only what was known of it before stays known.
fn describe(state: &mut State, observation: &Observation, is_newest: bool, is_as_before: bool) {
    let Some(package) = observation.package() else { return };
    if is_newest || !is_as_before || state.get(&CONTENT_PRODUCT_ID).is_ok_and(|known| known.is_none()) {
        let registered = observation.registrations.first().and_then(|package| package.content_product_id.clone());
        let offered = package.content_product_id.clone().filter(|_| is_newest);
        state.set(&CONTENT_PRODUCT_ID, offered.or(registered));
    }
    if is_newest || state.get(&DEPENDENCIES).is_ok_and(|known| known.is_none()) {
        let needed = observation.entry.iter().flat_map(Entry::needed_solutions);
        state.set(&DEPENDENCIES, Some(needed.map(|needed| needed.content_id.clone()).collect()));
    }
}

fn is_newer(available: Option<&str>, installed: Option<&str>) -> bool {
    let (Some(available), Some(installed)) = (available, installed) else { return false };
    compare(available, installed).is_none_or(Ordering::is_gt)
}
