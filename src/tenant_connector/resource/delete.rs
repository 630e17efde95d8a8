//! Delete: disconnect whatever streams, and clean up after a create that has failed.

use std::convert::Infallible;

use crate::azure::Error;
use crate::azure_diagnostics;
use crate::framework::{Context, Diagnostic, Failed, State};
use crate::sentinel::data_connector::{Change, Document, Observation, WriteErrorKind, Writer, name_for};
use crate::sentinel::is_gone;
use crate::session::{self, Session};

use super::attributes::{CONTRACT, WORKSPACE_ID};
use super::contract_override::ContractOverride;
use super::diagnostics;
use super::record::{KEY, Record};
use super::resource::TYPE_NAME;
use crate::tenant_connector::contract::Contract;
use crate::tenant_connector::slice::{self, Stream};

pub(super) async fn delete(ctx: &Context, session: &Session, state: &State) -> Result<(), Failed> {
    let workspace = state.get(&WORKSPACE_ID).map_err(Failed::nothing_changed)?;
    let contract = ContractOverride::in_force(state.get(&CONTRACT).map_err(Failed::nothing_changed)?.as_ref());
    let record = state.private().get(KEY).and_then(Record::from_json);
    let own_name = name_for(&workspace, &contract.kind);
    let deadline = session::deadline(ctx);
    // Another resource of this run has taken the connection over (create_before_destroy, a renamed resource): to switch
    // it off would take it from that one.
    let taken_by = session.singletons().taken_by(TYPE_NAME, &workspace.key());
    if taken_by.is_some_and(|mark| record.as_ref().and_then(Record::mark) != Some(mark.as_str())) {
        tracing::info!(workspace = %workspace, "the connection is another resource's by now: it stays on");
        return Ok(());
    }
    let failed =
        |error: &Error| Failed::nothing_changed(azure_diagnostics::from_error(error, "disconnecting the alerts"));
    let _turn = session.lock(workspace.resource_id(), &deadline).await.map_err(|error| failed(&error))?;

    let writer = Writer {
        session,
        workspace: &workspace,
        api_version: &contract.api_version,
        deadline: &deadline,
        awaits_onboarding: false,
    };
    let mut warned = false;
    let outcome = writer
        .reconcile(|observation| {
            if let Some((document, Stream::Everything)) = slice::streaming(observation.documents, &contract)
                && !warned
            {
                ctx.warn(diagnostics::cuts_everything(&workspace, document));
                warned = true;
            }
            Ok::<_, Infallible>(decide(observation, &contract, &own_name, record.as_ref()))
        })
        .await;
    match outcome.map_err(|error| error.kind) {
        Ok(_) | Err(WriteErrorKind::NotOnboarded) => {
            session.singletons().gives_up(TYPE_NAME, &workspace.key());
            Ok(())
        }
        Err(WriteErrorKind::Azure(error)) if is_gone(&error) => Ok(()),
        Err(WriteErrorKind::Azure(error)) => Err(failed(&error)),
        Err(WriteErrorKind::NotKept(held)) => Err(Failed::nothing_changed(not_undone(held.as_ref(), &contract))),
        Err(WriteErrorKind::Refused(never)) => match never {},
    }
}

fn decide(observation: Observation<'_>, contract: &Contract, own_name: &str, record: Option<&Record>) -> Change {
    if let Some((document, _)) = slice::streaming(observation.documents, contract) {
        let undo = record.and_then(|record| record.undo_for(document));
        return slice::disconnect(document, contract, own_name, undo);
    }
    match record.and_then(|record| Some((record, record.left_over(observation.documents)?))) {
        Some((record, left)) => slice::retract(left, contract, own_name, record.undo_for(left)),
        None => Change::Nothing,
    }
}

/// Azure said yes, and the connection is still on; or what a failed create has left is still there.
fn not_undone(held: Option<&Document>, contract: &Contract) -> Diagnostic {
    let name = held.map_or("?", |document| document.name());
    let still_streams = held.is_some_and(|document| slice::stream(document, contract).is_some());
    if !still_streams {
        return Diagnostic::error(
            "Azure did not take back what an earlier create had left",
            format!(
                "Azure accepted the request, but the data connector \"{name}\" is as it was. No alerts stream through \
                 it. Destroy again, or look at it in the portal and take the resource out of the state (a `removed` \
                 block with `destroy = false`)."
            ),
        );
    }
    Diagnostic::error(
        "Azure did not switch the alerts off",
        format!(
            "Azure accepted the request, but the data connector \"{name}\" still streams Defender for Cloud alerts. \
             Somebody, or a policy, switches it on again. Find out who, or take the resource out of the state (a \
             `removed` block with `destroy = false`)."
        ),
    )
}
