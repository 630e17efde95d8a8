//! Evaluates single expressions, for the tests of the functions.

use serde_json::{Map, Value, json};
use time::macros::datetime;

use super::deployment_scope::DeploymentScope;
use super::error::EvaluationError;
use super::evaluator::{Evaluator, Section};

pub(super) fn deployment_scope() -> DeploymentScope {
    DeploymentScope {
        deployment: json!({"name": "d"}),
        resource_group: json!({"id": "/subscriptions/s/resourceGroups/g", "name": "g", "location": "westeurope"}),
        subscription: json!({"id": "/subscriptions/s", "subscriptionId": "s", "tenantId": "t"}),
        tenant: json!({"tenantId": "t"}),
        now: datetime!(2026-01-15 09:30:05 UTC),
    }
}

/// The value of an expression in a template with one parameter, and one variable that refers to itself.
pub(super) fn evaluate(expression: &str) -> Result<Value, EvaluationError> {
    let scope = deployment_scope();
    let (parameters, variables) =
        (Map::new(), json!({"v": "[concat('of ', parameters('p'))]", "w": "[variables('w')]"}));
    let given = vec![("p".to_owned(), json!("Parameter"))];
    let variables = variables.as_object().cloned().unwrap_or_default();
    Evaluator::new(&scope, &parameters, &variables, given).value(&json!(expression), Section::Resource)
}

pub(super) fn check(cases: &[(&str, Value)]) {
    for (expression, expected) in cases {
        assert_eq!(evaluate(&format!("[{expression}]")).as_ref(), Ok(expected), "{expression}");
    }
}

pub(super) fn rejects(expressions: &[&str]) {
    for expression in expressions {
        assert!(evaluate(&format!("[{expression}]")).is_err(), "{expression}");
    }
}
