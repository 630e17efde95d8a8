//! Tests of function calls.

use super::fixture::*;
use crate::framework::*;

fn call(behavior: Behavior, arguments: &[Value]) -> Result<Value, FunctionError> {
    // A function does not require a configured provider.
    Server::new(TestProvider(behavior)).expect("a valid provider").call_function("join", arguments.to_vec())
}

#[test]
fn passes_parameters_and_variadic_arguments() {
    let joined = call(Behavior::Good, &["-".into(), "a".into(), Value::Null, "b".into()]);

    assert_eq!(joined, Ok("a-b".into()));
    assert_eq!(call(Behavior::Good, &["-".into()]), Ok("".into()));
}

#[test]
fn reports_the_invalid_argument() {
    assert_eq!(call(Behavior::Good, &[Value::Null]).expect_err("null").argument, Some(0));
    assert_eq!(call(Behavior::Good, &["-".into(), true.into()]).expect_err("a bool").argument, Some(1));
    assert_eq!(call(Behavior::Good, &[]).expect_err("too few").argument, None);
}

#[test]
fn unknown_argument_returns_an_unknown_result() {
    assert_eq!(call(Behavior::Good, &["-".into(), Value::Unknown]), Ok(Value::Unknown));
}

#[test]
fn returns_the_error_of_a_function() {
    assert!(call(Behavior::Panics, &["-".into()]).expect_err("it panics").text.contains("on request"));
    assert!(call(Behavior::Forgets, &["-".into()]).expect_err("a bool").text.contains("should be string"));
    for behavior in [Behavior::Fails, Behavior::FailsHalfWay] {
        let error = call(behavior, &["-".into(), "a".into()]).expect_err("no such parameter");
        assert!(error.text.contains("no parameter \"undeclared\""), "{error}");
    }
}

#[test]
fn reports_an_unknown_function() {
    let server = Server::new(TestProvider(Behavior::Good)).expect("a valid provider");

    assert!(server.call_function("split", vec![]).expect_err("unknown").text.contains("\"split\""));
}
