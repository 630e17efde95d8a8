//! Create: installs the solution, or adopts an existing one.

use crate::azure::Error;
use crate::azure_diagnostics;
use crate::content_hub::api::catalog_entry::CatalogEntry;
use crate::content_hub::installation::decision::decide;
use crate::content_hub::installation::{Decision, Observation, Versions};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::framework::{Context, Diagnostic, Failed, State};
use crate::ownership::Claim;
use crate::sentinel::{is_not_onboarded, not_onboarded};
use crate::session::{self, Session};

use super::attributes::{DEPLOYMENT_NAME, WORKSPACE_ID};
use super::config::{SolutionConfig, desired_at_create};
use super::flatten::{flatten, set_names};
use super::identity::{package_id, solution};
use super::install_kind::InstallKind;
use super::install_step::install_solution;
use super::record::updated_record;
use super::{diagnostics, earlier_deployment};

pub(super) async fn create(ctx: &Context, session: &Session, mut planned: State) -> Result<State, Failed> {
    let config = SolutionConfig::from_planned(&planned).map_err(Failed::nothing_changed)?;
    let workspace = config.workspace.clone();
    let deadline = session::deadline_of_create(ctx);
    let hub = ContentHub::new(session, &workspace, &deadline).waiting_for_onboarding();

    wait_until_onboarded(&hub).await.map_err(Failed::nothing_changed)?;
    let entry = hub
        .find_entry(&config.selector)
        .await
        .map_err(|error| Failed::nothing_changed(diagnostics::lookup_failed(&error, &config.selector)))?;
    let content_id = entry.package.content_id.clone();
    let _lock = session
        .lock(&package_id(&workspace, &content_id), &deadline)
        .await
        .map_err(|error| failed(&error, "waiting for another change of the solution"))?;
    let claim =
        session.ownership().claim(&solution(&workspace, &content_id), &mut planned).map_err(Failed::nothing_changed)?;
    let result = install_or_adopt(ctx, &hub, config, entry, &claim, planned).await;
    claim.finish(&result);
    result
}

async fn install_or_adopt(
    ctx: &Context,
    hub: &ContentHub<'_>,
    mut config: SolutionConfig,
    entry: CatalogEntry,
    claim: &Claim<'_>,
    mut planned: State,
) -> Result<State, Failed> {
    let workspace = hub.workspace;
    let content_id = entry.package.content_id.clone();
    let observe = async |entry| observe(hub, entry).await.map_err(|error| failed(&error, "reading the solution"));
    let mut observation = observe(entry.clone()).await?;

    let title = diagnostics::title(&observation, &content_id);
    if observation.is_present() && !config.adopt_existing {
        let found = diagnostics::found(workspace, &content_id, &observation);
        return Err(Failed::nothing_changed(solution(workspace, &content_id).exists(&found)));
    }
    let was_canceled = observation.is_present()
        && earlier_deployment::cancel_running(hub, &content_id, &title).await.map_err(Failed::nothing_changed)?;
    if was_canceled {
        observation = observe(entry).await?;
    }
    desired_at_create(&mut config.desired, &observation, !config.parameters.is_empty());
    let defects = if observation.is_present() {
        earlier_deployment::defects_before_adoption(hub, &observation, &content_id).await
    } else {
        Vec::new()
    };
    let versions = Versions { installed: observation.installed_version(), available: observation.available_version() };
    let decision = decide(&config.desired, versions, &defects)
        .map_err(|error| Failed::nothing_changed(diagnostics::cannot_install(&error, &title)))?;

    if observation.is_present() {
        let found = diagnostics::found(workspace, &content_id, &observation);
        claim.adopts(ctx, &found, &diagnostics::adoption(&observation, &decision));
    }
    set_names(&mut planned, workspace, &content_id, &observation);
    match decision {
        Decision::Install(_) => {
            let mut partial = planned.clone();
            flatten(&mut partial, workspace, &content_id, &observation, &observation.to_record());
            let kind = if observation.is_present() { InstallKind::Adopt } else { InstallKind::Create };
            install_solution(ctx, hub, &config, &observation, kind, partial, planned).await
        }
        Decision::Keep | Decision::CannotRepair(_) => {
            planned.set(&DEPLOYMENT_NAME, None);
            let record = updated_record(&observation, &content_id, None);
            flatten(&mut planned, workspace, &content_id, &observation, &record);
            Ok(planned)
        }
    }
}

/// Waits until a recent onboarding of the workspace takes effect.
async fn wait_until_onboarded(hub: &ContentHub<'_>) -> Result<(), Diagnostic> {
    hub.installed().await.map(drop).map_err(|error| {
        let diagnostic = if is_not_onboarded(&error) {
            not_onboarded(hub.workspace)
        } else {
            azure_diagnostics::from_error(&error, "reading the installed solutions")
        };
        diagnostic.at(WORKSPACE_ID.path())
    })
}

/// Reads the current content of the solution. `entry` was read before the lock was acquired, so it is used only if the
/// catalog no longer contains the solution.
async fn observe(hub: &ContentHub<'_>, entry: CatalogEntry) -> Result<Observation, Error> {
    let observation = Observation::read(hub, &entry.package.content_id, None).await?;
    Ok(Observation { entry: observation.entry.or(Some(entry)), ..observation })
}

fn failed(error: &Error, activity: &str) -> Failed {
    Failed::nothing_changed(azure_diagnostics::from_error(error, activity).at(WORKSPACE_ID.path()))
}
