//! The file of certificate authorities in `SSL_CERT_FILE`.
//!
//! With a file without usable certificates, the TLS library would only report an untrusted certificate. This module
//! reports an error with the path of the file instead.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::azure::error::Error;

/// The environment variable with the path of the file.
pub(super) const CERT_FILE: &str = "SSL_CERT_FILE";

/// The largest accepted file, in bytes. The certificate authorities of a system take about 200 KB.
const MAX_SIZE: u64 = 64 * 1024 * 1024;

/// Checks the file.
///
/// # Errors
/// [`Error::Environment`] if the file is not readable or contains no certificate.
pub(super) fn check(file: &OsStr) -> Result<(), Error> {
    let Err(problem) = problem(Path::new(file)) else { return Ok(()) };
    let problem = format!("{problem}. Expected a file of certificates in PEM format. Or unset the variable");
    Err(Error::Environment { variable: CERT_FILE, problem })
}

fn problem(file: &Path) -> Result<(), String> {
    if file.as_os_str().is_empty() {
        return Err("it is set to an empty text".to_owned());
    }
    let metadata = fs::metadata(file).map_err(|error| format!("the file {file:?} cannot be read: {error}"))?;
    if metadata.is_dir() {
        return Err(format!("{file:?} is a directory, which belongs in SSL_CERT_DIR"));
    }
    // Reading a pipe or a device might never end.
    if !metadata.is_file() {
        return Err(format!("{file:?} is not a regular file"));
    }
    if metadata.len() > MAX_SIZE {
        return Err(format!("the file {file:?} is larger than 64 MB"));
    }
    let content = fs::read(file).map_err(|error| format!("the file {file:?} cannot be read: {error}"))?;
    if content.trim_ascii().is_empty() {
        return Err(format!("the file {file:?} is empty"));
    }
    // Because of the mark, the parser would skip the first certificate.
    if content.starts_with(b"\xef\xbb\xbf") {
        return Err(format!("the file {file:?} begins with a byte order mark; save it as UTF-8 without BOM"));
    }
    if content.starts_with(b"\xff\xfe") || content.starts_with(b"\xfe\xff") {
        return Err(format!("the file {file:?} is saved as UTF-16; save it as UTF-8"));
    }
    if !CertificateDer::pem_slice_iter(&content).any(|certificate| certificate.is_ok()) {
        return Err(format!("the file {file:?} contains no certificate"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn rejects_a_device_without_reading_it() {
        let error = check(OsStr::new("/dev/zero")).expect_err("reading it would never end");

        assert!(error.to_string().contains("is not a regular file"), "{error}");
    }

    #[test]
    fn reports_the_file_and_its_problem() {
        let folder = tempfile::tempdir().expect("a folder");
        let pem = rcgen::generate_simple_self_signed(["a".to_owned()]).expect("a certificate").cert.pem();
        let utf16: Vec<u8> = [0xfeff].into_iter().chain(pem.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for (name, content, expected) in [
            ("good.pem", pem.clone().into_bytes(), ""),
            ("empty.pem", b" \n".to_vec(), "is empty"),
            ("text.pem", b"no certificate here".to_vec(), "contains no certificate"),
            ("bom.pem", format!("\u{feff}{pem}").into_bytes(), "byte order mark"),
            ("utf16.pem", utf16, "UTF-16"),
        ] {
            let file = folder.path().join(name);
            fs::write(&file, content).expect("it is writable");

            let error = check(file.as_os_str()).err().map(|error| error.to_string()).unwrap_or_default();

            assert_eq!(error.is_empty(), expected.is_empty(), "{name}: {error}");
            assert!(error.contains(expected), "{name}: {error}");
            assert!(error.is_empty() || (error.contains("SSL_CERT_FILE") && error.contains(name)), "{error}");
        }
        for (file, expected) in [
            (folder.path().as_os_str(), "a directory"),
            (OsStr::new("/nonexistent/ca.pem"), "cannot be read"),
            (OsStr::new(""), "empty text"),
        ] {
            let error = check(file).expect_err("no bundle").to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
