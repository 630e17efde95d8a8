//! Update: writes changed settings. A change of other attributes writes nothing to Azure.

use crate::azure_diagnostics;
use crate::defender_xdr::{API_VERSION, Record, TENANT_ID};
use crate::framework::{Context, Failed, State};
use crate::sentinel::data_connector::{Change, Purpose, Writer};
use crate::session::{self, Session};
use crate::xdr_connector::settings::document_of;

use super::attributes::{NAME, WORKSPACE_ID, settings_in};
use super::write::{Decision, Desired, decide, rejection};

pub(super) async fn update(
    ctx: &Context,
    session: &Session,
    prior: &State,
    mut planned: State,
) -> Result<State, Failed> {
    let settings = settings_in(&planned).map_err(Failed::nothing_changed)?;
    if settings_in(prior).is_ok_and(|prior| prior == settings) {
        return Ok(planned);
    }
    let workspace = planned.get(&WORKSPACE_ID).map_err(Failed::nothing_changed)?;
    let tenant_id = planned.get(&TENANT_ID).map_err(Failed::nothing_changed)?;
    let name = prior.get(&NAME).map_err(Failed::nothing_changed)?;
    let deadline = session::deadline(ctx);
    let _lock = session.lock(workspace.resource_id(), &deadline).await.map_err(|error| {
        let activity = "waiting for another write to the workspace";
        Failed::nothing_changed(azure_diagnostics::from_error(&error, activity).at(WORKSPACE_ID.path()))
    })?;
    let desired = Desired {
        workspace: &workspace,
        tenant_id: tenant_id.as_ref().map_or("", |tenant| tenant.as_str()),
        settings: &settings,
        name: name.as_deref(),
        may_adopt: true,
    };
    let writer = Writer {
        session,
        workspace: &workspace,
        api_version: API_VERSION,
        deadline: &deadline,
        purpose: Purpose::Connect,
    };
    let mut wrote_new = false;
    let outcome = writer
        .reconcile(|observation| {
            Ok(match decide(observation, &desired)? {
                Decision::Write { document, is_new } => {
                    wrote_new |= is_new;
                    Change::Put(document)
                }
                Decision::Done => Change::Nothing,
            })
        })
        .await;
    let documents = outcome.map_err(|error| Failed::nothing_changed(rejection(error.kind, &desired)))?;
    // The planned ID and name cannot change here. If they have changed, the next refresh updates them.
    if wrote_new && let Some(document) = document_of(&documents, desired.name) {
        Record::of(document.name()).created_with(Some(document.properties().clone())).store_in(&mut planned);
    }
    Ok(planned)
}
