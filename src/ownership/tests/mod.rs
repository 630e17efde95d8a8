//! Tests of ownership through the framework's server: a small resource over a fake Azure, one rule after the
//! other, and random runs.

mod conflicts;
mod facts;
mod fixture;
mod properties;
mod repeatable;
