//! Tests of ownership through the framework's server: a small resource over a fake Azure, one rule after the
//! other, and runs that nobody thought of.

mod conflicts;
mod facts;
mod fixture;
mod properties;
mod repeatable;
