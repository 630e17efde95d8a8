//! Parameters and variables: names whose definitions are evaluated when they are first used.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::Value;

use super::error::EvaluationError;

/// Names with their definitions and values. Names are case-insensitive.
#[derive(Default)]
pub(super) struct Bindings<'a> {
    definitions: BTreeMap<String, &'a Value>,
    values: RefCell<BTreeMap<String, Slot>>,
}

enum Slot {
    /// The value is being evaluated, so another use of the name is a circular reference.
    Open,
    Done(Value),
}

impl<'a> Bindings<'a> {
    /// Names with definitions. `values` are the names that already have a value.
    pub(super) fn new(
        definitions: impl Iterator<Item = (&'a String, &'a Value)>,
        values: impl IntoIterator<Item = (String, Value)>,
    ) -> Self {
        let definitions = definitions.map(|(name, definition)| (name.to_lowercase(), definition)).collect();
        let values = values.into_iter().map(|(name, value)| (name.to_lowercase(), Slot::Done(value))).collect();
        Self { definitions, values: RefCell::new(values) }
    }

    /// The value of a name, or none if the name is not defined.
    pub(super) fn get(
        &self,
        name: &str,
        evaluate: impl FnOnce(&'a Value) -> Result<Value, EvaluationError>,
    ) -> Result<Option<Value>, EvaluationError> {
        let key = name.to_lowercase();
        match self.values.borrow().get(&key) {
            Some(Slot::Done(value)) => return Ok(Some(value.clone())),
            Some(Slot::Open) => {
                return Err(EvaluationError::new(format!(
                    "'{name}' has a circular reference, which is not supported."
                )));
            }
            None => {}
        }
        let Some(definition) = self.definitions.get(&key) else { return Ok(None) };
        self.values.borrow_mut().insert(key.clone(), Slot::Open);
        let value = evaluate(definition)?;
        self.values.borrow_mut().insert(key, Slot::Done(value.clone()));
        Ok(Some(value))
    }
}
