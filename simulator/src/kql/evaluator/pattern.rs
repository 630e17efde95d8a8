//! Regular expressions of `matches regex` and `extract`. They are compiled once, so an invalid expression is an error
//! even without rows.

use regex::Regex;

use super::scalar::Scalar;
use crate::kql::error::{KqlError, Position};
use crate::kql::value::Value;

/// The maximum number of groups in Azure.
const GROUPS: usize = 16;

/// Compiles a pattern, which must not depend on a row.
pub(super) fn compile(pattern: &Scalar, position: Position) -> Result<Regex, KqlError> {
    let Some(Value::String(text)) = pattern.constant() else {
        return Err(KqlError::not_simulated(position, "", "regular expressions that are not constant"));
    };
    let ill_formed =
        || KqlError::Semantic { code: "SEM0420", message: format!("Regex pattern is ill-formed: '{text}'") };
    let regex = Regex::new(&text).map_err(|_| ill_formed())?;
    // The first group is the whole match.
    if regex.captures_len() > GROUPS + 1 { Err(ill_formed()) } else { Ok(regex) }
}
