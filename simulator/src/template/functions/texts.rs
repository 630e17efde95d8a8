//! Functions on strings, and conversions from and to them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::error::EvaluationError;
use super::super::{hash, limits};
use super::arguments::{Definition, MANY, size, text};

pub(super) const FUNCTIONS: &[Definition] = &[
    ("format", 1, MANY, format),
    ("substring", 2, 3, substring),
    ("split", 2, 2, split),
    ("join", 2, 2, join),
    ("toLower", 1, 1, |values| Ok(json!(text("toLower", &values[0])?.to_lowercase()))),
    ("toUpper", 1, 1, |values| Ok(json!(text("toUpper", &values[0])?.to_uppercase()))),
    ("trim", 1, 1, |values| Ok(json!(text("trim", &values[0])?.trim()))),
    ("replace", 3, 3, replace),
    ("startsWith", 2, 2, |values| {
        Ok(json!(lower("startsWith", values, 0)?.starts_with(&lower("startsWith", values, 1)?)))
    }),
    ("endsWith", 2, 2, |values| Ok(json!(lower("endsWith", values, 0)?.ends_with(&lower("endsWith", values, 1)?)))),
    ("indexOf", 2, 2, index_of),
    ("string", 1, 1, |values| Ok(json!(as_text(&values[0])))),
    ("json", 1, 1, json_of),
    ("base64", 1, 1, |values| Ok(json!(STANDARD.encode(text("base64", &values[0])?)))),
    ("base64ToString", 1, 1, base64_to_string),
    ("uri", 2, 2, uri),
    ("uniqueString", 1, MANY, |values| Ok(json!(hash::unique_string(&texts("uniqueString", values)?)))),
    ("guid", 1, MANY, |values| Ok(json!(hash::guid(&texts("guid", values)?)))),
];

/// A value as text: strings unchanged, other values as JSON.
pub(super) fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        // In .NET's casing.
        Value::Bool(truth) => if *truth { "True" } else { "False" }.to_owned(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn texts<'a>(function: &str, values: &'a [Value]) -> Result<Vec<&'a str>, EvaluationError> {
    values.iter().map(|value| text(function, value)).collect()
}

fn lower(function: &str, values: &[Value], at: usize) -> Result<String, EvaluationError> {
    Ok(text(function, &values[at])?.to_lowercase())
}

/// Formats a string, in which `{0}` is the first argument and `{{` an escaped brace.
fn format(values: &[Value]) -> Result<Value, EvaluationError> {
    let pattern = text("format", &values[0])?;
    let invalid = || EvaluationError::arguments("format", &format!("'{pattern}' does not fit its arguments"));
    let mut formatted = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        formatted.push_str(&rest[..at]);
        let (brace, after) = rest[at..].split_at(1);
        if let Some(after) = after.strip_prefix(brace) {
            formatted.push_str(brace);
            rest = after;
            continue;
        }
        let (number, after) = after.split_once('}').filter(|_| brace == "{").ok_or_else(invalid)?;
        // A format after a colon applies to numbers and dates, not to strings.
        let number = number.split([',', ':']).next().unwrap_or_default();
        let argument = number.trim().parse::<usize>().ok().and_then(|number| values.get(number.checked_add(1)?));
        formatted.push_str(&as_text(argument.ok_or_else(invalid)?));
        limits::check_size(formatted.len())?;
        rest = after;
    }
    formatted.push_str(rest);
    Ok(json!(formatted))
}

fn substring(values: &[Value]) -> Result<Value, EvaluationError> {
    let whole: Vec<char> = text("substring", &values[0])?.chars().collect();
    let start = size("substring", &values[1])?;
    let length =
        values.get(2).map_or_else(|| Ok(whole.len().saturating_sub(start)), |value| size("substring", value))?;
    let part = start.checked_add(length).and_then(|end| whole.get(start..end)).ok_or_else(|| {
        EvaluationError::new(format!(
            "Unable to evaluate the template language function 'substring'. The index and length parameters must \
             refer to a location within the string. The index parameter: '{start}', the length parameter: \
             '{length}', the length of the string parameter: '{}'. Please see https://aka.ms/arm-function-substring \
             for usage details.",
            whole.len()
        ))
    })?;
    Ok(json!(part.iter().collect::<String>()))
}

/// Splits at a delimiter, or at any delimiter of an array.
fn split(values: &[Value]) -> Result<Value, EvaluationError> {
    let whole = text("split", &values[0])?;
    let delimiters = match &values[1] {
        Value::Array(delimiters) => texts("split", delimiters)?,
        one => vec![text("split", one)?],
    };
    let mut parts = vec![whole];
    for delimiter in delimiters.into_iter().filter(|delimiter| !delimiter.is_empty()) {
        parts = parts.into_iter().flat_map(|part| part.split(delimiter)).collect();
    }
    Ok(json!(parts))
}

fn join(values: &[Value]) -> Result<Value, EvaluationError> {
    let parts = values[0]
        .as_array()
        .ok_or_else(|| EvaluationError::arguments("join", "the first argument must be an array"))?;
    let parts: Vec<String> = parts.iter().map(as_text).collect();
    let delimiter = text("join", &values[1])?;
    limits::check_size(parts.len().saturating_mul(delimiter.len()))?;
    Ok(json!(parts.join(delimiter)))
}

fn replace(values: &[Value]) -> Result<Value, EvaluationError> {
    let old = text("replace", &values[1])?;
    if old.is_empty() {
        return Err(EvaluationError::arguments("replace", "the text to replace must not be empty"));
    }
    let (whole, new) = (text("replace", &values[0])?, text("replace", &values[2])?);
    limits::check_size(whole.matches(old).count().saturating_mul(new.len()))?;
    Ok(json!(whole.replace(old, new)))
}

/// The index of a substring, ignoring case, or -1.
fn index_of(values: &[Value]) -> Result<Value, EvaluationError> {
    let whole = lower("indexOf", values, 0)?;
    let at = whole.find(&lower("indexOf", values, 1)?).map(|at| whole[..at].chars().count());
    Ok(at.map_or_else(|| json!(-1), |at| json!(at)))
}

fn json_of(values: &[Value]) -> Result<Value, EvaluationError> {
    let source = text("json", &values[0])?;
    serde_json::from_str(source)
        .map_err(|error| EvaluationError::arguments("json", &format!("'{source}' is not JSON: {error}")))
}

fn base64_to_string(values: &[Value]) -> Result<Value, EvaluationError> {
    let invalid = || EvaluationError::arguments("base64ToString", "the text is not UTF-8 in base64");
    let bytes = STANDARD.decode(text("base64ToString", &values[0])?).map_err(|_| invalid())?;
    Ok(json!(String::from_utf8(bytes).map_err(|_| invalid())?))
}

/// Joins base and relative URI with exactly one slash.
fn uri(values: &[Value]) -> Result<Value, EvaluationError> {
    let base = text("uri", &values[0])?.trim_end_matches('/');
    Ok(json!(format!("{base}/{}", text("uri", &values[1])?.trim_start_matches('/'))))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{check, rejects};
    use super::*;

    #[test]
    fn splits_joins_and_converts_strings() {
        check(&[
            ("format('{0}/{1} {{{0}}}', 'a', 1)", json!("a/1 {a}")),
            ("substring('abcdef', 1, 3)", json!("bcd")),
            ("substring('abc', 2)", json!("c")),
            ("split('a/b/c', '/')", json!(["a", "b", "c"])),
            ("split('a/b;c', createArray('/', ';'))", json!(["a", "b", "c"])),
            ("join(createArray('a', 1), '-')", json!("a-1")),
            ("toLower('ABC')", json!("abc")),
            ("toUpper('abc')", json!("ABC")),
            ("trim('  a ')", json!("a")),
            ("replace('a-b-c', '-', '')", json!("abc")),
            ("startsWith('Abc', 'aB')", json!(true)),
            ("indexOf('abC', 'c')", json!(2)),
            ("indexOf('abc', 'x')", json!(-1)),
            ("uri('https://a/', '/b')", json!("https://a/b")),
        ]);
        rejects(&[
            "format('{1}', 'a')",
            "format('{0', 'a')",
            "substring('abc', 1, 5)",
            "toLower(1)",
            "replace('a', '', 'b')",
        ]);
    }

    #[test]
    fn converts_to_and_from_strings() {
        check(&[
            ("string(12)", json!("12")),
            ("string(createObject('a', 1))", json!("{\"a\":1}")),
            ("json('{\"a\": [true, null]}')", json!({"a": [true, null]})),
            ("base64('abc')", json!("YWJj")),
            ("base64ToString('YWJj')", json!("abc")),
            ("uniqueString('a', 'b')", json!(hash::unique_string(&["a", "b"]))),
            ("length(guid('a'))", json!(36)),
        ]);
        rejects(&["json('{')", "base64ToString('*')", "uniqueString()"]);
    }
}
