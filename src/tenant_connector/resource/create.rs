//! Create: connects the alerts, or adopts an existing connection.

use crate::azure::Deadline;
use crate::azure_diagnostics;
use crate::framework::{Context, Diagnostic, Diagnostics, Failed, State};
use crate::ownership::Claim;
use crate::sentinel::data_connector::{
    Change, Document, Observation, Purpose, WriteError, WriteErrorKind, WriteStatus, Writer, name_for,
};
use crate::sentinel::{TenantId, WorkspaceId};
use crate::session::{self, Session};

use super::attributes::{ADOPT_EXISTING, CONTRACT, WORKSPACE_ID};
use super::contract_override::ContractOverride;
use super::diagnostics;
use super::flatten::flatten;
use super::identity::connection;
use crate::defender_xdr::{self, Record, Stream, TENANT_ID, tenant_of};
use crate::tenant_connector::contract::Contract;

pub(super) async fn create(ctx: &Context, session: &Session, mut state: State) -> Result<State, Failed> {
    let desired = Desired::of(&state).map_err(Failed::nothing_changed)?;
    let workspace = &desired.workspace;
    let deadline = session::deadline_of_create(ctx);
    let tenant_id =
        tenant_of(session, workspace, desired.tenant_id.as_ref(), &deadline).await.map_err(Failed::nothing_changed)?;
    state.set(&TENANT_ID, Some(tenant_id.clone()));
    let _lock = session.lock(workspace.resource_id(), &deadline).await.map_err(|error| {
        Failed::nothing_changed(azure_diagnostics::from_error(&error, "waiting for another write to the workspace"))
    })?;

    let claim = session.ownership().claim(&connection(workspace), &mut state).map_err(Failed::nothing_changed)?;
    let outcome = connect(ctx, session, &desired, &tenant_id, &deadline, &claim, state).await;
    claim.finish(&outcome);
    outcome
}

async fn connect(
    ctx: &Context,
    session: &Session,
    desired: &Desired,
    tenant_id: &TenantId,
    deadline: &Deadline,
    claim: &Claim<'_>,
    mut state: State,
) -> Result<State, Failed> {
    let workspace = &desired.workspace;
    let writer =
        Writer { session, workspace, api_version: &desired.contract.api_version, deadline, purpose: Purpose::Connect };
    let own_name = name_for(workspace, &desired.contract.kind);
    let mut wrote_new = None;
    let outcome = writer
        .reconcile(|observation| {
            let decision = decide(observation, desired, &own_name, tenant_id.as_str())?;
            if observation.status == WriteStatus::Accepted {
                ctx.checkpoint(&state);
            }
            Ok(match decision {
                Decision::Write { document, is_new } => {
                    if observation.status != WriteStatus::Accepted {
                        // After the request is sent, the connector may exist, even if the response is an error.
                        let created_with = is_new.then(|| document.properties().clone());
                        let record = Record::of(document.name()).created_with(created_with);
                        flatten(&mut state, workspace, &document, &record.unfinished());
                        wrote_new = Some(is_new);
                    }
                    Change::Put(document)
                }
                Decision::Done => {
                    if observation.status == WriteStatus::NotSent {
                        // Azure rejected the write with a conflict, because another process connected the alerts first.
                        wrote_new = None;
                    }
                    Change::Nothing
                }
            })
        })
        .await;

    match outcome {
        Ok(documents) => {
            let (document, stream) = defender_xdr::streaming(&documents, &desired.contract.part())
                .expect("invariant: the last decision found the connection");
            let record = Record::of(document.name());
            let record = match wrote_new {
                Some(is_new) => record.created_with(is_new.then(|| document.properties().clone())),
                None => {
                    claim.adopts(ctx, &diagnostics::found(workspace, document), diagnostics::adoption(stream));
                    record.found()
                }
            };
            flatten(&mut state, workspace, document, &record);
            Ok(state)
        }
        Err(WriteError { kind, status }) => {
            let diagnostic = rejection(kind, desired);
            Err(match status {
                WriteStatus::NotSent => Failed::nothing_changed(diagnostic),
                WriteStatus::ResponseLost | WriteStatus::Accepted => Failed::partial(state, diagnostic),
            })
        }
    }
}

/// The planned attributes.
struct Desired {
    workspace: WorkspaceId,
    tenant_id: Option<TenantId>,
    adopt_existing: bool,
    contract: Contract,
}

impl Desired {
    fn of(planned: &State) -> Result<Self, Diagnostics> {
        Ok(Self {
            workspace: planned.get(&WORKSPACE_ID)?,
            tenant_id: planned.get(&TENANT_ID)?,
            adopt_existing: planned.get(&ADOPT_EXISTING)?,
            contract: ContractOverride::in_force(planned.get(&CONTRACT)?.as_ref()),
        })
    }
}

/// The next step.
enum Decision {
    /// The alerts are connected.
    Done,
    Write {
        document: Document,
        /// The document does not exist in Azure yet.
        is_new: bool,
    },
}

/// Why the create stops.
enum Rejection {
    /// The alerts are already connected.
    Conflict(Document),
    /// Azure stored the connector without its product filter.
    FilterDropped(Document),
    /// A connector of another kind has the name of the new one.
    NameTaken(Document),
}

/// Decides what to write. A connection that exists before the first write belongs to another owner. A connection that
/// exists after a write is the one that this create wrote, even if the response was lost.
fn decide(
    observation: Observation<'_>,
    desired: &Desired,
    own_name: &str,
    tenant_id: &str,
) -> Result<Decision, Rejection> {
    let part = desired.contract.part();
    if let Some((document, stream)) = defender_xdr::streaming(observation.documents, &part) {
        return match (observation.status, stream) {
            (WriteStatus::NotSent, _) if desired.adopt_existing => Ok(Decision::Done),
            (WriteStatus::NotSent, _) => Err(Rejection::Conflict(document.clone())),
            (_, Stream::Named) => Ok(Decision::Done),
            (_, Stream::Unfiltered) => Err(Rejection::FilterDropped(document.clone())),
        };
    }
    let Some(found) = defender_xdr::candidate(observation.documents, &part) else {
        if observation.status == WriteStatus::NotSent
            && let Some(other) = observation.documents.iter().find(|document| document.is_named(own_name))
        {
            return Err(Rejection::NameTaken(other.clone()));
        }
        let document = defender_xdr::new_document(&part, own_name, tenant_id);
        return Ok(Decision::Write { document, is_new: true });
    };
    let document = defender_xdr::enable(found, &part);
    Ok(document.map_or(Decision::Done, |document| Decision::Write { document, is_new: false }))
}

fn rejection(kind: WriteErrorKind<Rejection>, desired: &Desired) -> Diagnostic {
    let workspace = &desired.workspace;
    match kind {
        WriteErrorKind::Rejected(Rejection::Conflict(found)) => {
            diagnostics::exists(workspace, &found, &desired.contract)
        }
        WriteErrorKind::Rejected(Rejection::FilterDropped(held)) => {
            diagnostics::not_kept(workspace, Some(&held), &desired.contract)
        }
        WriteErrorKind::Rejected(Rejection::NameTaken(other)) => {
            diagnostics::name_taken(workspace, &other, &desired.contract)
        }
        WriteErrorKind::NotStored(held) => diagnostics::not_kept(workspace, held.as_ref(), &desired.contract),
        WriteErrorKind::NotOnboarded => diagnostics::not_onboarded(workspace),
        WriteErrorKind::Azure(error) => {
            azure_diagnostics::from_error(&error, "connecting tenant-wide Defender for Cloud alerts")
                .at(WORKSPACE_ID.path())
        }
    }
}
