//! Aggregates: a value for a group of rows, or the values of one of its rows.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value as Json;
use time::Duration;

use super::names::{self, Names};
use super::scalar::{Scalar, Scope};
use crate::kql::error::{KqlError, Position};
use crate::kql::syntax::{Binary, Expression, Named};
use crate::kql::table::Column;
use crate::kql::value::{Type, Value};

/// An aggregate with resolved names and checked types.
#[derive(Debug)]
pub(super) struct Aggregate {
    function: Function,
    argument: Option<Scalar>,
    /// The columns of the result. `arg_max` returns more than one.
    columns: Vec<(Column, Option<Scalar>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Count,
    CountIf,
    Sum,
    Average,
    Minimum,
    Maximum,
    DistinctCount,
    Any,
    Set,
    List,
    ArgMax,
    ArgMin,
}

const FUNCTIONS: &[(&str, Function)] = &[
    ("count", Function::Count),
    ("countif", Function::CountIf),
    ("sum", Function::Sum),
    ("avg", Function::Average),
    ("min", Function::Minimum),
    ("max", Function::Maximum),
    ("dcount", Function::DistinctCount),
    ("take_any", Function::Any),
    ("any", Function::Any),
    ("make_set", Function::Set),
    ("make_list", Function::List),
    ("arg_max", Function::ArgMax),
    ("arg_min", Function::ArgMin),
];

impl Aggregate {
    /// Checks an aggregate. `grouped` are the columns by which rows are grouped.
    pub(super) fn check(
        named: &Named,
        scope: &Scope<'_>,
        grouped: &[&str],
        names: &mut Names<'_>,
    ) -> Result<Self, KqlError> {
        let Expression::Call { function: name, arguments, position } = &named.expression else {
            let what = "expressions with aggregates";
            return Err(KqlError::not_simulated(named.position, "", what));
        };
        let not_simulated = |what: String| Err(KqlError::not_simulated(*position, name, what));
        let Some((_, function)) = FUNCTIONS.iter().find(|(known, _)| known == name) else {
            return not_simulated(format!("the aggregate '{name}'"));
        };
        let (least, most, simulated) = function.arguments();
        if !(least..=most).contains(&arguments.len()) {
            let message = format!("{name}(): function expects {least} argument(s).");
            return Err(KqlError::Semantic { code: "SEM0219", message });
        }
        if arguments.len() > simulated {
            return not_simulated(format!("this form of '{name}'"));
        }
        let argument = arguments.first().map(|argument| scope.scalar(argument)).transpose()?;
        let kind = function.kind(name, argument.as_ref().map_or(Type::Long, Scalar::kind), *position)?;
        if let (Function::CountIf, Some(argument)) = (function, &argument) {
            argument.expect_bool("summarize")?;
        }
        let derived = |argument: &Expression| names::derived(argument);
        let inner = arguments.first().and_then(derived);
        let mut named_column = |implied: String| match &named.name {
            Some(name) => names.declare(name),
            None => Ok(names.free(&implied)),
        };
        let columns = match function {
            Function::ArgMax | Function::ArgMin => {
                let prefix = if *function == Function::ArgMax { "max" } else { "min" };
                let name = named_column(inner.clone().unwrap_or_else(|| format!("{prefix}_")))?;
                let mut columns = vec![(Column::new(name, kind), argument.clone())];
                for (index, argument) in arguments.iter().enumerate().skip(1) {
                    if let Expression::Star(_) = argument {
                        let is_new = |name: &str| inner.as_deref() != Some(name) && !grouped.contains(&name);
                        for column in scope.columns.iter().filter(|column| is_new(&column.name)) {
                            let scalar = scope.scalar(&Expression::Name(column.name.clone()))?;
                            columns.push((Column::new(names.free(&column.name), column.kind), Some(scalar)));
                        }
                    } else {
                        let scalar = scope.scalar(argument)?;
                        let first = inner.as_deref().unwrap_or_default();
                        let name = derived(argument).unwrap_or_else(|| format!("{prefix}_{first}_arg{index}"));
                        columns.push((Column::new(names.free(&name), scalar.kind()), Some(scalar)));
                    }
                }
                columns
            }
            Function::Any if name == "take_any" => {
                vec![(Column::new(named_column(inner.unwrap_or_else(|| "any_".to_owned()))?, kind), None)]
            }
            _ => {
                let prefix = match function {
                    Function::Set => "set",
                    Function::List => "list",
                    _ => name,
                };
                let implied = format!("{prefix}_{}", inner.unwrap_or_default());
                vec![(Column::new(named_column(implied)?, kind), None)]
            }
        };
        Ok(Self { function: *function, argument, columns })
    }

    /// The columns of the result.
    pub(super) fn columns(&self) -> Vec<Column> {
        self.columns.iter().map(|(column, _)| column.clone()).collect()
    }

    /// The values for a group.
    pub(super) fn compute(&self, rows: &[&[Value]]) -> Vec<Value> {
        let kind = self.columns[0].0.kind;
        let values = || -> Vec<Value> {
            let Some(argument) = &self.argument else { return Vec::new() };
            rows.iter().map(|row| argument.evaluate(row)).filter(|value| value.plain() != Value::Null).collect()
        };
        let number = |count: usize| Value::Long(i64::try_from(count).unwrap_or(i64::MAX));
        let order = |left: &Value, right: &Value| left.order(right).unwrap_or(Ordering::Equal);
        let value = match self.function {
            Function::Count => number(rows.len()),
            Function::CountIf => {
                number(rows.iter().filter(|row| self.argument.as_ref().is_some_and(|it| it.is_true(row))).count())
            }
            Function::Sum => sum(&values(), kind),
            Function::Average => average(&values(), kind),
            Function::Minimum => values().into_iter().min_by(order).unwrap_or_else(|| kind.absent()),
            Function::Maximum => values().into_iter().max_by(order).unwrap_or_else(|| kind.absent()),
            Function::DistinctCount => number(values().iter().map(Value::to_text).collect::<BTreeSet<_>>().len()),
            Function::Any => values().into_iter().find(|value| !value.is_empty()).unwrap_or_else(|| kind.absent()),
            Function::Set => set(&values()),
            Function::List => Value::Dynamic(values().iter().map(Value::as_dynamic).collect()),
            Function::ArgMax | Function::ArgMin => return self.row(rows),
        };
        vec![value]
    }

    /// The values of the row with the greatest or least argument. A null argument counts only if all arguments are
    /// null.
    fn row(&self, rows: &[&[Value]]) -> Vec<Value> {
        let Some(argument) = &self.argument else { return Vec::new() };
        let is_better = |value: &Value, best: &Value| match value.order(best) {
            Some(order) => {
                if self.function == Function::ArgMax {
                    order.is_gt()
                } else {
                    order.is_lt()
                }
            }
            None => *best == Value::Null && *value != Value::Null,
        };
        let mut best: Option<(Value, &[Value])> = None;
        for row in rows {
            let value = argument.evaluate(row);
            if best.as_ref().is_none_or(|(found, _)| is_better(&value, found)) {
                best = Some((value, row));
            }
        }
        let cell = |column: &Column, scalar: Option<&Scalar>| match (&best, scalar) {
            (Some((_, row)), Some(scalar)) => scalar.evaluate(row),
            _ => column.kind.absent(),
        };
        self.columns.iter().map(|(column, scalar)| cell(column, scalar.as_ref())).collect()
    }
}

impl Function {
    /// The minimum and maximum number of arguments in Azure, and the maximum that the simulator supports.
    const fn arguments(self) -> (usize, usize, usize) {
        const ANY_NUMBER: usize = 64;
        match self {
            Self::Count => (0, 1, 0),
            Self::ArgMax | Self::ArgMin => (1, ANY_NUMBER, ANY_NUMBER),
            Self::Any => (1, ANY_NUMBER, 1),
            // The second argument is the accuracy.
            Self::DistinctCount => (1, 2, 2),
            // The second argument is the maximum number of elements.
            Self::Set | Self::List => (1, 2, 1),
            Self::CountIf | Self::Sum | Self::Average | Self::Minimum | Self::Maximum => (1, 1, 1),
        }
    }

    /// The type of the result for an argument of a type.
    fn kind(self, name: &str, argument: Type, position: Position) -> Result<Type, KqlError> {
        let wrong = || {
            let message = format!("{name}(): argument #1 is of type {}, which has no {name}", argument.name());
            Err(KqlError::Semantic { code: "SEM0230", message })
        };
        match (self, argument) {
            (Self::Count | Self::CountIf | Self::DistinctCount, _) => Ok(Type::Long),
            (Self::Set | Self::List, _) => Ok(Type::Dynamic),
            (Self::Any, kind) => Ok(kind),
            (_, Type::Dynamic) => {
                Err(KqlError::not_simulated(position, name, format!("{name} of values of type dynamic")))
            }
            (Self::Sum, Type::Int) => Ok(Type::Long),
            (Self::Sum, Type::Long | Type::Real | Type::TimeSpan) | (Self::Average, Type::TimeSpan) => Ok(argument),
            (Self::Average, kind) if kind.is_number() => Ok(Type::Real),
            (Self::Sum | Self::Average, Type::DateTime) => {
                Err(KqlError::not_simulated(position, name, format!("{name} of dates")))
            }
            (Self::Sum | Self::Average, _) => wrong(),
            (Self::Minimum | Self::Maximum | Self::ArgMax | Self::ArgMin, kind) => Ok(kind),
        }
    }
}

/// The sum of values without nulls.
fn sum(values: &[Value], kind: Type) -> Value {
    let none = match kind {
        Type::Real => Value::Real(0.0),
        Type::TimeSpan => Value::TimeSpan(Duration::ZERO),
        _ => Value::Long(0),
    };
    values.iter().fold(none, |sum, value| super::arithmetic::compute(Binary::Add, &sum, value))
}

fn average(values: &[Value], kind: Type) -> Value {
    let count = Value::Long(i64::try_from(values.len()).unwrap_or(i64::MAX));
    if values.is_empty() { Value::Null } else { super::arithmetic::compute(Binary::Divide, &sum(values, kind), &count) }
}

/// The different values, in the order of their first occurrence.
fn set(values: &[Value]) -> Value {
    let mut items: Vec<Json> = Vec::new();
    for value in values {
        let item = value.as_dynamic();
        if !items.contains(&item) {
            items.push(item);
        }
    }
    Value::Dynamic(Json::Array(items))
}
