//! Delete: disconnects the alerts, or removes the connector of a failed create.

use std::convert::Infallible;

use crate::azure::Error;
use crate::azure_diagnostics;
use crate::framework::{Context, Diagnostic, Failed, State};
use crate::sentinel::data_connector::{Change, Document, Observation, Purpose, WriteErrorKind, Writer, name_for};
use crate::sentinel::{Consequence, warn_that_sentinel_is_gone};
use crate::session::{self, Session};

use super::attributes::{CONTRACT, WORKSPACE_ID};
use super::contract_override::ContractOverride;
use super::diagnostics;
use super::identity::{connection, names_in};
use crate::defender_xdr::{self, Origin, Record, Unfiltered, WARNED};
use crate::tenant_connector::contract::Contract;

pub(super) async fn delete(ctx: &Context, session: &Session, state: &State) -> Result<(), Failed> {
    let workspace = state.get(&WORKSPACE_ID).map_err(Failed::nothing_changed)?;
    let contract = ContractOverride::in_force(state.get(&CONTRACT).map_err(Failed::nothing_changed)?.as_ref());
    let record = Record::in_state(state);
    let own_name = name_for(&workspace, &contract.kind);
    let deadline = session::deadline(ctx);
    let failed =
        |error: &Error| Failed::nothing_changed(azure_diagnostics::from_error(error, "disconnecting the alerts"));
    let _lock = session.lock(workspace.resource_id(), &deadline).await.map_err(|error| failed(&error))?;
    let connection = connection(&workspace);
    if session.ownership().is_adopted_by_another(&connection, state) {
        tracing::info!(workspace = %workspace, "another resource has adopted the connection, so it stays on");
        return Ok(());
    }

    let writer = Writer {
        session,
        workspace: &workspace,
        api_version: &contract.api_version,
        deadline: &deadline,
        purpose: Purpose::Disconnect { names: &names_in(state, record.as_ref(), &own_name) },
    };
    let mut warned = state.private().get(WARNED).is_some();
    let outcome = writer
        .reconcile(|observation| {
            if let Some(document) = defender_xdr::unfiltered(observation.documents, &contract.part())
                && !warned
            {
                ctx.warn(diagnostics::disables_all_alerts(&workspace, document));
                warned = true;
            }
            Ok::<_, Infallible>(decide(observation, &contract, &own_name, record.as_ref()))
        })
        .await;
    match outcome.map_err(|error| error.kind) {
        Ok(_) => {}
        Err(WriteErrorKind::NotOnboarded) => {
            warn_that_sentinel_is_gone(ctx, session, &workspace, Consequence::NotDeleted, WORKSPACE_ID.path());
        }
        Err(WriteErrorKind::Azure(error)) => return Err(failed(&error)),
        Err(WriteErrorKind::NotStored(held)) => {
            return Err(Failed::nothing_changed(not_disconnected(held.as_ref(), &contract)));
        }
        Err(WriteErrorKind::Rejected(never)) => match never {},
    }
    session.ownership().record_delete(&connection);
    Ok(())
}

fn decide(observation: Observation<'_>, contract: &Contract, own_name: &str, record: Option<&Record>) -> Change {
    let part = contract.part();
    let streaming = defender_xdr::streaming(observation.documents, &part).map(|(document, _)| document);
    // If the alerts are not connected, a failed create may have left the recorded document, or another process may have
    // disconnected it.
    let Some(found) = streaming.or_else(|| record?.document(observation.documents)) else { return Change::Nothing };
    let created_with = record.and_then(|record| record.properties_at_creation(found));
    defender_xdr::disable(found, &part, Origin { own_name, created_with }, Unfiltered::DisableAll)
}

/// Azure accepted the request, but the alerts are still connected, or the connector of a failed create still exists.
fn not_disconnected(held: Option<&Document>, contract: &Contract) -> Diagnostic {
    let name = held.map_or("?", |document| document.name());
    let still_streams = held.is_some_and(|document| defender_xdr::stream(document, &contract.part()).is_some());
    if !still_streams {
        return Diagnostic::error(
            "Azure did not undo an incomplete creation",
            format!(
                "Azure accepted the request but did not change the data connector \"{name}\". No alerts stream through \
                 it. Destroy again. Or check the connector in the portal, and remove the resource from the state (a \
                 `removed` block with `destroy = false`)."
            ),
        );
    }
    Diagnostic::error(
        "Azure did not disable the alerts",
        format!(
            "Azure accepted the request, but the data connector \"{name}\" still streams Defender for Cloud alerts. \
             Another process or an Azure Policy assignment probably enabled it again. Find the cause in the activity \
             log and destroy again, or remove the resource from the state (a `removed` block with `destroy = false`)."
        ),
    )
}
