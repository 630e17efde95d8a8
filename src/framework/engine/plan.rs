//! Computes a plan from the configuration and the prior state, before and after the resource's `plan` function runs.
//!
//! The rules apply in the order that Terraform's checks expect. First, unset attributes get their defaults. Then
//! write-only attributes become null, and semantically equal values keep their prior spelling. Finally, if the object
//! still changes, computed values become unknown.

use super::walk::{Siblings, Visit, walk};
use crate::framework::schema::{AttributeSpec, Schema, TIMEOUTS_BLOCK, UseState};
use crate::framework::value::Value;

/// The proposed new state, as Terraform core computes it: the configuration, with the prior value of every computed
/// attribute that is not configured.
pub(in crate::framework) fn propose_new_state(schema: &Schema, config: &Value, prior: &Value) -> Value {
    let siblings = Siblings::of(config, prior);
    walk(schema.specs(), config.clone(), siblings, &mut |spec, value, siblings| {
        if value.is_null() && spec.mode.is_computed() {
            Visit::Done(siblings.prior.cloned().unwrap_or(Value::Null))
        } else {
            Visit::Descend(value)
        }
    })
}

/// Computes the planned state from the schema and the proposed new state.
pub(in crate::framework) fn plan_new_state(schema: &Schema, config: &Value, prior: &Value, proposed: Value) -> Value {
    let specs = schema.specs();
    let siblings = Siblings::of(config, prior);
    let planned = walk(specs, proposed, siblings, &mut default);
    let planned = finalize_plan(schema, config, prior, planned);
    if changes(prior, &planned) { walk(specs, planned, siblings, &mut unknown_until_applied) } else { planned }
}

/// Makes every computed attribute that is not configured unknown, for an object that the apply may replace.
pub(in crate::framework) fn with_computed_unknown(schema: &Schema, config: &Value, planned: Value) -> Value {
    walk(schema.specs(), planned, Siblings::of(config, &Value::Null), &mut unknown_until_applied)
}

/// Sets the default of every attribute that the configuration does not set.
pub(in crate::framework) fn with_defaults(schema: &Schema, config: &Value) -> Value {
    walk(schema.specs(), config.clone(), Siblings::of(config, &Value::Null), &mut default)
}

/// Applies the rules that hold for every plan, also after the resource has changed it: write-only attributes are null,
/// and values that are semantically equal to the prior ones keep the prior spelling.
pub(in crate::framework) fn finalize_plan(schema: &Schema, config: &Value, prior: &Value, planned: Value) -> Value {
    let siblings = Siblings::of(config, prior);
    let planned = walk(schema.specs(), planned, siblings, &mut without_write_only);
    walk(schema.specs(), planned, siblings, &mut prior_spelling)
}

/// Copies the write-only attributes of the configuration into a plan, for the resource's `create` and `update`.
pub(in crate::framework) fn with_write_only(schema: &Schema, config: &Value, planned: Value) -> Value {
    walk(schema.specs(), planned, Siblings::of(config, &Value::Null), &mut |spec, value, siblings| {
        if spec.write_only { Visit::Done(siblings.config.clone()) } else { Visit::Descend(value) }
    })
}

/// Rule: write-only attributes are null.
pub(super) fn without_write_only(spec: &AttributeSpec, value: Value, _: Siblings<'_>) -> Visit {
    if spec.write_only { Visit::Done(Value::Null) } else { Visit::Descend(value) }
}

/// Rule: a value that is semantically equal to the prior one keeps the prior spelling.
pub(super) fn prior_spelling(spec: &AttributeSpec, value: Value, siblings: Siblings<'_>) -> Visit {
    let is_comparable = |value: &Value| value.is_wholly_known() && !value.is_null();
    match siblings.prior {
        Some(prior) if is_comparable(&value) && is_comparable(prior) && spec.is_semantically_equal(&value, prior) => {
            Visit::Done(prior.clone())
        }
        _ => Visit::Descend(value),
    }
}

/// Rule: an attribute that the configuration does not set has its default.
fn default(spec: &AttributeSpec, value: Value, siblings: Siblings<'_>) -> Visit {
    match &spec.default {
        Some(default) if siblings.config.is_null() => Visit::Done(default.clone()),
        // Defaults do not apply inside objects that the provider computed.
        None if siblings.config.is_null() => Visit::Done(value),
        _ => Visit::Descend(value),
    }
}

/// Rule: a computed value is unknown until apply, unless it keeps its prior value.
fn unknown_until_applied(spec: &AttributeSpec, value: Value, siblings: Siblings<'_>) -> Visit {
    if !spec.is_set_by_provider(siblings.config) {
        return Visit::Descend(value);
    }
    match (spec.use_state, siblings.prior) {
        (Some(UseState::Always), Some(prior)) => Visit::Done(prior.clone()),
        (Some(UseState::NonNull), Some(prior)) if !prior.is_null() => Visit::Done(prior.clone()),
        _ => Visit::Done(Value::Unknown),
    }
}

/// Whether the plan changes the object. A change of `timeouts` alone does not count.
pub(in crate::framework) fn changes(prior: &Value, planned: &Value) -> bool {
    match (prior, planned) {
        (Value::Object(prior), Value::Object(planned)) => {
            planned.iter().any(|(name, value)| name != TIMEOUTS_BLOCK && prior.get(name) != Some(value))
        }
        _ => true,
    }
}
