//! The order of the methods, and what the user reads about each.

use super::*;

fn text(value: &str, name: &str) -> Option<Setting<String>> {
    Some(Setting::new(value.to_owned(), format!("the argument {name}")))
}

fn secret(value: &str, name: &str) -> Option<Setting<secrecy::SecretString>> {
    Some(Setting::new(value.into(), format!("the environment variable {name}")))
}

fn flag(value: bool, name: &str) -> Option<Setting<bool>> {
    Some(Setting::new(value, format!("the argument {name}")))
}

fn application() -> Settings {
    Settings {
        tenant_id: text("t", "tenant_id"),
        client_id: text("c", "client_id"),
        use_cli: flag(false, "use_cli"),
        ..Settings::default()
    }
}

fn chosen(settings: &Settings) -> &'static str {
    select(settings).expect("a method").0.name()
}

fn reason(settings: &Settings, method: &str) -> String {
    let unused = match select(settings) {
        Ok((_, unused)) => unused,
        Err(none) => none.unused,
    };
    unused.into_iter().find(|unused| unused.method == method).expect("the method is looked at").reason
}

#[test]
fn without_settings_every_method_says_what_it_needs() {
    let none = select(&Settings { use_cli: flag(false, "use_cli"), ..Settings::default() }).expect_err("no method");

    insta::assert_snapshot!(none, @r"
    no method to log in to Azure is configured completely. Methods, in order of precedence:
      - client certificate: neither client_certificate nor client_certificate_path is set
      - client secret: neither client_secret nor client_secret_file_path is set
      - OIDC token: oidc_token is not set
      - OIDC token file: oidc_token_file_path is not set
      - OIDC token of an Azure DevOps pipeline: use_oidc is not true
      - OIDC token of a GitHub workflow: use_oidc is not true
      - AKS workload identity: use_aks_workload_identity is not true
      - managed identity: use_msi is not true
      - Azure CLI: switched off by the argument use_cli
    ");
}

#[test]
fn a_secret_comes_before_an_oidc_token_and_the_token_before_its_file() {
    let mut settings = Settings {
        client_secret: secret("s", "ARM_CLIENT_SECRET"),
        use_oidc: flag(true, "use_oidc"),
        oidc_token: secret("jwt", "ARM_OIDC_TOKEN"),
        oidc_token_file_path: text("/token", "oidc_token_file_path"),
        ..application()
    };

    assert_eq!(chosen(&settings), "client secret");
    assert_eq!(reason(&settings, "OIDC token"), "the client secret takes precedence");
    settings.client_secret = None;
    assert_eq!(chosen(&settings), "OIDC token");
    settings.oidc_token = None;
    assert_eq!(chosen(&settings), "OIDC token file");
}

#[test]
fn methods_that_are_configured_but_not_used_are_listed() {
    let settings = Settings {
        client_secret: secret("s", "ARM_CLIENT_SECRET"),
        use_oidc: flag(true, "use_oidc"),
        oidc_token: secret("jwt", "ARM_OIDC_TOKEN"),
        ..application()
    };

    let (_, unused) = select(&settings).expect("a method");
    let configured: Vec<_> = unused.iter().filter(|unused| unused.configured).collect();

    assert_eq!(configured.len(), 1);
    assert_eq!(configured[0].method, "OIDC token");
}

#[test]
fn a_secret_without_a_client_says_what_is_missing() {
    let settings = Settings { client_id: None, client_secret: secret("s", "ARM_CLIENT_SECRET"), ..application() };

    assert_eq!(
        reason(&settings, "client secret"),
        "the environment variable ARM_CLIENT_SECRET is set, but client_id is not set"
    );
}

#[test]
fn an_oidc_token_without_use_oidc_says_so() {
    let settings = Settings { oidc_token: secret("jwt", "ARM_OIDC_TOKEN"), ..application() };

    assert_eq!(
        reason(&settings, "OIDC token"),
        "the environment variable ARM_OIDC_TOKEN is set, but use_oidc is not true"
    );
}

#[test]
fn an_empty_variable_is_no_setting() {
    let settings = Settings { client_secret: secret(" ", "ARM_CLIENT_SECRET"), ..application() };

    assert_eq!(reason(&settings, "client secret"), "neither client_secret nor client_secret_file_path is set");
}

#[test]
fn an_unsupported_method_is_an_error_and_no_later_method_is_used_instead() {
    let settings = Settings {
        client_certificate_path: text("/c.pfx", "client_certificate_path"),
        client_secret: secret("s", "ARM_CLIENT_SECRET"),
        ..application()
    };

    let none = select(&settings).expect_err("not silently another login");

    assert!(none.to_string().contains("the argument client_certificate_path selects it, but this version"));
    assert_eq!(reason(&settings, "client secret"), "the client certificate takes precedence");
}

#[test]
fn an_unsupported_method_does_not_matter_when_an_earlier_one_is_used() {
    let settings =
        Settings { client_secret: secret("s", "ARM_CLIENT_SECRET"), use_msi: flag(true, "use_msi"), ..application() };

    assert_eq!(chosen(&settings), "client secret");
    assert_eq!(reason(&settings, "managed identity"), "the client secret takes precedence");
}

#[test]
fn debug_output_hides_secrets() {
    let settings = Settings { client_secret: secret("very-secret", "ARM_CLIENT_SECRET"), ..application() };

    assert!(!format!("{settings:?}").contains("very-secret"));
}
