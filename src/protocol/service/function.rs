//! Handles calls of provider functions.

use super::Service;
use super::value_types::ValueType;
use crate::framework::{Diagnostics, FunctionError, unknown_type};
use crate::protocol::codec::dynamic_value;
use crate::protocol::proto::{self, call_function};

pub(super) async fn call(
    service: &Service,
    request: call_function::Request,
) -> Result<call_function::Response, Diagnostics> {
    let function = service.server.schemas().functions.get(&*request.name);
    let function = function.ok_or_else(|| unknown_type("function", &request.name))?;
    let definition = &function.definition;

    let mut arguments = Vec::with_capacity(request.arguments.len());
    for (index, argument) in request.arguments.iter().enumerate() {
        let Some(parameter) = definition.parameter_at(index) else {
            let expected = definition.parameters.len();
            return Ok(failed(FunctionError::argument(index, format!("The function takes {expected} arguments."))));
        };
        match dynamic_value::decode(Some(argument), &parameter.value_type) {
            Ok(argument) => arguments.push(argument),
            Err(error) => {
                return Ok(failed(FunctionError::argument(
                    index,
                    error.into_request_diagnostic("The argument").detail,
                )));
            }
        }
    }

    Ok(match service.server.call_function(&request.name, arguments) {
        Ok(result) => call_function::Response {
            result: Some(ValueType(function.output.clone()).encode(&result, "The result")?),
            error: None,
        },
        Err(error) => failed(error),
    })
}

fn failed(error: FunctionError) -> call_function::Response {
    let error = proto::FunctionError { text: error.text, function_argument: error.argument };
    call_function::Response { result: None, error: Some(error) }
}
