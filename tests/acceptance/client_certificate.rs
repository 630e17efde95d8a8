//! Authentication with a client certificate, and errors for certificates that cannot be used.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::support::{Scene, connector};

scenarios![
    authenticates_with_a_pkcs12_bundle,
    authenticates_with_a_pem_file,
    authenticates_with_a_certificate_in_the_environment,
    reports_an_unusable_certificate_on_its_argument,
    validate_reports_a_certificate_that_is_not_base64,
    rejects_two_different_certificates,
    reports_an_unregistered_certificate_with_its_thumbprint,
    sends_the_chain_to_an_application_that_trusts_the_issuer,
    accepts_a_registered_certificate_with_an_untrusted_chain,
    explains_a_key_on_an_elliptic_curve,
    authenticates_in_two_tenants_with_one_application,
];

/// The certificate of the RSA fixtures.
const RSA_CERTIFICATE: &[u8] = include_bytes!(fixture!("certificate-only.cer"));

/// The password of the fixtures.
const PASSWORD: &str = "correct horse";

/// A scene in which the application has this certificate (in base64), and no client secret is configured.
fn with_certificate(scene: Scene, certificate: &str) -> Scene {
    let mut scene = scene.in_a_world(|world| {
        world["world"]["applications"][0]["certificates"] = json!([certificate]);
    });
    scene.unset("ARM_CLIENT_SECRET");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene
}

fn with_rsa_certificate(scene: Scene) -> Scene {
    with_certificate(scene, &STANDARD.encode(RSA_CERTIFICATE))
}

fn provider(arguments: &str) -> String {
    format!("provider \"sentinel\" {{\n{arguments}\n}}\n")
}

fn authenticates_with_a_pkcs12_bundle(scene: Scene) {
    let scene = with_rsa_certificate(scene);
    let path = fixture!("openssl1.pfx");
    let arguments =
        format!("  client_certificate_path     = \"{path}\"\n  client_certificate_password = \"{PASSWORD}\"");
    scene.file("provider.tf", &provider(&arguments));

    let finished = scene.apply();

    assert!(!finished.words().contains(PASSWORD), "no password is repeated");
    scene.azure.assert_streams("law-soc");
    scene.assert_no_changes();
}

fn authenticates_with_a_pem_file(scene: Scene) {
    let mut scene = with_rsa_certificate(scene);
    scene.file("client.pem", include_str!(fixture!("rsa.pem")));
    scene.set("ARM_CLIENT_CERTIFICATE_PATH", "client.pem");

    scene.apply();

    scene.azure.assert_streams("law-soc");
    // The provider reads the file for each token request.
    scene.file("client.pem", "-----BEGIN CERTIFICATE-----");
    scene.plan_fails(&[
        "The client certificate cannot be used",
        "is a damaged PEM file",
        "ARM_CLIENT_CERTIFICATE_PATH",
    ]);
}

fn authenticates_with_a_certificate_in_the_environment(scene: Scene) {
    let mut scene = with_rsa_certificate(scene);
    let encoded = STANDARD.encode(include_bytes!(fixture!("openssl3.pfx")));
    scene.set("ARM_CLIENT_CERTIFICATE", &encoded);
    scene.set("ARM_CLIENT_CERTIFICATE_PASSWORD", PASSWORD);
    scene.set("TF_LOG", "trace");

    let finished = scene.apply();

    scene.azure.assert_streams("law-soc");
    for secret in [PASSWORD, &encoded[..200], "client_assertion=", "\"x5c\""] {
        assert!(!finished.words().contains(secret), "{secret:?} is in an output");
    }
    assert!(finished.words().contains("client certificate"), "the log says which method is used");
    assert!(finished.words().contains("an authentication method is not used"), "the log says which methods are not");
}

fn reports_an_unusable_certificate_on_its_argument(scene: Scene) {
    let mut scene = with_rsa_certificate(scene);
    scene.file("variables.tf", "variable \"password\" {\n  type      = string\n  sensitive = true\n}\n");
    for (path, password, expected) in [
        (fixture!("openssl3.pfx"), "wrong-password", "The password of the certificate is wrong"),
        (fixture!("openssl3.pfx"), "", "The password of the certificate is not set"),
        (fixture!("certificate-only.cer"), "", "is neither a PKCS#12 bundle (.pfx, .p12) nor a PEM file"),
        (fixture!("no-key.pfx"), PASSWORD, "has no private key"),
        (fixture!("mismatch.pem"), "", "does not belong to any certificate"),
        ("missing.pfx", "", "the file \"missing.pfx\" cannot be read"),
    ] {
        scene.set("TF_VAR_password", password);
        let arguments =
            format!("  client_certificate_path     = \"{path}\"\n  client_certificate_password = var.password");
        scene.file("provider.tf", &provider(&arguments));

        let finished = scene.plan_fails(&["The client certificate cannot be used", expected]);

        let is_of_password = expected.contains("password");
        let argument =
            if is_of_password { "client_certificate_password = var" } else { "client_certificate_path     = " };
        assert!(finished.stderr.contains(argument), "the argument is shown");
        assert!(!finished.words().contains("wrong-password"), "no password is repeated");
    }
    scene.file("provider.tf", &provider("  client_certificate_password = \"of-nothing\""));
    scene.plan_fails(&["Authentication with the client certificate is incomplete", "`client_certificate_path`"]);
    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

fn validate_reports_a_certificate_that_is_not_base64(scene: Scene) {
    scene.file("provider.tf", &provider("  client_certificate = \"~/client.pfx\""));
    scene.configure(&connector(&scene.azure.workspace("law-soc")));

    scene.fail(
        &["validate", "-no-color"],
        &["Invalid client_certificate", "is not base64", "The path of a file belongs in `client_certificate_path`"],
    );
}

fn rejects_two_different_certificates(scene: Scene) {
    let mut scene = with_rsa_certificate(scene);
    let same = STANDARD.encode(include_bytes!(fixture!("openssl3.pfx")));
    scene.set("ARM_CLIENT_CERTIFICATE", &same);
    scene.set("ARM_CLIENT_CERTIFICATE_PATH", fixture!("openssl1.pfx"));
    scene.set("ARM_CLIENT_CERTIFICATE_PASSWORD", PASSWORD);
    scene.plan_fails(&["Conflicting settings", "ARM_CLIENT_CERTIFICATE_PATH"]);

    scene.set("ARM_CLIENT_CERTIFICATE_PATH", fixture!("openssl3.pfx"));
    scene.apply();
    scene.azure.assert_streams("law-soc");
}

fn reports_an_unregistered_certificate_with_its_thumbprint(scene: Scene) {
    let mut scene = with_certificate(scene, "");
    scene.set("ARM_CLIENT_CERTIFICATE_PATH", fixture!("rsa.pem"));

    scene.plan_fails(&[
        "The application does not accept this certificate",
        "AADSTS700027",
        "The certificate has the thumbprint",
        "az ad app credential list --cert",
        "Authentication methods that are not used",
        "managed identity: `use_msi` is not true",
    ]);
    assert_eq!(scene.azure.requests().to_arm().count(), 0);
}

/// The certificates of a PEM file, in base64.
fn certificates_in(pem: &str) -> Vec<String> {
    let sections = pem.split("-----BEGIN CERTIFICATE-----").skip(1);
    sections.map(|section| section.lines().take_while(|line| !line.starts_with("-----END")).collect()).collect()
}

/// A scene in which the application trusts certificates of this authority with the subject of the RSA fixtures.
fn with_trust(scene: Scene, authority: &str, registered: &[String]) -> Scene {
    let mut scene = scene.in_a_world(|world| {
        let application = &mut world["world"]["applications"][0];
        application["certificates"] = json!(registered);
        application["trusted_subjects"] = json!([{"authority": authority, "subject": "terraform"}]);
    });
    scene.unset("ARM_CLIENT_SECRET");
    scene.set("ARM_CLIENT_CERTIFICATE_PATH", fixture!("rsa.pem"));
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene
}

fn sends_the_chain_to_an_application_that_trusts_the_issuer(scene: Scene) {
    let root = certificates_in(include_str!(fixture!("rsa.pem"))).pop().expect("the root is last");
    let mut scene = with_trust(scene, &root, &[]);

    scene.apply();

    scene.azure.assert_streams("law-soc");
    // This file does not contain the issuers.
    scene.set("ARM_CLIENT_CERTIFICATE_PATH", fixture!("rsa-pkcs1.pem"));
    scene.plan_fails(&["Microsoft Entra does not trust the chain of the certificate", "AADSTS7000213"]);
}

fn accepts_a_registered_certificate_with_an_untrusted_chain(scene: Scene) {
    let other = certificates_in(include_str!(fixture!("ec.pem"))).pop().expect("a certificate");
    let scene = with_trust(scene, &other, &[STANDARD.encode(RSA_CERTIFICATE)]);

    scene.apply();

    scene.azure.assert_streams("law-soc");
}

fn explains_a_key_on_an_elliptic_curve(scene: Scene) {
    let pem = include_str!(fixture!("ec.pem"));
    let certificate = certificates_in(pem).pop().expect("it has a certificate");
    let mut scene = with_certificate(scene, &certificate);
    scene.file("client.pem", pem);
    scene.set("ARM_CLIENT_CERTIFICATE_PATH", "client.pem");

    scene.plan_fails(&[
        "Microsoft Entra cannot verify the certificate's signature",
        "AADSTS5002730",
        "Entra accepts only RSA keys",
    ]);
}

/// The second tenant of the default world.
const FABRIKAM: &str = "c0a8f1d2-7e43-4b6a-8f95-3d2e1c0b9a87";

fn authenticates_in_two_tenants_with_one_application(scene: Scene) {
    let mut scene = scene.in_a_world(|world| {
        let application = &mut world["world"]["applications"][0];
        application["certificates"] = json!([STANDARD.encode(RSA_CERTIFICATE)]);
        application["other_tenants"] = json!([FABRIKAM]);
    });
    scene.unset("ARM_CLIENT_SECRET");
    scene.configure(&connector(&scene.azure.workspace("law-soc")));
    scene.set("ARM_CLIENT_CERTIFICATE_PATH", fixture!("rsa.pem"));
    scene.set("ARM_AUXILIARY_TENANT_IDS", FABRIKAM);

    scene.apply();

    scene.azure.assert_streams("law-soc");
    let requests = scene.azure.requests();
    let token_requests =
        requests.all().iter().filter(|request| request.path == format!("/{FABRIKAM}/oauth2/v2.0/token"));
    assert_eq!(token_requests.count(), 2, "the plan and the apply each request one token there");
    scene.set("ARM_AUXILIARY_TENANT_IDS", "00000000-0000-4000-8000-000000000bad");
    scene.plan_fails(&["Tenant not found", "AADSTS90002", "ARM_AUXILIARY_TENANT_IDS"]);
    scene.set("ARM_AUXILIARY_TENANT_IDS", "a;b;c;d");
    scene.plan_fails(&["Too many auxiliary tenants", "Azure accepts at most 3"]);
}
