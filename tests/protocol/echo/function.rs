//! `echo`: a function that gives back its argument, null too.

use terraform_provider_sentinel::framework::{Function, FunctionError, Signature, Value};

pub(super) struct Say;

impl Function for Say {
    fn signature(&self) -> Signature {
        Signature::new::<Option<String>>("echo", "Gives back its argument.", "Gives back its argument.")
            .parameter::<Option<String>>("text", "What is given back.")
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        arguments.into_iter().next().ok_or_else(|| FunctionError::new("There is no argument."))
    }
}
