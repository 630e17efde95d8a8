//! Converts a data connector to the attributes.

use crate::framework::State;
use crate::sentinel::WorkspaceId;
use crate::sentinel::data_connector::subscription_in;
use crate::sentinel::data_connector::{Document, kind};
use crate::subscription_connector::subscription_id::SubscriptionId;

use super::attributes::{ID, NAME, SUBSCRIPTION_ID};

/// Writes the document into the state. The framework keeps the spelling of an equal name or subscription.
pub(super) fn flatten(state: &mut State, workspace: &WorkspaceId, document: &Document) {
    let made = || workspace.sentinel_resource(kind::RESOURCE_TYPE, document.name()).to_string();
    state.set(&ID, Some(document.id().map_or_else(made, str::to_owned)));
    state.set(&NAME, Some(document.name().to_owned()));
    if let Some(subscription) = subscription_in(document) {
        state.set(&SUBSCRIPTION_ID, Some(SubscriptionId::of(subscription)));
    }
}
