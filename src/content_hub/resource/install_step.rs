//! Installing a solution for create and for update: what it needs first, then the installation, with what exists noted
//! from the first write on.

use crate::azure_diagnostics;
use crate::content_hub::installation::install::{InstallRequest, install};
use crate::content_hub::installation::record::KEY;
use crate::content_hub::installation::{Observation, Record};
use crate::content_hub::lookup::catalogue::ContentHub;
use crate::framework::{Context, Failed, State};

use super::attributes::{DEPLOYMENT_NAME, WORKSPACE_ID};
use super::config::Request;
use super::flatten::flatten;
use super::install_kind::InstallKind;
use super::{dependencies, deployment_diagnostic, diagnostics};

/// Installs what `look` has found in the catalogue. `half_way` is the state that is true as soon as something was
/// written; `done` the planned one, to be filled in.
pub(super) async fn install_found(
    ctx: &Context,
    hub: &ContentHub<'_>,
    request: &Request,
    observation: &Observation,
    beginning: InstallKind,
    mut half_way: State,
    mut done: State,
) -> Result<State, Failed> {
    let entry =
        observation.entry.as_ref().expect("invariant: only what the catalogue offers is decided to be installed");
    let content_id = entry.package.content_id.as_str();
    let title = diagnostics::title(observation, content_id);
    let missing = dependencies::wait(hub, entry).await.map_err(|error| {
        Failed::nothing_changed(
            azure_diagnostics::from_error(&error, "looking for the solutions that this one needs")
                .at(WORKSPACE_ID.path()),
        )
    })?;
    if !missing.is_empty() {
        return Err(Failed::nothing_changed(diagnostics::needs(&title, &missing)));
    }

    let before = half_way.private().get(KEY).and_then(Record::from_json).unwrap_or_else(|| observation.record());
    let order = InstallRequest { entry, registrations: &observation.registrations, parameters: &request.parameters };
    let begun = |name: &str| {
        half_way.set(&DEPLOYMENT_NAME, Some(name.to_owned()));
        half_way.private_mut().set(KEY, before.unfinished().to_json());
        ctx.checkpoint(&half_way);
        done.set(&DEPLOYMENT_NAME, Some(name.to_owned()));
    };
    match Box::pin(install(hub, &order, begun)).await {
        Ok(installed) => {
            flatten(&mut done, &request.workspace, content_id, &installed.observation, &installed.record);
            Ok(done)
        }
        Err(error) => {
            let version = entry.package.version.as_deref().unwrap_or_default();
            let told = deployment_diagnostic::of(&error, &format!("\"{title}\" {version}"), beginning, hub.session);
            Err(if error.has_begun() { Failed::left(half_way, told) } else { Failed::nothing_changed(told) })
        }
    }
}
