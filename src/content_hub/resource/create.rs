//! Create: look, then install, or take over what is there.

use uuid::Uuid;

use crate::azure::Error;
use crate::azure_diagnostics;
use crate::content_hub::api::entry::Entry;
use crate::content_hub::installation::Record;
use crate::content_hub::installation::aim::decide;
use crate::content_hub::installation::defect::defects_at_adoption;
use crate::content_hub::installation::{Aim, Look, Versions};
use crate::content_hub::lookup::catalogue::ContentHub;
use crate::framework::{Context, Diagnostic, Failed, State};
use crate::sentinel::{NotReady, not_onboarded, when_onboarded};
use crate::session::Session;

use super::attributes::{DEPLOYMENT_NAME, INSTALLED_VERSION, WORKSPACE_ID};
use super::beginning::Beginning;
use super::carry_out::install_found;
use super::fill::{fill, name};
use super::object::{TYPE_NAME, object_key};
use super::read::seen;
use super::request::{Request, at_create};
use super::{diagnostics, earlier_deployment};

pub(super) async fn create(ctx: &Context, session: &Session, planned: State) -> Result<State, Failed> {
    let mut request = Request::of(&planned).map_err(Failed::nothing_changed)?;
    let workspace = request.workspace.clone();
    let deadline = session.deadline(ctx);
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
        .lock_object(&workspace, &content_id, &deadline)
        .await
        .map_err(|error| explained(error, "waiting for another installation of the solution"))?;
    let key = object_key(&workspace, &content_id);
    if session.singletons().taken_by(TYPE_NAME, &key).is_some() {
        return Err(failed(diagnostics::managed_twice(&workspace, &content_id)));
    }
    let looking = |error| explained(error, "looking at what the workspace has of the solution");
    let mut look = look_again(&hub, entry.clone()).await.map_err(looking)?;

    let title = diagnostics::title(&look, &content_id);
    if look.is_present() && !request.adopts {
        return Err(failed(diagnostics::conflict(&workspace, &content_id, &look)));
    }
    let planned_version = planned.get(&INSTALLED_VERSION).map_err(Failed::nothing_changed)?;
    let available = look.available_version();
    if let Some(version) = planned_version.as_deref()
        && [look.installed_version(), available].iter().all(|other| *other != Some(version))
    {
        return Err(failed(diagnostics::moved_on(&title, version, available)));
    }
    let is_ended = look.is_present()
        && earlier_deployment::end_any(&hub, &content_id, &title).await.map_err(Failed::nothing_changed)?;
    if is_ended {
        look = look_again(&hub, entry).await.map_err(looking)?;
    }
    let available = look.available_version();
    at_create(&mut request.wanted, &look, !request.parameters.is_empty());
    let found = defects_at_adoption(&look, &content_id);
    let versions = Versions { installed: look.installed_version(), available };
    let aim = decide(&request.wanted, versions, !found.is_empty())
        .map_err(|refusal| failed(diagnostics::refused(&refusal, &title)))?;

    let mark = Uuid::new_v4().to_string();
    session.singletons().takes(TYPE_NAME, &key, &mark);
    let mut done = planned;
    name(&mut done, &workspace, &content_id, &look);
    match aim {
        Aim::Install(version) => {
            if look.is_present() {
                ctx.warn(diagnostics::adopted(&workspace, &content_id, &look, Some(&version)));
            }
            let mut half_way = done.clone();
            fill(&mut half_way, &workspace, &content_id, &look, &Record { mark: Some(mark), ..look.record() });
            let beginning = if look.is_present() { Beginning::Adoption } else { Beginning::Nothing };
            let outcome = install_found(ctx, &hub, &request, &look, beginning, half_way, done).await;
            if outcome.as_ref().is_err_and(|failed| failed.state().is_none()) {
                session.singletons().gives_up(TYPE_NAME, &key);
            }
            outcome
        }
        Aim::Keep | Aim::CannotRepair(_) => {
            ctx.warn(diagnostics::adopted(&workspace, &content_id, &look, None));
            let record = Record { mark: Some(mark), ..seen(&look, &content_id, None) };
            done.set(&DEPLOYMENT_NAME, None);
            fill(&mut done, &workspace, &content_id, &look, &record);
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
async fn look_again(hub: &ContentHub<'_>, entry: Entry) -> Result<Look, Error> {
    match Look::at(hub, &entry.package.content_id, None).await? {
        look if look.entry.is_some() => Ok(look),
        look => Ok(Look { entry: Some(entry), ..look }),
    }
}
