//! The installation step of create and update: waits for required solutions, installs, and updates the state.

use crate::azure_diagnostics;
use crate::content_hub::installation::Observation;
use crate::content_hub::installation::install::{InstallRequest, install};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::framework::{Context, Failed, State};

use super::attributes::{DEPLOYMENT_NAME, WORKSPACE_ID};
use super::config::SolutionConfig;
use super::flatten::{flatten, keep_planned};
use super::install_kind::InstallKind;
use super::record::{existed_before, record_in, set_existed_before, set_record};
use super::{dependencies, diagnostics, install_diagnostics};

/// Installs the observed catalog entry. Returns `planned` with all values known. `partial` is the state to save if the
/// installation starts and fails.
pub(super) async fn install_solution(
    ctx: &Context,
    hub: &ContentHub<'_>,
    config: &SolutionConfig,
    observation: &Observation,
    kind: InstallKind,
    mut partial: State,
    mut planned: State,
) -> Result<State, Failed> {
    let entry = observation.entry.as_ref().expect("invariant: only a version in the catalog is installed");
    let content_id = entry.package.content_id.as_str();
    let title = diagnostics::title(observation, content_id);
    let missing = dependencies::wait(hub, entry).await.map_err(|error| {
        Failed::nothing_changed(
            azure_diagnostics::from_error(&error, "reading the solutions that this one requires")
                .at(WORKSPACE_ID.path()),
        )
    })?;
    if !missing.is_empty() {
        return Err(Failed::nothing_changed(diagnostics::missing_dependencies(&title, &missing)));
    }

    let is_foreign = match kind {
        InstallKind::Create => false,
        InstallKind::Adopt => true,
        InstallKind::Update => existed_before(&partial).map_err(Failed::nothing_changed)?,
    };
    if is_foreign {
        set_existed_before(&mut partial);
        set_existed_before(&mut planned);
    }
    let record = record_in(&partial).unwrap_or_else(|| observation.to_record());
    let request = InstallRequest { entry, registrations: &observation.registrations, parameters: &config.parameters };
    let on_start = |deployment_name: &str| {
        partial.set(&DEPLOYMENT_NAME, Some(deployment_name.to_owned()));
        set_record(&mut partial, &record.unfinished());
        if kind != InstallKind::Adopt {
            ctx.checkpoint(&partial);
        }
        planned.set(&DEPLOYMENT_NAME, Some(deployment_name.to_owned()));
    };
    match Box::pin(install(hub, &request, on_start)).await {
        Ok(installed) => {
            let mut state = planned.clone();
            flatten(&mut state, &config.workspace, content_id, &installed.observation, &installed.record);
            keep_planned(&mut state, &planned);
            Ok(state)
        }
        Err(error) => {
            let version = entry.package.version.as_deref().unwrap_or_default();
            let title = format!("\"{title}\" {version}");
            let diagnostics = install_diagnostics::install_failed(&error, &title, kind, hub.session);
            Err(if error.has_started() && kind != InstallKind::Adopt {
                Failed::partial(partial, diagnostics)
            } else {
                Failed::nothing_changed(diagnostics)
            })
        }
    }
}
