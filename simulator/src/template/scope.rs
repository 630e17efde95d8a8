//! Evaluates expressions: the parameters, variables and facts that they can refer to.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::error::Problem;
use super::expression::{self, Expression, Text};
use super::functions;

/// What a template can ask about where it is deployed.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// `deployment()`
    pub(crate) deployment: Value,
    /// `resourceGroup()`
    pub(crate) resource_group: Value,
    /// `subscription()`
    pub(crate) subscription: Value,
    /// `tenant()`
    pub(crate) tenant: Value,
    pub(crate) now: OffsetDateTime,
}

/// Where an expression stands. Some functions are not allowed everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    ParameterDefault,
    Variable,
    Resource,
    Output,
}

/// All that expressions of one template can refer to.
pub(super) struct Scope<'a> {
    pub(super) facts: &'a Facts,
    parameters: Bindings<'a>,
    variables: Bindings<'a>,
    /// Name and number of the copy loops that are running, the innermost last.
    pub(super) copies: Vec<(String, i64)>,
}

/// Names with their definitions, evaluated when somebody asks. Names compare without case.
#[derive(Default)]
struct Bindings<'a> {
    definitions: BTreeMap<String, &'a Value>,
    values: RefCell<BTreeMap<String, Slot>>,
}

enum Slot {
    /// Being evaluated: who asks again has gone in a circle.
    Open,
    Done(Value),
}

impl<'a> Scope<'a> {
    /// `given` are values of parameters; the others have the default of their definition.
    pub(super) fn new(
        facts: &'a Facts,
        parameters: &'a Map<String, Value>,
        variables: &'a Map<String, Value>,
        given: Vec<(String, Value)>,
    ) -> Self {
        let defaults = parameters.iter().filter_map(|(name, definition)| Some((name, definition.get("defaultValue")?)));
        let parameters = Bindings::of(defaults);
        *parameters.values.borrow_mut() =
            given.into_iter().map(|(name, value)| (name.to_lowercase(), Slot::Done(value))).collect();
        let variables = Bindings::of(variables.iter().filter(|(name, _)| *name != "copy"));
        Self { facts, parameters, variables, copies: Vec::new() }
    }

    pub(super) fn parameter(&self, name: &str) -> Result<Value, Problem> {
        self.parameters.get(name, |default| self.value(default, Place::ParameterDefault))?.ok_or_else(|| {
            Problem::new(format!(
                "The template parameter '{name}' is not found. Please see https://aka.ms/arm-template-parameters for \
                 usage details."
            ))
        })
    }

    pub(super) fn variable(&self, name: &str) -> Result<Value, Problem> {
        self.variables.get(name, |definition| self.value(definition, Place::Variable))?.ok_or_else(|| {
            Problem::new(format!(
                "The template variable '{name}' is not found. Please see https://aka.ms/arm-template-variables for \
                 usage details."
            ))
        })
    }

    /// A piece of the template with every expression in it evaluated.
    pub(super) fn value(&self, piece: &Value, place: Place) -> Result<Value, Problem> {
        match piece {
            Value::String(text) => match expression::read(text)? {
                Text::Plain(text) => Ok(Value::String(text)),
                Text::Expression(expression) => self.evaluate(&expression, place),
            },
            Value::Array(items) => items.iter().map(|item| self.value(item, place)).collect(),
            Value::Object(members) => {
                let evaluated = |(name, member): (&String, &Value)| Ok((name.clone(), self.value(member, place)?));
                members.iter().map(evaluated).collect::<Result<Map<_, _>, _>>().map(Value::Object)
            }
            other => Ok(other.clone()),
        }
    }

    pub(super) fn evaluate(&self, expression: &Expression, place: Place) -> Result<Value, Problem> {
        match expression {
            Expression::Text(text) => Ok(json!(text)),
            Expression::Number(number) => Ok(json!(number)),
            Expression::Call { function, arguments } => functions::call(self, place, function, arguments),
            Expression::Member(of, name) => member(&self.evaluate(of, place)?, name),
            Expression::Index(of, index) => {
                let of = self.evaluate(of, place)?;
                let index = self.evaluate(index, place)?;
                match (&of, &index) {
                    (Value::Array(items), Value::Number(number)) => {
                        let item = number.as_u64().and_then(|at| items.get(usize::try_from(at).ok()?));
                        item.cloned().ok_or_else(|| {
                            let sentence =
                                format!("The language expression property array index '{number}' is out of bounds.");
                            Problem::new(sentence)
                        })
                    }
                    (_, Value::String(name)) => member(&of, name),
                    _ => Err(Problem::new(format!(
                        "The language expression property '{index}' can't be evaluated: neither an array with a \
                         number nor an object with a name."
                    ))),
                }
            }
        }
    }
}

/// Names of members compare without case.
fn member(of: &Value, name: &str) -> Result<Value, Problem> {
    let members = of.as_object().ok_or_else(|| {
        Problem::new(format!(
            "The language expression property '{name}' can't be evaluated, property value is not an object."
        ))
    })?;
    let found = members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.clone()).ok_or_else(|| {
        let known: Vec<&str> = members.keys().map(String::as_str).collect();
        Problem::new(format!(
            "The language expression property '{name}' doesn't exist, available properties are '{}'.",
            known.join(", ")
        ))
    })
}

impl<'a> Bindings<'a> {
    fn of(definitions: impl Iterator<Item = (&'a String, &'a Value)>) -> Self {
        let definitions = definitions.map(|(name, definition)| (name.to_lowercase(), definition)).collect();
        Self { definitions, values: RefCell::default() }
    }

    fn get(
        &self,
        name: &str,
        evaluate: impl FnOnce(&'a Value) -> Result<Value, Problem>,
    ) -> Result<Option<Value>, Problem> {
        let key = name.to_lowercase();
        match self.values.borrow().get(&key) {
            Some(Slot::Done(value)) => return Ok(Some(value.clone())),
            Some(Slot::Open) => {
                return Err(Problem::new(format!(
                    "A circle of references goes through '{name}', which is not supported."
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
