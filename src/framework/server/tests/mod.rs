//! Tests of the server's rules with a small resource.

mod apply;
mod configure;
mod data_source;
mod fixture;
mod functions;
mod import;
mod move_state;
mod plan;
mod properties;
mod read;
mod registration;
mod replacement;
mod upgrade;
mod validate;
