//! Expressions that are checked against columns, and their values for a row.

use serde_json::Value as Json;

use super::functions::{self, Function};
use super::{Context, arithmetic, comparison};
use crate::kql::error::KqlError;
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

/// An expression whose names and types are right.
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

    /// Checks an expression.
    pub(super) fn scalar(&self, expression: &Expression) -> Result<Scalar, KqlError> {
        let boxed = |expression: &Expression| self.scalar(expression).map(Box::new);
        let all = |list: &[Expression]| list.iter().map(|item| self.scalar(item)).collect::<Result<Vec<_>, _>>();
        let (kind, node) = match expression {
            Expression::Literal(kind, value) => (*kind, Node::Literal(value.clone())),
            Expression::Name(name) => match self.columns.iter().position(|column| column.name == *name) {
                Some(index) => (self.columns[index].kind, Node::Column(index)),
                None => {
                    let bound = self.context.scalars.get(name.as_str());
                    let (kind, value) = bound.ok_or_else(|| KqlError::unknown_column(self.operator, name))?;
                    (*kind, Node::Literal(value.clone()))
                }
            },
            Expression::Star(position) => return Err(KqlError::not_simulated(*position, "*", "all columns here")),
            Expression::Call { function, arguments, position } => {
                let arguments = all(arguments)?;
                let kinds: Vec<Type> = arguments.iter().map(Scalar::kind).collect();
                let (function, kind) = functions::find(function, &kinds, self.context.now, *position)?;
                (kind, Node::Call(function, arguments))
            }
            Expression::Binary { operator, left, right } => {
                let (left, right) = (boxed(left)?, boxed(right)?);
                let kind = match operator {
                    Binary::Or | Binary::And => {
                        left.expect_bool(self.operator)?;
                        right.expect_bool(self.operator)?;
                        Type::Bool
                    }
                    Binary::Compare(_) => comparison::check(left.kind, right.kind)?,
                    Binary::Text { .. } => comparison::check_text(left.kind, right.kind)?,
                    arithmetic => arithmetic::check(*arithmetic, left.kind, right.kind)?,
                };
                (kind, Node::Binary(*operator, left, right))
            }
            Expression::List { position, operator, is_negated, value, list } => {
                if let [Expression::Name(name)] = list.as_slice()
                    && self.context.bound_tables.contains_key(name.as_str())
                {
                    return Err(KqlError::not_simulated(*position, name, "tables as lists"));
                }
                let (value, list) = (boxed(value)?, all(list)?);
                for item in &list {
                    comparison::check(value.kind, item.kind)?;
                }
                (Type::Bool, Node::List { operator: *operator, is_negated: *is_negated, value, list })
            }
            Expression::Between { is_negated, value, low, high } => {
                let (value, low, high) = (boxed(value)?, boxed(low)?, boxed(high)?);
                comparison::check(value.kind, low.kind)?;
                comparison::check(value.kind, high.kind)?;
                (Type::Bool, Node::Between { is_negated: *is_negated, value, low, high })
            }
            Expression::Member(value, name) => {
                let value = boxed(value)?;
                value.expect_dynamic(self.operator)?;
                (Type::Dynamic, Node::Member(value, name.clone()))
            }
            Expression::Index(value, index) => {
                let (value, index) = (boxed(value)?, boxed(index)?);
                value.expect_dynamic(self.operator)?;
                (Type::Dynamic, Node::Index(value, index))
            }
            Expression::Minus(value) => {
                let value = boxed(value)?;
                if !value.kind.is_number() && value.kind != Type::TimeSpan {
                    return Err(KqlError::wrong_type(format!("Cannot negate a value of type {}", value.kind.name())));
                }
                (value.kind, Node::Minus(value))
            }
        };
        Ok(Scalar { kind, node })
    }
}

impl Scalar {
    pub(super) fn kind(&self) -> Type {
        self.kind
    }

    /// Whether the expression is true for a row; null is not.
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
                    Binary::Compare(comparison) => Value::Bool(comparison::holds(*comparison, &left, &right)),
                    Binary::Text { operator, has_case, is_negated } => {
                        let holds = comparison::text_holds(*operator, *has_case, &left.to_text(), &right.to_text());
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
                Value::Bool(comparison::is_between(&value, &low, &high) != *is_negated)
            }
            Node::Member(value, name) => member(&value.evaluate(row), |json| json.get(name)),
            Node::Index(value, index) => {
                let index = index.evaluate(row).plain();
                member(&value.evaluate(row), |json| match &index {
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

fn member<'a>(value: &'a Value, get: impl Fn(&'a Json) -> Option<&'a Json>) -> Value {
    match value {
        Value::Dynamic(json) => get(json).filter(|found| !found.is_null()).cloned().map_or(Value::Null, Value::Dynamic),
        _ => Value::Null,
    }
}
