//! Reads the settings from the provider block and the environment, and collects the diagnostics.

use std::fmt::Display;

use secrecy::SecretString;

use crate::azure::credential::{
    SecretSource, Setting, Source, check_certificate_value, cleaning, file, is_same_certificate,
};
use crate::framework::{Attribute, AttributeValue, Config, Diagnostic, Diagnostics, Knowable, Path};
use crate::provider::arguments::{self, Argument};
use crate::provider::endpoint::{ENDPOINT, Endpoint};
use crate::provider::env_vars::EnvVars;
use crate::provider::id_format::is_tenant;
use crate::provider::precedence::{Candidate, Contradiction, Decision, SourceForm, decide, is_same};
use crate::provider::sources::{self, Sources};
use crate::redaction;

pub(super) struct Reader<'a> {
    block: &'a Config,
    env: &'a EnvVars,
    reads_files: bool,
    /// Whether an argument is not known before apply.
    unknown: bool,
    diagnostics: Diagnostics,
}

/// The format of an ID.
pub(super) struct Expected {
    pub(super) is_valid: fn(&str) -> bool,
    pub(super) what: &'static str,
    pub(super) example: &'static str,
}

/// An argument in the provider block.
enum Configured<T> {
    /// The argument has a value.
    Value(T),
    /// The argument is not set, so its environment variable applies.
    Null,
    /// The argument is unknown or malformed, so no source applies.
    Unusable,
}

impl<'a> Reader<'a> {
    pub(super) fn new(block: &'a Config, env: &'a EnvVars) -> Self {
        Self { block, env, reads_files: true, unknown: false, diagnostics: Diagnostics::default() }
    }

    pub(super) fn without_files(self) -> Self {
        Self { reads_files: false, ..self }
    }

    pub(super) fn reads_files(&self) -> bool {
        self.reads_files
    }

    pub(super) fn env(&self) -> &'a EnvVars {
        self.env
    }

    /// Returns the settings, or all diagnostics if one of them is an error.
    pub(super) fn finish<T>(self, settings: T) -> Result<Knowable<T>, Diagnostics> {
        if self.diagnostics.has_errors() {
            Err(self.diagnostics)
        } else if self.unknown {
            Ok(Knowable::Unknown)
        } else {
            Ok(Knowable::Known(settings))
        }
    }

    /// Reads a setting that is not a secret, without surrounding spaces and quotation marks.
    pub(super) fn string(&mut self, argument: &Argument<String>) -> Option<Setting<String>> {
        self.text(argument).map(plain)
    }

    /// Reads a setting that several arguments can set.
    pub(super) fn string_of(&mut self, sources: &Sources) -> Option<Setting<String>> {
        self.decide(sources).value.map(plain)
    }

    pub(super) fn secret(&mut self, argument: &Argument<String>) -> Option<Setting<SecretString>> {
        self.text(argument).map(secret)
    }

    /// Reads a password unchanged, because every character may be part of it. Masks the password in all output, with
    /// and without surrounding spaces.
    pub(super) fn password(&mut self, argument: &Argument<String>) -> Option<Setting<SecretString>> {
        let Setting { value, source } =
            self.unchanged(argument, EnvVars::text).filter(|setting| !setting.value.is_empty())?;
        redaction::protect(&value);
        redaction::protect(cleaning::trim(&value));
        Some(Setting::new(SecretString::from(value), source))
    }

    /// Reads a setting unchanged. Returns `None` if it is blank.
    fn text(&mut self, argument: &Argument<String>) -> Option<Setting<String>> {
        self.unchanged(argument, EnvVars::string).and_then(non_blank)
    }

    fn unchanged(
        &mut self,
        argument: &Argument<String>,
        variable: fn(&EnvVars, &[&str]) -> Option<Setting<String>>,
    ) -> Option<Setting<String>> {
        match self.configured(&argument.attribute) {
            Configured::Value(text) => Some(Setting::new(text, argument.source())),
            Configured::Null => variable(self.env, argument.env_vars),
            Configured::Unusable => None,
        }
    }

    /// Reads a secret as a value or as a file. If both have the same content, the file applies, because it can be
    /// renewed.
    pub(super) fn secret_source(&mut self, sources: &Sources) -> Option<SecretSource> {
        match self.decide(sources) {
            Decision { value: None, file: None } => None,
            Decision { value: Some(value), file: None } => Some(SecretSource::Value(secret(value))),
            Decision { value: None, file: Some(file) } => Some(SecretSource::File(file)),
            Decision { value: Some(value), file: Some(file) } => {
                self.compare(sources, &value, &file);
                Some(SecretSource::File(file))
            }
        }
    }

    /// Reads the client certificate as base64 or as a file. If both contain the same certificate, the file applies.
    pub(super) fn certificate(&mut self) -> Option<SecretSource> {
        let sources = &sources::CLIENT_CERTIFICATE;
        let Decision { value, file } = self.decide(sources);
        // `validate` checks only the provider block. A variable is checked when it is used.
        if let Some(Setting { value: text, source: source @ Source::Argument(_) }) = &value
            && let Err(problem) = check_certificate_value(text)
        {
            let detail = format!("The certificate in {source} {problem}.");
            self.error("Invalid client_certificate", detail, sources.path(source));
            return None;
        }
        match (value, file) {
            (None, None) => None,
            (Some(value), None) => Some(SecretSource::Value(secret(value))),
            (None, Some(file)) => Some(SecretSource::File(file)),
            (Some(value), Some(file)) => {
                if self.reads_files {
                    match is_same_certificate(&value.value, &file.value) {
                        Ok(true) => {}
                        Ok(false) => self.contradiction(sources, &value.source, &file.source),
                        Err(problem) => {
                            let detail = format!(
                                "Both {} and {} are set. Expected one of them, or the same certificate in both, but \
                                 {problem}.",
                                value.source, file.source
                            );
                            self.error("Conflicting settings", detail, sources.path(&file.source));
                        }
                    }
                }
                Some(SecretSource::File(file))
            }
        }
    }

    pub(super) fn bool(&mut self, argument: &Argument<bool>) -> Option<Setting<bool>> {
        match self.configured(&argument.attribute) {
            Configured::Value(value) => Some(Setting::new(value, argument.source())),
            Configured::Null => self.env.bool(argument.env_vars).unwrap_or_else(|error| {
                let detail = error.to_string();
                self.error("Invalid environment variable", detail, argument.attribute.path());
                None
            }),
            Configured::Unusable => None,
        }
    }

    pub(super) fn auxiliary_tenants(&mut self) -> Option<Setting<Vec<String>>> {
        let argument = &arguments::AUXILIARY_TENANT_IDS;
        let tenants = match self.configured(&argument.attribute) {
            Configured::Value(tenants) => Setting::new(tenants, argument.source()),
            Configured::Null => self.env.list(argument.env_vars)?,
            Configured::Unusable => return None,
        };
        if tenants.value.len() > 3 {
            let found = tenants.value.len();
            let detail = format!(
                "Found {found} tenants in {}. Azure accepts at most 3. Remove the tenants that you do not need.",
                tenants.source
            );
            self.error("Too many auxiliary tenants", detail, argument.attribute.path());
        } else if let Some(tenant) = tenants.value.iter().find(|tenant| !is_tenant(tenant)) {
            let detail = format!(
                "{tenant:?} in {} is not valid. Expected the GUIDs of tenants or their domain names.",
                tenants.source
            );
            self.error(&format!("Invalid {}", tenants.source.name()), detail, argument.attribute.path());
        }
        Some(tenants)
    }

    /// Reads an ID in a known format.
    pub(super) fn checked(&mut self, argument: &Argument<String>, expected: &Expected) -> Option<Setting<String>> {
        let setting = self.string(argument)?;
        self.check(setting, argument, expected)
    }

    /// Reads a setting with fixed values. An empty argument is invalid.
    pub(super) fn one_of(&mut self, argument: &Argument<String>, expected: &Expected) -> Option<Setting<String>> {
        let setting = self.unchanged(argument, EnvVars::string)?;
        self.check(setting, argument, expected)
    }

    /// Reads an ID in a known format, as a value or as a file.
    pub(super) fn checked_of(&mut self, sources: &Sources, expected: &Expected) -> Option<Setting<String>> {
        let (setting, argument) = match self.decide(sources) {
            Decision { value: Some(value), file } => {
                if let Some(file) = file {
                    self.compare(sources, &value, &file);
                }
                (value, sources.values.first()?)
            }
            Decision { value: None, file } => {
                let file = file.filter(|_| self.reads_files)?;
                (self.content(sources, &file)?, sources.files.first()?)
            }
        };
        self.check(setting, argument, expected)
    }

    fn check(
        &mut self,
        setting: Setting<String>,
        argument: &Argument<String>,
        expected: &Expected,
    ) -> Option<Setting<String>> {
        let Setting { value, source } = plain(setting);
        if (expected.is_valid)(&value) {
            return Some(Setting::new(value, source));
        }
        let Expected { what, example, .. } = expected;
        let detail = format!("{value:?} from {source} is not valid. Expected {what}, for example \"{example}\".");
        self.error(&format!("Invalid {}", source.name()), detail, argument.attribute.path());
        None
    }

    /// Reads the nested attributes of `endpoint`.
    pub(super) fn endpoint(&mut self) -> Endpoint {
        match self.configured(&ENDPOINT) {
            Configured::Value(endpoint) => endpoint,
            Configured::Null | Configured::Unusable => Endpoint::default(),
        }
    }

    /// Reports an error about a part of `endpoint`.
    pub(super) fn invalid_endpoint(&mut self, problem: &impl Display, source: &Source, argument: &Argument<String>) {
        let path = ENDPOINT.path().child(argument.attribute.name());
        self.error("Invalid endpoint", format!("The endpoint from {source} is invalid: {problem}."), path);
    }

    /// Decides which source of a setting applies.
    fn decide(&mut self, sources: &Sources) -> Decision {
        let mut candidates = Vec::new();
        for (form, rows) in [(SourceForm::Value, sources.values), (SourceForm::File, sources.files)] {
            for argument in rows {
                match self.configured(&argument.attribute) {
                    Configured::Value(text) => {
                        candidates.push(Candidate { form, setting: Setting::new(text, argument.source()) });
                    }
                    Configured::Null => {}
                    Configured::Unusable => return Decision::default(),
                }
                let variables = self.env.all(argument.env_vars);
                candidates.extend(variables.map(|setting| Candidate { form, setting }));
            }
        }
        decide(candidates).unwrap_or_else(|Contradiction { one, other }| {
            self.contradiction(sources, &one, &other);
            Decision::default()
        })
    }

    /// Reports an error if a value and a file of the same level differ.
    fn compare(&mut self, sources: &Sources, value: &Setting<String>, file: &Setting<String>) {
        if !self.reads_files {
            return;
        }
        if let Some(content) = self.content(sources, file)
            && !is_same(cleaning::value(&content.value), cleaning::value(&value.value))
        {
            self.contradiction(sources, &value.source, &file.source);
        }
    }

    /// Reports an error if a setting and the variable of a pod differ.
    pub(super) fn expect_same(
        &mut self,
        flag: &Setting<bool>,
        argument: &Argument<String>,
        setting: Option<&Setting<String>>,
        pod: Option<&Setting<String>>,
    ) {
        let (Some(setting), Some(pod)) = (setting, pod) else { return };
        if setting.value.eq_ignore_ascii_case(cleaning::value(&pod.value)) {
            return;
        }
        let detail = format!(
            "{} is \"{}\", and {} is \"{}\". Expected the same value, because {} is true. Remove the one \
             that is wrong.",
            setting.source, setting.value, pod.source, pod.value, flag.source
        );
        self.error("Conflicting settings", detail, argument.attribute.path());
    }

    fn contradiction(&mut self, sources: &Sources, one: &Source, other: &Source) {
        let detail = format!(
            "Both {one} and {other} are set, and they have different values. Expected one of them, or the same value in \
             both. Remove the one that is wrong."
        );
        self.error("Conflicting settings", detail, sources.path(other));
    }

    /// Reads the content of a file.
    fn content(&mut self, sources: &Sources, file: &Setting<String>) -> Option<Setting<String>> {
        match file::read(&file.value) {
            Ok(content) => Some(Setting::new(content, file.source.clone())),
            Err(problem) => {
                let detail =
                    format!("From {}: {problem}. Expected a file that the current user can read.", file.source);
                self.error("Invalid settings file", detail, sources.path(&file.source));
                None
            }
        }
    }

    fn error(&mut self, summary: &str, detail: String, path: Path) {
        self.diagnostics.push(Diagnostic::error(summary, detail).at(path));
    }

    fn configured<T: AttributeValue>(&mut self, attribute: &Attribute<Option<T>>) -> Configured<T> {
        match self.block.get(attribute) {
            Ok(Knowable::Known(Some(value))) => Configured::Value(value),
            Ok(Knowable::Known(None)) => Configured::Null,
            Ok(Knowable::Unknown) => {
                self.unknown = true;
                Configured::Unusable
            }
            Err(diagnostics) => {
                self.diagnostics.extend(diagnostics);
                Configured::Unusable
            }
        }
    }
}

/// Returns the setting unless it is blank. Quotation marks around nothing count as blank.
pub(super) fn non_blank(setting: Setting<String>) -> Option<Setting<String>> {
    Some(setting).filter(|setting| !cleaning::value(&setting.value).is_empty())
}

/// Removes surrounding spaces and quotation marks from an ID, a URL, a name or a path.
pub(super) fn plain(setting: Setting<String>) -> Setting<String> {
    Setting::new(cleaning::value(&setting.value).to_owned(), setting.source)
}

/// Removes the line break that files and pipelines often append to a secret, and masks the secret in all output.
pub(super) fn secret(Setting { value, source }: Setting<String>) -> Setting<SecretString> {
    let value = cleaning::trim(&value);
    redaction::protect(value);
    Setting::new(SecretString::from(value), source)
}
