//! Finds the resource type and the route of a request.

use hyper::StatusCode;

use super::error::ArmError;
use super::route::{Arm, On, Permission, ResourceType, Route, Scope};
use crate::http::Request;
use crate::resource_path::{ResourcePath, type_and_name};
use crate::world::World;

impl Arm<'_> {
    /// The resource types of one resource provider.
    pub(crate) fn of_namespace(&self, namespace: &str) -> impl Iterator<Item = &'static ResourceType> {
        let types = self.resource_types.iter().flat_map(|provider| provider.iter()).copied();
        types.filter(move |resource_type| resource_type.namespace.eq_ignore_ascii_case(namespace))
    }

    /// The resource type of the target, if it has the api-version.
    pub(crate) fn resource_type(
        &self,
        target: &ResourcePath,
        api_version: &str,
    ) -> Result<&'static ResourceType, ArmError> {
        if self.of_namespace(&target.namespace).next().is_none() {
            let message = format!("The resource namespace '{}' is invalid.", target.namespace);
            return Err(ArmError::new(StatusCode::NOT_FOUND, "InvalidResourceNamespace", message));
        }
        let wanted = target.types.join("/");
        let parent = target.types.split_last().map(|(_, parent)| parent.join("/")).unwrap_or_default();
        let resource_type = self
            .of_namespace(&target.namespace)
            .find(|resource_type| resource_type.name.eq_ignore_ascii_case(&wanted) && resource_type.starts_at(target))
            .or_else(|| {
                // The last segment may be an action of the type before it.
                let action = target.types.last().filter(|_| !target.is_instance())?;
                self.of_namespace(&target.namespace).find(|resource_type| {
                    resource_type.name.eq_ignore_ascii_case(&parent) && resource_type.has_action(action)
                })
            })
            .ok_or_else(|| {
                let message = format!(
                    "The resource type '{wanted}' could not be found in the namespace '{}' for api version \
                     '{api_version}'.",
                    target.namespace
                );
                ArmError::new(StatusCode::NOT_FOUND, "InvalidResourceType", message)
            })?;
        resource_type.check_api_version(api_version)?;
        Ok(resource_type)
    }
}

/// The route of a request, and the permission that it requires.
pub(crate) fn find_route(
    resource_type: &'static ResourceType,
    target: &ResourcePath,
    request: &Request,
) -> Result<(&'static Route, Option<String>), ArmError> {
    let matches = |on: On| match on {
        On::Instance => target.is_instance(),
        On::Collection => !target.is_instance() && target.types.len() == resource_type.depth(),
        On::Action(action) => {
            target.types.len() > resource_type.depth()
                && target.types.last().is_some_and(|last| last.eq_ignore_ascii_case(action))
        }
    };
    let candidates = || resource_type.routes.iter().filter(|route| matches(route.on));
    let route = candidates().find(|route| route.method == request.method).ok_or_else(|| {
        let allowed: Vec<&str> = candidates().map(|route| route.method.as_str()).collect();
        ArmError::method_not_allowed(request.method.as_str(), &allowed.join(", "))
    })?;
    let full_type = format!("{}/{}", resource_type.namespace, resource_type.name);
    let verb = match (route.permission, route.method.as_str()) {
        (Permission::None, _) => return Ok((route, None)),
        (Permission::Register, _) => return Ok((route, Some(format!("{}/register/action", target.name())))),
        (Permission::Verb(verb), _) => verb,
        (Permission::ByMethod, "GET" | "HEAD") => "read",
        (Permission::ByMethod, "DELETE") => "delete",
        (Permission::ByMethod, "POST") => "action",
        (Permission::ByMethod, _) => "write",
    };
    Ok((route, Some(format!("{full_type}/{verb}"))))
}

/// Returns 409 unless the subscription has registered the resource provider.
pub(crate) fn check_registration(
    world: &World,
    target: &ResourcePath,
    resource_type: &ResourceType,
) -> Result<(), ArmError> {
    let always_registered = ["Microsoft.Resources", "Microsoft.Authorization"];
    let Some(subscription) =
        target.subscription.as_deref().filter(|_| !always_registered.contains(&resource_type.namespace))
    else {
        return Ok(());
    };
    let registration =
        world.documents.get(&format!("/subscriptions/{subscription}/providers/{}", resource_type.namespace));
    let registered = registration.is_some_and(|document| document["registrationState"] == "Registered");
    if registered {
        return Ok(());
    }
    let message = format!(
        "The subscription is not registered to use namespace '{}'. See https://aka.ms/rps-not-found for how to \
         register subscriptions.",
        resource_type.namespace
    );
    Err(ArmError::new(StatusCode::CONFLICT, "MissingSubscriptionRegistration", message))
}

impl ResourceType {
    fn depth(&self) -> usize {
        self.name.split('/').count()
    }

    fn has_action(&self, wanted: &str) -> bool {
        self.routes.iter().any(|route| matches!(route.on, On::Action(action) if action.eq_ignore_ascii_case(wanted)))
    }

    fn starts_at(&self, target: &ResourcePath) -> bool {
        match self.scope {
            Scope::Any => true,
            Scope::Own => target.namespace == "Microsoft.Resources",
            Scope::ResourceGroup => {
                let depth = target.scope.matches('/').count();
                depth == 4 || (depth == 2 && !target.is_instance())
            }
            Scope::Workspace => {
                let scope_type = type_and_name(&target.scope);
                scope_type.is_some_and(|(scope_type, _)| {
                    scope_type.eq_ignore_ascii_case("Microsoft.OperationalInsights/workspaces")
                })
            }
        }
    }

    fn check_api_version(&self, wanted: &str) -> Result<(), ArmError> {
        if self.api_versions.iter().any(|known| known.eq_ignore_ascii_case(wanted)) {
            return Ok(());
        }
        let supported: Vec<&str> = self.api_versions.iter().collect();
        if self.namespace == "Microsoft.Resources" || !is_api_version(wanted) {
            let message =
                format!("The api-version '{wanted}' is invalid. The supported versions are '{}'.", supported.join(","));
            return Err(ArmError::new(StatusCode::BAD_REQUEST, "InvalidApiVersionParameter", message));
        }
        let message = format!(
            "No registered resource provider found for location 'westeurope' and API version '{wanted}' for type \
             '{}'. The supported api-versions are '{}'. The supported locations are 'westeurope, northeurope'.",
            self.name,
            supported.join(", ")
        );
        Err(ArmError::new(StatusCode::BAD_REQUEST, "NoRegisteredProviderFound", message))
    }
}

/// `2025-09-01`, optionally with `-preview` or another suffix.
fn is_api_version(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits =
        |range: std::ops::Range<usize>| bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    digits(0..4)
        && digits(5..7)
        && digits(8..10)
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && (bytes.len() == 10 || (bytes[10] == b'-' && bytes[11..].iter().all(u8::is_ascii_alphanumeric)))
}
