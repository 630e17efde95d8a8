//! Create: enables the settings in the workspace's connector, or creates a connector.

use crate::azure::Deadline;
use crate::azure_diagnostics;
use crate::defender_xdr::{API_VERSION, Record, TENANT_ID, tenant_of};
use crate::framework::{Context, Failed, State};
use crate::ownership::Claim;
use crate::sentinel::data_connector::{Change, Purpose, WriteError, WriteStatus, Writer};
use crate::session::{self, Session};
use crate::xdr_connector::settings::document_of;

use super::attributes::{ADOPT_EXISTING, WORKSPACE_ID, settings_in};
use super::diagnostics;
use super::flatten::set_names;
use super::identity::connector;
use super::write::{Decision, Desired, decide, rejection};

pub(super) async fn create(ctx: &Context, session: &Session, mut planned: State) -> Result<State, Failed> {
    let workspace = planned.get(&WORKSPACE_ID).map_err(Failed::nothing_changed)?;
    let given = planned.get(&TENANT_ID).map_err(Failed::nothing_changed)?;
    let settings = settings_in(&planned).map_err(Failed::nothing_changed)?;
    let may_adopt = planned.get(&ADOPT_EXISTING).map_err(Failed::nothing_changed)?;
    let deadline = session::deadline_of_create(ctx);
    let tenant_id = tenant_of(session, &workspace, given.as_ref(), &deadline).await.map_err(Failed::nothing_changed)?;
    planned.set(&TENANT_ID, Some(tenant_id.clone()));
    let _lock = session.lock(workspace.resource_id(), &deadline).await.map_err(|error| {
        let activity = "waiting for another write to the workspace";
        Failed::nothing_changed(azure_diagnostics::from_error(&error, activity).at(WORKSPACE_ID.path()))
    })?;

    let claim = session.ownership().claim(&connector(&workspace), &mut planned).map_err(Failed::nothing_changed)?;
    let desired =
        Desired { workspace: &workspace, tenant_id: tenant_id.as_str(), settings: &settings, name: None, may_adopt };
    let result = connect(ctx, session, &desired, &deadline, &claim, planned).await;
    claim.finish(&result);
    result
}

async fn connect(
    ctx: &Context,
    session: &Session,
    desired: &Desired<'_>,
    deadline: &Deadline,
    claim: &Claim<'_>,
    mut state: State,
) -> Result<State, Failed> {
    let workspace = desired.workspace;
    let writer = Writer { session, workspace, api_version: API_VERSION, deadline, purpose: Purpose::Connect };
    let mut wrote_new = false;
    let mut adopted = None;
    let outcome = writer
        .reconcile(|observation| {
            let decision = decide(observation, desired)?;
            let found = document_of(observation.documents, None);
            if observation.status == WriteStatus::Accepted {
                ctx.checkpoint(&state);
            } else if observation.status == WriteStatus::NotSent {
                adopted = found.filter(|found| desired.settings.are_in_use(found)).cloned();
            }
            Ok(match decision {
                Decision::Write { document, is_new } => {
                    if observation.status != WriteStatus::Accepted {
                        // After the request is sent, the connector may exist, even if the response is an error.
                        let created_with = is_new.then(|| document.properties().clone());
                        set_names(&mut state, workspace, &document, &record_of(document.name(), created_with, false));
                        wrote_new = is_new;
                    }
                    Change::Put(document)
                }
                Decision::Done => Change::Nothing,
            })
        })
        .await;

    match outcome {
        Ok(documents) => {
            let document = document_of(&documents, None).expect("invariant: the last decision found the connector");
            if let Some(found) = &adopted {
                let change = diagnostics::adoption(found, desired.settings);
                claim.adopts(ctx, &diagnostics::found(workspace, found), &change);
            }
            let created_with = wrote_new.then(|| document.properties().clone());
            set_names(&mut state, workspace, document, &record_of(document.name(), created_with, adopted.is_some()));
            Ok(state)
        }
        Err(WriteError { kind, status }) => {
            let diagnostic = rejection(kind, desired);
            Err(match status {
                WriteStatus::NotSent => Failed::nothing_changed(diagnostic),
                // A failed adoption must not taint the resource: replacing it would disable the existing settings.
                _ if adopted.is_some() => Failed::nothing_changed(diagnostic),
                WriteStatus::ResponseLost | WriteStatus::Accepted => Failed::partial(state, diagnostic),
            })
        }
    }
}

fn record_of(name: &str, created_with: Option<serde_json::Value>, is_found: bool) -> Record {
    let record = Record::of(name).created_with(created_with);
    if is_found { record.found() } else { record }
}
