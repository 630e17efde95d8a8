//! Converts an observation to the computed attributes.

use crate::content_hub::api::catalog_entry::CatalogEntry;
use crate::content_hub::installation::{InstallationRecord, Observation};
use crate::content_hub::version::is_update;
use crate::framework::{Attribute, AttributeValue, State};
use crate::sentinel::WorkspaceId;

use super::attributes::{
    AVAILABLE_VERSION, CONNECTOR_IDS, CONTENT_ID, CONTENT_PRODUCT_ID, DEPENDENCIES, DISPLAY_NAME, ID,
    INSTALLED_VERSION, IS_DEPRECATED, TEMPLATE_COUNT, UPDATE_AVAILABLE, VERSION,
};
use super::identity::package_id;
use super::record::set_record;

/// Writes the observation into `state`, and `record` into its private state.
pub(super) fn flatten(
    state: &mut State,
    workspace: &WorkspaceId,
    content_id: &str,
    observation: &Observation,
    record: &InstallationRecord,
) {
    set_names(state, workspace, content_id, observation);
    let (installed, available) = (observation.installed_version(), observation.available_version());
    let is_same_version = state.get(&INSTALLED_VERSION).is_ok_and(|prior| prior.as_deref() == installed);
    if installed.is_some() {
        // The framework keeps the configured spelling of an equal version.
        state.set(&VERSION, installed.map(str::to_owned));
    }
    state.set(&INSTALLED_VERSION, installed.map(str::to_owned));
    state.set(&AVAILABLE_VERSION, available.map(str::to_owned));
    state.set(&UPDATE_AVAILABLE, Some(is_update(available, installed)));
    state.set(&IS_DEPRECATED, observation.entry.as_ref().map(|entry| entry.package.is_deprecated));
    set_catalog_attributes(state, observation, installed.is_none() || installed == available, is_same_version);
    let pages: Vec<String> = observation.pages(Some(record)).iter().map(|page| page.name().to_owned()).collect();
    state.set(&CONNECTOR_IDS, Some(connector_ids(workspace, &pages, &observation.definitions(Some(record)))));
    state.set(&TEMPLATE_COUNT, Some(i64::try_from(observation.template_count(record)).unwrap_or(i64::MAX)));
    set_record(state, record);
}

/// Sets the names and the ID of the solution. A configured name keeps its spelling.
pub(super) fn set_names(state: &mut State, workspace: &WorkspaceId, content_id: &str, observation: &Observation) {
    if state.get(&CONTENT_ID).is_ok_and(|configured| configured.is_none()) {
        state.set(&CONTENT_ID, Some(content_id.to_owned()));
    }
    if state.get(&DISPLAY_NAME).is_ok_and(|configured| configured.is_none())
        && let Some(package) = observation.package()
    {
        state.set(&DISPLAY_NAME, Some(package.display_name.clone().unwrap_or_else(|| content_id.to_owned())));
    }
    // The ID has Azure's spelling of the content ID.
    let own = observation.package().map(|package| package.content_id.as_str());
    let content_id = own.filter(|own| own.eq_ignore_ascii_case(content_id)).unwrap_or(content_id);
    state.set(&ID, Some(package_id(workspace, content_id).to_string()));
}

/// Sets the attributes that the catalog describes only for the newest version. For an older version, they keep their
/// prior values.
fn set_catalog_attributes(state: &mut State, observation: &Observation, is_newest: bool, is_same_version: bool) {
    let Some(package) = observation.package() else { return };
    if is_newest || !is_same_version || state.get(&CONTENT_PRODUCT_ID).is_ok_and(|known| known.is_none()) {
        let registered = observation.registrations.first().and_then(|package| package.content_product_id.clone());
        let available = package.content_product_id.clone().filter(|_| is_newest);
        state.set(&CONTENT_PRODUCT_ID, available.or(registered));
    }
    if is_newest || state.get(&DEPENDENCIES).is_ok_and(|known| known.is_none()) {
        let required = observation.entry.iter().flat_map(CatalogEntry::required_solutions);
        state.set(&DEPENDENCIES, Some(required.map(|required| required.content_id.clone()).collect()));
    }
}

/// The IDs of connector pages, in an order that is independent of Azure's lists.
pub(super) fn connector_ids(workspace: &WorkspaceId, pages: &[String], definitions: &[String]) -> Vec<String> {
    let ids = |collection: &'static str, names: &[String]| {
        let mut names = names.to_vec();
        names.sort();
        names.into_iter().map(move |name| workspace.sentinel_resource(collection, &name).to_string())
    };
    ids("dataConnectors", pages).chain(ids("dataConnectorDefinitions", definitions)).collect()
}

/// Restores the planned values, because Terraform treats other values as a bug of the provider. If Azure changed them
/// during the apply, the next refresh shows the change.
pub(super) fn keep_planned(state: &mut State, planned: &State) {
    keep(&AVAILABLE_VERSION, state, planned);
    keep(&UPDATE_AVAILABLE, state, planned);
    keep(&IS_DEPRECATED, state, planned);
    keep(&CONTENT_PRODUCT_ID, state, planned);
    keep(&DEPENDENCIES, state, planned);
    keep(&CONNECTOR_IDS, state, planned);
    keep(&TEMPLATE_COUNT, state, planned);
}

fn keep<T: AttributeValue>(attribute: &Attribute<T>, state: &mut State, planned: &State) {
    if planned.value().attribute(attribute.name()).is_wholly_known()
        && let Ok(value) = planned.get(attribute)
    {
        state.set(attribute, value);
    }
}
