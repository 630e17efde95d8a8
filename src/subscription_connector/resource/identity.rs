//! The identity of the resource: the connection of a subscription to a workspace.

use crate::framework::{Diagnostics, State};
use crate::ownership::{ObjectKind, UniqueObject};
use crate::sentinel::WorkspaceId;
use crate::sentinel::data_connector::kind::RESOURCE_TYPE;
use crate::sentinel::data_connector::subscription_key_prefix;
use crate::subscription_connector::connector::derived_name;
use crate::subscription_connector::subscription_id::SubscriptionId;

use super::attributes::{ADOPT_EXISTING, NAME, SUBSCRIPTION_ID, WORKSPACE_ID};

pub(super) use crate::sentinel::data_connector::SUBSCRIPTION_CONNECTOR as TYPE_NAME;

static CONNECTOR: ObjectKind = ObjectKind {
    type_name: TYPE_NAME,
    noun: "connector",
    attribute: SUBSCRIPTION_ID.name(),
    adopt_attribute: ADOPT_EXISTING.name(),
    destroy_effect: "stops the alerts",
};

/// The connection of a subscription. `name` is the name of the connector, if it is known.
pub(super) fn connection(workspace: &WorkspaceId, subscription: &SubscriptionId, name: Option<&str>) -> UniqueObject {
    let guid = subscription.guid();
    let import_id = name.map(|name| workspace.sentinel_resource(RESOURCE_TYPE, name).to_string());
    UniqueObject {
        kind: &CONNECTOR,
        key: format!("{}{guid}", subscription_key_prefix(workspace)),
        title: format!("the connector of the subscription {guid} in the workspace {}", workspace.name()),
        label: format!("connector of {guid} in {}", workspace.name()),
        import_id,
    }
}

/// The subscription in a state. A state of another provider may not contain it.
pub(super) fn subscription_in_state(state: &State) -> Result<SubscriptionId, Diagnostics> {
    let workspace = state.get(&WORKSPACE_ID)?;
    Ok(state.get(&SUBSCRIPTION_ID)?.unwrap_or_else(|| SubscriptionId::of(workspace.subscription())))
}

/// The connection in a state.
pub(super) fn connection_in_state(state: &State) -> Result<UniqueObject, Diagnostics> {
    let name = state.get(&NAME)?;
    Ok(connection(&state.get(&WORKSPACE_ID)?, &subscription_in_state(state)?, name.as_deref()))
}

/// The names that the connector in the state may have in Azure.
pub(super) fn names_in(state: &State) -> Result<Vec<String>, Diagnostics> {
    let derived = derived_name(&state.get(&WORKSPACE_ID)?, &subscription_in_state(state)?);
    let mut names: Vec<String> = state.get(&NAME)?.into_iter().chain([derived]).collect();
    names.iter_mut().for_each(|name| name.make_ascii_lowercase());
    names.dedup();
    Ok(names)
}
