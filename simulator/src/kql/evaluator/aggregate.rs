//! Aggregates: a value for a group of rows, or the values of one of its rows.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::scalar::{Scalar, Scope};
use super::total_order;
use crate::kql::error::KqlError;
use crate::kql::syntax::{Expression, Named};
use crate::kql::table::Column;
use crate::kql::value::{Type, Value};

/// An aggregate whose names and types are right.
#[derive(Debug)]
pub(super) struct Aggregate {
    function: Function,
    argument: Option<Scalar>,
    /// What the result contains. `arg_max` returns more than one column.
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
    pub(super) fn check(named: &Named, scope: &Scope<'_>) -> Result<Self, KqlError> {
        let Expression::Call { function: name, arguments, position } = &named.expression else {
            let what = "expressions with aggregates";
            return Err(KqlError::not_simulated(named.position, "", what));
        };
        let found = FUNCTIONS.iter().find(|(known, _)| known == name);
        let Some((_, function)) = found else {
            return Err(KqlError::not_simulated(*position, name, format!("the aggregate '{name}'")));
        };
        let expected = match function {
            Function::Count => 0..=0,
            Function::ArgMax | Function::ArgMin => 1..=64,
            // The second one is the accuracy, or the most elements.
            Function::DistinctCount | Function::Set | Function::List => 1..=2,
            _ => 1..=1,
        };
        if !expected.contains(&arguments.len()) {
            let message = format!("{name}(): function expects {} argument(s).", expected.start());
            return Err(KqlError::Semantic { code: "SEM0219", message });
        }
        let argument = arguments.first().map(|argument| scope.scalar(argument)).transpose()?;
        let kind = argument.as_ref().map_or(Type::Long, Scalar::kind);
        let kind = match function {
            Function::Count | Function::CountIf | Function::DistinctCount => Type::Long,
            Function::Average if kind.is_number() => Type::Real,
            Function::Set | Function::List => Type::Dynamic,
            _ => kind,
        };
        if matches!(function, Function::Set | Function::List) && arguments.len() > 1 {
            return Err(KqlError::not_simulated(*position, name, format!("the limit of '{name}'")));
        }
        if let (Function::CountIf, Some(argument)) = (function, &argument) {
            argument.expect_bool("summarize")?;
        }
        let inner = match arguments.first() {
            Some(Expression::Name(name)) => name.as_str(),
            _ => "",
        };
        let columns = if matches!(function, Function::ArgMax | Function::ArgMin) {
            let first = Column::new(named.name.clone().unwrap_or_else(|| inner.to_owned()), kind);
            let mut columns = vec![(first, argument.clone())];
            columns.extend(returned(&arguments[1..], inner, scope)?);
            columns
        } else {
            let prefix = match function {
                Function::Set => "set",
                Function::List => "list",
                _ => name,
            };
            let name = named.name.clone().unwrap_or_else(|| format!("{prefix}_{inner}"));
            vec![(Column::new(name, kind), None)]
        };
        Ok(Self { function: *function, argument, columns })
    }

    /// The columns of the result.
    pub(super) fn columns(&self, grouped: &[String]) -> Vec<Column> {
        self.returned(grouped).map(|(column, _)| column.clone()).collect()
    }

    /// The values for a group.
    pub(super) fn compute(&self, rows: &[&[Value]], grouped: &[String]) -> Vec<Value> {
        let values = || -> Vec<Value> {
            let Some(argument) = &self.argument else { return Vec::new() };
            rows.iter().map(|row| argument.evaluate(row)).filter(|value| *value != Value::Null).collect()
        };
        let number = |count: usize| Value::Long(i64::try_from(count).unwrap_or(i64::MAX));
        let value = match self.function {
            Function::Count => number(rows.len()),
            Function::CountIf => {
                number(rows.iter().filter(|row| self.argument.as_ref().is_some_and(|it| it.is_true(row))).count())
            }
            Function::Sum => sum(&values()),
            Function::Average => average(&values()),
            Function::Minimum => values().into_iter().min_by(total_order).unwrap_or(Value::Null),
            Function::Maximum => values().into_iter().max_by(total_order).unwrap_or(Value::Null),
            Function::DistinctCount => number(values().iter().map(Value::to_text).collect::<BTreeSet<_>>().len()),
            Function::Any => values().into_iter().next().unwrap_or(Value::Null),
            Function::Set => set(&values()),
            Function::List => Value::Dynamic(values().iter().map(Value::as_dynamic).collect()),
            Function::ArgMax | Function::ArgMin => return self.row(rows, grouped),
        };
        vec![value]
    }

    /// The values of the row whose argument is greatest or least.
    fn row(&self, rows: &[&[Value]], grouped: &[String]) -> Vec<Value> {
        let Some(argument) = &self.argument else { return Vec::new() };
        let is_better = |order: Ordering| {
            if self.function == Function::ArgMax { order.is_gt() } else { order.is_lt() }
        };
        let mut best: Option<(Value, &[Value])> = None;
        for row in rows {
            let value = argument.evaluate(row);
            if best.as_ref().is_none_or(|(found, _)| is_better(total_order(&value, found))) {
                best = Some((value, row));
            }
        }
        let cell = |scalar: Option<&Scalar>| match (&best, scalar) {
            (Some((_, row)), Some(scalar)) => scalar.evaluate(row),
            _ => Value::Null,
        };
        self.returned(grouped).map(|(_, scalar)| cell(scalar.as_ref())).collect()
    }

    fn returned<'a>(&'a self, grouped: &'a [String]) -> impl Iterator<Item = &'a (Column, Option<Scalar>)> {
        self.columns.iter().filter(|(column, _)| !grouped.contains(&column.name))
    }
}

/// The columns that `arg_max` returns beside its first argument.
fn returned(
    arguments: &[Expression],
    first: &str,
    scope: &Scope<'_>,
) -> Result<Vec<(Column, Option<Scalar>)>, KqlError> {
    let mut columns = Vec::new();
    for argument in arguments {
        let names: Vec<Expression> = match argument {
            Expression::Star(_) => {
                let others = scope.columns.iter().filter(|column| column.name != first);
                others.map(|column| Expression::Name(column.name.clone())).collect()
            }
            other => vec![other.clone()],
        };
        for (position, expression) in names.into_iter().enumerate() {
            let scalar = scope.scalar(&expression)?;
            let name = super::name_of(
                &Named { position: crate::kql::error::Position::default(), name: None, expression },
                position,
            );
            columns.push((Column::new(name, scalar.kind()), Some(scalar)));
        }
    }
    Ok(columns)
}

fn sum(values: &[Value]) -> Value {
    let add =
        |left: Value, right: &Value| super::arithmetic::compute(crate::kql::syntax::Binary::Add, &left, &right.plain());
    let mut values = values.iter();
    values.next().map_or(Value::Long(0), |first| values.fold(first.plain(), add))
}

fn average(values: &[Value]) -> Value {
    let count = i64::try_from(values.len()).unwrap_or(i64::MAX);
    match (sum(values), count) {
        (_, 0) => Value::Null,
        (Value::TimeSpan(span), count) => {
            i32::try_from(count).map_or(Value::Null, |count| Value::TimeSpan(span / count))
        }
        (sum, count) => match sum.number().zip(Value::Long(count).number()) {
            Some((sum, count)) => Value::Real(sum / count),
            None => Value::Null,
        },
    }
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
