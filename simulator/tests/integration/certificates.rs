//! Entra: client assertions that are signed with the certificate of an application.

use aws_lc_rs::digest;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair,
    PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256,
};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::harness::{Azure, Reply};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A certificate in DER with its key.
struct Identity {
    der: Vec<u8>,
    key: KeyPair,
}

impl Identity {
    fn valid_until(key: KeyPair, not_after: OffsetDateTime) -> Self {
        let mut params = CertificateParams::new(vec!["terraform".to_owned()]).expect("a name");
        params.not_before = datetime!(2020-01-01 0:00 UTC);
        params.not_after = not_after;
        Self { der: params.self_signed(&key).expect("a certificate").der().to_vec(), key }
    }

    fn header(&self, algorithm: &str) -> Value {
        let hash = |algorithm| URL_SAFE_NO_PAD.encode(digest::digest(algorithm, &self.der));
        let sha1 = hash(&digest::SHA1_FOR_LEGACY_USE_ONLY);
        json!({"alg": algorithm, "typ": "JWT", "x5t": sha1, "x5t#S256": hash(&digest::SHA256)})
    }

    fn sign_rsa(&self, padding: &'static dyn RsaEncoding, message: &str) -> Vec<u8> {
        let key = RsaKeyPair::from_pkcs8(&self.key.serialize_der()).expect("an RSA key");
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(padding, &SystemRandom::new(), message.as_bytes(), &mut signature).expect("a signature");
        signature
    }
}

/// The header and the claims of an assertion, with these changes.
fn message(azure: &Azure, mut header: Value, changes: &Value) -> String {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let endpoint = format!("{}/{}/oauth2/v2.0/token", azure.endpoint(), azure.login.tenant_id);
    let mut claims = json!({
        "aud": endpoint, "iss": azure.login.client_id, "sub": azure.login.client_id,
        "jti": "1", "nbf": now, "iat": now, "exp": now + 600,
    });
    for (name, value) in changes.as_object().expect("an object") {
        let target = if name.starts_with("x5") || name == "alg" { &mut header } else { &mut claims };
        target[name] = value.clone();
    }
    let encode = |part: Value| URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}", encode(header), encode(claims))
}

async fn authenticate(azure: &Azure, message: &str, signature: &[u8]) -> Reply {
    let assertion = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
    azure
        .authenticate(&[
            ("client_secret", ""),
            ("client_assertion", &assertion),
            ("client_assertion_type", ASSERTION_TYPE),
        ])
        .await
}

async fn azure_with(certificate: &Identity) -> Azure {
    let azure = Azure::start().await;
    let state = azure.admin(reqwest::Method::GET, "state", None).await;
    let mut applications = state.body["world"]["applications"].clone();
    applications[0]["certificates"] = json!([STANDARD.encode(&certificate.der)]);
    Azure::with_world(json!({"applications": applications})).await
}

fn code(reply: &Reply) -> (u16, u64) {
    (reply.status, reply.body["error_codes"][0].as_u64().unwrap_or_default())
}

#[tokio::test]
async fn accepts_an_assertion_of_a_registered_certificate() {
    let identity =
        Identity::valid_until(KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key"), datetime!(2100-01-01 0:00 UTC));
    let azure = azure_with(&identity).await;

    for (algorithm, padding) in [("PS256", &RSA_PSS_SHA256 as &'static dyn RsaEncoding), ("RS256", &RSA_PKCS1_SHA256)] {
        let message = message(&azure, identity.header(algorithm), &json!({}));
        let reply = authenticate(&azure, &message, &identity.sign_rsa(padding, &message)).await;

        assert_eq!(reply.status, 200, "{reply:?}");
    }
    let fraction = OffsetDateTime::now_utc().unix_timestamp() as f64 + 599.5;
    let message_with_fraction = message(&azure, identity.header("PS256"), &json!({"exp": fraction}));
    let signature = identity.sign_rsa(&RSA_PSS_SHA256, &message_with_fraction);
    assert_eq!(authenticate(&azure, &message_with_fraction, &signature).await.status, 200);
    let expired = OffsetDateTime::now_utc().unix_timestamp() - 3600;
    for (changes, expected) in [
        (json!({"x5t": "AAAA"}), 700_027),
        (json!({"x5t#S256": "AAAA"}), 700_027),
        (json!({"alg": "ES256"}), 5_002_730),
        (json!({"aud": "https://login.example/common/oauth2/v2.0/token"}), 700_023),
        (json!({"sub": "another"}), 700_021),
        (json!({"jti": ""}), 50_027),
        (json!({"exp": expired}), 700_024),
        (json!({"nbf": expired + 7200}), 700_024),
    ] {
        let message = message(&azure, identity.header("PS256"), &changes);
        let reply = authenticate(&azure, &message, &identity.sign_rsa(&RSA_PSS_SHA256, &message)).await;

        assert_eq!(code(&reply), (401, expected), "{changes}: {reply:?}");
    }
    let message = message(&azure, identity.header("PS256"), &json!({}));
    let forged = authenticate(&azure, &message, &identity.sign_rsa(&RSA_PSS_SHA256, "another message")).await;
    assert_eq!(code(&forged), (401, 700_027));
    assert!(forged.body["error_description"].as_str().is_some_and(|text| text.contains("failed signature validation")));
}

/// A certificate that a new authority has issued, and the certificate of the authority.
fn issued() -> (Identity, Vec<u8>) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("a key");
    let authority = CertifiedIssuer::self_signed(authority, key).expect("a certificate");
    let key = KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key");
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "terraform");
    let der = params.signed_by(&key, &authority).expect("a certificate").der().to_vec();
    (Identity { der, key }, authority.der().to_vec())
}

async fn azure_that_trusts(authority: &[u8], subject: &str, registered: &[&Identity]) -> Azure {
    let azure = Azure::start().await;
    let state = azure.admin(reqwest::Method::GET, "state", None).await;
    let mut applications = state.body["world"]["applications"].clone();
    applications[0]["certificates"] = registered.iter().map(|identity| STANDARD.encode(&identity.der)).collect();
    applications[0]["trusted_subjects"] = json!([{"authority": STANDARD.encode(authority), "subject": subject}]);
    Azure::with_world(json!({"applications": applications})).await
}

async fn authenticate_with(azure: &Azure, identity: &Identity, changes: &Value) -> (u16, u64) {
    let message = message(azure, identity.header("PS256"), changes);
    let reply = authenticate(azure, &message, &identity.sign_rsa(&RSA_PSS_SHA256, &message)).await;
    assert!(reply.status == 200 || reply.body["error_codes"].is_array(), "{reply:?}");
    code(&reply)
}

#[tokio::test]
async fn trusted_subject_requires_the_chain() {
    let ((identity, authority), (other, other_authority)) = (issued(), issued());
    let chain = |certificates: &[&[u8]]| json!({"x5c": certificates.iter().map(|der| STANDARD.encode(der)).collect::<Vec<_>>()});
    let azure = azure_that_trusts(&authority, "terraform", &[]).await;

    for (changes, expected) in [
        (chain(&[&identity.der, &authority]), (200, 0)),
        (chain(&[&identity.der]), (200, 0)),
        (json!({}), (401, 700_027)),
        (chain(&[&identity.der, &other_authority]), (401, 7_000_213)),
        (chain(&[&other.der, &other_authority]), (401, 7_000_213)),
        (json!({"x5c": []}), (401, 50_027)),
        (json!({"x5c": ["AAAA"]}), (401, 50_027)),
    ] {
        assert_eq!(authenticate_with(&azure, &identity, &changes).await, expected, "{changes}");
    }
    let azure = azure_that_trusts(&authority, "another", &[]).await;
    assert_eq!(authenticate_with(&azure, &identity, &chain(&[&identity.der, &authority])).await, (401, 7_000_213));
}

#[tokio::test]
async fn rejects_a_registered_certificate_with_an_untrusted_chain() {
    let key = KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key");
    let identity = Identity::valid_until(key, datetime!(2100-01-01 0:00 UTC));
    let azure = azure_that_trusts(&issued().1, "terraform", &[&identity]).await;

    assert_eq!(authenticate_with(&azure, &identity, &json!({})).await, (200, 0));
    let chain = json!({"x5c": [STANDARD.encode(&identity.der)]});
    assert_eq!(authenticate_with(&azure, &identity, &chain).await, (401, 7_000_213));
}

#[tokio::test]
async fn rejects_an_expired_certificate() {
    let key = KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key");
    let identity = Identity::valid_until(key, datetime!(2021-01-01 0:00 UTC));
    let azure = azure_with(&identity).await;
    let message = message(&azure, identity.header("PS256"), &json!({}));

    let reply = authenticate(&azure, &message, &identity.sign_rsa(&RSA_PSS_SHA256, &message)).await;

    assert_eq!(code(&reply), (401, 700_027));
    let text = reply.body["error_description"].as_str().expect("a description");
    assert!(text.contains("The key used is expired., ") && text.contains("End=01/01/2021 00:00:00'"), "{text}");
}

#[tokio::test]
async fn rejects_an_elliptic_curve_key() {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("a key");
    let identity = Identity::valid_until(key, datetime!(2100-01-01 0:00 UTC));
    let azure = azure_with(&identity).await;
    let message = message(&azure, identity.header("ES256"), &json!({}));
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &identity.key.serialize_der()).expect("a key");
    let signature = key.sign(&SystemRandom::new(), message.as_bytes()).expect("a signature");

    let reply = authenticate(&azure, &message, signature.as_ref()).await;

    assert_eq!(code(&reply), (401, 5_002_730));
}
