//! How configuration and prior state become a plan, before the author's hook and after it.
//!
//! The order is the one that Terraform's checks suppose: defaults, write-only, equal values keep their spelling, and only
//! where the object still changes does what the provider sets become unknown.

use super::walk::{Beside, Step, walk};
use crate::framework::schema::{AttributeSpec, Schema, TIMEOUTS_BLOCK};
use crate::framework::value::Value;

/// The configuration, with the prior value of whatever is computed and not configured. A CLI proposes this.
pub(in crate::framework) fn proposed(schema: &Schema, config: &Value, prior: &Value) -> Value {
    let beside = Beside { config, earlier: prior };
    walk(schema.rows(), config.clone(), beside, &mut |row, value, beside| {
        if value.is_null() && row.mode.is_computed() {
            Step::Settled(beside.earlier.clone())
        } else {
            Step::Inside(value)
        }
    })
}

/// The plan that follows from the schema alone. The proposal is the CLI's: the configuration, with the prior value of
/// whatever is computed and not configured.
pub(in crate::framework) fn draw(schema: &Schema, config: &Value, prior: &Value, proposed: Value) -> Value {
    let rows = schema.rows();
    let beside = Beside { config, earlier: prior };
    let planned = walk(rows, proposed, beside, &mut default);
    let planned = settle(schema, config, prior, planned);
    if changes(prior, &planned) { walk(rows, planned, beside, &mut unknown_until_applied) } else { planned }
}

/// A configuration with the defaults of what it does not set.
pub(in crate::framework) fn with_defaults(schema: &Schema, config: &Value) -> Value {
    walk(schema.rows(), config.clone(), Beside { config, earlier: &Value::Null }, &mut default)
}

/// What holds of every plan, whoever changed it last: write-only attributes are null, and values that mean the same as
/// the prior ones are spelled like them.
pub(in crate::framework) fn settle(schema: &Schema, config: &Value, prior: &Value, planned: Value) -> Value {
    let beside = Beside { config, earlier: prior };
    let planned = walk(schema.rows(), planned, beside, &mut without_write_only);
    walk(schema.rows(), planned, beside, &mut earlier_spelling)
}

/// A plan with the write-only attributes of the configuration, for the author's create and update.
pub(in crate::framework) fn with_write_only(schema: &Schema, config: &Value, planned: Value) -> Value {
    walk(schema.rows(), planned, Beside { config, earlier: &Value::Null }, &mut |row, value, beside| {
        if row.write_only { Step::Settled(beside.config.clone()) } else { Step::Inside(value) }
    })
}

/// Rule: write-only attributes are null.
pub(super) fn without_write_only(row: &AttributeSpec, value: Value, _: Beside<'_>) -> Step {
    if row.write_only { Step::Settled(Value::Null) } else { Step::Inside(value) }
}

/// Rule: a value that means the same as the earlier one is spelled like it.
pub(super) fn earlier_spelling(row: &AttributeSpec, value: Value, beside: Beside<'_>) -> Step {
    let both_known = value.is_wholly_known() && beside.earlier.is_wholly_known();
    let both_set = !value.is_null() && !beside.earlier.is_null();
    if both_known && both_set && row.means_the_same(&value, beside.earlier) {
        Step::Settled(beside.earlier.clone())
    } else {
        Step::Inside(value)
    }
}

/// Rule: what the configuration does not set has its default.
fn default(row: &AttributeSpec, value: Value, beside: Beside<'_>) -> Step {
    match &row.default {
        Some(default) if beside.config.is_null() => Step::Settled(default.clone()),
        // Objects that the provider made are not the configuration's to complete.
        None if beside.config.is_null() => Step::Settled(value),
        _ => Step::Inside(value),
    }
}

/// Rule: what the provider sets is known after apply, unless it outlives updates.
fn unknown_until_applied(row: &AttributeSpec, value: Value, beside: Beside<'_>) -> Step {
    let is_open = row.mode.is_computed() && row.default.is_none() && beside.config.is_null();
    if !is_open {
        Step::Inside(value)
    } else if row.use_state_for_unknown && !beside.earlier.is_null() {
        Step::Settled(beside.earlier.clone())
    } else {
        Step::Settled(Value::Unknown)
    }
}

/// Whether the object changes. That operations may take longer is no change of the object.
pub(in crate::framework) fn changes(prior: &Value, planned: &Value) -> bool {
    match (prior, planned) {
        (Value::Object(prior), Value::Object(planned)) => {
            planned.iter().any(|(name, value)| name != TIMEOUTS_BLOCK && prior.get(name) != Some(value))
        }
        _ => true,
    }
}
