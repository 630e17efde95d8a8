//! A part of the Kusto Query Language: tables, alone or joined, in a pipe of operators.
//!
//! ```text
//! query text
//!  ├─ lexer         tokens with their positions
//!  ├─ parser        the syntax tree (syntax)
//!  └─ evaluator     checks names and types, then runs the operators over rows (table)
//! ```
//!
//! Errors are those of Azure: a syntax error has a position, a semantic one has not. What this engine does not know is
//! refused with a position too, even if Azure could evaluate it. `literal` reads and writes values of each type.
//!
//! A query takes time in proportion to its length, and has limits: of length, of nesting, of operators, and of rows.

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

/// The longest query, in bytes. Azure publishes no limit.
const LONGEST: usize = 1024 * 1024;

/// The tables that a query can read.
pub(crate) trait Tables {
    /// The table with this name. `operator` is the one that needs it first, for messages.
    ///
    /// # Errors
    /// There is no such table.
    fn find(&self, name: &str, operator: Option<&str>) -> Result<Table, KqlError>;
}

/// Parses a query.
///
/// # Errors
/// [`KqlError::Syntax`] and [`KqlError::NotSimulated`], both with a position.
pub(crate) fn parse(text: &str) -> Result<Query, KqlError> {
    if text.len() > LONGEST {
        let what = format!("queries of more than {LONGEST} bytes");
        return Err(KqlError::not_simulated(error::Position { line: 1, pos: 0 }, "", what));
    }
    parser::Parser::new(lexer::tokens(text)?).query()
}

/// Runs a query. `now` is what `now()` returns.
///
/// # Errors
/// [`KqlError::Semantic`] if a name or a type is wrong, also if the table has no rows.
pub(crate) fn run(query: &Query, tables: &dyn Tables, now: OffsetDateTime) -> Result<Table, KqlError> {
    evaluator::run(query, tables, now)
}

#[cfg(test)]
mod tests;
