//! Validates configurations. Reports all errors at once, each on its attribute.

use super::run::run_sync;
use super::{Server, unknown_type};
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::engine::validate;
use crate::framework::mask::Mask;
use crate::framework::operation::Config;
use crate::framework::schema::Schema;
use crate::framework::value::{Path, Value};

impl Server {
    /// Checks the provider block.
    pub fn validate_provider_config(&self, config: Value) -> Diagnostics {
        check(&self.schemas.provider, config, true, |config| self.provider.validate(config))
    }

    /// Checks the configuration of a resource. A client without support for write-only attributes would save their
    /// values, so they can only be set with `write_only_allowed`.
    pub fn validate_resource_config(&self, type_name: &str, config: Value, write_only_allowed: bool) -> Diagnostics {
        match self.resource(type_name) {
            Ok(resource) => check(&resource.schemas.schema, config, write_only_allowed, |config| {
                resource.entry.resource.validate(config)
            }),
            Err(unknown) => unknown.into(),
        }
    }

    /// Checks the configuration of a data source.
    pub fn validate_data_source_config(&self, type_name: &str, config: Value) -> Diagnostics {
        match self.registry.data_sources.get(type_name).zip(self.schemas.data_sources.get(type_name)) {
            Some((data_source, schema)) => check(schema, config, true, |config| data_source.validate(config)),
            None => unknown_type("data source", type_name).into(),
        }
    }
}

/// Checks single attributes, then the resource's rules between attributes. Drops the diagnostics of these rules on
/// attributes that are already invalid.
fn check(
    schema: &Schema,
    config: Value,
    write_only_allowed: bool,
    rules: impl FnOnce(&Config) -> Diagnostics,
) -> Diagnostics {
    let mut diagnostics = validate::config(schema, &config, write_only_allowed);
    let config = Config::of(config);
    match run_sync(|| rules(&config)) {
        Ok(found) => {
            let invalid: Vec<Path> = diagnostics.iter().filter_map(|diagnostic| diagnostic.path.clone()).collect();
            let is_new = |found: &Diagnostic| {
                found.path.as_ref().is_none_or(|path| !invalid.iter().any(|invalid| invalid.overlaps(path)))
            };
            diagnostics.extend(found.into_iter().filter(is_new));
        }
        Err(interruption) => {
            let interruption = interruption.masked(&Mask::of(schema.specs(), &[config.value()]));
            diagnostics.push(interruption.diagnostic("checking the configuration", ""));
        }
    }
    diagnostics
}
