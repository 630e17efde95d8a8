//! The functions that expressions can call, by name. Names are case-insensitive.
//!
//! `parameters`, `variables`, `if` and other functions that need more than the values of their arguments are in
//! `evaluator`.

pub(super) mod arguments;
mod collections;
mod logic;
mod numbers;
pub(super) mod resource_ids;
mod texts;
pub(super) mod times;

use serde_json::Value;

use self::arguments::{Definition, check_count};
use super::error::EvaluationError;

const TABLES: &[&[Definition]] = &[collections::FUNCTIONS, logic::FUNCTIONS, numbers::FUNCTIONS, texts::FUNCTIONS];

/// Functions of Azure that are not simulated.
const NOT_SIMULATED: &[&str] = &[
    "reference",
    "references",
    "list",
    "listKeys",
    "listAccountSas",
    "environment",
    "managementGroup",
    "managementGroupResourceId",
    "pickZones",
    "providers",
    "filter",
    "map",
    "reduce",
    "sort",
    "toObject",
    "lambda",
    "deployer",
    "base64ToJson",
    "buildUri",
    "cidrHost",
    "cidrSubnet",
    "dataUri",
    "dataUriToString",
    "dateTimeAdd",
    "dateTimeFromEpoch",
    "dateTimeToEpoch",
    "fail",
    "float",
    "groupBy",
    "indexFromEnd",
    "items",
    "lastIndexOf",
    "mapValues",
    "objectKeys",
    "padLeft",
    "parseCidr",
    "parseUri",
    "shallowMerge",
    "toLogicalZone",
    "toLogicalZones",
    "toPhysicalZone",
    "toPhysicalZones",
    "tryGet",
    "tryIndexFromEnd",
    "uriComponent",
    "uriComponentToString",
];

/// Calls the function with that name.
pub(super) fn call(function: &str, values: &[Value]) -> Result<Value, EvaluationError> {
    let mut functions = TABLES.iter().flat_map(|table| table.iter());
    if let Some((name, least, most, run)) = functions.find(|(known, ..)| known.eq_ignore_ascii_case(function)) {
        check_count(name, values.len(), *least, *most)?;
        return run(values);
    }
    let message = if NOT_SIMULATED.iter().any(|known| known.eq_ignore_ascii_case(function)) {
        format!("The template function '{function}' is not supported.")
    } else {
        format!(
            "The template function '{function}' is not valid. Please see https://aka.ms/arm-functions for usage \
             details."
        )
    };
    Err(EvaluationError::new(message))
}
