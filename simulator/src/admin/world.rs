//! `PATCH /_simulator/world`: changes identities, roles, behaviours or the catalogue of the running world.

use serde_json::{Map, Value, json};

use super::body;
use crate::http::{Answer, Call};
use crate::world::World;

/// Applies a JSON merge patch (RFC 7396) to the `world` object and returns it.
pub(super) fn patch(call: &Call, world: &mut World) -> Result<Answer, String> {
    let mut settings = serde_json::to_value(&world.settings).map_err(|error| error.to_string())?;
    merge(&mut settings, body(call)?);
    world.settings = serde_json::from_value(settings).map_err(|error| format!("not a world any more: {error}"))?;
    Ok(Answer::ok(&json!(world.settings)))
}

fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(object) = target.as_object_mut() else { return };
    for (key, value) in patch {
        if value.is_null() {
            object.shift_remove(&key);
        } else {
            merge(object.entry(key).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merge_patch_replaces_adds_and_removes() {
        let mut target = json!({"a": {"b": 1, "c": 2}, "d": [1, 2]});
        merge(&mut target, json!({"a": {"b": null, "e": 3}, "d": [3]}));
        assert_eq!(target, json!({"a": {"c": 2, "e": 3}, "d": [3]}));
    }
}
