//! The settings that several arguments can set: an argument and its alias, or a value and the path of a file.
//!
//! `precedence.rs` decides which source applies. A setting that only one argument sets needs no constant.

use super::arguments::{self, Argument};
use crate::azure::credential::Source;
use crate::framework::Path;

/// The arguments that can set a setting.
pub(super) struct Sources {
    /// The arguments that contain the value.
    pub(super) values: &'static [&'static Argument<String>],
    /// The arguments that contain the path of a file with the value.
    pub(super) files: &'static [&'static Argument<String>],
}

impl Sources {
    /// The attribute that a diagnostic about this source belongs to.
    pub(super) fn path(&self, source: &Source) -> Path {
        let all = || self.values.iter().chain(self.files);
        let own = all().find(|argument| match source {
            Source::Argument(_) => argument.source() == *source,
            Source::Variable(name) => argument.env_vars.contains(&name.as_str()),
        });
        let argument = own.or_else(|| all().next()).expect("invariant: a setting has an argument");
        argument.attribute.path()
    }
}

pub(super) const CLIENT_ID: Sources =
    Sources { values: &[&arguments::CLIENT_ID], files: &[&arguments::CLIENT_ID_FILE_PATH] };

pub(super) const CLIENT_SECRET: Sources =
    Sources { values: &[&arguments::CLIENT_SECRET], files: &[&arguments::CLIENT_SECRET_FILE_PATH] };

pub(super) const CLIENT_CERTIFICATE: Sources =
    Sources { values: &[&arguments::CLIENT_CERTIFICATE], files: &[&arguments::CLIENT_CERTIFICATE_PATH] };

pub(super) const OIDC_TOKEN: Sources =
    Sources { values: &[&arguments::OIDC_TOKEN], files: &[&arguments::OIDC_TOKEN_FILE_PATH] };

pub(super) const SERVICE_CONNECTION: Sources = Sources {
    values: &[&arguments::ADO_PIPELINE_SERVICE_CONNECTION_ID, &arguments::OIDC_AZURE_SERVICE_CONNECTION_ID],
    files: &[],
};
