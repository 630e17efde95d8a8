//! Error responses of Microsoft Entra: reads the code and the message.

use serde_json::Value;

use crate::azure::text;

/// The maximum number of characters of a message.
const MESSAGE_LIMIT: usize = 600;

/// An error response of Microsoft Entra.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct EntraError {
    /// `AADSTS…`, or the error code of OAuth such as `invalid_client`.
    pub(super) code: Option<String>,
    pub(super) message: String,
}

/// The setting that an error code is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum IdentitySetting {
    Tenant,
    Client,
    /// The client secret, the client certificate, or the token of another identity provider.
    Secret,
}

/// Error codes and the setting that is probably wrong.
const SETTINGS_AT_FAULT: &[(&str, IdentitySetting)] = &[
    ("AADSTS7000215", IdentitySetting::Secret), // wrong secret
    ("AADSTS7000222", IdentitySetting::Secret), // expired secret
    ("AADSTS7000112", IdentitySetting::Client), // application disabled
    ("AADSTS700016", IdentitySetting::Client),  // application not in this tenant
    ("AADSTS700021", IdentitySetting::Client),  // assertion of another application
    ("AADSTS700024", IdentitySetting::Secret),  // assertion expired or not valid yet
    ("AADSTS700027", IdentitySetting::Secret),  // certificate not registered, or wrong signature of the assertion
    ("AADSTS700211", IdentitySetting::Secret),  // no federated credential with this issuer
    ("AADSTS700212", IdentitySetting::Secret),  // no federated credential with this audience
    ("AADSTS700213", IdentitySetting::Secret),  // no federated credential with this subject
    ("AADSTS7002138", IdentitySetting::Secret), // subject of the federated credential differs only in case
    ("AADSTS70021", IdentitySetting::Secret),   // no matching federated credential
    ("AADSTS7000213", IdentitySetting::Secret), // untrusted chain of the certificate
    ("AADSTS7000214", IdentitySetting::Secret), // certificate revoked
    ("AADSTS7000274", IdentitySetting::Secret), // certificate expired or not valid yet
    ("AADSTS7000277", IdentitySetting::Secret), // certificate revoked
    ("AADSTS1000502", IdentitySetting::Secret), // certificate expired or not valid yet
    ("AADSTS7005003", IdentitySetting::Secret), // secret revoked
    ("AADSTS7005004", IdentitySetting::Secret), // certificate revoked
    ("AADSTS5002730", IdentitySetting::Secret), // unsupported kind of key
    ("AADSTS50013", IdentitySetting::Secret),   // wrong signature of the assertion
    ("AADSTS50027", IdentitySetting::Secret),   // malformed assertion
    ("AADSTS90002", IdentitySetting::Tenant),   // tenant not found
    ("AADSTS900021", IdentitySetting::Tenant),  // tenant ID is malformed
    ("AADSTS900023", IdentitySetting::Tenant),  // tenant ID is malformed
    ("AADSTS50059", IdentitySetting::Tenant),   // no tenant in the request
];

pub(super) fn setting_at_fault(code: &str) -> Option<IdentitySetting> {
    SETTINGS_AT_FAULT.iter().find(|(known, _)| *known == code).map(|(_, part)| *part)
}

impl EntraError {
    /// Parses any body: JSON of Microsoft Entra, the page of a proxy, or an empty body.
    pub(super) fn parse(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let document: Option<Value> = serde_json::from_str(text.trim_start_matches('\u{feff}').trim()).ok();
        let field = |name: &str| document.as_ref().and_then(|document| document.get(name)).and_then(Value::as_str);
        let numbered =
            document.as_ref().and_then(|document| document.pointer("/error_codes/0")).and_then(Value::as_number);
        let code = find_code(&text)
            .or_else(|| numbered.map(|number| format!("AADSTS{number}")))
            .or_else(|| field("error").map(str::to_owned));
        let message = match field("error_description").or_else(|| field("error")) {
            Some(description) => first_sentence(description),
            None if text.trim().is_empty() => "the response has no body".to_owned(),
            None if document.is_some() => "the response is not an error of Microsoft Entra".to_owned(),
            None => {
                format!(
                    "the response is not JSON, it may come from a proxy: {}",
                    first_sentence(&text::without_tags(&text))
                )
            }
        };
        Self { code, message }
    }
}

/// The first `AADSTS` code in a text.
pub(in crate::azure::credential) fn find_code(text: &str) -> Option<String> {
    const PREFIX: &str = "AADSTS";
    text.match_indices(PREFIX).find_map(|(at, _)| {
        let digits: String = text[at + PREFIX.len()..].chars().take_while(char::is_ascii_digit).collect();
        (!digits.is_empty()).then(|| format!("{PREFIX}{digits}"))
    })
}

/// The description on one line, without the trace information that Microsoft Entra appends.
fn first_sentence(text: &str) -> String {
    let end = text.find("Trace ID:").unwrap_or(text.len());
    text::line(&text[..end], MESSAGE_LIMIT)
}

/// The error codes that are about one setting.
#[cfg(test)]
pub fn codes_about_settings() -> impl Iterator<Item = &'static str> {
    SETTINGS_AT_FAULT.iter().map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_code_and_message_of_entra() {
        let body = br#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Ensure the secret is the \"value\".\r\nTrace ID: 1 Correlation ID: 2 Timestamp: 3","error_codes":[7000215]}"#;

        assert_eq!(
            EntraError::parse(body),
            EntraError {
                code: Some("AADSTS7000215".to_owned()),
                message: "AADSTS7000215: Invalid client secret provided. Ensure the secret is the \"value\"."
                    .to_owned(),
            }
        );
    }

    #[test]
    fn reads_the_code_from_error_codes() {
        let body = br#"{"error":"invalid_request","error_description":"no","error_codes":[90002]}"#;

        assert_eq!(EntraError::parse(body).code.as_deref(), Some("AADSTS90002"));
    }

    #[test]
    fn strips_the_tags_of_a_proxy_page() {
        let error = EntraError::parse(b"<html><body><h1>407</h1><p>Proxy login needed</p></body></html>");

        assert_eq!(error.code, None);
        assert_eq!(error.message, "the response is not JSON, it may come from a proxy: 407 Proxy login needed");
    }

    #[test]
    fn reports_an_empty_body() {
        assert_eq!(EntraError::parse(b"").message, "the response has no body");
    }

    #[test]
    fn maps_error_codes_to_settings() {
        assert_eq!(setting_at_fault("AADSTS7000222"), Some(IdentitySetting::Secret));
        for code in ["AADSTS7000213", "AADSTS50013", "AADSTS5002730"] {
            assert_eq!(setting_at_fault(code), Some(IdentitySetting::Secret), "{code}");
        }
        assert_eq!(setting_at_fault("AADSTS700021"), Some(IdentitySetting::Client));
        assert_eq!(setting_at_fault("AADSTS90002"), Some(IdentitySetting::Tenant));
        assert_eq!(setting_at_fault("AADSTS700016"), Some(IdentitySetting::Client));
        assert_eq!(setting_at_fault("AADSTS999"), None);
    }

    proptest! {
        #[test]
        fn parses_any_body_without_a_panic(body in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = EntraError::parse(&body);
        }
    }
}
