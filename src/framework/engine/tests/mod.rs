//! Tests of the engine's rules on a schema with every kind of attribute.

mod generate;
mod plan;
mod properties;
mod replace;
mod result;
mod table;
