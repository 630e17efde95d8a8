//! Read: finds the connection in the list of data connectors.

use crate::azure_diagnostics;
use crate::defender_xdr::{self, Record, TENANT_ID, WARNED};
use crate::framework::{Context, Diagnostics, Read, State};
use crate::sentinel::data_connector::{list, name_for, read_again};
use crate::sentinel::{Consequence, NotReady, TenantId, unless_gone, warn_that_sentinel_is_gone};
use crate::session::{self, Session};

use super::attributes::{CONTRACT, WORKSPACE_ID};
use super::contract_override::ContractOverride;
use super::diagnostics;
use super::flatten::{flatten, tenant_in};
use super::identity::{connection, names_in};

pub(super) async fn read(ctx: &Context, session: &Session, mut state: State) -> Result<Read, Diagnostics> {
    let workspace = state.get(&WORKSPACE_ID)?;
    let contract = ContractOverride::in_force(state.get(&CONTRACT)?.as_ref());
    let record = Record::in_state(&state);
    state.private_mut().remove(WARNED); // A destroy that failed has left this note.
    let deadline = session::deadline(ctx);
    let observed = unless_gone(session, &workspace, &deadline, async || {
        let documents = list(session, &workspace, &contract.api_version, &deadline).await?;
        if defender_xdr::streaming(&documents, &contract.part()).is_some() {
            return Ok(documents);
        }
        // A single list can be wrong. Removing a connection from the state requires a second read.
        let names = names_in(&state, record.as_ref(), &name_for(&workspace, &contract.kind));
        read_again(session, &workspace, &contract.api_version, &documents, &names, &deadline).await
    });
    let documents = match observed.await {
        Ok(documents) => documents,
        Err(NotReady::NotOnboarded) => {
            session.ownership().record_missing(&connection(&workspace), &state);
            warn_that_sentinel_is_gone(ctx, session, &workspace, Consequence::RemovedFromState, WORKSPACE_ID.path());
            return Ok(Read::Gone);
        }
        Err(NotReady::Azure(error)) => {
            return Err(azure_diagnostics::from_error(&error, "reading the workspace's data connectors").into());
        }
    };
    if let Some((document, _)) = defender_xdr::streaming(&documents, &contract.part()) {
        let record = record.unwrap_or_else(|| Record::of(document.name())).observed_in(document);
        flatten(&mut state, &workspace, document, &record);
        if let Some(tenant) = tenant_in(document) {
            state.set(&TENANT_ID, Some(TenantId::from_azure(tenant)));
        }
        session.ownership().record_found(&connection(&workspace), &mut state);
        return Ok(Read::Found(state));
    }
    if record.is_some_and(|record| record.leftover(&documents).is_some()) {
        // The connector of a failed create stays in the state until the resource is replaced or destroyed.
        session.ownership().record_found(&connection(&workspace), &mut state);
        return Ok(Read::Found(state));
    }
    session.ownership().record_missing(&connection(&workspace), &state);
    ctx.warn(diagnostics::disconnected(&workspace));
    Ok(Read::Gone)
}
