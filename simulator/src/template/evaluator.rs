//! Evaluates the expressions of a template.

use serde_json::{Map, Value, json};

use super::bindings::Bindings;
use super::deployment_scope::DeploymentScope;
use super::error::EvaluationError;
use super::expression::{self, Expression, Text};
use super::functions::arguments::{check_count, number, text};
use super::functions::{self, resource_ids, times};
use super::limits::Usage;

/// The section of a template that an expression is in. Some functions are not allowed in every section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    ParameterDefault,
    Variable,
    Resource,
    Output,
}

/// Evaluates the expressions of one template.
pub(super) struct Evaluator<'a> {
    pub(super) scope: &'a DeploymentScope,
    parameters: Bindings<'a>,
    variables: Bindings<'a>,
    usage: Usage,
    /// Name and index of the copy loops that are running, the innermost last.
    pub(super) copies: Vec<(String, i64)>,
}

impl<'a> Evaluator<'a> {
    /// `given` are the given values of parameters. Other parameters have the default of their definition.
    pub(super) fn new(
        scope: &'a DeploymentScope,
        parameters: &'a Map<String, Value>,
        variables: &'a Map<String, Value>,
        given: Vec<(String, Value)>,
    ) -> Self {
        let defaults = parameters.iter().filter_map(|(name, definition)| Some((name, definition.get("defaultValue")?)));
        let variables = variables.iter().filter(|(name, _)| *name != "copy");
        Self {
            scope,
            parameters: Bindings::new(defaults, given),
            variables: Bindings::new(variables, []),
            usage: Usage::default(),
            copies: Vec::new(),
        }
    }

    pub(super) fn parameter(&self, name: &str) -> Result<Value, EvaluationError> {
        self.parameters.get(name, |default| self.value(default, Section::ParameterDefault))?.ok_or_else(|| {
            EvaluationError::new(format!(
                "The template parameter '{name}' is not found. Please see https://aka.ms/arm-template-parameters for \
                 usage details."
            ))
        })
    }

    pub(super) fn variable(&self, name: &str) -> Result<Value, EvaluationError> {
        self.variables.get(name, |definition| self.value(definition, Section::Variable))?.ok_or_else(|| {
            EvaluationError::new(format!(
                "The template variable '{name}' is not found. Please see https://aka.ms/arm-template-variables for \
                 usage details."
            ))
        })
    }

    /// A part of the template with every expression in it evaluated.
    pub(super) fn value(&self, piece: &Value, section: Section) -> Result<Value, EvaluationError> {
        self.usage.nested(|| match piece {
            Value::String(text) => match expression::read(text)? {
                Text::Plain(text) => Ok(Value::String(text)),
                Text::Expression(expression) => self.evaluate(&expression, section),
            },
            Value::Array(items) => items.iter().map(|item| self.value(item, section)).collect(),
            Value::Object(members) => {
                let evaluated = |(name, member): (&String, &Value)| Ok((name.clone(), self.value(member, section)?));
                members.iter().map(evaluated).collect::<Result<Map<_, _>, _>>().map(Value::Object)
            }
            other => Ok(other.clone()),
        })
    }

    fn evaluate(&self, expression: &Expression, section: Section) -> Result<Value, EvaluationError> {
        self.usage.nested(|| match expression {
            Expression::Text(text) => Ok(json!(text)),
            Expression::Number(number) => Ok(json!(number)),
            Expression::Call { function, arguments } => self.usage.accept(self.call(section, function, arguments)?),
            Expression::Member(of, name) => member(&self.evaluate(of, section)?, name),
            Expression::Index(of, index) => {
                let of = self.evaluate(of, section)?;
                let index = self.evaluate(index, section)?;
                match (&of, &index) {
                    (Value::Array(items), Value::Number(number)) => {
                        let item = number.as_u64().and_then(|at| items.get(usize::try_from(at).ok()?));
                        item.cloned().ok_or_else(|| {
                            let sentence =
                                format!("The language expression property array index '{number}' is out of bounds.");
                            EvaluationError::new(sentence)
                        })
                    }
                    (_, Value::String(name)) => member(&of, name),
                    _ => Err(EvaluationError::new(format!(
                        "The language expression property '{index}' can't be evaluated: neither an array with a \
                         number nor an object with a name."
                    ))),
                }
            }
        })
    }

    /// Calls a function. Functions that need only the values of their arguments are in `functions`.
    fn call(&self, section: Section, function: &str, arguments: &[Expression]) -> Result<Value, EvaluationError> {
        let name = function.to_lowercase();
        // Only one of the two branches is evaluated.
        if name == "if" && arguments.len() == 3 {
            let condition = self.evaluate(&arguments[0], section)?;
            let condition = condition
                .as_bool()
                .ok_or_else(|| EvaluationError::arguments("if", "the first argument must be a boolean"))?;
            return self.evaluate(&arguments[if condition { 1 } else { 2 }], section);
        }
        let values: Vec<Value> =
            arguments.iter().map(|argument| self.evaluate(argument, section)).collect::<Result<_, _>>()?;
        match name.as_str() {
            "parameters" => self.parameter(one_text("parameters", &values)?),
            "variables" if section == Section::ParameterDefault => Err(not_allowed_here(function)),
            "variables" => self.variable(one_text("variables", &values)?),
            "resourcegroup" => without_arguments("resourceGroup", &values, &self.scope.resource_group),
            "subscription" => without_arguments("subscription", &values, &self.scope.subscription),
            "deployment" => without_arguments("deployment", &values, &self.scope.deployment),
            "tenant" => without_arguments("tenant", &values, &self.scope.tenant),
            "resourceid" => resource_ids::resource_id(self.scope, &values),
            "subscriptionresourceid" => resource_ids::subscription_resource_id(self.scope, &values),
            "tenantresourceid" => resource_ids::tenant_resource_id(&values),
            "extensionresourceid" => resource_ids::extension_resource_id(&values),
            "copyindex" => self.copy_index(&values),
            "utcnow" if section == Section::ParameterDefault => times::utc_now(self.scope.now, &values),
            "newguid" if section == Section::ParameterDefault => Ok(json!(uuid::Uuid::new_v4().to_string())),
            "utcnow" | "newguid" => Err(not_allowed_here(function)),
            _ => functions::call(function, &values),
        }
    }

    /// `copyIndex()`, `copyIndex(offset)`, `copyIndex('loop')`, `copyIndex('loop', offset)`.
    fn copy_index(&self, values: &[Value]) -> Result<Value, EvaluationError> {
        let (name, offset) = match values {
            [] => (None, 0),
            [Value::String(name)] => (Some(name.as_str()), 0),
            [offset] => (None, number("copyIndex", offset)?),
            [name, offset] => (Some(text("copyIndex", name)?), number("copyIndex", offset)?),
            _ => return Err(EvaluationError::arguments("copyIndex", "expected at most two arguments")),
        };
        let named = |(loop_name, _): &&(String, i64)| name.is_none_or(|name| loop_name.eq_ignore_ascii_case(name));
        let (_, index) = self.copies.iter().rev().find(named).ok_or_else(|| not_allowed_here("copyIndex"))?;
        let sum = index.checked_add(offset);
        Ok(json!(sum.ok_or_else(|| EvaluationError::arguments("copyIndex", "the result is not a 64-bit integer"))?))
    }
}

fn not_allowed_here(function: &str) -> EvaluationError {
    EvaluationError::new(format!(
        "The template function '{function}' is not expected at this location. Please see \
         https://aka.ms/arm-functions for usage details."
    ))
}

fn one_text<'a>(function: &str, values: &'a [Value]) -> Result<&'a str, EvaluationError> {
    check_count(function, values.len(), 1, 1)?;
    text(function, &values[0])
}

fn without_arguments(function: &str, values: &[Value], value: &Value) -> Result<Value, EvaluationError> {
    check_count(function, values.len(), 0, 0)?;
    Ok(value.clone())
}

/// The member of an object. Names are case-insensitive.
fn member(of: &Value, name: &str) -> Result<Value, EvaluationError> {
    let members = of.as_object().ok_or_else(|| {
        EvaluationError::new(format!(
            "The language expression property '{name}' can't be evaluated, property value is not an object."
        ))
    })?;
    let found = members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.clone()).ok_or_else(|| {
        let known: Vec<&str> = members.keys().map(String::as_str).collect();
        EvaluationError::new(format!(
            "The language expression property '{name}' doesn't exist, available properties are '{}'.",
            known.join(", ")
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, evaluate, rejects};
    use super::*;

    #[test]
    fn names_are_case_insensitive() {
        check(&[
            ("PARAMETERS('P')", json!("Parameter")),
            ("variables('V')", json!("of Parameter")),
            ("resourceGroup().Location", json!("westeurope")),
            ("subscription()['subscriptionId']", json!("s")),
            ("deployment().name", json!("d")),
        ]);
        rejects(&["parameters('q')", "variables('q')", "resourceGroup().nothing", "resourceGroup('g')"]);
    }

    #[test]
    fn reports_circular_references() {
        let EvaluationError(sentence) = evaluate("[variables('w')]").expect_err("a circle");
        assert!(sentence.contains("'w'"), "{sentence}");
    }

    #[test]
    fn reports_unknown_functions() {
        let EvaluationError(sentence) = evaluate("[magic('a')]").expect_err("no function");
        assert!(sentence.starts_with("The template function 'magic' is not valid."), "{sentence}");
        rejects(&["reference('x')", "utcNow()", "newGuid()", "copyIndex()"]);
    }
}
