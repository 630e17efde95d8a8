//! Upgrades saved states to the current version of the schema.

use serde_json::Value as Json;

use super::run::run_sync;
use super::{Resource, Server};
use crate::framework::diagnostics::{Diagnostic, Diagnostics};
use crate::framework::engine::json;

impl Server {
    /// Upgrades a saved state. A state of the current version keeps all attributes except write-only values. The
    /// decoder removes attributes that the schema does not have.
    pub fn upgrade_resource_state(&self, type_name: &str, version: i64, state: Json) -> (Option<Json>, Diagnostics) {
        let upgraded = self.resource(type_name).map_err(Diagnostics::from).and_then(|resource| {
            let state = upgrade(resource, version, state)?;
            Ok(json::without_write_only(resource.schemas.schema.specs(), state))
        });
        response(upgraded)
    }

    /// Upgrades a saved identity. Every identity has only one version so far, so any other version is an error.
    pub fn upgrade_resource_identity(
        &self,
        type_name: &str,
        version: i64,
        identity: Json,
    ) -> (Option<Json>, Diagnostics) {
        let upgraded = self.resource(type_name).map_err(Diagnostics::from).and_then(|resource| {
            let current = resource.schemas.identity.as_ref().map(crate::framework::schema::Identity::version);
            match current {
                Some(current) if current == version => Ok(identity),
                Some(current) => Err(unsupported("identity", type_name, version, current).into()),
                None => Err(Diagnostic::error(
                    "The resource has no identity",
                    format!(
                        "The state contains an identity, but `{type_name}` has no identity in this version of the \
                        provider. Use a newer version."
                    ),
                )
                .into()),
            }
        });
        response(upgraded)
    }
}

fn upgrade(resource: Resource<'_>, saved: i64, mut state: Json) -> Result<Json, Diagnostics> {
    let current = resource.schemas.schema.state_version();
    if !state.is_object() {
        let detail = format!(
            "The saved state of `{}` is not an object. It may be damaged. Restore a backup of the state.",
            resource.type_name
        );
        return Err(Diagnostic::error("The state cannot be read", detail).into());
    }
    if saved > current {
        return Err(unsupported("state", resource.type_name, saved, current).into());
    }
    for version in saved..current {
        let step = resource.entry.upgrades.iter().find(|step| step.from == version);
        let step = step.ok_or_else(|| unsupported("state", resource.type_name, saved, current))?;
        state = run_sync(|| (step.upgrade)(state)).map_err(|interruption| {
            interruption.diagnostic(
                &format!("upgrading the state of {} from version {version}", resource.type_name),
                "The saved state has not changed.",
            )
        })??;
    }
    Ok(state)
}

fn unsupported(what: &str, type_name: &str, saved: i64, current: i64) -> Diagnostic {
    let remedy = if saved > current {
        "It was saved by a newer version of the provider. Use that version or a newer one."
    } else {
        "This version of the provider cannot upgrade it. Upgrade to an intermediate version first."
    };
    let detail = format!(
        "The saved {what} of `{type_name}` has version {saved}. The provider supports version {current}. {remedy}"
    );
    Diagnostic::error(format!("Unsupported version of the {what}"), detail)
}

fn response(outcome: Result<Json, Diagnostics>) -> (Option<Json>, Diagnostics) {
    match outcome {
        Ok(json) => (Some(json), Diagnostics::new()),
        Err(diagnostics) => (None, diagnostics),
    }
}
