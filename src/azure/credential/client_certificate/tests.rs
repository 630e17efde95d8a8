//! Tests of the assertion, and of token requests to a server instead of Microsoft Entra.

use std::time::Duration;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::*;
use crate::azure::cloud::Cloud;
use crate::azure::credential::Credential;
use crate::azure::error::{AuthenticationProblem, Error};
use crate::azure::testing::{Reply, Server, deadline};

const SCOPE: &str = "https://management.azure.com/.default";
const ENDPOINT: &str = "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token";

fn bundle(content: &[u8]) -> Bundle {
    Bundle::read(content, "").expect("a usable certificate")
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

/// Verifies the signature of an assertion, and returns its header and claims.
fn verified(assertion: &str, bundle: &Bundle, algorithm: &'static dyn VerificationAlgorithm) -> (Value, Value) {
    let (message, signature) = assertion.rsplit_once('.').expect("three parts");
    let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
    let key = UnparsedPublicKey::new(algorithm, &bundle.certificate().public_key);
    key.verify(message.as_bytes(), &signature).expect("the signature is valid");
    let (header, claims) = message.split_once('.').expect("two parts");
    (decoded(header), decoded(claims))
}

#[test]
fn assertion_has_the_documented_header_and_claims() {
    let bundle = bundle(include_bytes!("fixtures/rsa.pem"));
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_900_000_000);
    let sign = || client_assertion::sign(&bundle, Chain, "app", ENDPOINT, now).expect("a signature");

    let (header, claims) = verified(sign().expose_secret(), &bundle, &RSA_PSS_2048_8192_SHA256);

    assert_eq!((&header["alg"], &header["typ"]), (&"PS256".into(), &"JWT".into()));
    let der = &bundle.certificate().der;
    let hash = |algorithm| URL_SAFE_NO_PAD.encode(digest::digest(algorithm, der));
    assert_eq!(header["x5t"], hash(&digest::SHA1_FOR_LEGACY_USE_ONLY));
    assert_eq!(header["x5t#S256"], hash(&digest::SHA256));
    assert_eq!(header["x5c"].as_array().map(Vec::len), Some(3));
    assert_eq!(header["x5c"][0], STANDARD.encode(der));
    assert_eq!((&claims["iss"], &claims["sub"], &claims["aud"]), (&"app".into(), &"app".into(), &ENDPOINT.into()));
    assert_eq!((&claims["nbf"], &claims["exp"]), (&1_900_000_000.into(), &1_900_000_600.into()));
    let (_, again) = verified(sign().expose_secret(), &bundle, &RSA_PSS_2048_8192_SHA256);
    assert_ne!(claims["jti"], again["jti"], "each assertion has its own id");
}

#[test]
fn elliptic_curve_key_signs_with_its_own_algorithm() {
    let bundle = bundle(include_bytes!("fixtures/ec.pem"));

    let assertion =
        client_assertion::sign(&bundle, Thumbprint, "app", ENDPOINT, SystemTime::now()).expect("a signature");

    let (header, _) = verified(assertion.expose_secret(), &bundle, &ECDSA_P256_SHA256_FIXED);
    assert_eq!(header["alg"], "ES256");
    assert!(header.get("x5c").is_none(), "only the thumbprints");
}

fn argument<T>(value: T, name: &str) -> Option<Setting<T>> {
    Some(Setting::new(value, Source::argument(name)))
}

fn settings(certificate: SecretSource, password: Option<&str>) -> Settings {
    Settings {
        tenant_id: argument("contoso.com".to_owned(), "tenant_id"),
        client_id: argument("app".to_owned(), "client_id"),
        client_certificate: Some(certificate),
        client_certificate_password: password.and_then(|text| argument(text.into(), "client_certificate_password")),
        use_cli: argument(false, "use_cli"),
        ..Settings::default()
    }
}

fn file(path: &str) -> SecretSource {
    SecretSource::File(Setting::new(path.to_owned(), Source::argument("client_certificate_path")))
}

fn value(content: &[u8]) -> SecretSource {
    let encoded = STANDARD.encode(content);
    SecretSource::Value(Setting::new(encoded.into(), Source::variable("ARM_CLIENT_CERTIFICATE")))
}

#[tokio::test]
async fn sends_an_assertion_for_the_token_endpoint() {
    let server = Server::start(|_, _| Reply::token("t")).await;
    let settings = settings(value(include_bytes!("fixtures/openssl1.pfx")), Some("correct horse"));
    let credential = Credential::select(&settings, &server.cloud(), server.http()).expect("a method");

    credential.check().await.expect("a usable certificate");
    let token = credential.token(SCOPE, &deadline()).await.expect("a token");

    assert_eq!((credential.method(), token.expose()), ("client certificate", "t"));
    let login = &server.seen()[0];
    assert_eq!(login.target, "/contoso.com/oauth2/v2.0/token");
    let form: Vec<(&str, &str)> = login.body.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let field = |name: &str| form.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    assert_eq!(
        field("client_assertion_type"),
        Some("urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer")
    );
    let claims = decoded(field("client_assertion").and_then(|text| text.split('.').nth(1)).expect("an assertion"));
    assert_eq!(claims["aud"], server.endpoint.join("/contoso.com/oauth2/v2.0/token").expect("a URL").as_str());
}

#[tokio::test]
async fn reads_the_file_for_each_token_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("client.pem");
    std::fs::write(&path, include_bytes!("fixtures/rsa.pem")).expect("it is writable");
    let server = Server::start(|_, _| Reply::token("t")).await;
    let settings = settings(file(&path.display().to_string()), None);
    let credential = Credential::select(&settings, &server.cloud(), server.http()).expect("a method");

    let token = credential.token(SCOPE, &deadline()).await.expect("a token");
    std::fs::remove_file(&path).expect("it exists");
    credential.reject(SCOPE, &token, &[], None);
    let error = credential.token(SCOPE, &deadline()).await.expect_err("no file");

    let Error::Authentication(error) = error else { panic!("{error}") };
    assert_eq!(error.origin.as_deref(), Some("the argument `client_certificate_path`"));
    assert!(error.to_string().contains("cannot be read"), "{error}");
}

#[tokio::test]
async fn error_names_the_setting_and_hides_secrets() {
    let pfx = include_bytes!("fixtures/openssl3.pfx");
    for (settings, setting, origin) in [
        (
            settings(value(pfx), Some("s3cret-password")),
            CertificateSetting::Password,
            Some("the argument `client_certificate_password`"),
        ),
        (settings(value(pfx), None), CertificateSetting::Password, None),
        (
            settings(value(b"not a bundle"), None),
            CertificateSetting::Certificate,
            Some("the environment variable ARM_CLIENT_CERTIFICATE"),
        ),
        (
            settings(file("/nonexistent/client.pfx"), None),
            CertificateSetting::Certificate,
            Some("the argument `client_certificate_path`"),
        ),
    ] {
        let server = Server::start(|_, _| Reply::token("t")).await;
        let credential = Credential::select(&settings, &Cloud::public(), server.http()).expect("a method");

        let error = credential.check().await.expect_err("unusable");

        assert_eq!((error.setting, error.origin.as_ref().map(ToString::to_string).as_deref()), (setting, origin));
        assert!(!format!("{error} {settings:?}").contains("s3cret-password"), "{error}");
        assert!(server.seen().is_empty(), "nothing is sent");
    }
}

/// For each token request, whether its assertion had the chain.
fn chains(server: &Server) -> Vec<bool> {
    let header = |body: &str| {
        let form = body.split('&').find_map(|pair| pair.strip_prefix("client_assertion=")).expect("an assertion");
        decoded(form.split('.').next().expect("a header"))
    };
    server.seen().iter().map(|login| header(&login.body).get("x5c").is_some()).collect()
}

fn rejected_with(code: u32) -> Reply {
    let body = format!(r#"{{"error":"invalid_client","error_description":"AADSTS{code}: no","error_codes":[{code}]}}"#);
    Reply::text(401, &body)
}

#[tokio::test]
async fn sends_the_chain_only_if_the_thumbprint_is_not_registered() {
    // The application trusts an issuer. Later, the certificate is registered instead.
    let replies = [700_027, 0, 0, 7_000_213, 0, 0];
    let server = Server::start(move |_, number| match replies[number] {
        0 => Reply::token("t"),
        code => rejected_with(code),
    })
    .await;
    let settings = settings(value(include_bytes!("fixtures/rsa.pem")), None);
    let credential = Credential::select(&settings, &server.cloud(), server.http()).expect("a method");

    for _ in 0..4 {
        let token = credential.token(SCOPE, &deadline()).await.expect("a token");
        credential.reject(SCOPE, &token, &[], None);
    }

    assert_eq!(chains(&server), [false, true, true, true, false, false]);
}

#[tokio::test]
async fn does_not_retry_other_authentication_errors() {
    let server = Server::start(|_, _| rejected_with(700_016)).await;
    let settings = settings(value(include_bytes!("fixtures/rsa.pem")), None);
    let credential = Credential::select(&settings, &server.cloud(), server.http()).expect("a method");

    credential.token(SCOPE, &deadline()).await.expect_err("rejected");

    assert_eq!(chains(&server), [false]);
}

#[tokio::test]
async fn reports_an_untrusted_chain() {
    let server = Server::start(|_, number| rejected_with(if number == 0 { 700_027 } else { 7_000_213 })).await;
    let settings = settings(value(include_bytes!("fixtures/rsa.pem")), None);
    let credential = Credential::select(&settings, &server.cloud(), server.http()).expect("a method");

    let error = credential.token(SCOPE, &deadline()).await.expect_err("rejected");

    let Error::Authentication(error) = error else { panic!("{error}") };
    assert_eq!(error.code(), Some("AADSTS7000213"));
    assert_eq!(error.origin.as_deref(), Some("the environment variable ARM_CLIENT_CERTIFICATE"));
    assert_eq!(chains(&server), [false, true]);
}

#[tokio::test]
async fn error_contains_thumbprint_and_expiry_of_the_certificate() {
    let rejected = |_: &_, _| {
        Reply::text(
            401,
            r#"{"error":"invalid_client","error_description":"AADSTS700027: not registered","error_codes":[700027]}"#,
        )
    };
    let server = Server::start(rejected).await;
    let settings = settings(value(include_bytes!("fixtures/ec.pem")), None);
    let credential = Credential::select(&settings, &server.cloud(), server.http()).expect("a method");

    let error = credential.token(SCOPE, &deadline()).await.expect_err("rejected");

    let Error::Authentication(error) = error else { panic!("{error}") };
    assert!(
        matches!(&error.problem, AuthenticationProblem::Rejected { code: Some(code), .. } if code == "AADSTS700027")
    );
    assert_eq!(error.origin.as_deref(), Some("the environment variable ARM_CLIENT_CERTIFICATE"));
    assert!(
        error.identity.as_ref().is_some_and(|identity| identity.secret_flaw.is_none()),
        "an assertion is no client secret"
    );
    let facts = error.identity.and_then(|identity| identity.certificate).expect("the certificate");
    assert_eq!(facts.thumbprint.len(), 40);
    assert!(facts.not_after.starts_with("21") && facts.has_elliptic_curve, "{facts:?}");
}

#[test]
fn password_argument_without_a_certificate_is_incomplete() {
    let availability = |source: Source| {
        let password = Some(Setting::new("p".into(), source));
        ClientCertificate::from_settings(&Settings { client_certificate_password: password, ..Settings::default() })
    };

    assert!(matches!(
        availability(Source::argument("client_certificate_password")),
        Availability::Incomplete { because, problem, .. } if because == "the argument `client_certificate_password` is set"
            && problem == "neither `client_certificate` nor `client_certificate_path` is set"
    ));
    let blank = Some(Setting::new(" ".into(), Source::argument("client_certificate_password")));
    let blank = Settings { client_certificate_password: blank, ..Settings::default() };
    assert!(matches!(ClientCertificate::from_settings(&blank), Availability::NotConfigured(_)));
    assert!(matches!(
        availability(Source::variable("ARM_CLIENT_CERTIFICATE_PASSWORD")),
        Availability::NotConfigured(_)
    ));
}
