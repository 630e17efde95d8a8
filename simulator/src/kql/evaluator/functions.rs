//! Scalar functions.

use regex::Regex;
use serde_json::{Value as Json, json};
use time::{Duration, OffsetDateTime};

use crate::kql::error::{KqlError, Position};
use crate::kql::literal;
use crate::kql::value::{Type, Value};

/// A function that is called with values of the right types.
#[derive(Clone, Debug)]
pub(super) enum Function {
    /// `now()`
    Now(OffsetDateTime),
    /// `ago(timespan)`
    Ago(OffsetDateTime),
    /// Any other, by its name.
    Named(&'static str),
}

/// A row of the table of functions: name, least and most arguments, result. Without a result, it has the type of the
/// first argument, or of the second one for `iff`.
type Row = (&'static str, usize, usize, Option<Type>);

const FUNCTIONS: &[Row] = &[
    ("ago", 1, 1, Some(Type::DateTime)),
    ("array_length", 1, 1, Some(Type::Long)),
    ("bin", 2, 2, None),
    ("floor", 2, 2, None),
    ("coalesce", 2, 64, None),
    ("extract", 3, 3, Some(Type::String)),
    ("iff", 3, 3, None),
    ("iif", 3, 3, None),
    ("isempty", 1, 1, Some(Type::Bool)),
    ("isnotempty", 1, 1, Some(Type::Bool)),
    ("isfinite", 1, 1, Some(Type::Bool)),
    ("isinf", 1, 1, Some(Type::Bool)),
    ("isnan", 1, 1, Some(Type::Bool)),
    ("isnotnull", 1, 1, Some(Type::Bool)),
    ("isnull", 1, 1, Some(Type::Bool)),
    ("not", 1, 1, Some(Type::Bool)),
    ("now", 0, 1, Some(Type::DateTime)),
    ("parse_json", 1, 1, Some(Type::Dynamic)),
    ("split", 2, 2, Some(Type::Dynamic)),
    ("startofday", 1, 1, Some(Type::DateTime)),
    ("strcat", 1, 64, Some(Type::String)),
    ("strlen", 1, 1, Some(Type::Long)),
    ("todatetime", 1, 1, Some(Type::DateTime)),
    ("todouble", 1, 1, Some(Type::Real)),
    ("todynamic", 1, 1, Some(Type::Dynamic)),
    ("toint", 1, 1, Some(Type::Int)),
    ("tolong", 1, 1, Some(Type::Long)),
    ("tolower", 1, 1, Some(Type::String)),
    ("toreal", 1, 1, Some(Type::Real)),
    ("tostring", 1, 1, Some(Type::String)),
    ("toupper", 1, 1, Some(Type::String)),
];

/// The function with this name and the type of its result.
pub(super) fn find(
    name: &str,
    arguments: &[Type],
    now: OffsetDateTime,
    position: Position,
) -> Result<(Function, Type), KqlError> {
    let Some((name, least, most, result)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) else {
        return Err(KqlError::not_simulated(position, name, format!("the function '{name}' here")));
    };
    if !(*least..=*most).contains(&arguments.len()) {
        let message = format!("{name}(): function expects {least} argument(s).");
        return Err(KqlError::Semantic { code: "SEM0219", message });
    }
    let wrong = |index: usize, expected: &str| {
        let message = format!("{name}(): argument #{} expected to be a {expected} expression", index + 1);
        Err(KqlError::Semantic { code: "SEM0230", message })
    };
    let is = |index: usize, kind: Type| matches!(arguments.get(index), Some(found) if *found == kind || *found == Type::Dynamic);
    match *name {
        "ago" if !is(0, Type::TimeSpan) => return wrong(0, "timespan"),
        "startofday" if !is(0, Type::DateTime) => return wrong(0, "datetime"),
        "extract" if !is(0, Type::String) => return wrong(0, "string"),
        "split" | "tolower" | "toupper" if !is(0, Type::String) => return wrong(0, "string"),
        "not" | "iff" | "iif" if !is(0, Type::Bool) => return wrong(0, "bool"),
        "bin" | "floor" => {
            let fits = match (arguments[0], arguments[1]) {
                (Type::DateTime | Type::TimeSpan, step) => step == Type::TimeSpan,
                (value, step) => value.is_number() && step.is_number(),
            };
            if !fits {
                return wrong(1, if arguments[0].is_number() { "numeric" } else { "timespan" });
            }
        }
        _ => {}
    }
    let typical = if matches!(*name, "iff" | "iif") { arguments.get(1) } else { arguments.first() };
    let kind = result.or(typical.copied()).unwrap_or(Type::Dynamic);
    let function = match *name {
        "now" => Function::Now(now),
        "ago" => Function::Ago(now),
        name => Function::Named(name),
    };
    Ok((function, kind))
}

/// The result for these arguments.
pub(super) fn call(function: &Function, arguments: &[Value]) -> Value {
    let name = match function {
        Function::Now(now) => {
            let moved = now.checked_add(span(arguments.first()).unwrap_or_default());
            return moved.map_or(Value::Null, Value::DateTime);
        }
        Function::Ago(now) => {
            let moved = span(arguments.first()).and_then(|span| now.checked_sub(span));
            return moved.map_or(Value::Null, Value::DateTime);
        }
        Function::Named(name) => *name,
    };
    let first = &arguments[0];
    let text = first.to_text();
    match name {
        "bin" | "floor" => bin(first, &arguments[1]),
        "coalesce" => arguments.iter().find(|argument| !argument.is_empty()).cloned().unwrap_or(Value::Null),
        "extract" => Value::String(extract(&text, &arguments[1], &arguments[2].to_text())),
        "iff" | "iif" => arguments[if first.plain() == Value::Bool(true) { 1 } else { 2 }].clone(),
        "isempty" => Value::Bool(first.is_empty()),
        "isnotempty" => Value::Bool(!first.is_empty()),
        "isnull" => Value::Bool(first.plain() == Value::Null),
        "isnotnull" => Value::Bool(first.plain() != Value::Null),
        "isfinite" => Value::Bool(first.number().is_some_and(f64::is_finite)),
        "isinf" => Value::Bool(first.number().is_some_and(f64::is_infinite)),
        "isnan" => Value::Bool(first.number().is_some_and(f64::is_nan)),
        "not" => Value::Bool(first.plain() == Value::Bool(false)),
        "parse_json" | "todynamic" => match first {
            Value::Dynamic(_) => first.clone(),
            _ => Value::Dynamic(serde_json::from_str(&text).unwrap_or(Json::String(text))),
        },
        "split" => Value::Dynamic(text.split(arguments[1].to_text().as_str()).map(|part| json!(part)).collect()),
        "startofday" => match first.plain() {
            Value::DateTime(time) => Value::DateTime(time.date().midnight().assume_utc()),
            _ => Value::Null,
        },
        "strcat" => Value::String(arguments.iter().map(Value::to_text).collect()),
        "strlen" => Value::Long(i64::try_from(text.chars().count()).unwrap_or(i64::MAX)),
        "array_length" => match first {
            Value::Dynamic(Json::Array(items)) => Value::Long(i64::try_from(items.len()).unwrap_or(i64::MAX)),
            _ => Value::Null,
        },
        "todatetime" => match first {
            Value::DateTime(_) => first.clone(),
            _ => literal::date_time(&text).map_or(Value::Null, Value::DateTime),
        },
        "toint" | "tolong" => text.parse().map_or(Value::Null, Value::Long),
        "todouble" | "toreal" => text.parse().map_or(Value::Null, Value::Real),
        "tolower" => Value::String(text.to_lowercase()),
        "toupper" => Value::String(text.to_uppercase()),
        _ => Value::String(text),
    }
}

fn span(value: Option<&Value>) -> Option<Duration> {
    match value {
        Some(Value::TimeSpan(span)) => Some(*span),
        _ => None,
    }
}

/// The multiple of a step that is not above the value.
fn bin(value: &Value, step: &Value) -> Value {
    match (value, step) {
        (Value::DateTime(time), Value::TimeSpan(step)) if step.is_positive() => {
            let nanoseconds = time.unix_timestamp_nanos();
            let rest = nanoseconds.rem_euclid(step.whole_nanoseconds());
            OffsetDateTime::from_unix_timestamp_nanos(nanoseconds - rest).map_or(Value::Null, Value::DateTime)
        }
        (Value::TimeSpan(span), Value::TimeSpan(step)) if step.is_positive() => {
            let rest = span.whole_nanoseconds().rem_euclid(step.whole_nanoseconds());
            let rest = i64::try_from(rest).ok().map(Duration::nanoseconds);
            rest.and_then(|rest| span.checked_sub(rest)).map_or(Value::Null, Value::TimeSpan)
        }
        (Value::Long(value), Value::Long(step)) if *step > 0 => {
            value.checked_sub(value.rem_euclid(*step)).map_or(Value::Null, Value::Long)
        }
        (value, step) => match value.number().zip(step.number()) {
            Some((value, step)) if step > 0.0 => Value::Real((value / step).floor() * step),
            _ => Value::Null,
        },
    }
}

/// The group of the first match; empty if there is none.
fn extract(pattern: &str, group: &Value, text: &str) -> String {
    let group = if let Value::Long(group) = group { usize::try_from(*group).unwrap_or(usize::MAX) } else { 0 };
    let found = Regex::new(pattern).ok().and_then(|regex| Some(regex.captures(text)?.get(group)?.as_str().to_owned()));
    found.unwrap_or_default()
}
