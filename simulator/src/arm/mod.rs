//! Resource Manager: routing, the checks before a resource provider sees a request, and what handlers share.
//!
//! This module knows no resource provider: `service` passes in their route tables.

pub(crate) mod authentication;
pub(crate) mod authorization;
pub(crate) mod body;
mod dispatch;
mod error;
pub(crate) mod expansion;
pub(crate) mod filter;
mod json;
pub(crate) mod location;
mod name;
pub(crate) mod page;
pub(crate) mod route;
pub(crate) mod routing;
pub(crate) mod schema;
pub(crate) mod store;
pub(crate) mod tags;
mod time_format;

pub(crate) use error::ArmError;
pub(crate) use route::{Arm, Context};
