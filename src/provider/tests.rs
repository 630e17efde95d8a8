//! Tests of the provider, with a snapshot of its whole public interface: names, types and modes.
//!
//! The snapshot omits descriptions, because `cargo xtask check` compares them with docs/.

use std::fmt::Write as _;

use super::*;
use crate::azure::credential::variable;
use crate::framework::{AttributeSpec, ConfigureRequest, Identity, Mode, Nesting, Replacement, Rule, Server};

const PROVIDER: Interface = Interface::Provider;

fn server(variables: &[(&str, &str)]) -> Server {
    Server::new(SentinelProvider::new(variables.iter().copied().collect())).expect("valid schemas")
}

async fn configured(variables: &[(&str, &str)]) -> Diagnostics {
    let server = server(variables);
    let config = server.schemas().provider.empty_object();
    server.configure_provider(ConfigureRequest { terraform_version: "1.14.0".to_owned(), config }).await
}

#[test]
fn messages_name_the_variable_of_each_argument() {
    // No diagnostic names these arguments.
    let unnamed = ["custom_correlation_request_id", "preflight"];
    for row in arguments::ROWS.iter().chain(endpoint::ROWS).filter(|row| !unnamed.contains(&row.name)) {
        assert!(row.env_vars.contains(&variable(row.name).as_str()), "{row:?}");
    }
}

#[tokio::test]
async fn a_command_names_variables_and_no_arguments() {
    let variables: EnvVars = [("ARM_USE_CLI", "false"), ("ARM_CLIENT_CERTIFICATE_PASSWORD", "x")].into_iter().collect();

    let errors = session_from_environment(&variables, &Deadline::lasting(Duration::from_secs(60)))
        .await
        .expect_err("no credential");

    let text = errors.to_string();
    for expected in ["ARM_USE_OIDC is not true", "neither ARM_CLIENT_SECRET nor ARM_CLIENT_SECRET_FILE_PATH is set"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    for row in arguments::ROWS {
        assert!(!text.contains(&format!("`{}`", row.name)), "{row:?}: {text}");
    }
    assert!(!text.contains("provider"), "{text}");
}

#[tokio::test]
async fn an_invalid_variable_is_named_in_the_summary() {
    let errors = configured(&[("ARM_TENANT_ID", "no tenant")]).await;

    assert_eq!(errors.iter().map(|error| error.summary.as_str()).collect::<Vec<_>>(), ["Invalid ARM_TENANT_ID"]);
}

#[test]
fn schemas_match_the_snapshot() {
    let server = server(&[]);
    let schemas = server.schemas();

    let mut shown = String::new();
    show(&mut shown, &format!("provider {}", schemas.provider_name), &schemas.provider);
    for (name, resource) in &schemas.resources {
        show(&mut shown, &format!("resource {name}"), &resource.schema);
        for row in resource.identity.iter().flat_map(Identity::attributes) {
            let _ = writeln!(shown, "  identity {}: {}", row.name, row.shape.value_type());
        }
    }
    for (name, schema) in &schemas.data_sources {
        show(&mut shown, &format!("data {name}"), schema);
    }

    insta::assert_snapshot!(shown);
}

#[test]
fn every_attribute_has_a_description() {
    let server = server(&[]);
    let schemas = server.schemas();
    let resources = schemas.resources.values().map(|resource| &resource.schema);

    for schema in resources.chain(schemas.data_sources.values()).chain([&schemas.provider]) {
        let nested = schema.attributes().filter_map(AttributeSpec::nested).flat_map(|nested| &nested.attributes);
        for row in schema.attributes().chain(nested) {
            assert!(row.description.ends_with('.'), "{}: {:?}", row.name, row.description);
        }
    }
}

#[tokio::test]
async fn configures_with_a_client_secret_from_the_environment() {
    let diagnostics = configured(&[
        ("ARM_TENANT_ID", "5f3c1d8e-6b0a-4c57-9d1e-2a7b8c9d0e1f"),
        ("ARM_CLIENT_ID", "0d7e5a31-94c2-4b8f-a6d0-5c1b3e9f7a24"),
        ("ARM_CLIENT_SECRET", "s3cret"),
    ])
    .await;

    assert_eq!(diagnostics, Diagnostics::new());
}

#[tokio::test]
async fn missing_credential_lists_every_method() {
    let diagnostics = configured(&[("ARM_USE_CLI", "false")]).await.to_string();

    for method in ["client certificate", "client secret", "OIDC token", "managed identity", "Azure CLI: disabled"] {
        assert!(diagnostics.contains(method), "{method}: {diagnostics}");
    }
}

fn show(out: &mut String, title: &str, schema: &Schema) {
    let version = schema.state_version();
    let _ = writeln!(out, "{title} (version {version})");
    for row in schema.attributes().chain(schema.blocks()) {
        show_row(out, row, 1);
    }
    for rule in schema.rules() {
        let _ = writeln!(out, "  rule: {}", Rule::sentence(rule));
    }
}

fn show_row(out: &mut String, row: &AttributeSpec, depth: usize) {
    let kind = match row.nested().map(|nested| nested.nesting) {
        None => row.shape.value_type().to_string(),
        Some(Nesting::Single) => "object".to_owned(),
        Some(nesting) => format!("{nesting:?} of objects").to_lowercase(),
    };
    let block = if row.block.is_some() { "block " } else { "" };
    let mode = match row.mode {
        Mode::Required => "required",
        Mode::Optional => "optional",
        Mode::OptionalComputed => "optional, computed",
        Mode::Computed => "computed",
    };
    let default = row.default.as_ref().map(|default| format!(", default {default:?}")).unwrap_or_default();
    let replaces = match row.replacement {
        Some(Replacement::Always) => ", replaces",
        Some(Replacement::IfConfigured) => ", replaces if configured",
        Some(Replacement::If(_)) => ", replaces by rule",
        None => "",
    };
    let flags: String = [
        (row.sensitive, ", sensitive"),
        (row.write_only, ", write-only"),
        (row.use_state.is_some(), ", kept"),
        (row.semantic_equality.is_some(), ", semantic equality"),
        (row.deprecated.is_some(), ", deprecated"),
    ]
    .into_iter()
    .filter_map(|(is_set, flag)| is_set.then_some(flag))
    .collect();
    let validators: String = row.validators.iter().map(|validator| format!(", {}", validator.expected())).collect();
    let _ = writeln!(
        out,
        "{:indent$}{block}{}: {kind} {mode}{default}{replaces}{flags}{validators}",
        "",
        row.name,
        indent = depth * 2
    );
    for row in row.nested().into_iter().flat_map(|nested| &nested.attributes) {
        show_row(out, row, depth + 1);
    }
}

#[test]
fn certificate_check_ends_at_the_deadline() {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().max_blocking_threads(1).build().expect("a runtime");
    runtime.block_on(check_in_time());
}

async fn check_in_time() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/azure/credential/client_certificate/fixtures/openssl3.pfx");
    let env: EnvVars = [
        ("ARM_TENANT_ID", "5f3c1d8e-6b0a-4c57-9d1e-2a7b8c9d0e1f"),
        ("ARM_CLIENT_ID", "0d7e5a31-94c2-4b8f-a6d0-5c1b3e9f7a24"),
        ("ARM_CLIENT_CERTIFICATE_PATH", path),
        ("ARM_CLIENT_CERTIFICATE_PASSWORD", "correct horse"),
    ]
    .into_iter()
    .collect();
    let block = Config::empty(&SentinelProvider::new(env.clone()).schema());
    let settings = ProviderSettings::read(&block, &env).expect("good settings").known().expect("all is known");
    let (cloud, http) = (crate::azure::cloud::Cloud::public(), Http::new(&settings.user_agent("")));
    let credential = Credential::select(&settings.credentials, &cloud, http).expect("a method");

    check_certificate(&credential, &Deadline::lasting(Duration::from_secs(60)), PROVIDER)
        .await
        .expect("a usable certificate");
    // The only blocking thread is busy, as if the disk did not respond.
    let (free, is_free) = std::sync::mpsc::channel::<()>();
    let busy = tokio::task::spawn_blocking(move || is_free.recv());
    let late = check_certificate(&credential, &Deadline::lasting(Duration::ZERO), PROVIDER).await.expect_err("no time");
    free.send(()).expect("the thread is waiting");
    busy.await.expect("no panic").expect("a message");
    let canceled = Deadline::lasting(Duration::from_secs(60));
    canceled.cancellation.cancel();
    let stopped = check_certificate(&credential, &canceled, PROVIDER).await.expect_err("canceled");

    assert_eq!(late.summary, "The client certificate was not read in time");
    assert_eq!(stopped.summary, "The operation was canceled");
}
