//! The registration of a solution, `…/contentPackages/{contentId}`.

use serde_json::{Value, json};

use crate::azure::Error;
use crate::content_hub::api::package::Package;

/// The schema version if the catalog entry has none.
const DEFAULT_SCHEMA_VERSION: &str = "3.0.0";

/// The body of the PUT request. Azure requires `contentSchemaVersion`, although the published schemas do not.
pub(super) fn body(package: &Package) -> Value {
    let kind = package.content_kind.as_deref().unwrap_or("Solution");
    let mut properties = json!({
        "contentId": package.content_id,
        "contentKind": kind,
        "contentSchemaVersion": package.content_schema_version.as_deref().unwrap_or(DEFAULT_SCHEMA_VERSION),
        "displayName": package.display_name.as_deref().unwrap_or(&package.content_id),
    });
    for (name, value) in [("contentProductId", &package.content_product_id), ("version", &package.version)] {
        if let Some(value) = value {
            properties[name] = value.as_str().into();
        }
    }
    json!({ "properties": properties })
}

/// Whether Azure rejected a registration because another registration owns the content ID.
pub(super) fn is_owned_by_another(error: &Error) -> bool {
    let Error::Service(error) = error else { return false };
    error.status == 400 && error.message.to_ascii_lowercase().contains("already associated with another package")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::ServiceError;

    #[test]
    fn body_has_all_required_properties() {
        let package = Package {
            content_id: "contoso.solution".to_owned(),
            content_product_id: Some("contoso.solution-sl-1".to_owned()),
            version: Some("3.0.3".to_owned()),
            ..Package::default()
        };

        assert_eq!(
            body(&package),
            json!({"properties": {
                "contentId": "contoso.solution", "contentKind": "Solution", "contentSchemaVersion": "3.0.0",
                "displayName": "contoso.solution", "contentProductId": "contoso.solution-sl-1", "version": "3.0.3",
            }})
        );
    }

    #[test]
    fn recognizes_another_owner_by_the_message() {
        let error = |status, message: &str| -> Error {
            ServiceError { status, message: message.to_owned(), ..ServiceError::default() }.into()
        };

        assert!(is_owned_by_another(&error(400, "contentId x is already associated with another package")));
        assert!(!is_owned_by_another(&error(400, "Required property 'version' not found")));
    }
}
