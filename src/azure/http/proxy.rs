//! The proxy of the environment.
//!
//! The HTTPS library ignores an invalid proxy and would try to connect directly until its timeout. This module reports
//! an error instead.

use std::net::IpAddr;

use reqwest::Url;

use crate::azure::error::Error;
use crate::azure::text::host_of;
use crate::redaction;

/// The variables in the order of the HTTPS library. It uses the first variable that is set, even if it is empty.
const HTTPS: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];
const ALL: [&str; 2] = ["ALL_PROXY", "all_proxy"];
const NONE: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The schemes of SOCKS proxies. The HTTPS library accepts only lower case. With `socks5h` and `socks4a`, the proxy
/// resolves host names.
const SOCKS: [&str; 4] = ["socks5", "socks5h", "socks4", "socks4a"];

/// A proxy that an environment variable sets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Proxy {
    /// The environment variable.
    pub(super) variable: &'static str,
    /// The host, with the port unless it is the default.
    pub(super) host: String,
}

impl Proxy {
    /// Checks the proxy for requests to `host`.
    ///
    /// # Errors
    /// [`Error::Environment`] if the proxy is invalid.
    pub(super) fn check(host: &str, variable: impl Fn(&str) -> Option<String>) -> Result<(), Error> {
        if excludes(host, &variable) { Ok(()) } else { Self::of_environment(variable).map(drop) }
    }

    /// Reads the proxy for HTTPS. `None` if the environment sets no proxy or excludes all hosts.
    ///
    /// # Errors
    /// [`Error::Environment`] if the proxy is invalid.
    pub(super) fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, Error> {
        if excludes_all_hosts(&variable) {
            return Ok(None);
        }
        let set = |names| first(names, &variable).filter(|(_, value)| !value.is_empty());
        let Some((name, value)) = set(HTTPS).or_else(|| set(ALL)) else { return Ok(None) };
        match parse(&value) {
            Ok(host) => Ok(Some(Self { variable: name, host })),
            Err(problem) => Err(Error::Environment { variable: name, problem }),
        }
    }
}

/// Whether `NO_PROXY` contains this host or a domain of it. The HTTPS library also supports networks such as
/// `10.0.0.0/8`: if there is any, all IP addresses count as excluded.
fn excludes(host: &str, variable: &impl Fn(&str) -> Option<String>) -> bool {
    let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
    let is_address = host.parse::<IpAddr>().is_ok();
    first(NONE, variable).is_some_and(|(_, list)| {
        list.split(',').map(|entry| entry.trim().to_ascii_lowercase()).any(|entry| {
            let domain = entry.trim_start_matches("*.").trim_start_matches('.');
            match (is_address, domain.is_empty()) {
                (_, true) => false,
                (true, false) => domain == host || domain.contains('/'),
                (false, false) => host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
            }
        })
    })
}

/// Whether `NO_PROXY` contains `*`. The HTTPS library applies `*` only to host names, not to IP addresses.
pub(super) fn excludes_all_hosts(variable: &impl Fn(&str) -> Option<String>) -> bool {
    first(NONE, variable).is_some_and(|(_, list)| list.split(',').any(|entry| entry.trim() == "*"))
}

fn first(names: [&'static str; 2], variable: &impl Fn(&str) -> Option<String>) -> Option<(&'static str, String)> {
    names.into_iter().find_map(|name| Some((name, variable(name)?)))
}

/// The host of a proxy. The error says why the value is invalid, without its user and password.
fn parse(value: &str) -> Result<String, String> {
    const EXPECTED: &str = "Expected http://HOST:PORT, https://HOST:PORT for a proxy that itself uses TLS, or \
                            socks5://HOST:PORT";
    if value.contains(char::is_whitespace) || value.contains(char::is_control) {
        return Err(format!("it contains white space. {EXPECTED}"));
    }
    let (scheme, rest) = value.split_once("://").unwrap_or(("http", value));
    let is_socks = SOCKS.contains(&scheme);
    if !is_socks && !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Err(format!("proxies with the scheme {scheme:?} are not supported. {EXPECTED}"));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    let port = match host.rsplit_once(':') {
        Some((_, port)) if !port.contains(']') => Some(port),
        _ => None,
    };
    if port.is_some_and(|port| !port.parse::<u16>().is_ok_and(|port| port > 0)) {
        return Err(format!("its port is not a number from 1 to 65535. {EXPECTED}"));
    }
    // Without a port, the HTTPS library would use port 80.
    if is_socks && port.is_none() {
        return Err(format!("it has no port, which is usually 1080. {EXPECTED}"));
    }
    let url = Url::parse(&format!("{scheme}://{host}/")).ok().filter(|url| url.host_str().is_some());
    let (Some(url), true) = (url, value.parse::<http::Uri>().is_ok()) else {
        return Err(format!("it is not the address of a proxy. {EXPECTED}"));
    };
    if let Some((_, password)) = user.and_then(|user| user.split_once(':')) {
        redaction::protect(password);
    }
    Ok(host_of(&url))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Option<String>, String> {
        let variable = |name: &str| Some(variables.iter().find(|(known, _)| *known == name)?.1.to_owned());
        match Proxy::of_environment(variable) {
            Ok(proxy) => Ok(proxy.map(|proxy| format!("{} {}", proxy.variable, proxy.host))),
            Err(error) => Err(error.to_string()),
        }
    }

    fn host(variable: &str, host: &str) -> Result<Option<String>, String> {
        Ok(Some(format!("{variable} {host}")))
    }

    #[test]
    fn first_variable_takes_precedence() {
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&[("https_proxy", "a"), ("HTTPS_PROXY", "http://b:3128/")]), host("HTTPS_PROXY", "b:3128"));
        assert_eq!(read(&[("https_proxy", "user:pw@proxy.example:3128")]), host("https_proxy", "proxy.example:3128"));
        assert_eq!(read(&[("HTTPS_PROXY", ""), ("ALL_PROXY", "https://[::1]:8443")]), host("ALL_PROXY", "[::1]:8443"));
        assert_eq!(read(&[("ALL_PROXY", "socks5h://u:p@jump.example:1080")]), host("ALL_PROXY", "jump.example:1080"));
    }

    #[test]
    fn an_asterisk_excludes_every_host() {
        assert_eq!(read(&[("HTTPS_PROXY", "http://b:1"), ("NO_PROXY", "a.example, *")]), Ok(None));
        assert_eq!(read(&[("HTTPS_PROXY", "http://b:1"), ("NO_PROXY", "*.example")]), host("HTTPS_PROXY", "b:1"));
    }

    #[test]
    fn ignores_an_invalid_proxy_for_excluded_hosts() {
        let check = |host: &str| {
            Proxy::check(host, |name| match name {
                "HTTPS_PROXY" => Some("ftp://proxy".to_owned()),
                "NO_PROXY" => Some("azure.com, .login.example,10.0.0.0/8".to_owned()),
                _ => None,
            })
        };

        for host in ["management.azure.com", "AZURE.com", "a.login.example", "10.1.2.3"] {
            assert!(check(host).is_ok(), "{host}");
        }
        for host in ["notazure.com", "management.azure.us"] {
            assert!(check(host).is_err(), "{host}");
        }
    }

    #[test]
    fn reports_an_invalid_proxy_without_its_password() {
        for (value, problem) in [
            ("SOCKS5://u:hidden@proxy:1080", "scheme \"SOCKS5\""),
            ("socks5://u:hidden@proxy", "no port"),
            ("ftp://u:hidden@proxy", "scheme \"ftp\""),
            ("http://u:hidden@proxy:99999", "port"),
            ("http://u:hidden@proxy:0", "port"),
            ("http://u:hidden@proxy:", "port"),
            ("http://u:hidden@proxy:80a", "port"),
            ("http://u:hidden@", "not the address"),
            (" http://u:hidden@proxy:1", "white space"),
        ] {
            let error = read(&[("HTTPS_PROXY", value)]).expect_err(value);

            assert!(
                error.contains("the environment variable HTTPS_PROXY") && error.contains(problem),
                "{value}: {error}"
            );
            assert!(!error.contains("hidden"), "{value}: {error}");
        }
    }
}
