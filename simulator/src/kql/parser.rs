//! Parses the tokens of a query: its source and its operators. `expressions` parses what is inside an operator.

mod expressions;

use super::error::KqlError;
use super::lexer::{Token, TokenKind};
use super::syntax::{Expression, Named, Operator, Query, SortKey, Source};
use super::value::Value;

/// Operators and statements of the language that this engine does not evaluate.
const NOT_SIMULATED: &[&str] = &[
    "as",
    "consume",
    "evaluate",
    "externaldata",
    "facet",
    "find",
    "fork",
    "getschema",
    "invoke",
    "join",
    "let",
    "lookup",
    "make",
    "mv",
    "parse",
    "partition",
    "range",
    "reduce",
    "render",
    "sample",
    "scan",
    "search",
    "serialize",
    "set",
    "datatable",
    "union",
    "externaldata",
    "materialize",
    "workspace",
    "app",
    "table",
];

/// The words after which a minus belongs to an operator's name: `project-away`.
const COMPOUND: &[&str] = &["project", "mv", "make", "sample", "top", "parse"];

pub(super) struct Parser {
    tokens: Vec<Token>,
    at: usize,
    /// How many operators the current expression has.
    operators: usize,
}

impl Parser {
    /// A parser of these tokens, the last of which is the end.
    pub(super) fn new(tokens: Vec<Token>) -> Self {
        Self { tokens, at: 0, operators: 0 }
    }

    /// `table | operator | operator`
    pub(super) fn query(mut self) -> Result<Query, KqlError> {
        let source = self.source()?;
        let mut operators = Vec::new();
        while self.accept("|") {
            operators.push(self.operator()?);
        }
        self.accept(";");
        if self.token().kind == TokenKind::End { Ok(Query { source, operators }) } else { Err(self.error()) }
    }

    fn source(&mut self) -> Result<Source, KqlError> {
        let token = self.token().clone();
        match token.kind {
            TokenKind::Word if token.text == "print" => {
                self.at += 1;
                Ok(Source::Print(self.named_list()?))
            }
            TokenKind::Word if NOT_SIMULATED.contains(&token.text.as_str()) => Err(self.not_simulated(&token.text)),
            TokenKind::Word | TokenKind::QuotedName => {
                self.at += 1;
                if self.is("(") {
                    return Err(self.not_simulated("functions as tables"));
                }
                Ok(Source::Table(token.text))
            }
            TokenKind::Literal(_) | TokenKind::Symbol | TokenKind::End => Err(self.error()),
        }
    }

    fn operator(&mut self) -> Result<Operator, KqlError> {
        let name = self.token().text.clone();
        let is_compound = COMPOUND.contains(&name.as_str()) && self.peek(1).is_some_and(|next| next.text == "-");
        if is_compound || NOT_SIMULATED.contains(&name.as_str()) {
            return Err(self.not_simulated(&if is_compound { format!("{name}-…") } else { name }));
        }
        if self.token().kind != TokenKind::Word {
            return Err(self.error());
        }
        self.at += 1;
        match name.as_str() {
            "where" | "filter" => Ok(Operator::Where(self.expression()?)),
            "extend" => Ok(Operator::Extend(self.named_list()?)),
            "project" => Ok(Operator::Project(self.named_list()?)),
            "distinct" => Ok(Operator::Distinct(self.expression_list()?)),
            "summarize" => self.summarize(),
            "sort" | "order" => {
                self.expect("by")?;
                Ok(Operator::Sort(self.sort_keys()?))
            }
            "top" => {
                let count = self.row_count()?;
                self.expect("by")?;
                Ok(Operator::Top { count, by: self.sort_key()? })
            }
            "take" | "limit" => Ok(Operator::Take(self.row_count()?)),
            "count" => Ok(Operator::Count),
            _ => {
                self.at -= 1;
                Err(self.error())
            }
        }
    }

    fn summarize(&mut self) -> Result<Operator, KqlError> {
        let aggregates = if self.is("by") { Vec::new() } else { self.named_list()? };
        let by = if self.accept("by") { self.named_list()? } else { Vec::new() };
        Ok(Operator::Summarize { aggregates, by })
    }

    fn sort_keys(&mut self) -> Result<Vec<SortKey>, KqlError> {
        let mut keys = vec![self.sort_key()?];
        while self.accept(",") {
            keys.push(self.sort_key()?);
        }
        Ok(keys)
    }

    /// A column with its direction, which is descending unless the query says otherwise.
    fn sort_key(&mut self) -> Result<SortKey, KqlError> {
        let expression = self.expression()?;
        let is_descending = !self.accept("asc");
        if is_descending {
            self.accept("desc");
        }
        if self.is("nulls") {
            return Err(self.not_simulated("nulls first and nulls last"));
        }
        Ok(SortKey { expression, is_descending })
    }

    fn row_count(&mut self) -> Result<usize, KqlError> {
        let TokenKind::Literal(Value::Long(count)) = self.token().kind else { return Err(self.error()) };
        let count = usize::try_from(count).map_err(|_| self.error())?;
        self.at += 1;
        Ok(count)
    }

    /// `a, Name = b`
    fn named_list(&mut self) -> Result<Vec<Named>, KqlError> {
        let mut list = vec![self.named()?];
        while self.accept(",") {
            list.push(self.named()?);
        }
        Ok(list)
    }

    fn named(&mut self) -> Result<Named, KqlError> {
        let is_name = matches!(self.token().kind, TokenKind::Word | TokenKind::QuotedName);
        if is_name && self.peek(1).is_some_and(|next| next.kind == TokenKind::Symbol && next.text == "=") {
            let name = self.token().text.clone();
            self.at += 2;
            return Ok(Named { name: Some(name), expression: self.expression()? });
        }
        Ok(Named { name: None, expression: self.expression()? })
    }

    fn expression_list(&mut self) -> Result<Vec<Expression>, KqlError> {
        let mut list = vec![self.expression()?];
        while self.accept(",") {
            list.push(self.expression()?);
        }
        Ok(list)
    }

    fn token(&self) -> &Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead)
    }

    /// Whether the next token is this word or symbol.
    fn is(&self, text: &str) -> bool {
        let token = self.token();
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
        let Token { position, text, .. } = self.token().clone();
        KqlError::Syntax { position, token: text }
    }

    fn not_simulated(&self, what: &str) -> KqlError {
        let Token { position, text, .. } = self.token().clone();
        KqlError::NotSimulated { position, token: text, what: what.to_owned() }
    }
}
