//! What a handler gets: a request that has passed Resource Manager's checks.

use crate::entra::Claims;
use crate::http::Request;
use crate::resource_path::ResourcePath;
use crate::world::World;

/// One operation of a resource provider.
pub(crate) struct Operation<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) request: &'a Request,
    pub(crate) target: &'a ResourcePath,
    pub(crate) api_version: &'a str,
    pub(crate) caller: &'a Claims,
    /// Base URL for links.
    pub(crate) endpoint: &'a str,
}
