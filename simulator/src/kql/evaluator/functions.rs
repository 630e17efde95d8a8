//! Scalar functions.

use regex::Regex;
use serde_json::{Value as Json, json};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::conversion::{self, common_type, convert};
use super::pattern;
use super::scalar::Scalar;
use crate::kql::error::{KqlError, Position};
use crate::kql::value::{Type, Value};

/// The date of tick 0.
const ORIGIN: OffsetDateTime = datetime!(0001-01-01 00:00 UTC);

/// A function whose argument types have been checked.
#[derive(Clone, Debug)]
pub(super) enum Function {
    /// `now()`
    Now(OffsetDateTime),
    /// `ago(timespan)`
    Ago(OffsetDateTime),
    /// `extract(pattern, group, text)`
    Extract(Regex),
    /// `toint(value)` and so on
    Convert(Type),
    /// `iff`, `case` and `coalesce`, whose result has this type
    Choice(&'static str, Type),
    /// Any other function, by name.
    Named(&'static str),
}

/// Name, minimum and maximum number of arguments, and result type. None if the result type depends on the arguments.
type Signature = (&'static str, usize, usize, Option<Type>);

const FUNCTIONS: &[Signature] = &[
    ("ago", 1, 1, Some(Type::DateTime)),
    ("array_length", 1, 1, Some(Type::Long)),
    ("bin", 2, 2, None),
    ("case", 3, 65, None),
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
    ("split", 2, 3, Some(Type::Dynamic)),
    ("startofday", 1, 2, Some(Type::DateTime)),
    ("strcat", 1, 64, Some(Type::String)),
    ("strlen", 1, 1, Some(Type::Long)),
    ("tobool", 1, 1, Some(Type::Bool)),
    ("todatetime", 1, 1, Some(Type::DateTime)),
    ("todouble", 1, 1, Some(Type::Real)),
    ("todynamic", 1, 1, Some(Type::Dynamic)),
    ("toint", 1, 1, Some(Type::Int)),
    ("tolong", 1, 1, Some(Type::Long)),
    ("tolower", 1, 1, Some(Type::String)),
    ("toreal", 1, 1, Some(Type::Real)),
    ("tostring", 1, 1, Some(Type::String)),
    ("totimespan", 1, 1, Some(Type::TimeSpan)),
    ("toupper", 1, 1, Some(Type::String)),
];

/// Checks that the function exists.
///
/// # Errors
/// If the simulator has no function with this name.
pub(super) fn check_exists(name: &str, position: Position) -> Result<(), KqlError> {
    if FUNCTIONS.iter().any(|(known, ..)| *known == name) {
        return Ok(());
    }
    Err(KqlError::not_simulated(position, name, format!("the function '{name}' here")))
}

/// The function with this name and the type of its result.
pub(super) fn find(
    name: &str,
    arguments: &[Scalar],
    now: OffsetDateTime,
    position: Position,
) -> Result<(Function, Type), KqlError> {
    check_exists(name, position)?;
    let (name, least, most, result) =
        FUNCTIONS.iter().find(|(known, ..)| *known == name).expect("invariant: it exists");
    if !(*least..=*most).contains(&arguments.len()) {
        let message = format!("{name}(): function expects {least} argument(s).");
        return Err(KqlError::Semantic { code: "SEM0219", message });
    }
    let kinds: Vec<Type> = arguments.iter().map(Scalar::kind).collect();
    let first = kinds.first().copied().unwrap_or(Type::Dynamic);
    let expect = |index: usize, expected: &str, allowed: &[Type]| match kinds.get(index) {
        Some(found) if !allowed.contains(found) => Err(wrong_argument(name, index, expected)),
        _ => Ok(()),
    };
    match *name {
        "ago" => expect(0, "timespan", &[Type::TimeSpan, Type::Dynamic])?,
        "now" => expect(0, "timespan", &[Type::TimeSpan])?,
        "startofday" => {
            expect(0, "datetime", &[Type::DateTime, Type::Dynamic])?;
            expect(1, "long", &[Type::Int, Type::Long])?;
        }
        "array_length" => expect(0, "dynamic", &[Type::Dynamic])?,
        "strlen" | "parse_json" | "todynamic" => expect(0, "string", &[Type::String, Type::Dynamic])?,
        "split" => {
            expect(1, "string", &[Type::String])?;
            expect(2, "long", &[Type::Int, Type::Long])?;
        }
        "not" if first.is_number() => {}
        "not" | "iff" | "iif" => expect(0, "bool", &[Type::Bool, Type::Dynamic])?,
        "extract" => {
            expect(0, "string", &[Type::String])?;
            expect(1, "long", &[Type::Int, Type::Long])?;
            expect(2, "string", &[Type::String])?;
            return Ok((Function::Extract(pattern::compile(&arguments[0], position)?), Type::String));
        }
        "bin" | "floor" => {
            let kind = match (first, kinds[1]) {
                (Type::DateTime | Type::TimeSpan, Type::TimeSpan) => Some(first),
                (value, step) if value.is_number() && step.is_number() => conversion::widest(value, step),
                _ => None,
            };
            let expected = if first.is_number() { "numeric" } else { "timespan" };
            return Ok((Function::Named(name), kind.ok_or_else(|| wrong_argument(name, 1, expected))?));
        }
        "case" if kinds.len().is_multiple_of(2) => {
            let message = "case(): function expects an odd number of arguments.".to_owned();
            return Err(KqlError::Semantic { code: "SEM0219", message });
        }
        "tobool" | "todatetime" | "todouble" | "toint" | "tolong" | "toreal" | "totimespan" => {
            let to = result.unwrap_or(Type::Dynamic);
            if !conversion::is_supported(first, to) {
                let what = format!("{name} of a value of type {}", first.name());
                return Err(KqlError::not_simulated(position, name, what));
            }
            return Ok((Function::Convert(to), to));
        }
        _ => {}
    }
    if matches!(*name, "iff" | "iif" | "case" | "coalesce") {
        let kind = choice_type(name, &kinds)?;
        return Ok((Function::Choice(name, kind), kind));
    }
    let function = match *name {
        "now" => Function::Now(now),
        "ago" => Function::Ago(now),
        "tostring" => Function::Convert(Type::String),
        name => Function::Named(name),
    };
    Ok((function, result.unwrap_or(Type::Dynamic)))
}

fn wrong_argument(name: &str, index: usize, expected: &str) -> KqlError {
    let message = format!("{name}(): argument #{} expected to be a {expected} expression", index + 1);
    KqlError::Semantic { code: "SEM0230", message }
}

/// The result type of a function that returns one of its arguments.
fn choice_type(name: &str, kinds: &[Type]) -> Result<Type, KqlError> {
    let results: Vec<Type> = match name {
        "coalesce" => kinds.to_vec(),
        _ => {
            let conditions = kinds.iter().enumerate().take(kinds.len() - 1).step_by(2);
            for (index, kind) in conditions {
                if !matches!(kind, Type::Bool | Type::Dynamic) {
                    return Err(wrong_argument(name, index, "bool"));
                }
            }
            kinds.iter().skip(1).step_by(2).chain(kinds.last()).copied().collect()
        }
    };
    common_type(&results).ok_or_else(|| {
        let names: Vec<&str> = results.iter().map(|kind| kind.name()).collect();
        KqlError::wrong_type(format!("{name}(): the results have different types: {}", names.join(", ")))
    })
}

/// Calls a function with these arguments.
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
        Function::Extract(pattern) => return Value::String(extract(pattern, &arguments[1], &arguments[2].to_text())),
        Function::Convert(to) => return convert(&arguments[0], *to),
        Function::Choice(name, kind) => return convert(choose(name, arguments), *kind),
        Function::Named(name) => *name,
    };
    let first = &arguments[0];
    let text = first.to_text();
    match name {
        "bin" | "floor" => bin(first, &arguments[1]),
        "isempty" => Value::Bool(first.is_empty()),
        "isnotempty" => Value::Bool(!first.is_empty()),
        "isnull" => Value::Bool(first.plain() == Value::Null),
        "isnotnull" => Value::Bool(first.plain() != Value::Null),
        "isfinite" => Value::Bool(first.number().is_some_and(f64::is_finite)),
        "isinf" => Value::Bool(first.number().is_some_and(f64::is_infinite)),
        "isnan" => Value::Bool(first.number().is_some_and(f64::is_nan)),
        "not" => match convert(first, Type::Bool) {
            Value::Bool(value) => Value::Bool(!value),
            _ => Value::Null,
        },
        "parse_json" | "todynamic" => conversion::parse_json(first),
        "split" => split(&text, &arguments[1].to_text(), arguments.get(2)),
        "startofday" => match first.plain() {
            Value::DateTime(time) => {
                let days = arguments
                    .get(1)
                    .map_or(Some(0), |days| if let Value::Long(days) = days { Some(*days) } else { None });
                let midnight = time.date().midnight().assume_utc();
                let moved = days
                    .and_then(|days| Duration::checked_seconds_f64(86_400.0 * Value::Long(days).number()?))
                    .and_then(|span| midnight.checked_add(span));
                moved.map_or(Value::Null, Value::DateTime)
            }
            _ => Value::Null,
        },
        "strcat" => Value::String(arguments.iter().map(Value::to_text).collect()),
        "strlen" => Value::Long(i64::try_from(text.chars().count()).unwrap_or(i64::MAX)),
        "array_length" => match first {
            Value::Dynamic(Json::Array(items)) => Value::Long(i64::try_from(items.len()).unwrap_or(i64::MAX)),
            _ => Value::Null,
        },
        "tolower" => Value::String(text.to_lowercase()),
        _ => Value::String(text.to_uppercase()),
    }
}

/// The argument that `iff`, `case` or `coalesce` returns.
fn choose<'a>(name: &str, arguments: &'a [Value]) -> &'a Value {
    let last = &arguments[arguments.len() - 1];
    if name == "coalesce" {
        return arguments.iter().find(|argument| !argument.is_empty()).unwrap_or(last);
    }
    let pairs = arguments.chunks_exact(2);
    pairs.clone().find(|pair| pair[0].plain() == Value::Bool(true)).map_or(last, |pair| &pair[1])
}

fn span(value: Option<&Value>) -> Option<Duration> {
    match value {
        Some(Value::TimeSpan(span)) => Some(*span),
        _ => None,
    }
}

/// All parts of a text, or an array with only the part at an index.
fn split(text: &str, delimiter: &str, index: Option<&Value>) -> Value {
    let parts = text.split(delimiter).map(|part| json!(part));
    let parts: Json = match index {
        None => parts.collect(),
        Some(Value::Long(index)) => {
            usize::try_from(*index).ok().and_then(|index| parts.clone().nth(index)).into_iter().collect()
        }
        Some(_) => return Value::Null,
    };
    Value::Dynamic(parts)
}

/// Rounds a value down to a multiple of the step.
fn bin(value: &Value, step: &Value) -> Value {
    match (value, step) {
        (Value::DateTime(time), Value::TimeSpan(step)) if step.is_positive() => {
            // Azure counts from the year 1, so bins of seven days begin on a Monday.
            let rest = (*time - ORIGIN).whole_nanoseconds().rem_euclid(step.whole_nanoseconds());
            let moved = i64::try_from(rest).ok().and_then(|rest| time.checked_sub(Duration::nanoseconds(rest)));
            moved.map_or(Value::Null, Value::DateTime)
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
fn extract(pattern: &Regex, group: &Value, text: &str) -> String {
    let group = if let Value::Long(group) = group { usize::try_from(*group).unwrap_or(usize::MAX) } else { 0 };
    let found = pattern.captures(text).and_then(|captures| Some(captures.get(group)?.as_str().to_owned()));
    found.unwrap_or_default()
}
