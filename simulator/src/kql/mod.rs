//! A subset of the Kusto Query Language: tables, unions and joins in a pipeline of operators.
//!
//! ```text
//! query text
//!  ├─ lexer         tokens with their positions
//!  ├─ parser        the syntax tree (syntax)
//!  └─ evaluator     checks names and types, then runs the operators over rows (table)
//! ```
//!
//! Errors are those of Azure: a syntax error has a position, a semantic error does not. Queries that the simulator does
//! not support are rejected with a position, even if Azure could evaluate them. `literal` reads and writes values of
//! each type.
//!
//! Parsing takes time in proportion to the length of a query. Length, nesting, operators and rows are limited.

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
pub(crate) use syntax::Query;
pub(crate) use table::{Column, Table};
pub(crate) use value::{Type, Value};

/// The maximum length of a query, in bytes. Azure publishes no limit.
const MAX_LENGTH: usize = 1024 * 1024;

/// The tables that a query can read.
pub(crate) trait Tables {
    /// The table with this name. `operator` is the first operator that uses it, for messages.
    ///
    /// # Errors
    /// If the table does not exist.
    fn find(&self, name: &str, operator: Option<&str>) -> Result<Table, KqlError>;
}

/// Parses a query.
///
/// # Errors
/// [`KqlError::Syntax`] and [`KqlError::NotSimulated`], both with a position.
pub(crate) fn parse(text: &str) -> Result<Query, KqlError> {
    if text.len() > MAX_LENGTH {
        let what = format!("queries of more than {MAX_LENGTH} bytes");
        return Err(KqlError::not_simulated(error::Position { line: 1, pos: 0 }, "", what));
    }
    parser::Parser::new(lexer::tokens(text)?).query()
}

/// Runs a query. `now` is what `now()` returns.
///
/// # Errors
/// [`KqlError::Semantic`] if a name or a type is wrong, even if the table has no rows.
pub(crate) fn run(query: &Query, tables: &dyn Tables, now: OffsetDateTime) -> Result<Table, KqlError> {
    evaluator::run(query, tables, now)
}

#[cfg(test)]
mod tests;
