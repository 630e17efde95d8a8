//! The order of the methods, and what the user reads about each.

use super::*;
use crate::azure::credential::{SecretSource, Setting};

fn argument<T>(value: T, name: &str) -> Option<Setting<T>> {
    Some(Setting::new(value, Source::argument(name)))
}

fn variable<T>(value: T, name: &str) -> Option<Setting<T>> {
    Some(Setting::new(value, Source::variable(name)))
}

/// A secret from this environment variable.
fn secret(name: &str) -> Option<SecretSource> {
    Some(SecretSource::Value(Setting::new("s3cret".into(), Source::variable(name))))
}

/// A secret from the file of this argument.
fn file(name: &str) -> Option<SecretSource> {
    Some(SecretSource::File(Setting::new("/file".to_owned(), Source::argument(name))))
}

fn application() -> Settings {
    Settings {
        tenant_id: variable("t".to_owned(), "ARM_TENANT_ID"),
        client_id: variable("c".to_owned(), "ARM_CLIENT_ID"),
        use_cli: argument(false, "use_cli"),
        ..Settings::default()
    }
}

fn chosen(settings: &Settings) -> &'static str {
    select(settings).expect("a method").0.name()
}

fn unused(settings: &Settings) -> Vec<UnusedMethod> {
    match select(settings) {
        Ok((_, unused)) => unused,
        Err(none) => none.unused,
    }
}

fn reason(settings: &Settings, method: &str) -> String {
    unused(settings).into_iter().find(|unused| unused.method == method).expect("the method is looked at").reason
}

fn missing(settings: &Settings, method: &str) -> Vec<&'static str> {
    let unused = unused(settings).into_iter().find(|unused| unused.method == method).expect("it is looked at");
    match unused.why {
        Unused::Incomplete { missing } => missing,
        other => panic!("{other:?}"),
    }
}

#[test]
fn without_settings_every_method_says_what_it_needs() {
    let none = select(&Settings { use_cli: argument(false, "use_cli"), ..Settings::default() }).expect_err("no method");

    insta::assert_snapshot!(none, @r"
    no method to log in to Azure is configured completely. Methods, in order of precedence:
      - client certificate: neither `client_certificate` nor `client_certificate_path` is set
      - client secret: neither `client_secret` nor `client_secret_file_path` is set
      - OIDC token: `use_oidc` is not true
      - OIDC token of an Azure DevOps pipeline: `use_oidc` is not true
      - OIDC token of a GitHub workflow: `use_oidc` is not true
      - AKS workload identity: `use_aks_workload_identity` is not true
      - managed identity: `use_msi` is not true
      - Azure CLI: turned off by the argument `use_cli`
    ");
}

#[test]
fn a_secret_comes_before_an_oidc_token_of_the_same_level() {
    let mut settings = Settings {
        client_secret: secret("ARM_CLIENT_SECRET"),
        use_oidc: variable(true, "ARM_USE_OIDC"),
        oidc_token: secret("ARM_OIDC_TOKEN"),
        ..application()
    };

    assert_eq!(chosen(&settings), "client secret");
    assert_eq!(reason(&settings, "OIDC token"), "the client secret takes precedence");
    settings.client_secret = None;
    assert_eq!(chosen(&settings), "OIDC token");
    settings.oidc_token = file("oidc_token_file_path");
    assert_eq!(chosen(&settings), "OIDC token file");
}

#[test]
fn what_the_provider_block_selects_wins_over_variables_that_select_another_method() {
    let in_variables = Settings { client_secret: secret("ARM_CLIENT_SECRET"), ..application() };
    let flag =
        Settings { use_oidc: argument(true, "use_oidc"), oidc_token: secret("ARM_OIDC_TOKEN"), ..in_variables.clone() };
    let token =
        Settings { use_oidc: variable(true, "ARM_USE_OIDC"), oidc_token: file("oidc_token_file_path"), ..in_variables };
    let own_secret = Settings { client_secret: file("client_secret_file_path"), ..flag.clone() };

    assert_eq!(chosen(&flag), "OIDC token");
    assert_eq!(reason(&flag, "client secret"), "the OIDC token takes precedence");
    assert_eq!(chosen(&token), "OIDC token file");
    assert_eq!(chosen(&own_secret), "client secret", "both are in the block");
}

#[test]
fn an_incomplete_method_of_the_provider_block_does_not_fall_back_to_another_identity() {
    let settings =
        Settings { use_oidc: argument(true, "use_oidc"), client_secret: secret("ARM_CLIENT_SECRET"), ..application() };

    select(&settings).expect_err("not silently another login");

    assert_eq!(missing(&settings, "OIDC token"), ["oidc_token or oidc_token_file_path"]);
    assert_eq!(
        reason(&settings, "client secret"),
        "a method that the provider block or an earlier variable asks for is incomplete"
    );
}

#[test]
fn methods_that_are_configured_but_not_used_are_listed() {
    let settings = Settings {
        client_secret: secret("ARM_CLIENT_SECRET"),
        use_oidc: variable(true, "ARM_USE_OIDC"),
        oidc_token: secret("ARM_OIDC_TOKEN"),
        ..application()
    };

    let configured: Vec<_> = unused(&settings).into_iter().filter(UnusedMethod::is_configured).collect();

    assert_eq!(configured.len(), 1);
    assert_eq!((configured[0].method, &configured[0].why), ("OIDC token", &Unused::Outranked));
}

#[test]
fn an_incomplete_method_says_what_is_missing() {
    let no_client = Settings { client_id: None, client_secret: secret("ARM_CLIENT_SECRET"), ..application() };
    let no_flag = Settings { oidc_token: secret("ARM_OIDC_TOKEN"), ..application() };

    assert_eq!(
        reason(&no_client, "client secret"),
        "the environment variable ARM_CLIENT_SECRET is set, but `client_id` is not set"
    );
    assert_eq!(missing(&no_client, "client secret"), ["client_id"]);
    assert_eq!(missing(&application(), "client secret"), ["client_secret or client_secret_file_path"]);
    assert_eq!(
        reason(&application(), "client secret"),
        "an application is configured (`tenant_id` and `client_id`), but neither `client_secret` nor `client_secret_file_path` is set"
    );
    assert_eq!(
        reason(&no_flag, "OIDC token"),
        "the environment variable ARM_OIDC_TOKEN is set, but `use_oidc` is not true"
    );
    assert_eq!(missing(&no_flag, "OIDC token"), ["use_oidc = true"]);
}

#[test]
fn the_token_file_of_a_pod_alone_asks_for_nothing() {
    let file = SecretSource::File(Setting::new("/token".to_owned(), Source::variable("AZURE_FEDERATED_TOKEN_FILE")));
    let settings = Settings { oidc_token: Some(file), ..Settings::default() };

    assert!(unused(&settings).iter().all(|unused| unused.method == "Azure CLI" || !unused.is_configured()));
}

#[test]
fn an_unsupported_method_is_an_error_and_no_later_method_is_used_instead() {
    let settings = Settings {
        client_certificate_path: argument("/c.pfx".to_owned(), "client_certificate_path"),
        client_secret: secret("ARM_CLIENT_SECRET"),
        ..application()
    };

    let none = select(&settings).expect_err("not silently another login");

    assert!(none.to_string().contains("the argument `client_certificate_path` selects it, but this version"));
    assert_eq!(reason(&settings, "client secret"), "the client certificate takes precedence");
}

#[test]
fn an_unsupported_method_does_not_matter_when_an_earlier_one_is_used() {
    let settings = Settings {
        client_secret: secret("ARM_CLIENT_SECRET"),
        use_msi: variable(true, "ARM_USE_MSI"),
        ..application()
    };

    assert_eq!(chosen(&settings), "client secret");
    assert_eq!(reason(&settings, "managed identity"), "the client secret takes precedence");
}

#[test]
fn debug_output_hides_secrets() {
    let settings = Settings { client_secret: secret("ARM_CLIENT_SECRET"), ..application() };

    assert!(!format!("{settings:?}").contains("s3cret"));
}
