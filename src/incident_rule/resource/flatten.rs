//! Converts a rule to the attributes.

use crate::framework::State;
use crate::incident_rule::api;
use crate::incident_rule::rule::Rule;
use crate::sentinel::WorkspaceId;

use super::attributes::{
    ALERT_RULE_TEMPLATE_GUID, DESCRIPTION, DISPLAY_NAME, DISPLAY_NAME_EXCLUDE_FILTER, DISPLAY_NAME_FILTER, ENABLED, ID,
    NAME, PRODUCT_FILTER, SEVERITY_FILTER,
};

/// Writes the name and the ID of a rule into the state.
pub(super) fn set_names(state: &mut State, workspace: &WorkspaceId, name: &str) {
    state.set(&NAME, Some(name.to_owned()));
    state.set(&ID, Some(api::id(workspace, name).to_string()));
}

/// Writes the rule into the state. The framework keeps the spelling of an equal product.
pub(super) fn flatten(state: &mut State, workspace: &WorkspaceId, name: &str, rule: Rule) {
    set_names(state, workspace, name);
    state.set(&DISPLAY_NAME, rule.display_name);
    state.set(&PRODUCT_FILTER, rule.product);
    state.set(&SEVERITY_FILTER, rule.severities);
    state.set(&DISPLAY_NAME_FILTER, rule.names);
    state.set(&DISPLAY_NAME_EXCLUDE_FILTER, rule.excluded_names);
    state.set(&DESCRIPTION, rule.description);
    state.set(&ENABLED, rule.enabled);
    state.set(&ALERT_RULE_TEMPLATE_GUID, rule.template);
}
