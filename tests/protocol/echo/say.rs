//! `echo`: a function that gives back its argument, null too.

use terraform_provider_sentinel::framework::{Arguments, Function, FunctionDefinition, FunctionError, Parameter};

const TEXT: Parameter<Option<String>> = Parameter::new("text").description("What is given back.");

pub(super) struct Say;

impl Function for Say {
    type Output = Option<String>;

    fn definition(&self) -> FunctionDefinition {
        FunctionDefinition::new("echo", "Gives back its argument.", "Gives back its argument.").parameter(&TEXT)
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<Option<String>, FunctionError> {
        arguments.get(&TEXT)
    }
}
