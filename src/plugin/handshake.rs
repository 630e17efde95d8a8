//! The one line on stdout that tells the CLI where and how to reach us, and the choice of protocol version.

use std::fmt;
use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::listener::Address;

/// The provider protocol we speak: tfplugin6.
pub(crate) const PROTOCOL_VERSION: u32 = 6;

/// Version of the line's own layout.
const CORE_VERSION: u32 = 1;

/// The version to serve, out of those the CLI speaks.
///
/// Without a common one the answer is our own: the CLI then tells its user which version the provider has and which
/// it could use itself, which no text of ours on stderr would reach.
pub(crate) fn negotiate(offered: &[u32]) -> u32 {
    // A second version of ours would make this the highest common one.
    if !offered.contains(&PROTOCOL_VERSION) {
        tracing::warn!(?offered, ours = PROTOCOL_VERSION, "the CLI speaks no protocol version of this provider");
    }
    PROTOCOL_VERSION
}

/// `CORE|VERSION|NETWORK|ADDRESS|grpc|CERTIFICATE[|MULTIPLEXING]`
#[derive(Debug)]
pub(crate) struct Handshake<'a> {
    pub(crate) version: u32,
    pub(crate) address: &'a Address,
    /// DER of the server's certificate; without TLS the field stays empty.
    pub(crate) certificate: Option<&'a [u8]>,
    /// Whether the CLI asked for multiplexing; the answer is always no, but it has to be given.
    pub(crate) multiplexing_asked: bool,
}

impl Handshake<'_> {
    /// Prints the line, in one piece. Nothing may come before it on stdout, and nothing after it is ever read.
    pub(crate) fn print(&self) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(format!("{self}\n").as_bytes())?;
        stdout.flush()
    }
}

impl fmt::Display for Handshake<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Address { network, text } = self.address;
        // Go decodes with RawStdEncoding, which refuses padding.
        let certificate = self.certificate.map(|der| STANDARD_NO_PAD.encode(der)).unwrap_or_default();
        write!(f, "{CORE_VERSION}|{}|{network}|{text}|grpc|{certificate}", self.version)?;
        if self.multiplexing_asked { f.write_str("|false") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(certificate: Option<&[u8]>, multiplexing_asked: bool) -> String {
        let address = Address { network: "unix", text: "/tmp/plugin".to_owned() };
        Handshake { version: 6, address: &address, certificate, multiplexing_asked }.to_string()
    }

    #[test]
    fn the_certificate_is_base64_without_padding() {
        assert_eq!(line(Some(&[0xfb, 0xff]), false), "1|6|unix|/tmp/plugin|grpc|+/8");
    }

    #[test]
    fn without_tls_the_certificate_is_empty() {
        assert_eq!(line(None, false), "1|6|unix|/tmp/plugin|grpc|");
    }

    #[test]
    fn who_asks_for_multiplexing_is_told_no() {
        assert_eq!(line(None, true), "1|6|unix|/tmp/plugin|grpc||false");
    }

    #[test]
    fn six_is_served_whatever_is_offered() {
        assert_eq!(negotiate(&[5, 6, 7]), 6);
        assert_eq!(negotiate(&[5]), 6, "so that the CLI can name the version it cannot use");
        assert_eq!(negotiate(&[]), 6);
    }
}
