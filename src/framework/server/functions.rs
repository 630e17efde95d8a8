//! Calls the provider's functions.

use super::Server;
use super::run::{Interruption, run_sync};
use crate::framework::function::{Arguments, FunctionDefinition, FunctionError};
use crate::framework::value::{Mismatch, Value};

impl Server {
    /// Calls a function. It does not require a configured provider.
    ///
    /// # Errors
    /// The error of the function, or an invalid argument.
    pub fn call_function(&self, name: &str, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let known = self.registry.functions.get(name).zip(self.schemas.functions.get(name));
        let (function, schema) = known
            .ok_or_else(|| FunctionError::new(format!("This version of the provider has no function \"{name}\".")))?;
        if check(&schema.definition, &arguments)? == AllKnown::No {
            return Ok(Value::Unknown);
        }
        let arguments = Arguments::new(&schema.definition, arguments);
        let result = run_sync(|| function.call(&arguments)).map_err(|interruption| panicked(name, &interruption))??;
        let invalid_result = |Mismatch { path, expected, found }| {
            let place = if path.is_root() { String::new() } else { format!(" at {path}") };
            FunctionError::new(format!(
                "The function \"{name}\" failed: its result{place} should be {expected} and is {found}. Please report \
                 this."
            ))
        };
        let result = result.composed();
        result.conforms(&schema.output).map_err(invalid_result)?;
        Ok(result)
    }
}

#[derive(Eq, PartialEq)]
enum AllKnown {
    Yes,
    No,
}

fn check(definition: &FunctionDefinition, arguments: &[Value]) -> Result<AllKnown, FunctionError> {
    let (least, given) = (definition.parameters.len(), arguments.len());
    if given < least || (given > least && definition.variadic.is_none()) {
        let more = if definition.variadic.is_some() { "at least " } else { "" };
        return Err(FunctionError::new(format!("Expected {more}{least} arguments, found {given}.")));
    }
    let mut all_known = AllKnown::Yes;
    for (index, argument) in arguments.iter().enumerate() {
        let Some(parameter) = definition.parameter_at(index) else { continue };
        if !argument.is_wholly_known() {
            all_known = AllKnown::No;
        } else if argument.is_null() && !parameter.allow_null {
            return Err(FunctionError::argument(index, format!("`{}` must not be null.", parameter.name)));
        } else {
            (parameter.parse)(argument).map_err(|invalid| FunctionError::argument(index, invalid.detail))?;
        }
    }
    Ok(all_known)
}

fn panicked(name: &str, interruption: &Interruption) -> FunctionError {
    let diagnostic = interruption.diagnostic(&format!("computing \"{name}\""), "");
    FunctionError::new(diagnostic.detail)
}
