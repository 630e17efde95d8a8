//! Tests with bundles of common tools and with malformed content. `fixtures/make.sh` creates the files.

use std::time::Duration;

use aws_lc_rs::{digest, hmac};
use proptest::prelude::*;

use super::key_derivation::{Purpose, derive};
use super::*;

const PASSWORD: &str = "correct horse";

const OPENSSL3: &[u8] = include_bytes!("../fixtures/openssl3.pfx");
const PLAIN: &[u8] = include_bytes!("../fixtures/plain.pfx");

/// The numbers of private keys and certificates.
fn counts(bundle: &[u8], password: &str) -> Result<(usize, usize), Pkcs12Error> {
    read(bundle, password).map(|content| (content.private_keys.len(), content.certificates.len()))
}

#[test]
fn reads_bundles_of_common_tools() {
    for (name, bundle, password, expected) in [
        ("OpenSSL 3: AES-256, SHA-256", OPENSSL3, PASSWORD, (1, 3)),
        ("OpenSSL 1: RC2-40, 3DES, SHA-1", include_bytes!("../fixtures/openssl1.pfx"), PASSWORD, (1, 3)),
        ("Windows: 3DES, SHA-1", include_bytes!("../fixtures/windows.pfx"), PASSWORD, (1, 3)),
        ("RC2-128, AES-128, SHA-512", include_bytes!("../fixtures/rc2-128.pfx"), PASSWORD, (1, 3)),
        ("a password beyond ASCII", include_bytes!("../fixtures/umlaut.pfx"), "pässwörd", (1, 3)),
        ("Key Vault: 3DES, empty password", include_bytes!("../fixtures/key-vault.pfx"), "", (1, 3)),
        ("AES-256, empty password", include_bytes!("../fixtures/empty-password.pfx"), "", (1, 3)),
        ("without a MAC", include_bytes!("../fixtures/no-mac.pfx"), PASSWORD, (1, 3)),
        ("without encryption", PLAIN, "", (1, 3)),
        ("without a key", include_bytes!("../fixtures/no-key.pfx"), PASSWORD, (0, 1)),
        ("an elliptic curve", include_bytes!("../fixtures/ec.pfx"), PASSWORD, (1, 1)),
    ] {
        assert!(is_pkcs12(bundle), "{name}");
        assert_eq!(counts(bundle, password), Ok(expected), "{name}");
    }
}

#[test]
fn detects_a_wrong_password_with_and_without_a_mac() {
    for bundle in [OPENSSL3, include_bytes!("../fixtures/openssl1.pfx"), include_bytes!("../fixtures/no-mac.pfx")] {
        for password in ["wrong", "", "Correct Horse"] {
            assert_eq!(counts(bundle, password), Err(Pkcs12Error::WrongPassword), "{password:?}");
        }
    }
}

#[test]
fn rejects_a_modified_bundle() {
    let mut bundle = OPENSSL3.to_vec();
    let middle = bundle.len() / 2;
    bundle[middle] ^= 1;

    assert_eq!(counts(&bundle, PASSWORD), Err(Pkcs12Error::WrongPassword));
}

#[test]
fn rejects_other_content() {
    let cut = &OPENSSL3[..OPENSSL3.len() / 2];
    for content in [b"" as &[u8], b"text", cut, include_bytes!("../fixtures/certificate-only.cer")] {
        assert!(!is_pkcs12(content));
        assert_eq!(counts(content, ""), Err(Pkcs12Error::Malformed));
    }
}

/// The result of `read` within a time limit. A thread that does not end cannot be stopped, so it is abandoned.
fn in_time<T: Send + 'static>(read: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(read()));
    receiver.recv_timeout(Duration::from_secs(30)).expect("an end, and no panic")
}

#[test]
fn rejects_a_length_that_overflows() {
    for last in [0xf4, 0xf5, 0xf6, 0xf7, 0xff] {
        let content = [b"\x30\x0d\x02\x01\x03\x04\x88\xff\xff\xff\xff\xff\xff\xff" as &[u8], &[last]].concat();
        let certificate = [b"\x30\x0c\x30\x0a\x88\xff\xff\xff\xff\xff\xff\xff" as &[u8], &[last]].concat();

        let read = in_time(move || {
            let certificate = super::super::certificate::Certificate::read(certificate).is_some();
            (is_pkcs12(&content), counts(&content, ""), certificate)
        });

        assert_eq!(read, (false, Err(Pkcs12Error::Malformed), false), "{last:x}");
    }
}

/// An element with a definite length.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut length = content.len().to_be_bytes().to_vec();
    length.retain({
        let mut started = false;
        move |byte| {
            started |= *byte != 0;
            started
        }
    });
    let mut element = vec![tag];
    if content.len() < 128 {
        element.push(content.len() as u8);
    } else {
        element.push(0x80 | length.len() as u8);
        element.extend(length);
    }
    element.extend_from_slice(content);
    element
}

/// The safes of the bundle without encryption and MAC.
fn plain_safes() -> Vec<u8> {
    let read = yasna::parse_der(PLAIN, |reader| {
        reader.read_sequence(|reader| {
            reader.next().read_u32()?;
            reader.next().read_sequence(|reader| {
                reader.next().read_oid()?;
                reader.next().read_tagged(Tag::context(0), asn1::bytes)
            })
        })
    });
    read.expect("the fixture has this form")
}

const VERSION: &[u8] = &[2, 1, 3];
const DATA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];

#[test]
fn missing_and_empty_passwords_derive_different_keys() {
    let safes = plain_safes();
    let none = &Password::candidates("")[1];
    let key = derive(&digest::SHA1_FOR_LEGACY_USE_ONLY, none, b"salt", Purpose::Mac, 1, 20);
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key), &safes);
    let sha1 = element(0x30, &[6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0]);
    let digest_info = element(0x30, &[sha1, element(4, mac.as_ref())].concat());
    let mac_data = element(0x30, &[digest_info, element(4, b"salt")].concat());
    let content = element(0x30, &[DATA, &element(0xa0, &element(4, &safes))].concat());
    let bundle = element(0x30, &[VERSION, &content, &mac_data].concat());

    assert_eq!(counts(&bundle, ""), Ok((1, 3)));
    assert_eq!(counts(&bundle, "x"), Err(Pkcs12Error::WrongPassword));
}

/// The bundle without encryption, with a MAC with this key length in bytes.
fn pbmac1_bundle(key_length: u8) -> Vec<u8> {
    let safes = plain_safes();
    // The object identifiers 1.2.840.113549.1.5.12, 1.2.840.113549.1.5.14 and 1.2.840.113549.2.9.
    let oid = |end: &[u8]| element(6, &[&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d], end].concat());
    let algorithm = |name: Vec<u8>, parameters: &[u8]| element(0x30, &[&name, parameters].concat());
    let (iterations, length) = (element(2, &[0x08, 0]), element(2, &[key_length]));
    let hmac_sha256 = algorithm(oid(&[2, 9]), &[5, 0]);
    let parameters = element(0x30, &[element(4, b"salt"), iterations, length, hmac_sha256.clone()].concat());
    let pbkdf2 = algorithm(oid(&[1, 5, 12]), &parameters);
    let pbmac1 = algorithm(oid(&[1, 5, 14]), &element(0x30, &[pbkdf2, hmac_sha256].concat()));
    let mut key = vec![0; key_length.into()];
    let times = std::num::NonZeroU32::new(2048).expect("not zero");
    aws_lc_rs::pbkdf2::derive(aws_lc_rs::pbkdf2::PBKDF2_HMAC_SHA256, times, b"salt", b"correct horse", &mut key);
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &safes);
    let digest_info = element(0x30, &[pbmac1, element(4, mac.as_ref())].concat());
    let mac_data = element(0x30, &[digest_info, element(4, b"NOT USED")].concat());
    bundle_of(&safes, &mac_data)
}

/// A bundle with these safes and this MAC, which may be empty.
fn bundle_of(safes: &[u8], mac_data: &[u8]) -> Vec<u8> {
    let content = element(0x30, &[DATA, &element(0xa0, &element(4, safes))].concat());
    element(0x30, &[VERSION, &content, mac_data].concat())
}

/// A bundle with one part with these bags.
fn bundle_of_bags(bags: &[u8]) -> Vec<u8> {
    let safe = element(0x30, &[DATA, &element(0xa0, &element(4, &element(0x30, bags)))].concat());
    bundle_of(&element(0x30, &safe), &[])
}

/// A bag of the kind 1.2.840.113549.1.12.10.1 with this last number.
fn bag(kind: u8, content: &[u8]) -> Vec<u8> {
    let kind = element(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 10, 1, kind]);
    element(0x30, &[kind, element(0xa0, content)].concat())
}

#[test]
fn verifies_a_pbkdf2_mac() {
    for length in [32, 64] {
        assert_eq!(counts(&pbmac1_bundle(length), PASSWORD), Ok((1, 3)));
        assert_eq!(counts(&pbmac1_bundle(length), "wrong"), Err(Pkcs12Error::WrongPassword));
    }
    let rejected = counts(&pbmac1_bundle(65), PASSWORD);
    assert_eq!(rejected, Err(Pkcs12Error::Unsupported("a key of 65 bytes".to_owned())));
}

#[test]
fn limits_the_depth_of_nested_bags() {
    let key = bag(1, &element(0x30, b"\x02\x01\x00"));
    let nested = |levels: usize| (0..levels).fold(key.clone(), |inner, _| bag(6, &element(0x30, &inner)));

    assert_eq!(counts(&bundle_of_bags(&nested(8)), ""), Ok((1, 0)));
    assert_eq!(counts(&bundle_of_bags(&nested(9)), ""), Err(Pkcs12Error::Excessive("bags in more than 8 other bags")));
    assert!(counts(&bundle_of_bags(&nested(20_000)), "").is_err());
}

#[test]
fn limits_the_number_of_keys_and_parts() {
    let key = bag(1, &element(0x30, b"\x02\x01\x00"));
    let part = element(0x30, &[DATA, &element(0xa0, &element(4, &element(0x30, &[])))].concat());
    let parts = |number: usize| bundle_of(&element(0x30, &part.repeat(number)), &[]);

    assert_eq!(counts(&bundle_of_bags(&key.repeat(16)), ""), Ok((16, 0)));
    assert_eq!(counts(&parts(16), ""), Ok((0, 0)));
    assert_eq!(counts(&bundle_of_bags(&key.repeat(17)), ""), Err(Pkcs12Error::Excessive("more than 16 private keys")));
    assert_eq!(counts(&parts(17), ""), Err(Pkcs12Error::Excessive("more than 16 parts")));
}

#[test]
fn all_keys_share_one_iteration_budget() {
    let mut budget = Budget::default();

    budget.iterations(2_500_000, 1).expect("half of it");
    budget.iterations(625_000, 2).expect("half of the rest");
    let rejected = budget.iterations(1_250_001, 1);

    assert!(matches!(rejected, Err(Pkcs12Error::Excessive(_))), "{rejected:?}");
    budget.iterations(1_250_000, 1).expect("the rest");
    assert!(budget.iterations(1, 1).is_err());
    assert!(Budget::default().iterations(0, 1).is_err() && Budget::default().iterations(u32::MAX, 1).is_err());
    assert!(Budget::default().iterations(2, usize::MAX).is_err());
}

#[test]
fn detects_every_wrong_password_without_a_mac() {
    // A cipher accepts one of 256 wrong passwords.
    for at in 0..600 {
        let password = format!("wrong {at}");
        assert_eq!(counts(include_bytes!("../fixtures/no-mac.pfx"), &password), Err(Pkcs12Error::WrongPassword));
    }
}

#[test]
fn ignores_spaces_around_a_password() {
    for (given, is_right) in [("correct horse\r\n", true), (" correct horse", true), ("correct  horse", false)] {
        assert_eq!(counts(OPENSSL3, given).is_ok(), is_right, "{given:?}");
    }
    for blank in ["", " ", "\"\"", "\n"] {
        assert_eq!(counts(include_bytes!("../fixtures/key-vault.pfx"), blank), Ok((1, 3)), "{blank:?}");
    }
}

#[test]
fn reads_split_strings_and_indefinite_lengths() {
    let safes = plain_safes();
    let (first, second) = safes.split_at(1000);
    let end = [0, 0];
    let string = [&[0x24, 0x80], element(4, first).as_slice(), &element(4, second), &end].concat();
    let content = [&[0x30, 0x80], DATA, &[0xa0, 0x80], &string, &end, &end].concat();
    let bundle = [&[0x30, 0x80], VERSION, &content, &end].concat();

    assert_eq!(counts(&bundle, ""), Ok((1, 3)));
}

#[test]
fn rejects_too_many_iterations_at_once() {
    let safes = plain_safes();
    let sha1 = element(0x30, &[6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0]);
    let digest_info = element(0x30, &[sha1, element(4, &[0; 20])].concat());
    let mac_data = element(0x30, &[digest_info, element(4, b"salt"), element(2, &[0x7f, 0, 0, 0])].concat());
    let content = element(0x30, &[DATA, &element(0xa0, &element(4, &safes))].concat());
    let bundle = element(0x30, &[VERSION, &content, &mac_data].concat());

    let rejected = counts(&bundle, "");

    assert_eq!(rejected, Err(Pkcs12Error::Excessive("password hashes with more than 5 million iterations")));
}

proptest! {
    #[test]
    fn damaged_bundles_do_not_panic(
        which in 0..5_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut: prop::sample::Index,
    ) {
        let mut bundle = match which {
            0 => PLAIN.to_vec(),
            1 => OPENSSL3.to_vec(),
            2 => include_bytes!("../fixtures/openssl1.pfx").to_vec(),
            3 => include_bytes!("../fixtures/rc2-128.pfx").to_vec(),
            _ => pbmac1_bundle(32),
        };
        for (at, byte) in changes {
            let at = at.index(bundle.len());
            bundle[at] = byte;
        }
        let _ = counts(&bundle, PASSWORD);
        let _ = counts(&bundle[..cut.index(bundle.len())], PASSWORD);
    }

    #[test]
    fn arbitrary_bytes_do_not_panic(content: Vec<u8>) {
        let _ = counts(&content, PASSWORD);
        let _ = counts(&bundle_of(&content, &[]), PASSWORD);
        let _ = counts(&bundle_of(&plain_safes(), &content), PASSWORD);
        let _ = counts(&bundle_of_bags(&content), PASSWORD);
        let _ = counts(&bundle_of_bags(&bag(2, &element(0x30, &content))), PASSWORD);
        let _ = decrypt_key(&content, PASSWORD, &mut Budget::default());
    }
}
