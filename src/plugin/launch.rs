//! Launch options: the environment variables that go-plugin's client sets for a plugin.

use std::ffi::OsString;
use std::path::PathBuf;

/// go-plugin's magic cookie. It distinguishes a start by Terraform from a manual start. It is not a secret.
const MAGIC_COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// The options that Terraform passes to a plugin.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct LaunchOptions {
    /// `PLUGIN_PROTOCOL_VERSIONS`: the provider protocol versions that Terraform supports.
    pub protocol_versions: Vec<u32>,
    /// Entries of `PLUGIN_PROTOCOL_VERSIONS` that are not numbers.
    pub invalid_protocol_versions: Vec<String>,
    /// `PLUGIN_CLIENT_CERT`: the only client certificate that may connect, in PEM format. Without it, the plugin serves
    /// without TLS.
    pub client_certificate: Option<String>,
    /// `PLUGIN_UNIX_SOCKET_DIR`: the directory for the socket.
    pub socket_directory: Option<PathBuf>,
    /// `PLUGIN_UNIX_SOCKET_GROUP`: the name or ID of a group that may connect.
    pub socket_group: Option<String>,
    /// `PLUGIN_MIN_PORT` and `PLUGIN_MAX_PORT`, unparsed: only the TCP listener needs them.
    pub port_range: (Option<String>, Option<String>),
    /// `PLUGIN_MULTIPLEX_GRPC`: Terraform offers to multiplex broker connections and expects a response.
    pub multiplexing: bool,
}

impl LaunchOptions {
    /// Reads the options through `variable`. Returns `None` if Terraform did not start this process.
    pub fn read(variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        let text = |name: &str| variable(name)?.into_string().ok().filter(|text| !text.is_empty());
        if text(MAGIC_COOKIE.0).as_deref() != Some(MAGIC_COOKIE.1) {
            return None;
        }
        let (protocol_versions, invalid_protocol_versions) =
            parse_versions(&text("PLUGIN_PROTOCOL_VERSIONS").unwrap_or_default());
        Some(Self {
            protocol_versions,
            invalid_protocol_versions,
            // A certificate that is not Unicode must not disable TLS. The empty text is rejected later.
            client_certificate: variable("PLUGIN_CLIENT_CERT")
                .filter(|text| !text.is_empty())
                .map(|text| text.into_string().unwrap_or_default()),
            socket_directory: variable("PLUGIN_UNIX_SOCKET_DIR").filter(|path| !path.is_empty()).map(PathBuf::from),
            socket_group: text("PLUGIN_UNIX_SOCKET_GROUP"),
            port_range: (text("PLUGIN_MIN_PORT"), text("PLUGIN_MAX_PORT")),
            multiplexing: text("PLUGIN_MULTIPLEX_GRPC").is_some(),
        })
    }
}

/// The numbers of a comma-separated list, and the entries that are not numbers.
fn parse_versions(list: &str) -> (Vec<u32>, Vec<String>) {
    let (mut versions, mut invalid) = (Vec::new(), Vec::new());
    for entry in list.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
        match entry.parse() {
            Ok(version) => versions.push(version),
            Err(_) => invalid.push(entry.to_owned()),
        }
    }
    (versions, invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Option<LaunchOptions> {
        let with_cookie: Vec<_> = variables.iter().copied().chain([MAGIC_COOKIE]).collect();
        LaunchOptions::read(|name| Some(with_cookie.iter().find(|(n, _)| *n == name)?.1.into()))
    }

    #[test]
    fn requires_the_magic_cookie() {
        assert_eq!(LaunchOptions::read(|_| None), None);
        assert_eq!(LaunchOptions::read(|name| (name == MAGIC_COOKIE.0).then(|| "something else".into())), None);
    }

    #[cfg(unix)]
    #[test]
    fn certificate_that_is_not_unicode_does_not_disable_tls() {
        use std::os::unix::ffi::OsStringExt;

        let options = LaunchOptions::read(|name| match name {
            "PLUGIN_CLIENT_CERT" => Some(OsString::from_vec(vec![0xff])),
            _ => (name == MAGIC_COOKIE.0).then(|| MAGIC_COOKIE.1.into()),
        });

        let certificate = options.expect("the cookie is there").client_certificate.expect("it is set");
        assert!(super::super::tls::TlsServer::new(&certificate).is_err());
    }

    #[test]
    fn separates_invalid_protocol_versions() {
        let options = read(&[("PLUGIN_PROTOCOL_VERSIONS", "6, 5,six,")]).expect("the cookie is there");
        assert_eq!(options.protocol_versions, [6, 5]);
        assert_eq!(options.invalid_protocol_versions, ["six"]);
    }

    #[test]
    fn treats_an_empty_variable_as_unset() {
        let names = ["PLUGIN_CLIENT_CERT", "PLUGIN_UNIX_SOCKET_DIR", "PLUGIN_MULTIPLEX_GRPC", "PLUGIN_MIN_PORT"];
        let empty = names.map(|name| (name, ""));
        assert_eq!(read(&empty), Some(LaunchOptions::default()));
    }
}
