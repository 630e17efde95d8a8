//! Converts an onboarding state to attributes.

use crate::framework::State;
use crate::sentinel::WorkspaceId;
use crate::workspace_onboarding::state::{self, Onboarded};

use super::attributes::{CUSTOMER_MANAGED_KEY_ENABLED, ID};

/// Writes the onboarding state into the attributes.
pub(super) fn flatten(state: &mut State, workspace: &WorkspaceId, onboarded: Onboarded) {
    state.set(&ID, Some(state::id(workspace).to_string()));
    state.set(&CUSTOMER_MANAGED_KEY_ENABLED, onboarded.customer_managed_key);
}
