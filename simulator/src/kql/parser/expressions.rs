//! Parses scalar expressions, from the lowest to the highest operator precedence.

use super::Parser;
use crate::kql::error::{KqlError, Position};
use crate::kql::lexer::{Token, TokenKind};
use crate::kql::syntax::{Binary, Comparison, Expression, ListOperator, TextOperator};
use crate::kql::value::{Type, Value};

/// The maximum number of operators in an expression. Each operator of a chain such as `1 + 1 + 1` or `a.b.c` adds one
/// level to the tree. Azure has a similar limit, which it does not publish.
const OPERATORS: usize = 200;

const COMPARISONS: &[(&str, Comparison)] = &[
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<>", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

/// Operators on text, and whether they are case-sensitive. A `!` negates each of them.
const TEXT_OPERATORS: &[(&str, TextOperator, bool)] = &[
    ("has", TextOperator::Has, false),
    ("has_cs", TextOperator::Has, true),
    ("hasprefix", TextOperator::HasPrefix, false),
    ("hasprefix_cs", TextOperator::HasPrefix, true),
    ("hassuffix", TextOperator::HasSuffix, false),
    ("hassuffix_cs", TextOperator::HasSuffix, true),
    ("contains", TextOperator::Contains, false),
    ("contains_cs", TextOperator::Contains, true),
    ("startswith", TextOperator::StartsWith, false),
    ("startswith_cs", TextOperator::StartsWith, true),
    ("endswith", TextOperator::EndsWith, false),
    ("endswith_cs", TextOperator::EndsWith, true),
];

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Result<Expression, KqlError> {
        self.operators = 0;
        self.or()
    }

    /// Accepts a word and returns its position.
    fn accept_at(&mut self, word: &str) -> Option<Position> {
        let position = self.token().position;
        self.accept(word).then_some(position)
    }

    fn count_operator(&mut self) -> Result<(), KqlError> {
        self.operators += 1;
        if self.operators > OPERATORS { Err(self.not_simulated("more operators in an expression")) } else { Ok(()) }
    }

    fn or(&mut self) -> Result<Expression, KqlError> {
        let mut left = self.and()?;
        while let Some(position) = self.accept_at("or") {
            self.count_operator()?;
            left = binary(position, Binary::Or, left, self.and()?);
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Expression, KqlError> {
        let mut left = self.comparison()?;
        while let Some(position) = self.accept_at("and") {
            self.count_operator()?;
            left = binary(position, Binary::And, left, self.comparison()?);
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Result<Expression, KqlError> {
        let left = self.sum()?;
        let position = self.token().position;
        if let Some((symbol, comparison)) = COMPARISONS.iter().find(|(symbol, _)| self.is(symbol)) {
            self.expect(symbol)?;
            return Ok(binary(position, Binary::Compare(*comparison), left, self.sum()?));
        }
        let is_equal = self.accept("=~");
        if is_equal || self.accept("!~") {
            let operator =
                Binary::Text { operator: TextOperator::Equal, is_case_sensitive: false, is_negated: !is_equal };
            return Ok(binary(position, operator, left, self.sum()?));
        }
        if self.is("matches") {
            self.expect("matches")?;
            self.expect("regex")?;
            return Ok(Expression::Matches { position, text: Box::new(left), pattern: Box::new(self.sum()?) });
        }
        let is_negated = self.is("!") && self.token_at(self.at + 1).kind == TokenKind::Word;
        if is_negated {
            self.expect("!")?;
        }
        if let Some((word, operator, is_case_sensitive)) = TEXT_OPERATORS.iter().find(|(word, ..)| self.is(word)) {
            self.expect(word)?;
            let operator = Binary::Text { operator: *operator, is_case_sensitive: *is_case_sensitive, is_negated };
            return Ok(binary(position, operator, left, self.sum()?));
        }
        if self.accept("in") {
            let operator = if self.accept("~") { ListOperator::InIgnoringCase } else { ListOperator::In };
            return self.list(operator, is_negated, left);
        }
        if !is_negated && self.accept("has_any") {
            return self.list(ListOperator::HasAny, false, left);
        }
        if !is_negated && self.accept("has_all") {
            return self.list(ListOperator::HasAll, false, left);
        }
        if self.accept("between") {
            self.expect("(")?;
            let low = self.sum()?;
            self.expect("..")?;
            let high = self.sum()?;
            self.expect(")")?;
            let (value, low, high) = (Box::new(left), Box::new(low), Box::new(high));
            return Ok(Expression::Between { is_negated, value, low, high });
        }
        if is_negated { Err(self.error()) } else { Ok(left) }
    }

    fn list(&mut self, operator: ListOperator, is_negated: bool, value: Expression) -> Result<Expression, KqlError> {
        let position = self.token().position;
        self.expect("(")?;
        let list = self.arguments()?;
        Ok(Expression::List { position, operator, is_negated, value: Box::new(value), list })
    }

    fn sum(&mut self) -> Result<Expression, KqlError> {
        let mut left = self.product()?;
        loop {
            let position = self.token().position;
            let operator = match () {
                () if self.accept("+") => Binary::Add,
                () if self.accept("-") => Binary::Subtract,
                () => return Ok(left),
            };
            self.count_operator()?;
            left = binary(position, operator, left, self.product()?);
        }
    }

    fn product(&mut self) -> Result<Expression, KqlError> {
        let mut left = self.sign()?;
        loop {
            let position = self.token().position;
            let operator = match () {
                () if self.accept("*") => Binary::Multiply,
                () if self.accept("/") => Binary::Divide,
                () if self.accept("%") => Binary::Modulo,
                () => return Ok(left),
            };
            self.count_operator()?;
            left = binary(position, operator, left, self.sign()?);
        }
    }

    fn sign(&mut self) -> Result<Expression, KqlError> {
        if self.accept("-") {
            return Ok(Expression::Minus(Box::new(self.postfix()?)));
        }
        self.accept("+");
        self.postfix()
    }

    /// `value.name[index]`
    fn postfix(&mut self) -> Result<Expression, KqlError> {
        let mut value = self.primary()?;
        loop {
            let is_quoted_name = matches!(self.token().kind, TokenKind::QuotedName(_));
            if is_quoted_name || self.accept(".") {
                value = Expression::Member(Box::new(value), self.name()?);
            } else if self.accept("[") {
                self.open()?;
                let index = self.or()?;
                self.close("]")?;
                value = Expression::Index(Box::new(value), Box::new(index));
            } else {
                return Ok(value);
            }
            self.count_operator()?;
        }
    }

    fn primary(&mut self) -> Result<Expression, KqlError> {
        let Token { kind, text, position } = self.token().clone();
        match kind {
            TokenKind::Literal(kind, mut value) => {
                self.at += 1;
                // Adjacent strings are concatenated.
                while let (Value::String(text), TokenKind::Literal(Type::String, Value::String(more))) =
                    (&mut value, &self.token_at(self.at).kind)
                    && kind == Type::String
                {
                    text.push_str(more);
                    self.at += 1;
                }
                Ok(Expression::Literal(kind, value))
            }
            TokenKind::Word if matches!(text, "true" | "false") => {
                self.at += 1;
                Ok(Expression::Literal(Type::Bool, Value::Bool(text == "true")))
            }
            TokenKind::Word if matches!(text, "by" | "and" | "or" | "asc" | "desc" | "in") => Err(self.error()),
            TokenKind::Word => {
                self.at += 1;
                if !self.accept("(") {
                    return Ok(Expression::Name(text.to_owned()));
                }
                let arguments = self.arguments()?;
                Ok(Expression::Call { function: text.to_owned(), arguments, position })
            }
            TokenKind::QuotedName(name) => {
                self.at += 1;
                Ok(Expression::Name(name))
            }
            TokenKind::Symbol if text == "(" => {
                self.at += 1;
                self.open()?;
                let inner = self.or()?;
                self.close(")")?;
                Ok(inner)
            }
            TokenKind::Symbol if text == "*" => {
                self.at += 1;
                Ok(Expression::Star(position))
            }
            TokenKind::Symbol | TokenKind::End => Err(self.error()),
        }
    }

    /// Parses the arguments of a call and the closing parenthesis.
    fn arguments(&mut self) -> Result<Vec<Expression>, KqlError> {
        let mut arguments = Vec::new();
        if self.accept(")") {
            return Ok(arguments);
        }
        self.open()?;
        loop {
            arguments.push(self.or()?);
            if self.is("=") {
                return Err(self.not_simulated("named arguments"));
            }
            if !self.accept(",") {
                self.close(")")?;
                return Ok(arguments);
            }
        }
    }

    /// Closes a bracket that [`Parser::open`] counted.
    fn close(&mut self, bracket: &str) -> Result<(), KqlError> {
        self.depth -= 1;
        if self.is("|") { Err(self.not_simulated("queries inside expressions")) } else { self.expect(bracket) }
    }
}

fn binary(position: Position, operator: Binary, left: Expression, right: Expression) -> Expression {
    Expression::Binary { position, operator, left: Box::new(left), right: Box::new(right) }
}
