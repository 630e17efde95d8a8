//! The process traps: the built binary, started, called and ended as go-plugin's client does it.

mod access;
mod calls;
mod ending;
mod host;
mod identity;
mod in_flight;
mod logging;
mod reattach;
mod start;
