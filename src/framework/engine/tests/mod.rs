//! Tests of the engine's rules on a table with every kind of row.

mod generate;
mod plan;
mod properties;
mod replace;
mod result;
mod table;
