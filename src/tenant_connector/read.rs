//! Read: one list, and the connection in it if there is one.

use crate::data_connector::list;
use crate::explain;
use crate::framework::{Context, Diagnostics, Read, State};
use crate::workspace::{Session, is_gone};

use super::attributes::{CONTRACT, TENANT_ID, WORKSPACE_ID};
use super::contract_override::ContractOverride;
use super::fill::{fill, tenant_in};
use super::record::{KEY, Record};
use super::resource::TYPE_NAME;
use super::slice;
use super::tenant_id::TenantId;

pub(super) async fn read(ctx: &Context, session: &Session, mut state: State) -> Result<Read, Diagnostics> {
    let workspace = state.get(&WORKSPACE_ID)?;
    let contract = ContractOverride::in_force(state.get(&CONTRACT)?.as_ref());
    let documents = match list(session, &workspace, &contract.api_version, &session.budget(ctx)).await {
        Ok(documents) => documents,
        Err(error) if is_gone(&error) => return Ok(Read::Gone),
        Err(error) => {
            return Err(explain::diagnostic(&error, "reading the workspace's data connectors").into());
        }
    };
    let record = state.private().get(KEY).and_then(Record::from_json);
    if let Some((document, _)) = slice::streaming(&documents, &contract) {
        let record = record.unwrap_or_else(|| Record::of(&workspace, document.name(), None)).seen(document);
        fill(&mut state, &workspace, document, &record);
        if let Some(tenant) = tenant_in(document) {
            state.set(&TENANT_ID, Some(TenantId::from_azure(tenant)));
        }
        session.singletons().refreshed(TYPE_NAME, &workspace.key());
        return Ok(Read::Found(state));
    }
    if record.is_some_and(|record| record.left_over(&documents).is_some()) {
        // Not a connection, but a failed create has left it: it stays in the state until it is replaced or destroyed.
        return Ok(Read::Found(state));
    }
    Ok(Read::Gone)
}
