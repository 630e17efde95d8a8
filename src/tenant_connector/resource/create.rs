//! Create: look, connect, look again.

use uuid::Uuid;

use crate::azure_diagnostics;
use crate::framework::{Context, Diagnostic, Diagnostics, Failed, State};
use crate::sentinel::WorkspaceId;
use crate::sentinel::data_connector::{
    Change, Document, Observation, WriteError, WriteErrorKind, WriteStatus, Writer, name_for,
};
use crate::session::{self, Session};

use super::attributes::{ADOPT_EXISTING, CONTRACT, TENANT_ID, WORKSPACE_ID};
use super::contract_override::ContractOverride;
use super::diagnostics;
use super::flatten::flatten;
use super::record::{KEY, Record};
use super::resource::TYPE_NAME;
use super::tenant::tenant_of;
use super::tenant_id::TenantId;
use crate::tenant_connector::contract::Contract;
use crate::tenant_connector::slice::{self, Stream, Undo};

pub(super) async fn create(ctx: &Context, session: &Session, mut state: State) -> Result<State, Failed> {
    let wanted = Wanted::of(&state).map_err(Failed::nothing_changed)?;
    let workspace = &wanted.workspace;
    let deadline = session::deadline(ctx);
    let tenant_id =
        tenant_of(session, workspace, wanted.tenant_id.as_ref(), &deadline).await.map_err(Failed::nothing_changed)?;
    state.set(&TENANT_ID, Some(tenant_id.clone()));
    let _turn = session.lock(workspace.resource_id(), &deadline).await.map_err(|error| {
        Failed::nothing_changed(azure_diagnostics::from_error(&error, "waiting for another write to the workspace"))
    })?;

    let writer = Writer {
        session,
        workspace,
        api_version: &wanted.contract.api_version,
        deadline: &deadline,
        awaits_onboarding: true,
    };
    let own_name = name_for(workspace, &wanted.contract.kind);
    let predecessor = state.private().get(KEY).and_then(Record::from_json).filter(|record| record.is_on(workspace));
    let taken = session.singletons().taken_by(TYPE_NAME, &workspace.key()).is_some();
    let mark = Uuid::new_v4().to_string();
    let mut undo = None;
    let outcome = writer
        .reconcile(|observation| {
            let decision = decide(observation, &wanted, &own_name, tenant_id.as_str(), taken)?;
            if let Decision::Connect(connect) = &decision
                && observation.status != WriteStatus::Accepted
            {
                // What exists from the moment that this is sent, whatever becomes of the answer.
                undo = Some(connect.undo.clone());
                let record = Record::of(workspace, connect.document.name(), undo.clone()).marked(&mark).unfinished();
                flatten(&mut state, workspace, &connect.document, &record);
            }
            if observation.status == WriteStatus::Accepted {
                ctx.checkpoint(&state);
            }
            Ok(match decision {
                Decision::Connect(connect) => Change::Put(connect.document),
                Decision::Done => Change::Nothing,
            })
        })
        .await;

    match outcome {
        Ok(documents) => {
            let (document, stream) = slice::streaming(&documents, &wanted.contract)
                .expect("invariant: the decision that ended the writing saw it stream");
            if undo.is_none() {
                ctx.warn(diagnostics::adopted(workspace, document, stream));
                // Replaced before it is destroyed (create_before_destroy): the way back is still the predecessor's.
                undo = predecessor.and_then(|record| record.undo_for(document).cloned());
            }
            if let Some(Undo::Created(_)) = undo {
                undo = Some(Undo::Created(document.properties().clone()));
            }
            session.singletons().takes(TYPE_NAME, &workspace.key(), &mark);
            flatten(&mut state, workspace, document, &Record::of(workspace, document.name(), undo).marked(&mark));
            Ok(state)
        }
        Err(WriteError { kind, status }) => {
            let diagnostic = refused(kind, &wanted);
            Err(match status {
                WriteStatus::NotSent => Failed::nothing_changed(diagnostic),
                WriteStatus::Unanswered | WriteStatus::Accepted => Failed::left(state, diagnostic),
            })
        }
    }
}

/// What the plan asks for.
struct Wanted {
    workspace: WorkspaceId,
    tenant_id: Option<TenantId>,
    adopt_existing: bool,
    contract: Contract,
}

impl Wanted {
    fn of(planned: &State) -> Result<Self, Diagnostics> {
        Ok(Self {
            workspace: planned.get(&WORKSPACE_ID)?,
            tenant_id: planned.get(&TENANT_ID)?,
            adopt_existing: planned.get(&ADOPT_EXISTING)?,
            contract: ContractOverride::in_force(planned.get(&CONTRACT)?.as_ref()),
        })
    }
}

enum Decision {
    Done,
    Connect(slice::Connect),
}

/// Why create stops at what it sees.
enum Refusal {
    /// Somebody else's connection is on.
    Conflict(Document),
    /// It is another resource's, which this very run has created.
    ManagedTwice,
    /// Our own write is on, but without the filter that it had.
    FilterDropped(Document),
    /// The name of the connector to make belongs to one of another kind.
    NameTaken(Document),
}

/// What to do about what a look has found. What streams before the first write is somebody else's; what streams after
/// one is our own, also if its answer was lost.
///
/// `taken` is whether another create of this run has got the workspace's connection.
fn decide(
    observation: Observation<'_>,
    wanted: &Wanted,
    own_name: &str,
    tenant_id: &str,
    taken: bool,
) -> Result<Decision, Refusal> {
    if let Some((document, stream)) = slice::streaming(observation.documents, &wanted.contract) {
        return match (observation.status, stream) {
            (WriteStatus::NotSent, _) if taken => Err(Refusal::ManagedTwice),
            (WriteStatus::NotSent, _) if wanted.adopt_existing => Ok(Decision::Done),
            (WriteStatus::NotSent, _) => Err(Refusal::Conflict(document.clone())),
            (_, Stream::ByName) => Ok(Decision::Done),
            (_, Stream::Everything) => Err(Refusal::FilterDropped(document.clone())),
        };
    }
    let found = slice::connectable(observation.documents, &wanted.contract);
    if found.is_none()
        && observation.status == WriteStatus::NotSent
        && let Some(other) = observation.documents.iter().find(|document| document.is_named(own_name))
    {
        return Err(Refusal::NameTaken(other.clone()));
    }
    let connect = slice::connect(found, &wanted.contract, own_name, tenant_id);
    Ok(connect.map_or(Decision::Done, Decision::Connect))
}

fn refused(kind: WriteErrorKind<Refusal>, wanted: &Wanted) -> Diagnostic {
    let workspace = &wanted.workspace;
    match kind {
        WriteErrorKind::Refused(Refusal::Conflict(found)) => diagnostics::conflict(workspace, &found, &wanted.contract),
        WriteErrorKind::Refused(Refusal::ManagedTwice) => diagnostics::managed_twice(workspace),
        WriteErrorKind::Refused(Refusal::FilterDropped(held)) => {
            diagnostics::not_kept(workspace, Some(&held), &wanted.contract)
        }
        WriteErrorKind::Refused(Refusal::NameTaken(other)) => {
            diagnostics::name_taken(workspace, &other, &wanted.contract)
        }
        WriteErrorKind::NotKept(held) => diagnostics::not_kept(workspace, held.as_ref(), &wanted.contract),
        WriteErrorKind::NotOnboarded => diagnostics::not_onboarded(workspace),
        WriteErrorKind::Azure(error) => {
            azure_diagnostics::from_error(&error, "connecting tenant-wide Defender for Cloud alerts")
                .at(WORKSPACE_ID.path())
        }
    }
}
