//! Tests of function calls.

use super::fixture::*;
use crate::framework::*;

fn call(behaviour: Behaviour, arguments: &[Value]) -> Result<Value, FunctionError> {
    // A function needs no configured provider.
    Server::new(TestProvider(behaviour)).expect("a sound provider").call_function("join", arguments.to_vec())
}

#[test]
fn arguments_are_parameters_and_then_any_number_of_the_variadic_one() {
    let joined = call(Behaviour::Good, &["-".into(), "a".into(), Value::Null, "b".into()]);

    assert_eq!(joined, Ok("a-b".into()));
    assert_eq!(call(Behaviour::Good, &["-".into()]), Ok("".into()));
}

#[test]
fn an_argument_that_is_wrong_is_named() {
    assert_eq!(call(Behaviour::Good, &[Value::Null]).expect_err("null").argument, Some(0));
    assert_eq!(call(Behaviour::Good, &["-".into(), true.into()]).expect_err("a bool").argument, Some(1));
    assert_eq!(call(Behaviour::Good, &[]).expect_err("too few").argument, None);
}

#[test]
fn of_what_is_unknown_the_result_is_unknown() {
    assert_eq!(call(Behaviour::Good, &["-".into(), Value::Unknown]), Ok(Value::Unknown));
}

#[test]
fn a_function_that_fails_does_so_with_an_error() {
    assert!(call(Behaviour::Panics, &["-".into()]).expect_err("it panics").text.contains("on request"));
    assert!(call(Behaviour::Forgets, &["-".into()]).expect_err("a bool").text.contains("should be string"));
    for behaviour in [Behaviour::Fails, Behaviour::FailsHalfWay] {
        let error = call(behaviour, &["-".into(), "a".into()]).expect_err("no such parameter");
        assert!(error.text.contains("no parameter \"stranger\""), "{error}");
    }
}

#[test]
fn an_unknown_function_is_named() {
    let server = Server::new(TestProvider(Behaviour::Good)).expect("a sound provider");

    assert!(server.call_function("split", vec![]).expect_err("unknown").text.contains("\"split\""));
}
