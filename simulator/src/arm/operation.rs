//! What a handler gets: a request that has passed Resource Manager's checks.

use super::Target;
use crate::entra::Claims;
use crate::http::Call;
use crate::world::World;

/// One operation of a resource provider.
pub(crate) struct Operation<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) call: &'a Call,
    pub(crate) target: &'a Target,
    pub(crate) api_version: &'a str,
    pub(crate) caller: &'a Claims,
    /// Base URL for links.
    pub(crate) endpoint: &'a str,
}
