//! The declarations of a resource provider: its resource types, their routes, and the handlers.

use hyper::Method;

use super::error::ArmError;
use crate::http::{Request, Response};
use crate::resource_path::ResourcePath;
use crate::world::{Claims, World};

/// Resource Manager at one address, with the resource types behind it.
#[derive(Clone, Copy)]
pub(crate) struct Arm<'a> {
    /// Base URL for links, without a trailing slash.
    pub(crate) endpoint: &'a str,
    /// All resource types, by resource provider.
    pub(crate) resource_types: &'static [&'static [&'static ResourceType]],
}

/// A resource type.
pub(crate) struct ResourceType {
    pub(crate) namespace: &'static str,
    /// Without the namespace: `dataConnectors`.
    pub(crate) name: &'static str,
    pub(crate) api_versions: ApiVersions,
    pub(crate) scope: Scope,
    pub(crate) routes: &'static [Route],
}

/// The api-versions of a resource type.
#[derive(Clone, Copy)]
pub(crate) struct ApiVersions {
    /// The api-versions of the resource provider, oldest first.
    pub(crate) list: &'static [&'static str],
    /// Whether the type has an api-version of the list.
    pub(crate) has: fn(&str) -> bool,
}

impl ApiVersions {
    /// A type that is in every api-version of the list.
    pub(crate) const fn all(list: &'static [&'static str]) -> Self {
        Self { list, has: |_| true }
    }

    /// The api-versions of the type, newest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static str> {
        let has = self.has;
        self.list.iter().rev().copied().filter(move |version| has(version))
    }
}

/// The level of the resource hierarchy at which a type exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// One of Resource Manager's own paths.
    Own,
    /// `/subscriptions/s/providers/…`, a list over all resource groups, or
    /// `/subscriptions/s/resourceGroups/g/providers/…`.
    ResourceGroup,
    /// `…/workspaces/w/providers/…`: an extension of a Log Analytics workspace.
    Workspace,
    /// Any resource, and the tenant itself.
    Any,
}

/// A request that a type supports.
pub(crate) struct Route {
    pub(crate) on: On,
    pub(crate) method: Method,
    pub(crate) permission: Permission,
    pub(crate) handler: Handler,
}

/// The end of a route's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum On {
    /// `…/dataConnectors/name`
    Instance,
    /// `…/dataConnectors`
    Collection,
    /// `…/providers/name/register`: a verb after an instance.
    Action(&'static str),
}

/// The action that the caller's roles must allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    /// None: the response shows only what the caller may see.
    None,
    /// `{type}/read`, `{type}/write`, `{type}/delete` or `{type}/action`, depending on the method.
    ByMethod,
    /// `{type}/{verb}`, whatever the method.
    Verb(&'static str),
    /// `{namespace in the path}/register/action`.
    Register,
}

/// Processes a request of a route.
pub(crate) type Handler = fn(&mut Context<'_>) -> Result<Response, ArmError>;

/// The input of a handler: a request that has passed all checks.
pub(crate) struct Context<'a> {
    pub(crate) arm: Arm<'a>,
    pub(crate) world: &'a mut World,
    pub(crate) request: &'a Request,
    pub(crate) target: &'a ResourcePath,
    pub(crate) api_version: &'a str,
    pub(crate) caller: &'a Claims,
}
