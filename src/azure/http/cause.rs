//! Classifies failed connections: the kind for the retry policy, and the causes for the user.

use std::error::Error as StdError;
use std::io;

use super::proxy::Proxy;
use super::roots::CERT_FILE;
use crate::azure::error::TransportKind;

/// The kind of failure, and all causes. The text does not contain the URL, because its query may contain a secret.
pub(in crate::azure) fn classify(error: &reqwest::Error) -> (TransportKind, String) {
    let text = causes(error);
    if !error.is_connect() {
        return (TransportKind::Interrupted, text);
    }
    let kind = if is_tls(error) {
        TransportKind::Tls
    } else if text.contains("dns error") || text.contains("failed to lookup address") {
        TransportKind::Name
    } else if text.contains("proxy authorization required") || text.contains("credentials not accepted") {
        TransportKind::ProxyAuthentication
    } else if text.contains("tunnel") || text.contains("proxy") {
        TransportKind::Proxy
    } else {
        TransportKind::Connect
    };
    let note = if kind == TransportKind::Tls { roots_note() } else { proxy_note() };
    (kind, text + &note.unwrap_or_default())
}

/// The certificate file that the environment sets, if any.
fn roots_note() -> Option<String> {
    let file = std::env::var_os(CERT_FILE)?;
    Some(format!(" (the environment variable {CERT_FILE} sets the trusted certificates to {file:?})"))
}

/// The proxy that the environment sets, if any: it may be the unreachable host. Without its user and password.
fn proxy_note() -> Option<String> {
    let Proxy { variable, host } = Proxy::of_environment(|name| std::env::var(name).ok()).ok()??;
    Some(format!(" (the environment variable {variable} sets the proxy to {host})"))
}

/// The causes of an error, outermost first, without repetitions.
pub(in crate::azure) fn causes(error: &(dyn StdError + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(current) = next {
        next = current.source();
        let text = match current.downcast_ref::<reqwest::Error>() {
            // Its text contains the URL. Its sources describe the failure.
            Some(_) if next.is_some() => continue,
            Some(request) if request.is_timeout() => "timed out".to_owned(),
            _ => plain(current.to_string()),
        };
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
    }
    parts.join(": ")
}

/// Rewrites messages of the TLS library, and removes links to its documentation.
fn plain(text: String) -> String {
    if text.contains("without sending TLS close_notify") {
        return "the connection was closed before the response was complete".to_owned();
    }
    match text.find(": https://docs.rs/") {
        Some(link) => text[..link].to_owned(),
        None => text,
    }
}

fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(current) = next {
        if current.is::<rustls::Error>() {
            return true;
        }
        if let Some(inner) = current.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            // io::Error::source() skips the error that it wraps.
            if is_tls(inner) {
                return true;
            }
        }
        next = current.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Layer {
        text: &'static str,
        source: Option<Box<Self>>,
    }

    #[test]
    fn lists_causes_outermost_first_without_repetition() {
        let inner = Layer { text: "connection refused", source: None };
        let middle = Layer { text: "connection refused", source: Some(Box::new(inner)) };
        let outer = Layer { text: "client error (Connect)", source: Some(Box::new(middle)) };

        assert_eq!(causes(&outer), "client error (Connect): connection refused");
    }

    #[test]
    fn removes_the_documentation_link_of_the_tls_library() {
        let layer = Layer {
            text: "peer closed connection without sending TLS close_notify: https://docs.rs/rustls/latest/x#unexpected-eof",
            source: None,
        };

        assert_eq!(causes(&layer), "the connection was closed before the response was complete");
    }

    #[test]
    fn finds_a_certificate_problem_inside_an_io_error() {
        let wrapped = io::Error::other(rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer));

        assert!(is_tls(&wrapped));
        assert!(!is_tls(&io::Error::other("refused")));
    }
}
