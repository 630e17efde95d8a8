//! Tags of resources and resource groups.

use hyper::StatusCode;
use serde_json::{Map, Value};

use super::error::ArmError;

/// The maximum number of tags, and the maximum lengths of a name and of a value.
const LIMITS: (usize, usize, usize) = (50, 512, 256);

/// Characters that Resource Manager does not allow in names of tags.
const NOT_IN_NAMES: &str = "<>%&\\?/";

/// The tags in a body, or none if the body has no tags.
///
/// # Errors
/// 400 for tags that are not strings, and for names and values that Resource Manager does not allow.
pub(crate) fn read(body: &Map<String, Value>) -> Result<Option<Map<String, Value>>, ArmError> {
    let tags = match body.get("tags") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(tags)) => tags,
        Some(_) => return Err(ArmError::invalid_content("Error converting value. Path 'tags': expected an object")),
    };
    let (most, longest_name, longest_value) = LIMITS;
    if tags.len() > most {
        return Err(invalid(
            "InvalidTagCount",
            format!("There are '{}' tags, but at most '{most}' are allowed.", tags.len()),
        ));
    }
    for (at, (name, value)) in tags.iter().enumerate() {
        if tags.keys().take(at).any(|other| other.to_lowercase() == name.to_lowercase()) {
            let problem = format!("The tag '{name}' is there twice; names compare without case. Path 'tags'");
            return Err(ArmError::invalid_content(&problem));
        }
        let Some(value) = value.as_str() else {
            let problem = format!("Error converting value to type 'System.String'. Path 'tags.{name}'");
            return Err(ArmError::invalid_content(&problem));
        };
        if name.is_empty() || name.contains(|character| NOT_IN_NAMES.contains(character)) {
            let message = format!("The tag name '{name}' is empty or has one of the characters '{NOT_IN_NAMES}'.");
            return Err(invalid("InvalidTagNameCharacters", message));
        }
        if name.chars().count() > longest_name || value.chars().count() > longest_value {
            let message = format!(
                "The tag '{name}' exceeds the maximum length of '{longest_name}' for names or '{longest_value}' for values."
            );
            return Err(invalid("TagTooLong", message));
        }
    }
    Ok(Some(tags.clone()))
}

fn invalid(code: &str, message: String) -> ArmError {
    ArmError::new(StatusCode::BAD_REQUEST, code, message)
}
