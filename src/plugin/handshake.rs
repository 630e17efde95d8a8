//! go-plugin's handshake: one line on stdout with the address and the certificate.

use std::fmt;
use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::listener::Address;

/// The provider protocol that this provider serves: tfplugin6.
pub(crate) const PROTOCOL_VERSION: u32 = 6;

/// go-plugin's own protocol version: the layout of the line.
const CORE_PROTOCOL_VERSION: u32 = 1;

/// Logs if the CLI does not support [`PROTOCOL_VERSION`]. The handshake names it all the same: the CLI then reports the
/// mismatch to the user, and a message on stderr would not reach them.
pub(crate) fn warn_unless_supported(supported: &[u32]) {
    if !supported.contains(&PROTOCOL_VERSION) {
        tracing::warn!(?supported, ours = PROTOCOL_VERSION, "the CLI does not support the provider's protocol version");
    }
}

/// `CORE-PROTOCOL|PROTOCOL|NETWORK|ADDRESS|grpc|CERTIFICATE[|MULTIPLEXING]`
#[derive(Debug)]
pub(crate) struct Handshake<'a> {
    pub(crate) address: &'a Address,
    /// DER of the server's certificate. Empty without TLS.
    pub(crate) certificate: Option<&'a [u8]>,
    /// Whether the CLI offered multiplexing. The answer is always no, but it is required.
    pub(crate) multiplexing_offered: bool,
}

impl Handshake<'_> {
    /// Prints the line in one piece. It must be the first output on stdout; the CLI discards the rest.
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
        write!(f, "{CORE_PROTOCOL_VERSION}|{PROTOCOL_VERSION}|{network}|{text}|grpc|{certificate}")?;
        if self.multiplexing_offered { f.write_str("|false") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(certificate: Option<&[u8]>, multiplexing_offered: bool) -> String {
        let address = Address { network: "unix", text: "/tmp/plugin".to_owned() };
        Handshake { address: &address, certificate, multiplexing_offered }.to_string()
    }

    #[test]
    fn encodes_the_certificate_as_base64_without_padding() {
        assert_eq!(line(Some(&[0xfb, 0xff]), false), "1|6|unix|/tmp/plugin|grpc|+/8");
    }

    #[test]
    fn leaves_the_certificate_empty_without_tls() {
        assert_eq!(line(None, false), "1|6|unix|/tmp/plugin|grpc|");
    }

    #[test]
    fn declines_multiplexing() {
        assert_eq!(line(None, true), "1|6|unix|/tmp/plugin|grpc||false");
    }
}
