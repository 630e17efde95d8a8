//! The checks that Resource Manager makes on every resource of a template before it deploys the first: the type exists
//! in this api-version, its provider is registered, and the caller may write it.

use hyper::StatusCode;

use crate::arm::routing::{check_registration, find_route};
use crate::arm::{Arm, ArmError, authorization, expansion};
use crate::resource_path::ResourcePath;
use crate::template::Resource;
use crate::world::{Claims, World};

/// Returns the first error. All missing permissions are one error.
pub(super) fn check(
    arm: Arm<'_>,
    world: &World,
    caller: &Claims,
    name: &str,
    resources: &[Resource],
) -> Result<(), ArmError> {
    let mut forbidden = Vec::new();
    for resource in resources {
        if resource.resource_type.eq_ignore_ascii_case(super::TYPE) {
            let message = format!(
                "The template deployment '{name}' has a nested deployment '{}', which is not supported.",
                resource.name
            );
            return Err(ArmError::new(StatusCode::BAD_REQUEST, "InvalidTemplateDeployment", message));
        }
        let request = expansion::put_request(&resource.id, &resource.api_version, &resource.body, "");
        let target = ResourcePath::parse(&request.path)?;
        let resource_type = arm.resource_type(&target, &resource.api_version)?;
        let (_, action) = find_route(resource_type, &target, &request)?;
        check_registration(world, &target, resource_type)?;
        let Some(action) = action else { continue };
        if authorization::check(world, caller, &action, &target.id).is_err() {
            forbidden.push(format!(
                "Authorization failed for template resource '{}' of type '{}'. The client '{}' with object id '{}' \
                 does not have permission to perform action '{action}' at scope '{}'.",
                resource.name, resource.resource_type, caller.appid, caller.oid, resource.id
            ));
        }
    }
    if forbidden.is_empty() {
        return Ok(());
    }
    let message = format!("Deployment failed with multiple errors: '{}'", forbidden.join(":"));
    Err(ArmError::new(StatusCode::FORBIDDEN, "InvalidTemplateDeployment", message))
}
