//! Parses the tokens of a query: its statements and its sources. `operators` parses what follows a pipe, and
//! `expressions` what is inside an operator.

mod expressions;
mod operators;

use super::error::KqlError;
use super::lexer::{Token, TokenKind};
use super::syntax::{Binding, Expression, Named, Pipeline, Query, Source};

/// The maximum nesting of brackets and queries, so that no query overflows the stack.
const DEPTH: usize = 64;

/// The maximum number of operators in a query, which limits its run time.
const OPERATORS: usize = 1_000;

/// The maximum number of list elements in a query, which limits its run time.
const COLUMNS: usize = 2_000;

/// Words at the start of a query or after a pipe that the simulator does not evaluate. For operators with a hyphen, the
/// first word.
const NOT_SIMULATED: &[&str] = &[
    "alias",
    "as",
    "assert",
    "consume",
    "datatable",
    "declare",
    "evaluate",
    "execute",
    "externaldata",
    "facet",
    "find",
    "fork",
    "getschema",
    "graph",
    "invoke",
    "lookup",
    "macro",
    "make",
    "materialize",
    "mvapply",
    "mvexpand",
    "parse",
    "partition",
    "pattern",
    "range",
    "reduce",
    "render",
    "restrict",
    "sample",
    "scan",
    "search",
    "serialize",
    "set",
];

pub(super) struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    /// The number of operators in the current expression.
    operators: usize,
    /// The number of open brackets and queries.
    depth: usize,
    /// The number of tabular operators in the query so far.
    pipes: usize,
    /// The number of list elements in the query so far.
    columns: usize,
}

impl<'a> Parser<'a> {
    /// A parser of these tokens, the last of which is the end.
    pub(super) fn new(tokens: Vec<Token<'a>>) -> Self {
        Self { tokens, at: 0, operators: 0, depth: 0, pipes: 0, columns: 0 }
    }

    /// `let x = 1; table | operator | operator`
    pub(super) fn query(mut self) -> Result<Query, KqlError> {
        let mut bindings = Vec::new();
        while self.accept("let") {
            let name = self.name()?;
            self.expect("=")?;
            bindings.push((name, self.binding()?));
            self.expect(";")?;
        }
        let pipeline = self.pipeline()?;
        if self.accept(";") && self.token().kind != TokenKind::End {
            return Err(self.not_simulated("more than one query"));
        }
        if self.token().kind == TokenKind::End { Ok(Query { bindings, pipeline }) } else { Err(self.error()) }
    }

    /// A scalar or a table. A single name is parsed as a table; the evaluator decides whether it names a scalar.
    fn binding(&mut self) -> Result<Binding, KqlError> {
        let is_function = self.is("(") && (self.is_ahead(1, ")") || self.is_ahead(2, ":"));
        if is_function || self.is("view") {
            return Err(self.not_simulated("functions"));
        }
        let (start, depth) = (self.at, self.depth);
        let is_query = matches!(self.token().text, "union" | "print") || NOT_SIMULATED.contains(&self.token().text);
        if !is_query {
            let is_nested = self.is("(");
            match self.expression() {
                Ok(expression) if !self.is("|") && !matches!(expression, Expression::Name(_)) => {
                    return Ok(Binding::Scalar(expression));
                }
                Err(error) if !is_nested => return Err(error),
                _ => {}
            }
        }
        (self.at, self.depth) = (start, depth);
        self.pipeline().map(Binding::Table)
    }

    fn pipeline(&mut self) -> Result<Pipeline, KqlError> {
        self.open()?;
        let source = self.source()?;
        let mut operators = Vec::new();
        while self.accept("|") {
            self.pipes += 1;
            if self.pipes > OPERATORS {
                return Err(self.not_simulated("more operators in a query"));
            }
            operators.push(self.operator()?);
        }
        self.depth -= 1;
        Ok(Pipeline { source, operators })
    }

    fn source(&mut self) -> Result<Source, KqlError> {
        let Token { kind, text, position } = self.token().clone();
        match kind {
            TokenKind::Word if text == "print" => {
                self.at += 1;
                Ok(Source::Print(self.named_list()?))
            }
            TokenKind::Word if text == "union" => {
                self.at += 1;
                Ok(Source::Union { position, parts: self.union()? })
            }
            TokenKind::Word if NOT_SIMULATED.contains(&text) => Err(self.not_simulated(text)),
            TokenKind::Word | TokenKind::QuotedName(_) => {
                let name = self.name()?;
                match self.token().text {
                    "(" => Err(self.not_simulated("functions as tables")),
                    "." => Err(self.not_simulated("tables of other workspaces")),
                    "*" => Err(self.not_simulated("patterns of table names")),
                    _ => Ok(Source::Table(name)),
                }
            }
            TokenKind::Symbol if text == "(" => {
                self.at += 1;
                let inner = self.pipeline()?;
                self.expect(")")?;
                Ok(Source::Nested(Box::new(inner)))
            }
            TokenKind::Literal(..) | TokenKind::Symbol | TokenKind::End => Err(self.error()),
        }
    }

    /// `a, Name = b`
    fn named_list(&mut self) -> Result<Vec<Named>, KqlError> {
        self.list_of(Self::named)
    }

    fn named(&mut self) -> Result<Named, KqlError> {
        let position = self.token().position;
        if self.is("(") && self.is_ahead(2, ",") {
            return Err(self.not_simulated("several names for an expression"));
        }
        let is_name = matches!(self.token().kind, TokenKind::Word | TokenKind::QuotedName(_));
        let name = if is_name && self.is_ahead(1, "=") { Some(self.name()?) } else { None };
        if name.is_some() {
            self.expect("=")?;
        }
        Ok(Named { position, name, expression: self.expression()? })
    }

    fn list_of<T>(&mut self, item: impl Fn(&mut Self) -> Result<T, KqlError>) -> Result<Vec<T>, KqlError> {
        let mut list = Vec::new();
        loop {
            self.columns += 1;
            if self.columns > COLUMNS {
                return Err(self.not_simulated("more columns in a query"));
            }
            list.push(item(self)?);
            if !self.accept(",") {
                return Ok(list);
            }
        }
    }

    /// A name, which may be in brackets and quotes.
    fn name(&mut self) -> Result<String, KqlError> {
        let name = match &self.token().kind {
            TokenKind::Word => self.token().text.to_owned(),
            TokenKind::QuotedName(name) => name.clone(),
            _ => return Err(self.error()),
        };
        self.at += 1;
        Ok(name)
    }

    /// Counts an opening bracket or the start of a query. The caller decrements the depth at its end.
    fn open(&mut self) -> Result<(), KqlError> {
        self.depth += 1;
        if self.depth > DEPTH { Err(self.not_simulated("more levels of brackets")) } else { Ok(()) }
    }

    fn token(&self) -> &Token<'a> {
        self.token_at(self.at)
    }

    fn token_at(&self, at: usize) -> &Token<'a> {
        &self.tokens[at.min(self.tokens.len() - 1)]
    }

    /// Whether the next token is this word or symbol.
    fn is(&self, text: &str) -> bool {
        self.is_ahead(0, text)
    }

    fn is_ahead(&self, ahead: usize, text: &str) -> bool {
        let token = self.token_at(self.at + ahead);
        matches!(token.kind, TokenKind::Word | TokenKind::Symbol) && token.text == text
    }

    fn accept(&mut self, text: &str) -> bool {
        let found = self.is(text);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, text: &str) -> Result<(), KqlError> {
        if self.accept(text) { Ok(()) } else { Err(self.error()) }
    }

    fn error(&self) -> KqlError {
        let Token { position, text, .. } = *self.token();
        KqlError::Syntax { position, token: text.to_owned() }
    }

    fn not_simulated(&self, what: &str) -> KqlError {
        KqlError::not_simulated(self.token().position, self.token().text, what)
    }
}
