//! Checks the names of resources in PUT requests: valid characters, and agreement between body and path.

use hyper::StatusCode;

use super::error::ArmError;
use super::json;
use crate::http::Request;
use crate::resource_path::ResourcePath;

/// Resource Manager's limit, in characters.
const LIMIT: usize = 260;

/// Characters that Resource Manager does not allow in names, in addition to control characters.
const NOT_IN_NAMES: &str = "<>%&:\\?/#";

/// Returns 400 for an invalid name, and for a body whose name, type or ID differs from the path.
/// `MismatchingResourceName` and `InvalidResourceNameTrailingCharacters` are Azure's codes; the others are modeled on
/// them.
pub(super) fn check(target: &ResourcePath, request: &Request) -> Result<(), ArmError> {
    check_name(target.name())?;
    // The handler rejects a body that is not an object.
    let Ok(body) = json::parse(&request.body) else { return Ok(()) };
    let disagrees = |member: &str, same: &dyn Fn(&str) -> bool| {
        body[member].as_str().filter(|stated| !stated.is_empty() && !same(stated)).map(str::to_owned)
    };
    let last = |text: &str| text.rsplit('/').next().unwrap_or_default().to_owned();
    // In templates, name and type include those of all parents.
    if let Some(stated) = disagrees("name", &|stated| last(stated).eq_ignore_ascii_case(target.name())) {
        return Err(mismatch("Name", "name", &stated, target.name()));
    }
    let own_type = target.types.last().map_or("", String::as_str);
    if let Some(stated) = disagrees("type", &|stated| last(stated).eq_ignore_ascii_case(own_type)) {
        return Err(mismatch("Type", "type", &stated, &target.resource_type()));
    }
    if let Some(stated) = disagrees("id", &|stated| stated.eq_ignore_ascii_case(&target.id)) {
        return Err(mismatch("Id", "id", &stated, &target.id));
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), ArmError> {
    if name.chars().count() > LIMIT {
        return Err(invalid(
            "InvalidResourceNameLength",
            format!("The provided resource name has more than the '{LIMIT}' characters that a name may have."),
        ));
    }
    if name.chars().any(|character| character.is_control() || NOT_IN_NAMES.contains(character)) {
        return Err(invalid(
            "InvalidResourceNameCharacters",
            format!(
                "The provided resource name '{name}' has invalid characters. The name can not contain control \
                     characters or any of: '{NOT_IN_NAMES}'."
            ),
        ));
    }
    if name.ends_with(['.', ' ']) {
        return Err(invalid(
            "InvalidResourceNameTrailingCharacters",
            format!(
                "The provided resource name '{name}' has invalid trailing characters. The name can not end with \
                     characters: '. '."
            ),
        ));
    }
    Ok(())
}

fn mismatch(suffix: &str, member: &str, stated: &str, expected: &str) -> ArmError {
    invalid(
        &format!("MismatchingResource{suffix}"),
        format!("The provided resource {member} '{stated}' did not match the {member} in the Url '{expected}'."),
    )
}

fn invalid(code: &str, message: String) -> ArmError {
    ArmError::new(StatusCode::BAD_REQUEST, code, message)
}
