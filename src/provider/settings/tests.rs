//! The settings that result from a provider block and environment variables.

mod endpoints;

use secrecy::ExposeSecret;

use super::*;
use crate::azure::credential::SecretSource;
use crate::framework::{Diagnostic, Schema};
use crate::provider::arguments::add_to;

const GUID: &str = "5f3c1d8e-6b0a-4c57-9d1e-2a7b8c9d0e1f";
const OTHER_GUID: &str = "0d7e5a31-94c2-4b8f-a6d0-5c1b3e9f7a24";

/// An empty provider block.
fn block() -> Config {
    Config::empty(&add_to(Schema::new("")).attribute(&ENDPOINT))
}

fn env(variables: &[(&str, &str)]) -> EnvVars {
    variables.iter().copied().collect()
}

fn read(block: &Config, variables: &[(&str, &str)]) -> ProviderSettings {
    ProviderSettings::read(block, &env(variables)).expect("a good configuration").known().expect("all is known")
}

/// The errors in the form "attribute: detail".
fn errors(block: &Config, variables: &[(&str, &str)]) -> Vec<String> {
    let diagnostics = ProviderSettings::read(block, &env(variables)).expect_err("a bad configuration");
    let path = |diagnostic: &Diagnostic| diagnostic.path.as_ref().map(ToString::to_string).unwrap_or_default();
    diagnostics.iter().map(|diagnostic| format!("{}: {}", path(diagnostic), diagnostic.detail)).collect()
}

fn value_and_source(setting: Option<Setting<String>>) -> (String, String) {
    setting.map(|setting| (setting.value, setting.source.to_string())).unwrap_or_default()
}

#[test]
fn an_argument_overrides_the_environment() {
    let block = block().with(&arguments::TENANT_ID.attribute, Some(GUID.to_owned()));

    let read = read(&block, &[("ARM_TENANT_ID", OTHER_GUID)]);

    assert_eq!(value_and_source(read.credentials.tenant_id), (GUID.to_owned(), "the argument `tenant_id`".to_owned()));
}

#[test]
fn environment_applies_to_absent_arguments() {
    let read = read(&block(), &[("ARM_TENANT_ID", GUID), ("AZURE_CLIENT_ID", OTHER_GUID)]);

    assert_eq!(
        value_and_source(read.credentials.tenant_id),
        (GUID.to_owned(), "the environment variable ARM_TENANT_ID".to_owned())
    );
    assert_eq!(
        value_and_source(read.credentials.client_id),
        (OTHER_GUID.to_owned(), "the environment variable AZURE_CLIENT_ID".to_owned())
    );
}

#[test]
fn an_empty_argument_overrides_the_environment() {
    let block = block().with(&arguments::CLIENT_SECRET.attribute, Some(String::new()));

    assert!(read(&block, &[("ARM_CLIENT_SECRET", "s")]).credentials.client_secret.is_none());
}

#[test]
fn an_empty_variable_counts_as_not_set() {
    assert!(read(&block(), &[("ARM_CLIENT_SECRET", ""), ("ARM_USE_OIDC", " ")]).credentials.client_secret.is_none());
}

#[test]
fn an_argument_with_fixed_values_must_not_be_empty() {
    for argument in [&arguments::ENVIRONMENT, &arguments::PREFLIGHT] {
        for empty in ["", " "] {
            let block = block().with(&argument.attribute, Some(empty.to_owned()));

            let errors = ProviderSettings::validate(&block);

            let [error] = &errors.iter().collect::<Vec<_>>()[..] else { panic!("{errors}") };
            assert_eq!(error.path, Some(argument.attribute.path()));
            assert!(error.detail.contains("is not valid. Expected \""), "{}", error.detail);
        }
        let variable = argument.env_vars[0];
        let settings = read(&block(), &[(variable, "")]);
        assert!(settings.cloud.environment.is_none() && settings.preflight == PreflightMode::Warn, "{variable}");
    }
}

#[test]
fn false_overrides_the_environment_and_null_does_not() {
    let given = block().with(&arguments::USE_CLI.attribute, Some(false));
    let use_cli =
        |block: &Config| read(block, &[("ARM_USE_CLI", "true")]).credentials.use_cli.map(|setting| setting.value);

    assert_eq!(use_cli(&given), Some(false));
    assert_eq!(use_cli(&block()), Some(true));
}

#[test]
fn secret_is_trimmed_and_hidden_in_debug_output() {
    let secret = read(&block(), &[("ARM_CLIENT_SECRET", "s3cret\n")]).credentials.client_secret.expect("it is given");
    let SecretSource::Value(secret) = secret else { panic!("{secret:?}") };

    assert_eq!(secret.value.expose_secret(), "s3cret");
    assert!(!format!("{secret:?}").contains("s3cret"));
}

/// A file with this content.
fn file(content: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), content).expect("it is writable");
    file
}

fn path(file: &tempfile::NamedTempFile) -> String {
    file.path().display().to_string()
}

#[test]
fn file_argument_overrides_the_environment() {
    let id = file(GUID.as_bytes());
    let block = block()
        .with(&arguments::CLIENT_ID_FILE_PATH.attribute, Some(path(&id)))
        .with(&arguments::CLIENT_SECRET_FILE_PATH.attribute, Some("/secret".to_owned()))
        .with(&arguments::OIDC_TOKEN_FILE_PATH.attribute, Some("/token".to_owned()));

    let variables = [("ARM_CLIENT_ID", OTHER_GUID), ("ARM_CLIENT_SECRET", "s"), ("ARM_OIDC_TOKEN", "t")];
    let read = read(&block, &variables).credentials;

    assert_eq!(value_and_source(read.client_id), (GUID.to_owned(), "the argument `client_id_file_path`".to_owned()));
    assert!(matches!(&read.client_secret, Some(SecretSource::File(file)) if file.value == "/secret"));
    assert!(matches!(&read.oidc_token, Some(SecretSource::File(file)) if file.value == "/token"));
}

#[test]
fn rejects_a_value_and_a_file_with_different_content() {
    let content = file(b"\xef\xbb\xbfs3cret\r\n");
    let both = |secret| [("ARM_CLIENT_SECRET", secret), ("ARM_CLIENT_SECRET_FILE_PATH", &*path(&content).leak())];

    let same = read(&block(), &both("s3cret")).credentials.client_secret;
    let differ = errors(&block(), &both("another"));

    assert!(matches!(same, Some(SecretSource::File(_))), "{same:?}");
    assert_eq!(differ.len(), 1, "{differ:#?}");
    assert!(
        differ[0].starts_with(
            "client_secret_file_path: Both the environment variable ARM_CLIENT_SECRET and the environment variable \
             ARM_CLIENT_SECRET_FILE_PATH are set"
        ) && !differ[0].contains("another"),
        "{differ:#?}"
    );
}

#[test]
fn validates_a_client_id_file_like_client_id() {
    let id = |content: &[u8]| {
        let file = file(content);
        errors(&block(), &[("ARM_CLIENT_ID_FILE_PATH", &path(&file))]).remove(0)
    };

    let (name, utf16) = (id(b"my-app\n"), id(b"\xff\xfem\0y"));
    let missing = errors(&block(), &[("ARM_CLIENT_ID_FILE_PATH", "/nonexistent")]).remove(0);

    assert!(name.starts_with("client_id_file_path: \"my-app\" from the environment variable ARM_CLIENT_ID_FILE_PATH"));
    assert!(utf16.contains("damaged UTF-16") && utf16.contains("save it as UTF-8"), "{utf16}");
    assert!(missing.contains("cannot be read"), "{missing}");
}

#[test]
fn removes_white_space_and_quotation_marks_around_values() {
    let (id, path) = (format!("\u{feff}\"{GUID}\"\r\n"), "\"/token\"\r");
    let variables = [
        ("ARM_TENANT_ID", &*id),
        ("ARM_CLIENT_ID", &format!("\u{a0}{GUID}\u{200b}")),
        ("ARM_USE_OIDC", "\"true\""),
        ("ARM_OIDC_TOKEN_FILE_PATH", path),
        ("ARM_ENVIRONMENT", "'china'"),
        ("ARM_MSI_API_VERSION", "\"\""),
    ];

    let read = read(&block(), &variables);

    assert_eq!(value_and_source(read.credentials.tenant_id).0, GUID);
    assert_eq!(value_and_source(read.credentials.client_id).0, GUID);
    assert!(read.credentials.use_oidc.is_some_and(|setting| setting.value));
    assert_eq!(value_and_source(read.cloud.environment).0, "china");
    assert!(read.credentials.msi_api_version.is_none(), "quotation marks around nothing");
}

#[test]
fn validation_reads_no_files() {
    let block = block().with(&arguments::CLIENT_ID_FILE_PATH.attribute, Some("/nonexistent".to_owned()));

    assert_eq!(ProviderSettings::validate(&block), Diagnostics::default());
}

#[test]
fn unknown_argument_makes_the_settings_unknown() {
    let block = block().with_unknown(&arguments::CLIENT_SECRET.attribute);

    let read = ProviderSettings::read(&block, &env(&[("ARM_CLIENT_SECRET", "s")])).expect("no error");

    assert!(read.is_unknown());
}

#[test]
fn reports_every_malformed_argument_on_its_attribute() {
    let block = block()
        .with(&arguments::TENANT_ID.attribute, Some("common".to_owned()))
        .with(&arguments::SUBSCRIPTION_ID.attribute, Some("my subscription".to_owned()));

    let errors = errors(&block, &[("ARM_CLIENT_ID", "my-app"), ("ARM_USE_OIDC", "yes")]);

    assert_eq!(errors.len(), 4, "{errors:#?}");
    assert!(
        errors[0].starts_with(
            "tenant_id: \"common\" from the argument `tenant_id` is not valid. Expected the GUID of a tenant or one of its domain names"
        ),
        "{errors:#?}"
    );
    assert!(
        errors[1].starts_with("client_id: \"my-app\"") && errors[1].contains("the environment variable ARM_CLIENT_ID"),
        "{errors:#?}"
    );
    assert!(errors[2].starts_with("subscription_id: \"my subscription\""), "{errors:#?}");
    assert!(
        errors[3].starts_with("use_oidc: \"yes\" from the environment variable ARM_USE_OIDC is not a boolean"),
        "{errors:#?}"
    );
}

#[test]
fn accepts_a_domain_as_tenant_and_trims_ids() {
    let read = read(&block(), &[("ARM_TENANT_ID", "contoso.onmicrosoft.com\n"), ("ARM_CLIENT_ID", GUID)]);

    assert_eq!(value_and_source(read.credentials.tenant_id).0, "contoso.onmicrosoft.com");
}

#[test]
fn certificate_file_argument_overrides_the_environment() {
    let block = block().with(&arguments::CLIENT_CERTIFICATE_PATH.attribute, Some("/client.pfx".to_owned()));

    let read = read(&block, &[("ARM_CLIENT_CERTIFICATE", "not base64!")]);

    let Some(SecretSource::File(file)) = read.credentials.client_certificate else { panic!("{read:?}") };
    assert_eq!(file.value, "/client.pfx");
}

#[test]
fn keeps_the_password_of_a_certificate_unchanged() {
    let password = |text: &str| {
        let read = read(&block(), &[("ARM_CLIENT_CERTIFICATE_PASSWORD", text)]);
        read.credentials.client_certificate_password.map(|setting| setting.value.expose_secret().to_owned())
    };

    for text in [" two words of a password \n", "\u{200b}", "  ", "\"\"", "'quoted'"] {
        assert_eq!(password(text).as_deref(), Some(text));
    }
    assert_eq!(password(""), None);
    for form in ["[ two words of a password \n]", "[two words of a password]"] {
        assert!(!crate::redaction::sanitize(form).contains("words of"), "neither form is shown");
    }
}

#[test]
fn validate_checks_the_base64_of_a_certificate_and_reads_no_file() {
    let value = block().with(&arguments::CLIENT_CERTIFICATE.attribute, Some("/client.pfx".to_owned()));
    let file = block().with(&arguments::CLIENT_CERTIFICATE_PATH.attribute, Some("/nonexistent".to_owned()));

    let invalid = ProviderSettings::validate(&value).to_string();

    assert!(invalid.contains("is not base64") && invalid.contains("client_certificate"), "{invalid}");
    assert!(!ProviderSettings::validate(&file).has_errors());
}

#[test]
fn an_auxiliary_tenant_is_a_guid_or_a_domain() {
    let errors = errors(&block(), &[("ARM_AUXILIARY_TENANT_IDS", "fabrikam.com;Fabrikam Inc")]);

    assert!(errors[0].contains("\"Fabrikam Inc\" in the environment variable ARM_AUXILIARY_TENANT_IDS"), "{errors:#?}");
}

#[test]
fn rejects_more_than_three_auxiliary_tenants() {
    let errors = errors(&block(), &[("ARM_AUXILIARY_TENANT_IDS", "a;b;c;d")]);

    assert!(errors[0].starts_with("auxiliary_tenant_ids: "), "{errors:#?}");
}

#[test]
fn an_oidc_job_of_github_or_gitlab_is_recognized() {
    let pipeline = |variable| read(&block(), &[(variable, "true")]).credentials.pipeline;

    assert_eq!(pipeline("GITHUB_ACTIONS"), Some(Pipeline::GitHub));
    assert_eq!(pipeline("GITLAB_CI"), Some(Pipeline::GitLab));
    assert_eq!(pipeline("TF_BUILD"), None);
}

#[test]
fn environment_variables_append_to_the_user_agent() {
    let read = read(&block(), &[("TF_APPEND_USER_AGENT", "pipeline/1"), ("AZURE_HTTP_USER_AGENT", "team/2")]);

    assert!(read.user_agent("1.14.0").header().contains(" pipeline/1 team/2 "));
}

#[test]
fn a_correlation_id_is_random_custom_or_omitted() {
    let id = |variables: &[(&str, &str)]| read(&block(), variables).correlation.id().map(str::to_owned);

    assert_eq!(id(&[("ARM_CORRELATION_REQUEST_ID", "run-7")]).as_deref(), Some("run-7"));
    assert_eq!(id(&[("ARM_DISABLE_CORRELATION_REQUEST_ID", "true")]), None);
    assert_ne!(id(&[]), id(&[]));
}

#[test]
fn a_configured_service_connection_overrides_the_environment_under_either_name() {
    let given = block().with(&arguments::OIDC_AZURE_SERVICE_CONNECTION_ID.attribute, Some("mine".to_owned()));
    let connection = |block: &Config| {
        let read = read(block, &[("ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "theirs")]);
        value_and_source(read.credentials.oidc_azure_service_connection_id).0
    };

    assert_eq!(connection(&given), "mine");
    assert_eq!(connection(&block()), "theirs");
}

#[test]
fn rejects_a_request_url_without_tls() {
    let block = block().with(&arguments::OIDC_REQUEST_URL.attribute, Some("http://issuer.example".to_owned()));

    let errors = errors(&block, &[]);

    assert!(errors[0].starts_with("oidc_request_url: \"http://issuer.example\""), "{errors:#?}");
    assert!(errors[0].contains("Expected a URL that starts with https://"), "{errors:#?}");
}

#[test]
fn workload_identity_requires_the_identity_of_its_pod() {
    let pod = [("AZURE_CLIENT_ID", GUID), ("AZURE_TENANT_ID", GUID), ("AZURE_FEDERATED_TOKEN_FILE", "/token")];
    let with = |use_it: &'static str| [&pod[..], &[("ARM_CLIENT_ID", OTHER_GUID), (use_it, "true")]].concat();

    let differ = errors(&block(), &with("ARM_USE_AKS_WORKLOAD_IDENTITY"));
    let unused = read(&block(), &with("ARM_USE_OIDC")).credentials;

    assert!(differ[0].starts_with("client_id: the environment variable ARM_CLIENT_ID is"), "{differ:#?}");
    assert_eq!(value_and_source(unused.client_id).0, OTHER_GUID);
    assert_eq!(value_and_source(unused.pod.token_file).0, "/token");
    assert!(unused.oidc_token.is_none(), "the token of a pod is no oidc_token");
}

#[test]
fn accepts_a_resource_id_as_client_id_of_a_managed_identity() {
    let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i";
    let variables = |use_msi| [("ARM_CLIENT_ID", id), ("ARM_USE_MSI", use_msi)];

    let identity = read(&block(), &variables("true")).credentials.client_id;
    let application = errors(&block(), &variables("false"));

    assert_eq!(value_and_source(identity).0, id);
    assert!(application[0].contains("Expected the client ID of an application"), "{application:#?}");
}

#[test]
fn rejects_a_managed_identity_endpoint_that_is_not_a_url() {
    let errors = errors(&block(), &[("ARM_MSI_ENDPOINT", "169.254.169.254")]);

    assert!(errors[0].starts_with("msi_endpoint: \"169.254.169.254\""), "{errors:#?}");
}
