//! Tests of the supported formats and of the errors for other content.

use base64::engine::general_purpose::STANDARD;
use time::macros::datetime;

use super::*;

const PASSWORD: &str = "correct horse";
const NOW: OffsetDateTime = datetime!(2100-01-01 0:00 UTC);

fn read(content: &[u8], password: &str) -> Result<Bundle, BundleError> {
    Bundle::read(content, password)
}

/// The setting and the problem of the error.
fn rejected(content: &[u8], password: &str) -> (CertificateSetting, String) {
    match read(content, password) {
        Ok(_) => panic!("it is usable"),
        Err(BundleError { setting, problem }) => (setting, problem),
    }
}

#[test]
fn reads_the_key_and_its_certificate_chain_in_every_format() {
    for (name, content, password, algorithm, chain) in [
        ("PFX", include_bytes!("../fixtures/openssl3.pfx") as &[u8], PASSWORD, "PS256", 3),
        ("PEM", include_bytes!("../fixtures/rsa.pem"), "", "PS256", 3),
        ("PEM and a password that it does not need", include_bytes!("../fixtures/rsa.pem"), PASSWORD, "PS256", 3),
        ("PEM with a key in PKCS#1", include_bytes!("../fixtures/rsa-pkcs1.pem"), "", "PS256", 1),
        ("PEM with an encrypted key", include_bytes!("../fixtures/rsa-encrypted.pem"), PASSWORD, "PS256", 1),
        ("PEM on a curve", include_bytes!("../fixtures/ec.pem"), "", "ES256", 1),
        ("PEM on a curve in SEC 1", include_bytes!("../fixtures/ec-sec1.pem"), "", "ES256", 1),
        ("PFX on a curve", include_bytes!("../fixtures/ec.pfx"), PASSWORD, "ES256", 1),
    ] {
        let bundle = read(content, password).unwrap_or_else(|error| panic!("{name}: {error:?}"));

        assert_eq!((bundle.key.algorithm(), bundle.chain.len()), (algorithm, chain), "{name}");
        assert_eq!(bundle.certificate().public_key, bundle.key.public_key(), "{name}");
        bundle.check_validity(NOW).expect(name);
    }
}

#[test]
fn reports_each_problem_on_its_setting() {
    let (certificate, password) = (CertificateSetting::Certificate, CertificateSetting::Password);
    for (content, with, setting, expected) in [
        (b"" as &[u8], "", certificate, "is empty"),
        (b"just text", "", certificate, "is neither a PKCS#12 bundle (.pfx, .p12) nor a PEM file"),
        (b"\xff\xfet\0", "", certificate, "is UTF-16 text"),
        (include_bytes!("../fixtures/certificate-only.cer"), "", certificate, "a certificate alone (.cer, .crt)"),
        (include_bytes!("../fixtures/openssl3.pfx"), "", password, "is not set, but the bundle requires a password"),
        (include_bytes!("../fixtures/openssl3.pfx"), "s3cret", password, "is wrong, or the bundle is damaged"),
        (include_bytes!("../fixtures/no-key.pfx"), PASSWORD, certificate, "has no private key"),
        (include_bytes!("../fixtures/mismatch.pem"), "", certificate, "does not belong to any certificate"),
        (include_bytes!("../fixtures/rsa-encrypted.pem"), "", password, "is not set, and the private key is encrypted"),
        (include_bytes!("../fixtures/rsa-encrypted.pem"), "s3cret", password, "is wrong, or the bundle is damaged"),
        (include_bytes!("../fixtures/rsa-traditional.pem"), PASSWORD, certificate, "OpenSSL's old encryption"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA", "", certificate, "is a damaged PEM file"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "", certificate, "key that cannot be used"),
    ] {
        let (found, problem) = rejected(content, with);

        assert!(found == setting && problem.contains(expected), "{expected}: {found:?} {problem}");
        assert!(!problem.contains("s3cret"), "no password is repeated: {problem}");
    }
}

#[test]
fn rejects_an_expired_or_future_certificate_with_its_dates() {
    let bundle = read(include_bytes!("../fixtures/rsa.pem"), "").expect("a certificate");

    let expired = bundle.check_validity(datetime!(2200-01-01 0:00 UTC)).expect_err("expired");
    let early = bundle.check_validity(datetime!(2020-01-01 0:00 UTC)).expect_err("not valid yet");
    let not_before = bundle.certificate().not_before;
    bundle.check_validity(not_before - Duration::minutes(5)).expect("clocks differ");
    bundle.check_validity(not_before - Duration::minutes(6)).expect_err("clocks differ less");

    assert!(
        expired.problem.starts_with("expired at 21") && expired.problem.contains("create a new one"),
        "{expired:?}"
    );
    assert!(early.problem.ends_with("the clock of this machine shows 2020-01-01T00:00:00Z"), "{early:?}");
}

#[test]
fn ignores_an_unreadable_key_if_another_key_matches() {
    let right = include_str!("../fixtures/rsa.pem");
    let damaged = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let (encrypted, _) = include_str!("../fixtures/rsa-encrypted.pem").split_once("-----BEGIN CERT").expect("a key");
    let (traditional, _) =
        include_str!("../fixtures/rsa-traditional.pem").split_once("-----BEGIN CERT").expect("a key");
    let foreign = include_str!("../fixtures/mismatch.pem");

    for other in [damaged, encrypted, traditional] {
        for password in ["", "s3cret"] {
            let bundle = read(format!("{other}{right}").as_bytes(), password).expect("a pair");
            assert_eq!(bundle.certificate().public_key, bundle.key.public_key());
        }
    }
    for (other, setting, problem) in [
        (damaged, CertificateSetting::Certificate, "cannot be used"),
        (encrypted, CertificateSetting::Password, "is not set"),
        (traditional, CertificateSetting::Certificate, "OpenSSL's old encryption"),
    ] {
        let (found, text) = rejected(format!("{foreign}{other}").as_bytes(), "");
        assert!(found == setting && text.contains(problem), "{problem}: {text}");
    }
}

#[test]
fn reads_a_trusted_certificate_of_openssl() {
    let pem = include_str!("../fixtures/rsa-pkcs1.pem");
    let (key, _) = pem.split_once("-----BEGIN CERTIFICATE").expect("the key is first");
    // What `openssl x509 -addtrust clientAuth` appends.
    let trust = b"\x30\x0c\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02";
    let der = [include_bytes!("../fixtures/certificate-only.cer") as &[u8], trust].concat();
    let trusted = pem::encode(&pem::Pem::new("TRUSTED CERTIFICATE", der));

    let bundle = read(format!("{key}{trusted}").as_bytes(), "").expect("a pair");

    assert_eq!(bundle.certificate().der, include_bytes!("../fixtures/certificate-only.cer"));
}

#[test]
fn detects_every_wrong_key_password() {
    for at in 0..600 {
        let (setting, problem) = rejected(include_bytes!("../fixtures/rsa-encrypted.pem"), &format!("wrong {at}"));
        assert!(setting == CertificateSetting::Password && problem.starts_with("is wrong, or"), "{problem}");
    }
}

#[test]
fn accepts_base64_with_line_breaks_and_padding_variants() {
    let bundle = include_bytes!("../fixtures/openssl3.pfx");
    let encoded = STANDARD.encode(bundle);
    let lines: String =
        encoded.as_bytes().chunks(76).map(|line| format!("{}\r\n", String::from_utf8_lossy(line))).collect();

    for text in [encoded.clone(), lines, format!("\u{feff}\"{encoded}\"\n"), encoded.trim_end_matches('=').to_owned()] {
        assert_eq!(**decode(&text).expect("base64"), bundle[..]);
    }
    let pem = include_str!("../fixtures/rsa.pem");
    assert_eq!(**decode(pem).expect("PEM"), *pem.trim_end().as_bytes());
}

#[test]
fn reports_other_text_without_repeating_it() {
    for (text, problem) in
        [("/home/soc/client.pfx\\", "is not base64"), ("\"soc\u{e4}\"", "is not base64"), (" \n", "is empty")]
    {
        let error = decode(text).expect_err(text);
        assert!(error.contains(problem) && !error.contains("soc"), "{error}");
    }
}

#[test]
fn decodes_a_file_that_contains_base64() {
    let bundle = include_bytes!("../fixtures/openssl3.pfx");
    let file = |content: &[u8]| decode_file(Zeroizing::new(content.to_vec())).to_vec();

    assert_eq!(file(bundle), bundle);
    assert_eq!(file(STANDARD.encode(bundle).as_bytes()), bundle);
    assert_eq!(file(b"QUJD"), b"QUJD", "base64 of other content is not decoded");
}
