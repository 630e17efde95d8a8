//! `echo`: a function that returns its argument, which may be null.

use terraform_provider_sentinel::framework::{Arguments, Function, FunctionDefinition, FunctionError, Parameter};

const TEXT: Parameter<Option<String>> = Parameter::new("text").description("The argument.");

pub(super) struct EchoFunction;

impl Function for EchoFunction {
    type Output = Option<String>;

    fn definition(&self) -> FunctionDefinition {
        FunctionDefinition::new("echo", "Returns its argument.", "Returns its argument.").parameter(&TEXT)
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<Option<String>, FunctionError> {
        arguments.get(&TEXT)
    }
}
