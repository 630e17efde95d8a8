//! Create: observation, then install, or take over what is there.

use crate::azure::Error;
use crate::azure_diagnostics;
use crate::content_hub::api::entry::Entry;
use crate::content_hub::installation::decision::decide;
use crate::content_hub::installation::defect::defects_at_adoption;
use crate::content_hub::installation::{Decision, Observation, Versions};
use crate::content_hub::lookup::catalogue::ContentHub;
use crate::framework::{Context, Diagnostic, Failed, State};
use crate::ownership::Claim;
use crate::sentinel::{NotReady, not_onboarded, when_onboarded};
use crate::session::{self, Session};

use super::attributes::{DEPLOYMENT_NAME, INSTALLED_VERSION, WORKSPACE_ID};
use super::config::{Request, at_create};
use super::flatten::{flatten, name};
use super::identity::{package_id, solution};
use super::install_kind::InstallKind;
use super::install_step::install_found;
use super::read::seen;
use super::{diagnostics, earlier_deployment};

pub(super) async fn create(ctx: &Context, session: &Session, mut planned: State) -> Result<State, Failed> {
    let request = Request::of(&planned).map_err(Failed::nothing_changed)?;
    let workspace = request.workspace.clone();
    let deadline = session::deadline(ctx);
    let hub = ContentHub::new(session, &workspace, &deadline);
    let failed = |diagnostic: Diagnostic| Failed::nothing_changed(diagnostic);

    ready(&hub).await.map_err(failed)?;
    let entry = hub
        .select(&request.selector)
        .await
        .map_err(|error| failed(diagnostics::not_found(&error, &request.selector)))?;
    let content_id = entry.package.content_id.clone();
    let explained = |error, doing| failed(azure_diagnostics::from_error(&error, doing).at(WORKSPACE_ID.path()));
    let _turn = session
        .lock(&package_id(&workspace, &content_id), &deadline)
        .await
        .map_err(|error| explained(error, "waiting for another installation of the solution"))?;
    let claim = session.ownership().claim(&solution(&workspace, &content_id), &mut planned).map_err(failed)?;
    let outcome = install_or_adopt(ctx, &hub, request, entry, &claim, planned).await;
    claim.settle(&outcome);
    outcome
}

async fn install_or_adopt(
    ctx: &Context,
    hub: &ContentHub<'_>,
    mut request: Request,
    entry: Entry,
    claim: &Claim<'_>,
    planned: State,
) -> Result<State, Failed> {
    let workspace = hub.workspace;
    let content_id = entry.package.content_id.clone();
    let failed = |diagnostic: Diagnostic| Failed::nothing_changed(diagnostic);
    let looking = |error| {
        failed(
            azure_diagnostics::from_error(&error, "looking at what the workspace has of the solution")
                .at(WORKSPACE_ID.path()),
        )
    };
    let mut observation = look_again(hub, entry.clone()).await.map_err(looking)?;

    let title = diagnostics::title(&observation, &content_id);
    if observation.is_present() && !request.adopts {
        let found = diagnostics::found(workspace, &content_id, &observation);
        return Err(failed(solution(workspace, &content_id).exists(&found)));
    }
    let planned_version = planned.get(&INSTALLED_VERSION).map_err(Failed::nothing_changed)?;
    let available = observation.available_version();
    if let Some(version) = planned_version.as_deref()
        && [observation.installed_version(), available].iter().all(|other| *other != Some(version))
    {
        return Err(failed(diagnostics::moved_on(&title, version, available)));
    }
    let is_ended = observation.is_present()
        && earlier_deployment::end_any(hub, &content_id, &title).await.map_err(Failed::nothing_changed)?;
    if is_ended {
        observation = look_again(hub, entry).await.map_err(looking)?;
    }
    let available = observation.available_version();
    at_create(&mut request.desired, &observation, !request.parameters.is_empty());
    let found = defects_at_adoption(&observation, &content_id);
    let versions = Versions { installed: observation.installed_version(), available };
    let decision = decide(&request.desired, versions, !found.is_empty())
        .map_err(|refusal| failed(diagnostics::refused(&refusal, &title)))?;

    if observation.is_present() {
        let found = diagnostics::found(workspace, &content_id, &observation);
        claim.adopts(ctx, &found, &diagnostics::adoption(&observation, &decision));
    }
    let mut done = planned;
    name(&mut done, workspace, &content_id, &observation);
    match decision {
        Decision::Install(_) => {
            let mut half_way = done.clone();
            flatten(&mut half_way, workspace, &content_id, &observation, &observation.record());
            let beginning = if observation.is_present() { InstallKind::Adoption } else { InstallKind::Nothing };
            install_found(ctx, hub, &request, &observation, beginning, half_way, done).await
        }
        Decision::Keep | Decision::CannotRepair(_) => {
            done.set(&DEPLOYMENT_NAME, None);
            flatten(&mut done, workspace, &content_id, &observation, &seen(&observation, &content_id, None));
            Ok(done)
        }
    }
}

/// Waits for a workspace that was onboarded a moment ago.
async fn ready(hub: &ContentHub<'_>) -> Result<(), Diagnostic> {
    let asked = when_onboarded(hub.session, hub.workspace, hub.deadline, || hub.installed()).await;
    match asked {
        Ok(_) => Ok(()),
        Err(NotReady::NotOnboarded) => Err(not_onboarded(hub.workspace).at(WORKSPACE_ID.path())),
        Err(NotReady::Azure(error)) => {
            Err(azure_diagnostics::from_error(&error, "reading the installed solutions").at(WORKSPACE_ID.path()))
        }
    }
}

/// The entry may be as old as the wait for the turn was long: what another resource installed meanwhile is there now.
async fn look_again(hub: &ContentHub<'_>, entry: Entry) -> Result<Observation, Error> {
    match Observation::at(hub, &entry.package.content_id, None).await? {
        observation if observation.entry.is_some() => Ok(observation),
        observation => Ok(Observation { entry: Some(entry), ..observation }),
    }
}
