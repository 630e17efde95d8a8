//! Tests of ownership with a small resource, the framework's server and a fake Azure.

mod conflicts;
mod facts;
mod fixture;
mod properties;
mod repeatable;
