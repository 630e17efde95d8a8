//! What the CLI that starts us says in environment variables, read once.
//!
//! go-plugin talks to a new process only through its environment: a cookie that tells a start by a CLI from one by
//! hand, the protocol versions the CLI speaks, and its one-use certificate.

use std::ffi::OsString;
use std::path::PathBuf;

/// Sets a start by Terraform or OpenTofu apart from one by hand; not a secret.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// What the CLI asks of the process it starts.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Environment {
    /// `PLUGIN_PROTOCOL_VERSIONS`: the versions of the provider protocol that the CLI speaks.
    pub versions: Vec<u32>,
    /// Entries of that list that are no versions.
    pub unreadable_versions: Vec<String>,
    /// `PLUGIN_CLIENT_CERT`: PEM of the only certificate that may connect. Without it the CLI wants no TLS.
    pub client_certificate: Option<String>,
    /// `PLUGIN_UNIX_SOCKET_DIR`: the folder the socket must be in.
    pub socket_directory: Option<PathBuf>,
    /// `PLUGIN_UNIX_SOCKET_GROUP`: name or number of the group that may connect.
    pub socket_group: Option<String>,
    /// `PLUGIN_MIN_PORT` and `PLUGIN_MAX_PORT` as given: only a TCP listener cares what they say.
    pub ports: (Option<String>, Option<String>),
    /// `PLUGIN_MULTIPLEX_GRPC`: the CLI would like broker connections on the main one, and waits for an answer.
    pub multiplexing: bool,
}

impl Environment {
    /// Reads the environment through `variable`; `None` if the process was not started by a CLI.
    pub fn read(variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        let text = |name: &str| variable(name)?.into_string().ok().filter(|text| !text.is_empty());
        if text(COOKIE.0).as_deref() != Some(COOKIE.1) {
            return None;
        }
        let (versions, unreadable_versions) = versions(&text("PLUGIN_PROTOCOL_VERSIONS").unwrap_or_default());
        Some(Self {
            versions,
            unreadable_versions,
            client_certificate: text("PLUGIN_CLIENT_CERT"),
            socket_directory: variable("PLUGIN_UNIX_SOCKET_DIR").filter(|path| !path.is_empty()).map(PathBuf::from),
            socket_group: text("PLUGIN_UNIX_SOCKET_GROUP"),
            ports: (text("PLUGIN_MIN_PORT"), text("PLUGIN_MAX_PORT")),
            multiplexing: text("PLUGIN_MULTIPLEX_GRPC").is_some(),
        })
    }
}

/// The numbers of a comma-separated list, and what is none.
fn versions(list: &str) -> (Vec<u32>, Vec<String>) {
    let (mut versions, mut unreadable) = (Vec::new(), Vec::new());
    for entry in list.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
        match entry.parse() {
            Ok(version) => versions.push(version),
            Err(_) => unreadable.push(entry.to_owned()),
        }
    }
    (versions, unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Option<Environment> {
        let with_cookie: Vec<_> = variables.iter().copied().chain([COOKIE]).collect();
        Environment::read(|name| Some(with_cookie.iter().find(|(n, _)| *n == name)?.1.into()))
    }

    #[test]
    fn a_start_without_the_cookie_is_a_start_by_hand() {
        assert_eq!(Environment::read(|_| None), None);
        assert_eq!(Environment::read(|name| (name == COOKIE.0).then(|| "something else".into())), None);
    }

    #[test]
    fn versions_come_in_any_order_and_what_is_none_is_kept_apart() {
        let environment = read(&[("PLUGIN_PROTOCOL_VERSIONS", "6, 5,six,")]).expect("the cookie is there");
        assert_eq!(environment.versions, [6, 5]);
        assert_eq!(environment.unreadable_versions, ["six"]);
    }

    #[test]
    fn an_empty_variable_is_an_absent_one() {
        let names = ["PLUGIN_CLIENT_CERT", "PLUGIN_UNIX_SOCKET_DIR", "PLUGIN_MULTIPLEX_GRPC", "PLUGIN_MIN_PORT"];
        let empty = names.map(|name| (name, ""));
        assert_eq!(read(&empty), Some(Environment::default()));
    }
}
