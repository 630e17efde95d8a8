//! Errors in queries.

/// A position in the query text, counted as in Azure: lines from 1, positions in a line from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) pos: usize,
}

/// An error in a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KqlError {
    /// The text does not follow the grammar.
    Syntax { position: Position, token: String },
    /// The text may be a valid query, but the simulator cannot evaluate it.
    NotSimulated { position: Position, token: String, what: String },
    /// A name or a type is wrong.
    Semantic { code: &'static str, message: String },
}

impl KqlError {
    /// An unknown table. `operator` is the first operator that uses it.
    pub(crate) fn unknown_table(operator: Option<&str>, name: &str) -> Self {
        let prefix = operator.map(|operator| format!("'{operator}' operator: ")).unwrap_or_default();
        let message = format!("{prefix}Failed to resolve table or column expression named '{name}'");
        Self::Semantic { code: "SEM0100", message }
    }

    /// An unknown column.
    pub(crate) fn unknown_column(operator: &str, name: &str) -> Self {
        let message = format!("'{operator}' operator: Failed to resolve column or scalar expression named '{name}'");
        Self::Semantic { code: "SEM0100", message }
    }

    /// A query that only Azure can evaluate. `what` completes "The simulator does not evaluate".
    pub(crate) fn not_simulated(position: Position, token: &str, what: impl Into<String>) -> Self {
        Self::NotSimulated { position, token: token.to_owned(), what: what.into() }
    }

    /// A name that occurs twice among the columns of an operator.
    pub(crate) fn duplicate_column(operator: &str, name: &str) -> Self {
        let message = format!("'{operator}' operator: A column with the name '{name}' is already declared");
        Self::Semantic { code: "SEM0001", message }
    }

    /// A second `let` for a name.
    pub(crate) fn duplicate_let(name: &str) -> Self {
        let message = format!("Let with the same name was already used in current context: '{name}'");
        Self::Semantic { code: "SEM0079", message }
    }

    /// A value of type dynamic, which cannot be grouped, sorted, joined or compared.
    pub(crate) fn dynamic(code: &'static str, message: impl Into<String>) -> Self {
        Self::Semantic { code, message: message.into() }
    }

    /// A type that an operator or a function does not accept.
    pub(crate) fn wrong_type(message: impl Into<String>) -> Self {
        Self::Semantic { code: "SEM0064", message: message.into() }
    }
}
