//! Read: one list, and the connection in it if there is one.

use crate::azure_diagnostics;
use crate::defender_xdr;
use crate::framework::{Context, Diagnostics, Read, State};
use crate::sentinel::data_connector::{get, list};
use crate::sentinel::is_gone;
use crate::session::{self, Session};

use super::attributes::{CONTRACT, NAME, TENANT_ID, WORKSPACE_ID};
use super::contract_override::ContractOverride;
use super::diagnostics;
use super::flatten::{flatten, tenant_in};
use super::identity::connection;
use super::record::{KEY, Record};
use super::tenant_id::TenantId;

pub(super) async fn read(ctx: &Context, session: &Session, mut state: State) -> Result<Read, Diagnostics> {
    let workspace = state.get(&WORKSPACE_ID)?;
    let contract = ContractOverride::in_force(state.get(&CONTRACT)?.as_ref());
    let deadline = session::deadline(ctx);
    let listed = async {
        let mut documents = list(session, &workspace, &contract.api_version, &deadline).await?;
        // A list may lag behind, and a connection that is lost from the state has lost the way back, too. What the
        // state knows by name is asked for by name before it is given up.
        if let Some(name) = state.get(&NAME).ok().flatten()
            && !documents.iter().any(|document| document.is_named(&name))
        {
            documents.extend(get(session, &workspace, &name, &contract.api_version, &deadline).await?);
        }
        Ok(documents)
    };
    let documents = match listed.await {
        Ok(documents) => documents,
        Err(error) if is_gone(&error) => {
            session.ownership().gone(&connection(&workspace), &state);
            return Ok(Read::Gone);
        }
        Err(error) => {
            return Err(azure_diagnostics::from_error(&error, "reading the workspace's data connectors").into());
        }
    };
    let record = state.private().get(KEY).and_then(Record::from_json);
    if let Some((document, _)) = defender_xdr::streaming(&documents, &contract.part()) {
        let record = record.unwrap_or_else(|| Record::of(document.name())).seen(document);
        flatten(&mut state, &workspace, document, &record);
        if let Some(tenant) = tenant_in(document) {
            state.set(&TENANT_ID, Some(TenantId::from_azure(tenant)));
        }
        session.ownership().found(&connection(&workspace), &mut state);
        return Ok(Read::Found(state));
    }
    if record.is_some_and(|record| record.left_over(&documents).is_some()) {
        // Not a connection, but a failed create has left it: it stays in the state until it is replaced or destroyed.
        session.ownership().found(&connection(&workspace), &mut state);
        return Ok(Read::Found(state));
    }
    session.ownership().gone(&connection(&workspace), &state);
    ctx.warn(diagnostics::turned_off(&workspace));
    Ok(Read::Gone)
}
