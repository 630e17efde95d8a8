//! Names of deployments.

use hyper::StatusCode;

use crate::arm::ArmError;

/// The maximum length of a name, in characters.
const MAX_LENGTH: usize = 64;

/// Returns 400 for an invalid deployment name.
pub(super) fn check(name: &str) -> Result<(), ArmError> {
    let count = name.chars().count();
    if count > MAX_LENGTH {
        let message = format!(
            "The provided deployment name '{name}' has a length of '{count}' which exceeds the maximum length of \
             '{MAX_LENGTH}'. Please see https://aka.ms/arm-deploy for usage details."
        );
        return Err(ArmError::new(StatusCode::BAD_REQUEST, "InvalidDeploymentName", message));
    }
    if name.chars().all(|character| character.is_alphanumeric() || "-_.()".contains(character)) {
        return Ok(());
    }
    let message = format!(
        "The provided deployment name '{name}' is not valid. The name can contain letters, digits, '-', '_', '.', \
         '(' and ')' only. Please see https://aka.ms/arm-deploy for usage details."
    );
    Err(ArmError::new(StatusCode::BAD_REQUEST, "InvalidDeploymentName", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_the_length_and_characters_of_a_name() {
        assert!(check("Sentinel-Solution_3.0.3(1)").is_ok());
        assert!(check(&"a".repeat(64)).is_ok());
        assert!(check(&"a".repeat(65)).is_err());
        for name in ["a b", "a@b", "a,b", "a+b"] {
            assert!(check(name).is_err(), "{name}");
        }
    }
}
