//! The go-plugin handshake: one line on stdout with the address and the certificate.

use std::fmt;
use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::listener::Address;

/// The provider protocol that this provider serves: tfplugin6.
pub(crate) const PROTOCOL_VERSION: u32 = 6;

/// The version of go-plugin's core protocol, which defines the handshake line.
const CORE_PROTOCOL_VERSION: u32 = 1;

/// Logs a warning if Terraform does not support [`PROTOCOL_VERSION`].
///
/// The provider sends the handshake anyway, because Terraform then reports the mismatch to the user. A message on
/// stderr would not reach the user.
pub(crate) fn warn_unless_supported(supported: &[u32]) {
    if !supported.contains(&PROTOCOL_VERSION) {
        tracing::warn!(?supported, ours = PROTOCOL_VERSION, "the CLI does not support the provider's protocol version");
    }
}

/// The handshake line: `CORE-PROTOCOL|PROTOCOL|NETWORK|ADDRESS|grpc|CERTIFICATE[|MULTIPLEXING]`.
#[derive(Debug)]
pub(crate) struct Handshake<'a> {
    pub(crate) address: &'a Address,
    /// The server's certificate in DER format. `None` without TLS.
    pub(crate) certificate: Option<&'a [u8]>,
    /// Whether Terraform offered multiplexing. The provider then must respond, and always declines.
    pub(crate) multiplexing_offered: bool,
}

impl Handshake<'_> {
    /// Prints the line with one write. It must be the first output on stdout; Terraform discards the rest.
    pub(crate) fn print(&self) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(format!("{self}\n").as_bytes())?;
        stdout.flush()
    }
}

impl fmt::Display for Handshake<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Address { network, text } = self.address;
        // Go decodes with RawStdEncoding, which rejects padding.
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
