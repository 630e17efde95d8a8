//! Tests that the provider follows the table: which settings apply, which are ignored, and which source has precedence.

use std::collections::BTreeSet;

use super::*;
use crate::framework::{Attribute, Config, Schema};
use crate::provider::endpoint::Endpoint;
use crate::provider::env_vars::EnvVars;
use crate::provider::settings::ProviderSettings;

fn empty_block() -> Config {
    Config::empty(&arguments::add_to(Schema::new("")).attribute(&ENDPOINT))
}

/// Sets an argument of the block to `text`.
fn with(block: Config, argument: &'static str, text: &str) -> Config {
    let text = text.to_owned();
    if let Some(part) = argument.strip_prefix("endpoint.") {
        let mut endpoint = Endpoint::default();
        match part {
            "resource_manager_endpoint" => endpoint.resource_manager_endpoint = Some(text),
            "resource_manager_audience" => endpoint.resource_manager_audience = Some(text),
            _ => endpoint.active_directory_authority_host = Some(text),
        }
        return block.with(&ENDPOINT, Some(endpoint));
    }
    if argument == "auxiliary_tenant_ids" {
        return block.with(&Attribute::<Option<Vec<String>>>::optional(argument), Some(vec![text]));
    }
    if argument.starts_with("use_") || argument.starts_with("disable_") {
        return block.with(&Attribute::<Option<bool>>::optional(argument), Some(text == "true"));
    }
    block.with(&Attribute::<Option<String>>::optional(argument), Some(text))
}

/// Two different valid values of a setting. Creates files in `folder` if the setting is a path.
fn two_values(row: &ForeignSetting, folder: &std::path::Path) -> [String; 2] {
    let name = row.argument.unwrap_or_default();
    let two = |one: &str, other: &str| [one.to_owned(), other.to_owned()];
    match name {
        _ if name.starts_with("use_") || name.starts_with("disable_") => two("true", "false"),
        "client_id_file_path" => ["a", "b"].map(|id| {
            let file = folder.join(id);
            std::fs::write(&file, format!("{id}0000000-0000-4000-8000-000000000000")).expect("a file");
            file.display().to_string()
        }),
        "client_certificate" => two("QUJD", "REVG"),
        "environment" => two("china", "usgovernment"),
        "msi_api_version" => two("2018-02-01", "2019-08-01"),
        "msi_endpoint"
        | "oidc_request_url"
        | "endpoint.resource_manager_endpoint"
        | "endpoint.active_directory_authority_host" => two("https://a.example/", "https://b.example/"),
        _ => two("a0000000-0000-4000-8000-000000000000", "b0000000-0000-4000-8000-000000000000"),
    }
}

/// The debug output of all settings from the block and the environment.
fn read(block: &Config, variables: &[(&str, &str)]) -> String {
    // Without this variable, the correlation ID is random.
    let id = [("ARM_CORRELATION_REQUEST_ID", "run")];
    let env: EnvVars = id.iter().chain(variables).copied().collect();
    let settings = ProviderSettings::read(block, &env).expect("a good configuration");
    format!("{settings:?}")
}

/// The same output without the variables of a pod, which only some authentication methods use.
fn read_without_pod(block: &Config, variables: &[(&str, &str)]) -> String {
    let pod = regex::Regex::new(r"pod: Pod \{.*?token_file: (None|Some\(.*?\}\)) \}").expect("a pattern");
    pod.replace(&read(block, variables), "").into_owned()
}

/// Removes the names of the sources from the output.
fn without_source(settings: &str) -> String {
    let source = regex::Regex::new(r#"(Argument|Variable)\("[^"]*"\)"#).expect("a pattern");
    source.replace_all(settings, "Source").into_owned()
}

#[test]
fn every_supported_argument_has_the_listed_variables_in_order() {
    for setting in FOREIGN_SETTINGS.iter().filter(|setting| setting.meaning == Meaning::Same) {
        assert!(setting.row().is_some(), "{setting:?} is not an argument");
        let ours: Vec<_> = setting.env_vars_here().iter().filter(|name| setting.env_vars.contains(name)).collect();
        assert_eq!(ours, setting.env_vars.iter().collect::<Vec<_>>(), "{setting:?}");
    }
}

#[test]
fn arguments_override_variables_and_the_first_set_variable_applies() {
    let folder = tempfile::tempdir().expect("a folder");
    let block = empty_block();
    let nothing = read_without_pod(&block, &[]);
    for setting in FOREIGN_SETTINGS.iter().filter(|setting| setting.meaning == Meaning::Same) {
        let argument = setting.argument.expect("it has one");
        let [one, other] = two_values(setting, folder.path());
        let given = read_without_pod(&with(block.clone(), argument, &one), &[]);
        assert_ne!(given, nothing, "{argument} has an effect");
        for (at, variable) in setting.env_vars.iter().enumerate() {
            let from_variable = read_without_pod(&block, &[(variable, &one)]);
            assert_eq!(without_source(&from_variable), without_source(&given), "{variable} means the same");
            let both = read_without_pod(&with(block.clone(), argument, &one), &[(variable, &other)]);
            assert_eq!(both, given, "{argument} overrides {variable}");
            for later in &setting.env_vars[at + 1..] {
                assert_eq!(
                    read_without_pod(&block, &[(later, &other), (variable, &one)]),
                    from_variable,
                    "{variable} before {later}"
                );
                assert_eq!(
                    read_without_pod(&block, &[(variable, ""), (later, &one)]),
                    read_without_pod(&block, &[(later, &one)]),
                    "{variable} is empty"
                );
            }
        }
    }
}

#[test]
fn every_variable_without_an_argument_has_an_effect() {
    let block = empty_block();
    for setting in FOREIGN_SETTINGS.iter().filter(|setting| matches!(setting.meaning, Meaning::Variables(_))) {
        for variable in setting.env_vars {
            assert_ne!(read(&block, &[(variable, "x")]), read(&block, &[]), "{variable}");
        }
    }
}

#[test]
fn an_ignored_setting_has_no_effect_and_no_argument() {
    let block = empty_block();
    for setting in FOREIGN_SETTINGS.iter().filter(|setting| matches!(setting.meaning, Meaning::Ignored(_))) {
        assert!(setting.row().is_none(), "{setting:?} is an argument");
        for variable in setting.env_vars {
            for value in ["true", "not a valid value of anything"] {
                assert_eq!(read(&block, &[(variable, value)]), read(&block, &[]), "{variable}");
            }
        }
    }
}

#[test]
fn every_setting_is_listed_once_with_its_effect() {
    let (mut arguments, mut ignored) = (BTreeSet::new(), BTreeSet::<&str>::new());
    for setting in FOREIGN_SETTINGS {
        assert!(setting.argument.is_none_or(|name| arguments.insert(name)), "{setting:?} is listed twice");
        assert!(setting.description().ends_with('.'), "{setting:?}: {}", setting.description());
        if matches!(setting.meaning, Meaning::Ignored(_)) {
            ignored.extend(setting.env_vars.iter().copied());
        }
    }
    let ours = || arguments::ROWS.iter().chain(endpoint::ROWS).flat_map(|row| row.env_vars);
    assert!(ours().all(|variable| !ignored.contains(*variable)), "a variable is both ignored and read");
}

#[test]
fn the_guides_name_only_variables_that_exist() {
    let known: BTreeSet<&str> = FOREIGN_SETTINGS.iter().flat_map(|setting| setting.env_vars.iter().copied()).collect();
    let ours = || arguments::ROWS.iter().chain(endpoint::ROWS).flat_map(|row| row.env_vars);
    let name = regex::Regex::new(r"\bARM_[A-Z_]*[A-Z]\b").expect("a pattern");
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let guides = std::fs::read_dir(docs.join("guides")).expect("there are guides").flatten().map(|entry| entry.path());
    for page in guides.chain([docs.join("index.md")]) {
        let text = std::fs::read_to_string(&page).expect("the page can be read");
        for found in name.find_iter(&text).map(|found| found.as_str()) {
            let is_known = known.contains(found) || ours().any(|ours| *ours == found) || found == "ARM_ACCESS_TOKEN";
            assert!(is_known, "{}: {found}", page.display());
        }
    }
}
