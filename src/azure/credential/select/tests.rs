//! Tests of the precedence of the methods and of the reasons for unused methods.

use super::*;
use crate::azure::credential::{Interface, Pipeline, Pod, SecretSource, Setting, Source};
use crate::azure::text::capitalized;

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
    unused(settings).into_iter().find(|unused| unused.method == method).expect("an unused method").reason
}

fn missing(settings: &Settings, method: &str) -> Vec<&'static str> {
    let unused = unused(settings).into_iter().find(|unused| unused.method == method).expect("an unused method");
    match unused.why {
        Unused::Incomplete { missing } => missing,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_unconfigured_method_names_its_missing_settings() {
    let none = select(&Settings { use_cli: argument(false, "use_cli"), ..Settings::default() }).expect_err("no method");

    insta::assert_snapshot!(none, @r"
    no authentication method is configured completely. Methods, in order of precedence:
      - client certificate: neither `client_certificate` nor `client_certificate_path` is set
      - client secret: neither `client_secret` nor `client_secret_file_path` is set
      - OIDC token: `use_oidc` is not true
      - AKS workload identity: `use_aks_workload_identity` is not true
      - OIDC token of an Azure DevOps pipeline: `use_oidc` is not true
      - OIDC token of a GitHub workflow: `use_oidc` is not true
      - managed identity: `use_msi` is not true
      - access token: the environment variable ARM_ACCESS_TOKEN is not set
      - Azure Developer CLI: `use_dev_cli` is not true
      - Azure PowerShell: `use_powershell` is not true
      - Azure CLI: disabled by the argument `use_cli`
    ");
}

#[test]
fn secret_takes_precedence_over_an_oidc_token_of_the_same_level() {
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
fn provider_block_takes_precedence_over_environment_variables() {
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
fn incomplete_method_of_the_provider_block_has_no_fallback() {
    let settings =
        Settings { use_oidc: argument(true, "use_oidc"), client_secret: secret("ARM_CLIENT_SECRET"), ..application() };

    select(&settings).expect_err("no fallback");

    assert_eq!(missing(&settings, "OIDC token"), ["oidc_token or oidc_token_file_path"]);
    assert_eq!(
        reason(&settings, "client secret"),
        "ignored on purpose, because the argument `use_oidc` is true: the provider does not use another identity instead"
    );
}

#[test]
fn lists_configured_but_unused_methods() {
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
fn command_messages_name_environment_variables() {
    let settings = Settings {
        interface: Interface::Command,
        use_aks_workload_identity: variable(true, "ARM_USE_AKS_WORKLOAD_IDENTITY"),
        pod: Pod { token_file: variable("/token".to_owned(), "AZURE_FEDERATED_TOKEN_FILE"), ..Pod::default() },
        use_oidc: variable(true, "ARM_USE_OIDC"),
        oidc_token: secret("ARM_OIDC_TOKEN"),
        ..Settings::default()
    };

    for method in ["AKS workload identity", "OIDC token"] {
        let reason = reason(&settings, method);
        assert!(reason.ends_with("ARM_TENANT_ID and ARM_CLIENT_ID are not set"), "{method}: {reason}");
    }
}

#[test]
fn incomplete_method_names_its_missing_settings() {
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

/// The variables that AKS sets in a pod.
fn pod() -> Pod {
    Pod {
        tenant_id: variable("t".to_owned(), "AZURE_TENANT_ID"),
        client_id: variable("c".to_owned(), "AZURE_CLIENT_ID"),
        token_file: variable("/token".to_owned(), "AZURE_FEDERATED_TOKEN_FILE"),
    }
}

/// The variables that a pipeline sets, with the URL from this variable.
fn pipeline(url: &str) -> Settings {
    let token = if url == "SYSTEM_OIDCREQUESTURI" { "SYSTEM_ACCESSTOKEN" } else { "ACTIONS_ID_TOKEN_REQUEST_TOKEN" };
    Settings {
        use_oidc: variable(true, "ARM_USE_OIDC"),
        oidc_request_url: variable("https://issuer.example/token".to_owned(), url),
        oidc_request_token: Some(Setting::new("s3cret".into(), Source::variable(token))),
        ..application()
    }
}

#[test]
fn pod_variables_alone_configure_no_method() {
    let settings = Settings { pod: pod(), ..Settings::default() };

    assert!(unused(&settings).iter().all(|unused| unused.method == "Azure CLI" || !unused.is_configured()));
}

#[test]
fn pod_variables_apply_without_another_oidc_token() {
    let no_cli = Settings { use_cli: argument(false, "use_cli"), pod: pod(), ..Settings::default() };
    let asked =
        Settings { use_aks_workload_identity: variable(true, "ARM_USE_AKS_WORKLOAD_IDENTITY"), ..no_cli.clone() };
    let oidc = Settings { use_oidc: variable(true, "ARM_USE_OIDC"), ..no_cli };
    let workflow = Settings { pod: pod(), ..pipeline("ACTIONS_ID_TOKEN_REQUEST_URL") };
    let runner = Settings { use_aks_workload_identity: asked.use_aks_workload_identity.clone(), ..workflow.clone() };

    assert_eq!(chosen(&asked), "AKS workload identity");
    assert_eq!(chosen(&oidc), "AKS workload identity");
    assert_eq!(reason(&oidc, "OIDC token"), "neither `oidc_token` nor `oidc_token_file_path` is set");
    assert_eq!(chosen(&workflow), "OIDC token of a GitHub workflow");
    assert_eq!(
        chosen(&runner),
        "AKS workload identity",
        "a runner in AKS presents the token of its pod, as in azurerm"
    );
}

#[test]
fn workload_identity_without_pod_variables_is_incomplete() {
    let settings = Settings { use_aks_workload_identity: argument(true, "use_aks_workload_identity"), ..application() };

    select(&settings).expect_err("no pod");

    assert!(reason(&settings, "AKS workload identity").contains("AZURE_FEDERATED_TOKEN_FILE is not set"));
}

#[test]
fn selects_github_or_azure_devops_by_the_pipeline_variables() {
    let github = pipeline("ACTIONS_ID_TOKEN_REQUEST_URL");
    let given = Settings { oidc_token: secret("ARM_OIDC_TOKEN"), ..github.clone() };
    let connection = variable("id".to_owned(), "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID");
    let devops = Settings { oidc_azure_service_connection_id: connection.clone(), ..pipeline("SYSTEM_OIDCREQUESTURI") };
    let named = Settings { oidc_azure_service_connection_id: connection, ..pipeline("ARM_OIDC_REQUEST_URL") };

    assert_eq!(chosen(&github), "OIDC token of a GitHub workflow");
    assert!(unused(&github).iter().all(|unused| !unused.is_configured()), "no other method is configured");
    assert_eq!(chosen(&given), "OIDC token");
    assert_eq!(chosen(&devops), "OIDC token of an Azure DevOps pipeline");
    assert_eq!(chosen(&named), "OIDC token of an Azure DevOps pipeline");
}

#[test]
fn request_token_is_not_sent_to_another_issuer() {
    let token = |name: &str| Some(Setting::new("s3cret".into(), Source::variable(name)));
    let connection = variable("id".to_owned(), "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID");
    let github =
        Settings { oidc_request_token: token("SYSTEM_ACCESSTOKEN"), ..pipeline("ACTIONS_ID_TOKEN_REQUEST_URL") };
    let devops = Settings {
        oidc_request_token: token("ACTIONS_ID_TOKEN_REQUEST_TOKEN"),
        oidc_azure_service_connection_id: connection,
        ..pipeline("SYSTEM_OIDCREQUESTURI")
    };
    let own = Settings { oidc_request_token: token("ARM_OIDC_REQUEST_TOKEN"), ..github.clone() };

    select(&github).expect_err("the token is for Azure DevOps");
    assert_eq!(reason(&github, "OIDC token of a GitHub workflow"), "`oidc_request_token` is not set");
    select(&devops).expect_err("the token is for GitHub");
    assert_eq!(missing(&devops, "OIDC token of an Azure DevOps pipeline"), ["SYSTEM_ACCESSTOKEN"]);
    assert_eq!(
        reason(&devops, "OIDC token of an Azure DevOps pipeline"),
        "the environment variable ARM_USE_OIDC is true in a pipeline of Azure DevOps, but SYSTEM_ACCESSTOKEN is not set"
    );
    assert_eq!(chosen(&own), "OIDC token of a GitHub workflow");
}

#[test]
fn a_job_without_an_oidc_token_lacks_what_its_pipeline_needs() {
    let job = |pipeline| Settings { use_oidc: variable(true, "ARM_USE_OIDC"), pipeline, ..application() };

    for (pipeline, lacks) in [
        (None, "oidc_token or oidc_token_file_path"),
        (Some(Pipeline::GitHub), "permissions: id-token: write"),
        (Some(Pipeline::GitLab), "id_tokens"),
    ] {
        assert_eq!(missing(&job(pipeline), "OIDC token"), [lacks]);
        assert!(reason(&job(pipeline), "OIDC token").ends_with("nor `oidc_token_file_path` is set"), "{lacks}");
    }
}

#[test]
fn azure_devops_without_a_service_connection_is_incomplete() {
    let settings = pipeline("SYSTEM_OIDCREQUESTURI");

    select(&settings).expect_err("GitHub's request would end in 405");

    assert_eq!(missing(&settings, "OIDC token of an Azure DevOps pipeline"), ["ado_pipeline_service_connection_id"]);
}

#[test]
fn access_token_takes_precedence_only_over_the_azure_cli() {
    let token = || Some(Setting::new("s3cret".into(), Source::variable("ARM_ACCESS_TOKEN")));
    let alone = Settings { access_token: token(), ..application() };
    let with_secret = Settings { client_secret: secret("ARM_CLIENT_SECRET"), ..alone.clone() };
    let in_the_block = Settings {
        tenant_id: argument("t".to_owned(), "tenant_id"),
        client_id: argument("c".to_owned(), "client_id"),
        ..alone.clone()
    };

    assert_eq!(chosen(&alone), "access token");
    assert_eq!(chosen(&with_secret), "client secret");
    assert_eq!(chosen(&in_the_block), "access token", "an application without a secret does not block it");
}

#[test]
fn certificate_takes_precedence_over_a_secret_of_the_same_level() {
    let both = Settings {
        client_certificate: secret("ARM_CLIENT_CERTIFICATE"),
        client_secret: secret("ARM_CLIENT_SECRET"),
        ..application()
    };
    let secret_in_the_block = Settings { client_secret: file("client_secret_file_path"), ..both.clone() };
    let no_client = Settings { client_id: None, ..both.clone() };

    assert_eq!(chosen(&both), "client certificate");
    assert_eq!(reason(&both, "client secret"), "the client certificate takes precedence");
    assert_eq!(chosen(&secret_in_the_block), "client secret");
    assert_eq!(missing(&no_client, "client certificate"), ["client_id"]);
}

#[test]
fn missing_program_is_an_error_without_fallback() {
    for (settings, method, program) in [
        (Settings { use_dev_cli: argument(true, "use_dev_cli"), ..application() }, "Azure Developer CLI", "`azd`"),
        (Settings { use_powershell: argument(true, "use_powershell"), ..application() }, "Azure PowerShell", "`pwsh`"),
    ] {
        let settings = Settings { use_cli: None, client_secret: secret("ARM_CLIENT_SECRET"), ..settings };

        select(&settings).expect_err("no fallback");

        let reason = reason(&settings, method);
        assert!(reason.contains(&format!("is true, but the program {program} is not on the PATH")), "{reason}");
    }
}

#[test]
fn unused_managed_identity_is_not_validated() {
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

#[test]
fn the_guide_lists_the_methods_in_the_same_order() {
    let guide = include_str!("../../../../docs/guides/authenticate.md");
    let table = guide.split("| Method |").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("a table");

    let listed: Vec<&str> = table.lines().skip(2).filter_map(|row| row.split('|').nth(1)).map(str::trim).collect();

    let names: Vec<String> = ORDER.iter().map(|(name, _)| capitalized(name)).collect();
    assert_eq!(listed, names);
}
