//! Scalar expressions: checks them against columns, and evaluates them for a row.

use regex::Regex;
use serde_json::Value as Json;

use super::functions::{self, Function};
use super::{Context, arithmetic, comparison, pattern};
use crate::kql::error::{KqlError, Position};
use crate::kql::syntax::{Binary, Expression, ListOperator};
use crate::kql::table::Column;
use crate::kql::value::{Type, Value};

/// What an expression can refer to.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) columns: &'a [Column],
    pub(super) context: &'a Context<'a>,
    /// The operator, for messages.
    pub(super) operator: &'a str,
}

/// An expression with resolved names and checked types.
#[derive(Clone, Debug)]
pub(super) struct Scalar {
    kind: Type,
    node: Node,
}

#[derive(Clone, Debug)]
enum Node {
    Literal(Value),
    Column(usize),
    Call(Function, Vec<Scalar>),
    Binary(Binary, Box<Scalar>, Box<Scalar>),
    Matches(Box<Scalar>, Regex),
    List { operator: ListOperator, is_negated: bool, value: Box<Scalar>, list: Vec<Scalar> },
    Between { is_negated: bool, value: Box<Scalar>, low: Box<Scalar>, high: Box<Scalar> },
    Member(Box<Scalar>, String),
    Index(Box<Scalar>, Box<Scalar>),
    Minus(Box<Scalar>),
}

impl<'a> Scope<'a> {
    pub(super) fn new(columns: &'a [Column], context: &'a Context<'a>, operator: &'a str) -> Self {
        Self { columns, context, operator }
    }

    /// Checks an expression. Each kind has its own function, which keeps the stack frames of the recursion small.
    pub(super) fn scalar(&self, expression: &Expression) -> Result<Scalar, KqlError> {
        let (kind, node) = match expression {
            Expression::Literal(kind, value) => (*kind, Node::Literal(value.clone())),
            Expression::Name(name) => self.name(name)?,
            Expression::Star(position) => return Err(KqlError::not_simulated(*position, "*", "all columns here")),
            Expression::Call { function, arguments, position } => self.call(function, arguments, *position)?,
            Expression::Binary { position, operator, left, right } => self.binary(*position, *operator, left, right)?,
            Expression::List { position, operator, is_negated, value, list } => {
                self.list(*position, *operator, *is_negated, value, list)?
            }
            Expression::Between { is_negated, value, low, high } => self.between(*is_negated, value, low, high)?,
            Expression::Matches { position, text, pattern } => self.matches(*position, text, pattern)?,
            Expression::Member(value, name) => (Type::Dynamic, Node::Member(self.dynamic(value)?, name.clone())),
            Expression::Index(value, index) => (Type::Dynamic, Node::Index(self.dynamic(value)?, self.boxed(index)?)),
            Expression::Minus(value) => self.minus(value)?,
        };
        Ok(Scalar { kind, node })
    }

    fn boxed(&self, expression: &Expression) -> Result<Box<Scalar>, KqlError> {
        self.scalar(expression).map(Box::new)
    }

    fn all(&self, list: &[Expression]) -> Result<Vec<Scalar>, KqlError> {
        list.iter().map(|item| self.scalar(item)).collect()
    }

    fn name(&self, name: &str) -> Result<(Type, Node), KqlError> {
        if let Some(index) = self.columns.iter().position(|column| column.name == name) {
            return Ok((self.columns[index].kind, Node::Column(index)));
        }
        let bound = self.context.scalars.get(name);
        let (kind, value) = bound.ok_or_else(|| KqlError::unknown_column(self.operator, name))?;
        Ok((*kind, Node::Literal(value.clone())))
    }

    fn call(&self, function: &str, arguments: &[Expression], position: Position) -> Result<(Type, Node), KqlError> {
        // Check the name first. The arguments of an unsupported function can have a special form, such as a type.
        functions::check_exists(function, position)?;
        let arguments = self.all(arguments)?;
        let (function, kind) = functions::find(function, &arguments, self.context.now, position)?;
        Ok((kind, Node::Call(function, arguments)))
    }

    fn binary(
        &self,
        position: Position,
        operator: Binary,
        left: &Expression,
        right: &Expression,
    ) -> Result<(Type, Node), KqlError> {
        let (left, right) = (self.boxed(left)?, self.boxed(right)?);
        let kind = match operator {
            Binary::Or | Binary::And => {
                left.expect_bool(self.operator)?;
                right.expect_bool(self.operator)?;
                Type::Bool
            }
            // Azure converts the string to a datetime.
            Binary::Compare(_)
                if matches!(
                    (left.kind, right.kind),
                    (Type::DateTime, Type::String) | (Type::String, Type::DateTime)
                ) =>
            {
                return Err(KqlError::not_simulated(position, "", "comparisons of a datetime and a string"));
            }
            Binary::Compare(comparison) => comparison::check(comparison, left.kind, right.kind)?,
            Binary::Text { .. } => comparison::check_text(left.kind, right.kind)?,
            arithmetic => arithmetic::check(arithmetic, left.kind, right.kind, position)?,
        };
        Ok((kind, Node::Binary(operator, left, right)))
    }

    fn list(
        &self,
        position: Position,
        operator: ListOperator,
        is_negated: bool,
        value: &Expression,
        list: &[Expression],
    ) -> Result<(Type, Node), KqlError> {
        if let [Expression::Name(name)] = list
            && self.context.bound_tables.contains_key(name.as_str())
        {
            return Err(KqlError::not_simulated(position, name, "tables as lists"));
        }
        let (value, list) = (self.boxed(value)?, self.all(list)?);
        for item in &list {
            comparison::check_element(value.kind, item.kind)?;
        }
        Ok((Type::Bool, Node::List { operator, is_negated, value, list }))
    }

    fn between(
        &self,
        is_negated: bool,
        value: &Expression,
        low: &Expression,
        high: &Expression,
    ) -> Result<(Type, Node), KqlError> {
        let (value, low, high) = (self.boxed(value)?, self.boxed(low)?, self.boxed(high)?);
        comparison::check_between(value.kind, low.kind, high.kind)?;
        Ok((Type::Bool, Node::Between { is_negated, value, low, high }))
    }

    fn matches(&self, position: Position, text: &Expression, pattern: &Expression) -> Result<(Type, Node), KqlError> {
        let (text, pattern) = (self.boxed(text)?, self.scalar(pattern)?);
        comparison::check_text(text.kind, pattern.kind)?;
        Ok((Type::Bool, Node::Matches(text, pattern::compile(&pattern, position)?)))
    }

    fn dynamic(&self, value: &Expression) -> Result<Box<Scalar>, KqlError> {
        let value = self.boxed(value)?;
        value.expect_dynamic(self.operator)?;
        Ok(value)
    }

    fn minus(&self, value: &Expression) -> Result<(Type, Node), KqlError> {
        let value = self.boxed(value)?;
        if !value.kind.is_number() && value.kind != Type::TimeSpan {
            return Err(KqlError::wrong_type(format!("Cannot negate a value of type {}", value.kind.name())));
        }
        Ok((value.kind, Node::Minus(value)))
    }
}

impl Scalar {
    pub(super) fn kind(&self) -> Type {
        self.kind
    }

    /// The value, if it is the same for all rows.
    pub(super) fn constant(&self) -> Option<Value> {
        let is_constant = match &self.node {
            Node::Literal(_) => true,
            Node::Call(_, arguments) => arguments.iter().all(|argument| argument.constant().is_some()),
            Node::Binary(_, left, right) => left.constant().is_some() && right.constant().is_some(),
            _ => false,
        };
        is_constant.then(|| self.evaluate(&[]))
    }

    /// Whether the expression is true for a row. Null is not true.
    pub(super) fn is_true(&self, row: &[Value]) -> bool {
        self.evaluate(row).plain() == Value::Bool(true)
    }

    pub(super) fn evaluate(&self, row: &[Value]) -> Value {
        match &self.node {
            Node::Literal(value) => value.clone(),
            Node::Column(index) => row[*index].clone(),
            Node::Call(function, arguments) => {
                let arguments: Vec<Value> = arguments.iter().map(|argument| argument.evaluate(row)).collect();
                functions::call(function, &arguments)
            }
            Node::Binary(Binary::Or, left, right) => Value::Bool(left.is_true(row) || right.is_true(row)),
            Node::Binary(Binary::And, left, right) => Value::Bool(left.is_true(row) && right.is_true(row)),
            Node::Binary(operator, left, right) => {
                let (left, right) = (left.evaluate(row), right.evaluate(row));
                match operator {
                    Binary::Compare(comparison) => bool_or_null(comparison::compare(*comparison, &left, &right)),
                    Binary::Text { operator, is_case_sensitive, is_negated } => {
                        let holds =
                            comparison::text_holds(*operator, *is_case_sensitive, &left.to_text(), &right.to_text());
                        Value::Bool(holds != *is_negated)
                    }
                    arithmetic => arithmetic::compute(*arithmetic, &left.plain(), &right.plain()),
                }
            }
            Node::List { operator, is_negated, value, list } => {
                let value = value.evaluate(row);
                let mut items = list.iter().map(|item| comparison::is_in(*operator, &value, &item.evaluate(row)));
                let found = if *operator == ListOperator::HasAll { items.all(|it| it) } else { items.any(|it| it) };
                Value::Bool(found != *is_negated)
            }
            Node::Between { is_negated, value, low, high } => {
                let (value, low, high) = (value.evaluate(row), low.evaluate(row), high.evaluate(row));
                bool_or_null(comparison::between(&value, &low, &high).map(|holds| holds != *is_negated))
            }
            Node::Matches(text, pattern) => Value::Bool(pattern.is_match(&text.evaluate(row).to_text())),
            Node::Member(value, name) => member(&value.evaluate(row), |json| json.get(name)),
            Node::Index(value, index) => {
                let index = index.evaluate(row).plain();
                member(&value.evaluate(row), |json| match &index {
                    // A negative index counts from the end.
                    Value::Long(index) if *index < 0 => {
                        let from_end = usize::try_from(index.unsigned_abs()).ok()?;
                        json.get(json.as_array()?.len().checked_sub(from_end)?)
                    }
                    Value::Long(index) => json.get(usize::try_from(*index).ok()?),
                    Value::String(name) => json.get(name),
                    _ => None,
                })
            }
            Node::Minus(value) => match value.evaluate(row) {
                Value::Long(value) => value.checked_neg().map_or(Value::Null, Value::Long),
                Value::Real(value) => Value::Real(-value),
                Value::TimeSpan(value) => time::Duration::ZERO.checked_sub(value).map_or(Value::Null, Value::TimeSpan),
                _ => Value::Null,
            },
        }
    }

    pub(super) fn expect_bool(&self, operator: &str) -> Result<(), KqlError> {
        if matches!(self.kind, Type::Bool | Type::Dynamic) {
            return Ok(());
        }
        Err(KqlError::wrong_type(format!(
            "'{operator}' operator: The expression has type {} but must be of type bool",
            self.kind.name()
        )))
    }

    fn expect_dynamic(&self, operator: &str) -> Result<(), KqlError> {
        if self.kind == Type::Dynamic {
            return Ok(());
        }
        Err(KqlError::wrong_type(format!(
            "'{operator}' operator: Path expression source must be of type dynamic, found {}",
            self.kind.name()
        )))
    }
}

/// A bool, or null if the result is unknown.
fn bool_or_null(holds: Option<bool>) -> Value {
    holds.map_or(Value::Null, Value::Bool)
}

fn member<'a>(value: &'a Value, get: impl Fn(&'a Json) -> Option<&'a Json>) -> Value {
    match value {
        Value::Dynamic(json) => get(json).filter(|found| !found.is_null()).cloned().map_or(Value::Null, Value::Dynamic),
        _ => Value::Null,
    }
}
