//! The functions that expressions can call, by name. Names compare without case.

mod collections;
mod logic;
mod numbers;
mod resource_ids;
mod texts;
mod times;

use serde_json::{Value, json};

use super::error::Problem;
use super::expression::Expression;
use super::scope::{Place, Scope};

/// A function that depends on nothing but its arguments.
type Pure = fn(&[Value]) -> Result<Value, Problem>;

/// Name, fewest arguments, most arguments, function.
type Row = (&'static str, usize, usize, Pure);

/// Where the number of arguments has no limit.
const MANY: usize = usize::MAX;

const TABLES: &[&[Row]] = &[collections::FUNCTIONS, logic::FUNCTIONS, numbers::FUNCTIONS, texts::FUNCTIONS];

/// Functions of Azure that need more of Azure than the simulator has.
const NOT_SIMULATED: &[&str] = &[
    "reference",
    "references",
    "list",
    "listKeys",
    "listAccountSas",
    "environment",
    "managementGroup",
    "managementGroupResourceId",
    "pickZones",
    "providers",
    "filter",
    "map",
    "reduce",
    "sort",
    "toObject",
    "lambda",
    "deployer",
];

/// Calls a function with arguments that are not evaluated yet.
pub(super) fn call(
    scope: &Scope<'_>,
    place: Place,
    function: &str,
    arguments: &[Expression],
) -> Result<Value, Problem> {
    let name = function.to_lowercase();
    // Only the branch that is taken is evaluated.
    if name == "if" && arguments.len() == 3 {
        let condition = scope.evaluate(&arguments[0], place)?;
        let condition = condition.as_bool().ok_or_else(|| Problem::arguments("if", "the first is a boolean"))?;
        return scope.evaluate(&arguments[if condition { 1 } else { 2 }], place);
    }
    let values: Vec<Value> =
        arguments.iter().map(|argument| scope.evaluate(argument, place)).collect::<Result<_, _>>()?;
    if let Some((name, least, most, run)) =
        TABLES.iter().flat_map(|table| table.iter()).find(|(known, ..)| known.eq_ignore_ascii_case(function))
    {
        check_count(name, values.len(), *least, *most)?;
        return run(&values);
    }
    match name.as_str() {
        "parameters" => scope.parameter(one_text("parameters", &values)?),
        "variables" if place == Place::ParameterDefault => Err(not_here(function)),
        "variables" => scope.variable(one_text("variables", &values)?),
        "resourcegroup" => none("resourceGroup", &values, &scope.facts.resource_group),
        "subscription" => none("subscription", &values, &scope.facts.subscription),
        "deployment" => none("deployment", &values, &scope.facts.deployment),
        "tenant" => none("tenant", &values, &scope.facts.tenant),
        "resourceid" => resource_ids::resource_id(scope.facts, &values),
        "subscriptionresourceid" => resource_ids::subscription_resource_id(scope.facts, &values),
        "tenantresourceid" => resource_ids::tenant_resource_id(&values),
        "extensionresourceid" => resource_ids::extension_resource_id(&values),
        "copyindex" => copy_index(scope, &values),
        "utcnow" if place == Place::ParameterDefault => times::utc_now(scope.facts.now, &values),
        "newguid" if place == Place::ParameterDefault => Ok(json!(uuid::Uuid::new_v4().to_string())),
        "utcnow" | "newguid" => Err(not_here(function)),
        _ if NOT_SIMULATED.iter().any(|known| known.eq_ignore_ascii_case(function)) => {
            Err(Problem::new(format!("The template function '{function}' is not available in this simulator.")))
        }
        _ => Err(Problem::new(format!(
            "The template function '{function}' is not valid. Please see https://aka.ms/arm-functions for usage \
             details."
        ))),
    }
}

fn check_count(function: &str, count: usize, least: usize, most: usize) -> Result<(), Problem> {
    if (least..=most).contains(&count) {
        return Ok(());
    }
    let expected = match most {
        MANY => format!("at least {least} are expected, {count} are given"),
        _ if least == most => format!("{least} are expected, {count} are given"),
        _ => format!("{least} to {most} are expected, {count} are given"),
    };
    Err(Problem::arguments(function, &expected))
}

fn not_here(function: &str) -> Problem {
    Problem::new(format!(
        "The template function '{function}' is not expected at this location. Please see \
         https://aka.ms/arm-functions for usage details."
    ))
}

fn one_text<'a>(function: &str, values: &'a [Value]) -> Result<&'a str, Problem> {
    check_count(function, values.len(), 1, 1)?;
    text(function, &values[0])
}

fn none(function: &str, values: &[Value], fact: &Value) -> Result<Value, Problem> {
    check_count(function, values.len(), 0, 0)?;
    Ok(fact.clone())
}

/// `copyIndex()`, `copyIndex(offset)`, `copyIndex('loop')`, `copyIndex('loop', offset)`.
fn copy_index(scope: &Scope<'_>, values: &[Value]) -> Result<Value, Problem> {
    let (name, offset) = match values {
        [] => (None, 0),
        [Value::String(name)] => (Some(name.as_str()), 0),
        [offset] => (None, number("copyIndex", offset)?),
        [name, offset] => (Some(text("copyIndex", name)?), number("copyIndex", offset)?),
        _ => return Err(Problem::arguments("copyIndex", "at most two are expected")),
    };
    let named = |(loop_name, _): &&(String, i64)| name.is_none_or(|name| loop_name.eq_ignore_ascii_case(name));
    let (_, index) = scope.copies.iter().rev().find(named).ok_or_else(|| not_here("copyIndex"))?;
    Ok(json!(index + offset))
}

fn text<'a>(function: &str, value: &'a Value) -> Result<&'a str, Problem> {
    value.as_str().ok_or_else(|| Problem::arguments(function, &format!("a string is expected, {value} is given")))
}

fn number(function: &str, value: &Value) -> Result<i64, Problem> {
    value.as_i64().ok_or_else(|| Problem::arguments(function, &format!("an integer is expected, {value} is given")))
}

/// A number of characters or elements.
fn size(function: &str, value: &Value) -> Result<usize, Problem> {
    let number = number(function, value)?;
    usize::try_from(number).map_err(|_| Problem::arguments(function, &format!("{number} is below zero")))
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::Map;
    use time::macros::datetime;

    use super::super::scope::Facts;
    use super::*;

    pub(crate) fn facts() -> Facts {
        Facts {
            deployment: json!({"name": "d"}),
            resource_group: json!({"id": "/subscriptions/s/resourceGroups/g", "name": "g", "location": "westeurope"}),
            subscription: json!({"id": "/subscriptions/s", "subscriptionId": "s", "tenantId": "t"}),
            tenant: json!({"tenantId": "t"}),
            now: datetime!(2026-01-15 09:30:05 UTC),
        }
    }

    /// The value of an expression in a template with one parameter and one variable.
    pub(super) fn evaluate(expression: &str) -> Result<Value, Problem> {
        let facts = facts();
        let (parameters, variables) =
            (Map::new(), json!({"v": "[concat('of ', parameters('p'))]", "w": "[variables('w')]"}));
        let given = vec![("p".to_owned(), json!("Parameter"))];
        let variables = variables.as_object().cloned().unwrap_or_default();
        Scope::new(&facts, &parameters, &variables, given).value(&json!(expression), Place::Resource)
    }

    pub(super) fn check(cases: &[(&str, Value)]) {
        for (expression, expected) in cases {
            assert_eq!(evaluate(&format!("[{expression}]")).as_ref(), Ok(expected), "{expression}");
        }
    }

    pub(super) fn refused(expressions: &[&str]) {
        for expression in expressions {
            assert!(evaluate(&format!("[{expression}]")).is_err(), "{expression}");
        }
    }

    #[test]
    fn parameters_variables_and_facts_are_found_in_any_case() {
        check(&[
            ("PARAMETERS('P')", json!("Parameter")),
            ("variables('V')", json!("of Parameter")),
            ("resourceGroup().Location", json!("westeurope")),
            ("subscription()['subscriptionId']", json!("s")),
            ("deployment().name", json!("d")),
        ]);
        refused(&["parameters('q')", "variables('q')", "resourceGroup().nothing", "resourceGroup('g')"]);
    }

    #[test]
    fn a_circle_ends_with_an_error() {
        let Problem(sentence) = evaluate("[variables('w')]").expect_err("a circle");
        assert!(sentence.contains("'w'"), "{sentence}");
    }

    #[test]
    fn what_is_no_function_is_called_invalid() {
        let Problem(sentence) = evaluate("[magic('a')]").expect_err("no function");
        assert!(sentence.starts_with("The template function 'magic' is not valid."), "{sentence}");
        refused(&["reference('x')", "utcNow()", "newGuid()", "copyIndex()"]);
    }
}
