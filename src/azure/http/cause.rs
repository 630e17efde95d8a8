//! Why a connection failed: the kind for the retry decision, the causes for the user.

use std::error::Error as StdError;
use std::io;

use crate::azure::error::TransportKind;
use crate::azure::text::host_of;

/// The kind of failure, and all causes. Leaves the address out, because its query may contain a secret.
pub(in crate::azure) fn classify(error: &reqwest::Error) -> (TransportKind, String) {
    let text = causes(error);
    if !error.is_connect() {
        return (TransportKind::Interrupted, text);
    }
    let kind = if is_tls(error) {
        TransportKind::Tls
    } else if text.contains("dns error") || text.contains("failed to lookup address") {
        TransportKind::Name
    } else if text.contains("tunnel") || text.contains("proxy") {
        TransportKind::Proxy
    } else {
        TransportKind::Connect
    };
    let note = if kind == TransportKind::Tls { None } else { proxy_note(|name| std::env::var(name).ok()) };
    (kind, text + &note.unwrap_or_default())
}

/// The configured proxy, which may be the host that is unreachable; without its user and password.
fn proxy_note(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let (name, value) = names.into_iter().find_map(|name| {
        let value = variable(name).filter(|value| !value.trim().is_empty())?;
        Some((name, value))
    })?;
    let full = if value.contains("://") { value } else { format!("http://{value}") };
    let host = reqwest::Url::parse(&full).map_or_else(|_| "an unreadable address".to_owned(), |url| host_of(&url));
    Some(format!(" (the environment variable {name} names the proxy {host})"))
}

/// The causes of an error, outermost first, without repetitions.
pub(in crate::azure) fn causes(error: &(dyn StdError + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(current) = next {
        next = current.source();
        let text = match current.downcast_ref::<reqwest::Error>() {
            // Its own text names the address; the causes below say what happened.
            Some(_) if next.is_some() => continue,
            Some(request) if request.is_timeout() => "timed out".to_owned(),
            _ => current.to_string(),
        };
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
    }
    parts.join(": ")
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
    fn causes_are_listed_outermost_first_and_once() {
        let inner = Layer { text: "connection refused", source: None };
        let middle = Layer { text: "connection refused", source: Some(Box::new(inner)) };
        let outer = Layer { text: "client error (Connect)", source: Some(Box::new(middle)) };

        assert_eq!(causes(&outer), "client error (Connect): connection refused");
    }

    #[test]
    fn names_the_configured_proxy_without_its_user() {
        let variable = |name: &str| (name == "https_proxy").then(|| "user:pw@proxy.example:3128".to_owned());

        assert_eq!(
            proxy_note(variable).as_deref(),
            Some(" (the environment variable https_proxy names the proxy proxy.example:3128)")
        );
        assert_eq!(proxy_note(|_| None), None);
    }

    #[test]
    fn finds_a_certificate_problem_inside_an_io_error() {
        let wrapped = io::Error::other(rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer));

        assert!(is_tls(&wrapped));
        assert!(!is_tls(&io::Error::other("refused")));
    }
}
