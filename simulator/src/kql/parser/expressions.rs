//! Parses scalar expressions, from the operator that binds least to the one that binds most.

use super::Parser;
use crate::kql::error::KqlError;
use crate::kql::lexer::TokenKind;
use crate::kql::syntax::{Binary, Comparison, Expression, ListOperator, TextOperator};
use crate::kql::value::Value;

/// Nesting of brackets, so that a long query does not overflow the stack.
const DEPTH: usize = 64;

/// The most operators of one expression. Each operator of a chain such as `1 + 1 + 1` adds one level to the tree.
const OPERATORS: usize = 200;

const COMPARISONS: &[(&str, Comparison)] = &[
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

/// Words between two texts. Those of the first column can follow a `!`.
const TEXT_OPERATORS: &[(&str, TextOperator)] = &[
    ("has", TextOperator::Has),
    ("contains", TextOperator::Contains),
    ("contains_cs", TextOperator::ContainsWithCase),
    ("startswith", TextOperator::StartsWith),
    ("endswith", TextOperator::EndsWith),
];

impl Parser {
    pub(super) fn expression(&mut self) -> Result<Expression, KqlError> {
        self.operators = 0;
        self.or(0)
    }

    fn count_operator(&mut self) -> Result<(), KqlError> {
        self.operators += 1;
        if self.operators > OPERATORS { Err(self.not_simulated("more operators in an expression")) } else { Ok(()) }
    }

    fn or(&mut self, depth: usize) -> Result<Expression, KqlError> {
        if depth > DEPTH {
            return Err(self.not_simulated("more levels of brackets"));
        }
        let mut left = self.and(depth)?;
        while self.accept("or") {
            self.count_operator()?;
            left = binary(Binary::Or, left, self.and(depth)?);
        }
        Ok(left)
    }

    fn and(&mut self, depth: usize) -> Result<Expression, KqlError> {
        let mut left = self.comparison(depth)?;
        while self.accept("and") {
            self.count_operator()?;
            left = binary(Binary::And, left, self.comparison(depth)?);
        }
        Ok(left)
    }

    fn comparison(&mut self, depth: usize) -> Result<Expression, KqlError> {
        let left = self.sum(depth)?;
        if let Some((symbol, comparison)) = COMPARISONS.iter().find(|(symbol, _)| self.is(symbol)) {
            self.expect(symbol)?;
            return Ok(binary(Binary::Compare(*comparison), left, self.sum(depth)?));
        }
        let is_equal = self.accept("=~");
        if is_equal || self.accept("!~") {
            let operator = Binary::Text { operator: TextOperator::EqualWithoutCase, is_negated: !is_equal };
            return Ok(binary(operator, left, self.sum(depth)?));
        }
        if self.is("matches") {
            self.expect("matches")?;
            self.expect("regex")?;
            let operator = Binary::Text { operator: TextOperator::MatchesRegex, is_negated: false };
            return Ok(binary(operator, left, self.sum(depth)?));
        }
        let is_negated = self.is("!") && self.peek(1).is_some_and(|next| next.kind == TokenKind::Word);
        if is_negated {
            self.expect("!")?;
        }
        if let Some((word, operator)) = TEXT_OPERATORS.iter().find(|(word, _)| self.is(word)) {
            self.expect(word)?;
            return Ok(binary(Binary::Text { operator: *operator, is_negated }, left, self.sum(depth)?));
        }
        if self.accept("in") {
            let operator = if self.accept("~") { ListOperator::InWithoutCase } else { ListOperator::In };
            return self.list(operator, is_negated, left, depth);
        }
        if !is_negated && self.accept("has_any") {
            return self.list(ListOperator::HasAny, false, left, depth);
        }
        if self.accept("between") {
            self.expect("(")?;
            let low = self.sum(depth + 1)?;
            self.expect("..")?;
            let high = self.sum(depth + 1)?;
            self.expect(")")?;
            let (value, low, high) = (Box::new(left), Box::new(low), Box::new(high));
            return Ok(Expression::Between { is_negated, value, low, high });
        }
        if is_negated { Err(self.error()) } else { Ok(left) }
    }

    fn list(
        &mut self,
        operator: ListOperator,
        is_negated: bool,
        value: Expression,
        depth: usize,
    ) -> Result<Expression, KqlError> {
        self.expect("(")?;
        let list = self.arguments(depth)?;
        Ok(Expression::List { operator, is_negated, value: Box::new(value), list })
    }

    fn sum(&mut self, depth: usize) -> Result<Expression, KqlError> {
        let mut left = self.product(depth)?;
        loop {
            let operator = match () {
                () if self.accept("+") => Binary::Add,
                () if self.accept("-") => Binary::Subtract,
                () => return Ok(left),
            };
            self.count_operator()?;
            left = binary(operator, left, self.product(depth)?);
        }
    }

    fn product(&mut self, depth: usize) -> Result<Expression, KqlError> {
        let mut left = self.sign(depth)?;
        loop {
            let operator = match () {
                () if self.accept("*") => Binary::Multiply,
                () if self.accept("/") => Binary::Divide,
                () if self.accept("%") => Binary::Modulo,
                () => return Ok(left),
            };
            self.count_operator()?;
            left = binary(operator, left, self.sign(depth)?);
        }
    }

    fn sign(&mut self, depth: usize) -> Result<Expression, KqlError> {
        if self.accept("-") {
            return Ok(Expression::Minus(Box::new(self.postfix(depth)?)));
        }
        self.accept("+");
        self.postfix(depth)
    }

    /// `value.name[index]`
    fn postfix(&mut self, depth: usize) -> Result<Expression, KqlError> {
        let mut value = self.primary(depth)?;
        for _ in 0..DEPTH {
            if self.accept(".") {
                let name = self.token().clone();
                if name.kind != TokenKind::Word {
                    return Err(self.error());
                }
                self.at += 1;
                value = Expression::Member(Box::new(value), name.text);
            } else if self.token().kind == TokenKind::QuotedName {
                let name = self.token().text.clone();
                self.at += 1;
                value = Expression::Member(Box::new(value), name);
            } else if self.accept("[") {
                let index = self.or(depth + 1)?;
                self.expect("]")?;
                value = Expression::Index(Box::new(value), Box::new(index));
            } else {
                return Ok(value);
            }
        }
        Err(self.error())
    }

    fn primary(&mut self, depth: usize) -> Result<Expression, KqlError> {
        let token = self.token().clone();
        match token.kind {
            TokenKind::Literal(value) => {
                self.at += 1;
                Ok(Expression::Literal(value))
            }
            TokenKind::Word if matches!(token.text.as_str(), "true" | "false") => {
                self.at += 1;
                Ok(Expression::Literal(Value::Bool(token.text == "true")))
            }
            TokenKind::Word if matches!(token.text.as_str(), "by" | "and" | "or" | "asc" | "desc" | "in") => {
                Err(self.error())
            }
            TokenKind::Word => {
                self.at += 1;
                if !self.accept("(") {
                    return Ok(Expression::Name(token.text));
                }
                let arguments = self.arguments(depth)?;
                Ok(Expression::Call { function: token.text, arguments, position: token.position })
            }
            TokenKind::QuotedName => {
                self.at += 1;
                Ok(Expression::Name(token.text))
            }
            TokenKind::Symbol if token.text == "(" => {
                self.at += 1;
                let inner = self.or(depth + 1)?;
                self.expect(")")?;
                Ok(inner)
            }
            TokenKind::Symbol if token.text == "*" => {
                self.at += 1;
                Ok(Expression::Star)
            }
            TokenKind::Symbol | TokenKind::End => Err(self.error()),
        }
    }

    /// The arguments of a call, and the bracket after them.
    fn arguments(&mut self, depth: usize) -> Result<Vec<Expression>, KqlError> {
        let mut arguments = Vec::new();
        if self.accept(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.or(depth + 1)?);
            if !self.accept(",") {
                self.expect(")")?;
                return Ok(arguments);
            }
        }
    }
}

fn binary(operator: Binary, left: Expression, right: Expression) -> Expression {
    Expression::Binary { operator, left: Box::new(left), right: Box::new(right) }
}
