//! `echo`: a function that returns its argument, which may be null.

use terraform_provider_sentinel::framework::{Function, FunctionError, Signature, Value};

pub(super) struct EchoFunction;

impl Function for EchoFunction {
    fn signature(&self) -> Signature {
        Signature::new::<Option<String>>("echo", "Returns its argument.", "Returns its argument.")
            .parameter::<Option<String>>("text", "The argument.")
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        arguments.into_iter().next().ok_or_else(|| FunctionError::new("There is no argument."))
    }
}
