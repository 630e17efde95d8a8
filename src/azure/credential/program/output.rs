//! Reads the token in the output of a program, which may have warnings and color codes around its JSON.

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value, json};

use crate::azure::credential::assertion::expiry_of;
use crate::azure::credential::entra::is_token;

/// The latest accepted expiry: the year 3000.
const LATEST: i64 = 32_503_680_000;

/// The assumed lifetime of a token without an expiry. If the token expires earlier, Azure rejects it, and the provider
/// requests another one.
const UNKNOWN_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// Reads the document with the token, reduced to the fields that `azure_identity` reads.
///
/// # Errors
/// The output contains no usable token. The error contains no part of the output, because it may contain the token.
pub(in crate::azure::credential) fn token_document(output: &[u8]) -> Result<Vec<u8>, &'static str> {
    let (document, token) = find(output, "accessToken")?;
    let expiry = expiry(&document, &token, SystemTime::now()).min(LATEST);
    Ok(json!({"accessToken": token, "tokenType": "Bearer", "expires_on": expiry}).to_string().into_bytes())
}

/// The expiry of the token, in seconds since 1970.
///
/// Azure CLI before 2.54 prints only `expiresOn`, in local time without a time zone, which is ambiguous when the clocks
/// change. The expiry is then read from the token itself.
fn expiry(document: &Map<String, Value>, token: &str, now: SystemTime) -> i64 {
    let seconds = |time: SystemTime| {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    };
    let number = |value: &Value| value.as_i64().or_else(|| value.as_str()?.trim().parse().ok());
    let printed = document.get("expires_on").and_then(number);
    printed.or_else(|| expiry_of(token).map(seconds)).unwrap_or_else(|| seconds(now + UNKNOWN_LIFETIME))
}

/// Reads the document with the token of `azd`, which has other field names.
///
/// # Errors
/// As [`token_document`].
pub(in crate::azure::credential) fn dev_cli_document(output: &[u8]) -> Result<Vec<u8>, &'static str> {
    let (document, token) = find(output, "token")?;
    let expiry = document.get("expiresOn").and_then(Value::as_str).ok_or("it printed no expiry of the token")?;
    Ok(json!({"token": token, "expiresOn": expiry}).to_string().into_bytes())
}

/// Finds the JSON object with the token in this field.
fn find(output: &[u8], field: &str) -> Result<(Map<String, Value>, String), &'static str> {
    let text = without_color(&String::from_utf8_lossy(output));
    let document = text.match_indices('{').find_map(|(at, _)| object_with(field, &text[at..]));
    let Some(document) = document else {
        return Err("it printed something other than a token");
    };
    let token = document[field].as_str().unwrap_or_default().to_owned();
    if !is_token(&token) {
        return Err("it printed an empty or damaged token");
    }
    Ok((document, token))
}

/// Parses the JSON object at the start of a text, if it has this field.
fn object_with(field: &str, text: &str) -> Option<Map<String, Value>> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Map<String, Value>>();
    values.next()?.ok().filter(|object| object.contains_key(field))
}

/// Removes ANSI escape sequences.
pub(super) fn without_color(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '\u{1b}' {
            plain.push(character);
            continue;
        }
        if characters.next_if_eq(&'[').is_some() {
            // A sequence ends with a byte from `@` to `~`.
            while characters.next().is_some_and(|next| !('@'..='~').contains(&next)) {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"{"accessToken": "t", "expires_on": 1900000000, "tenant": "x", "tokenType": "Bearer"}"#;

    fn read(output: &str) -> Result<Value, &'static str> {
        token_document(output.as_bytes()).map(|document| serde_json::from_slice(&document).expect("JSON"))
    }

    #[test]
    fn ignores_warnings_and_color_codes_around_the_document() {
        for output in [
            DOCUMENT.to_owned(),
            format!("\u{feff}{DOCUMENT}\r\n"),
            format!("\u{1b}[33mWARNING: use {{braces}} carefully\u{1b}[0m\n{DOCUMENT}\u{1b}[0m"),
            format!("{{\"cloud\": \"x\"}}\n{DOCUMENT}\nA new version is available."),
            DOCUMENT.replace("\"t\"", "\u{1b}[32m\"t\"\u{1b}[39m"),
        ] {
            let document = read(&output).expect("a token");
            assert_eq!((&document["accessToken"], &document["expires_on"]), (&json!("t"), &json!(1_900_000_000)));
        }
    }

    #[test]
    fn reports_output_without_a_usable_token_without_repeating_it() {
        assert_eq!(read("Please run 'az login'"), Err("it printed something other than a token"));
        assert_eq!(read(r#"{"accessToken": ""}"#), Err("it printed an empty or damaged token"));
        assert_eq!(read(r#"{"accessToken": 1}"#), Err("it printed an empty or damaged token"));
        assert_eq!(read(""), Err("it printed something other than a token"));
    }

    #[test]
    fn reads_an_expiry_in_local_time() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
        let at = |token: &str, document: Value| expiry(document.as_object().expect("an object"), token, now);
        let local = json!({"expiresOn": "2026-11-30 23:34:00.000000"});
        // {"alg":"RS256"}, {"exp":1900000000}
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE5MDAwMDAwMDB9.c2lnbmF0dXJl";

        assert_eq!(at(token, local.clone()), 1_900_000_000);
        assert_eq!(at("opaque", local), 1600);
        assert_eq!(at(token, json!({"expires_on": "1800000000"})), 1_800_000_000);
    }

    #[test]
    fn reads_the_fields_of_the_azure_developer_cli() {
        let document = r#"{"token": "t", "expiresOn": "2030-01-01T00:00:00Z"}"#;
        let output = format!("\u{1b}[33mWARNING: out of date\u{1b}[0m\r\n{document}\r\n");

        let read = dev_cli_document(output.as_bytes()).expect("a token");

        let read: Value = serde_json::from_slice(&read).expect("JSON");
        assert_eq!(read, json!({"token": "t", "expiresOn": "2030-01-01T00:00:00Z"}));
        assert_eq!(dev_cli_document(br#"{"token": "t"}"#), Err("it printed no expiry of the token"));
        assert_eq!(dev_cli_document(br#"{"accessToken": "t"}"#), Err("it printed something other than a token"));
    }

    #[test]
    fn limits_an_excessive_expiry() {
        let document = read(r#"{"accessToken": "t", "expires_on": 9223372036854775807}"#).expect("a token");

        assert_eq!(document["expires_on"], json!(LATEST));
    }
}
