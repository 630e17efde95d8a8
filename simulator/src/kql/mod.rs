//! A small part of the Kusto Query Language: queries of one table in a pipe of operators.
//!
//! ```text
//! query text
//!  ├─ lexer         tokens with their positions
//!  ├─ parser        the syntax tree (syntax)
//!  └─ evaluator     checks names and types, then runs the operators over rows (table)
//! ```
//!
//! Errors are those of Azure: a syntax error has a position, a semantic one has not. What this engine does not know is
//! refused with a position too, even if Azure could evaluate it. `literal` reads and writes dates and timespans.

mod error;
mod evaluator;
mod lexer;
mod literal;
mod parser;
mod syntax;
mod table;
mod value;

use time::OffsetDateTime;

pub(crate) use error::KqlError;
pub(crate) use literal::date_time;
pub(crate) use syntax::{Operator, Query, Source};
pub(crate) use table::{Column, Table};
pub(crate) use value::{Type, Value};

/// Parses a query.
///
/// # Errors
/// [`KqlError::Syntax`] and [`KqlError::NotSimulated`], both with a position.
pub(crate) fn parse(text: &str) -> Result<Query, KqlError> {
    parser::Parser::new(lexer::tokens(text)?).query()
}

/// Runs a query over its table. `now` is what `now()` returns.
///
/// # Errors
/// [`KqlError::Semantic`] if a name or a type is wrong, also if the table has no rows.
pub(crate) fn run(query: &Query, table: Table, now: OffsetDateTime) -> Result<Table, KqlError> {
    evaluator::run(query, table, now)
}

#[cfg(test)]
mod tests;
