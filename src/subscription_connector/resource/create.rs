//! Create: connects the subscription, or adopts its connector.

use crate::azure::Deadline;
use crate::framework::{Context, Diagnostic, Failed, State};
use crate::ownership::Claim;
use crate::sentinel::data_connector::{
    Change, Document, Observation, Purpose, WriteError, WriteErrorKind, WriteStatus, Writer, list,
};
use crate::sentinel::{NotReady, WorkspaceId, not_onboarded, when_onboarded};
use crate::session::{self, Session};
use crate::subscription_connector::alert_sync;
use crate::subscription_connector::connector::{
    API_VERSION, derived_name, find, is_connected, new_document, with_alerts_enabled,
};
use crate::subscription_connector::subscription_id::SubscriptionId;

use super::attributes::{ADOPT_EXISTING, BIDIRECTIONAL_SYNC_ENABLED, NAME, SUBSCRIPTION_ID, WORKSPACE_ID};
use super::diagnostics::{self, Subject};
use super::flatten::flatten;
use super::identity::{connection, subscription_in_state};

pub(super) async fn create(ctx: &Context, session: &Session, mut planned: State) -> Result<State, Failed> {
    let workspace = planned.get(&WORKSPACE_ID).map_err(Failed::nothing_changed)?;
    let subscription = subscription_in_state(&planned).map_err(Failed::nothing_changed)?;
    let desired = Desired {
        name: planned.get(&NAME).map_err(Failed::nothing_changed)?,
        adopt: planned.get(&ADOPT_EXISTING).map_err(Failed::nothing_changed)?,
        sync: planned.get(&BIDIRECTIONAL_SYNC_ENABLED).map_err(Failed::nothing_changed)?,
        subject: Subject { workspace: &workspace, subscription: &subscription },
    };
    planned.set(&SUBSCRIPTION_ID, Some(subscription.clone()));
    let deadline = session::deadline_of_create(ctx);
    let _lock = session.lock(workspace.resource_id(), &deadline).await.map_err(|error| {
        let activity = "waiting for another write to the workspace";
        Failed::nothing_changed(desired.subject.workspace_error(&error, activity))
    })?;
    let object = connection(&workspace, &subscription, desired.name.as_deref());
    let claim = session.ownership().claim(&object, &mut planned).map_err(Failed::nothing_changed)?;
    let result = connect(ctx, session, &desired, &deadline, &claim, planned).await;
    claim.finish(&result);
    result
}

/// The planned attributes.
struct Desired<'a> {
    name: Option<String>,
    adopt: bool,
    sync: Option<bool>,
    subject: Subject<'a>,
}

impl Desired<'_> {
    fn workspace(&self) -> &WorkspaceId {
        self.subject.workspace
    }

    fn subscription(&self) -> &SubscriptionId {
        self.subject.subscription
    }
}

async fn connect(
    ctx: &Context,
    session: &Session,
    desired: &Desired<'_>,
    deadline: &Deadline,
    claim: &Claim<'_>,
    mut state: State,
) -> Result<State, Failed> {
    // The setting is written before the connector, so that nothing is connected if it cannot be written. The check
    // comes first, so that a rejected create does not change the setting.
    if let Some(enabled) = desired.sync {
        check(session, desired, deadline).await.map_err(Failed::nothing_changed)?;
        alert_sync::set(session, desired.subscription(), enabled, deadline).await.map_err(|error| {
            Failed::nothing_changed(desired.subject.sync_error(&error, "writing the alert synchronization setting"))
        })?;
    }
    let workspace = desired.workspace();
    let writer = Writer { session, workspace, api_version: API_VERSION, deadline, purpose: Purpose::Connect };
    let mut adopted = None;
    let outcome = writer
        .reconcile(|observation| {
            let decision = decide(observation, desired)?;
            match observation.status {
                WriteStatus::NotSent => {
                    adopted = find(observation.documents, desired.subscription())
                        .filter(|found| is_connected(found))
                        .cloned();
                }
                WriteStatus::ResponseLost => {}
                WriteStatus::Accepted => ctx.checkpoint(&state),
            }
            if let Change::Put(document) = &decision
                && observation.status != WriteStatus::Accepted
            {
                // After the request is sent, the connector may exist, even if the response is an error.
                flatten(&mut state, workspace, document);
            }
            Ok(decision)
        })
        .await;
    match outcome {
        Ok(documents) => {
            let document =
                find(&documents, desired.subscription()).expect("invariant: the last decision found the connector");
            if adopted.is_some() {
                let found = diagnostics::found(&desired.subject, document);
                claim.adopts(ctx, &found, diagnostics::ADOPTION);
            }
            flatten(&mut state, workspace, document);
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

/// Reads the connectors to check whether the create would be rejected.
async fn check(session: &Session, desired: &Desired<'_>, deadline: &Deadline) -> Result<(), Diagnostic> {
    let workspace = desired.workspace();
    let call = || list(session, workspace, API_VERSION, deadline);
    let documents = when_onboarded(session, workspace, deadline, call).await.map_err(|error| {
        let kind = match error {
            NotReady::NotOnboarded => WriteErrorKind::NotOnboarded,
            NotReady::Azure(error) => WriteErrorKind::Azure(error),
        };
        rejection(kind, desired)
    })?;
    let observation = Observation { documents: &documents, status: WriteStatus::NotSent };
    decide(observation, desired).map(drop).map_err(|refusal| rejection(WriteErrorKind::Rejected(refusal), desired))
}

/// Why the create stops.
enum Rejection {
    /// The subscription is already connected.
    Exists(Document),
    /// The connector of the subscription has another name than the configured one.
    OtherName(Document),
    /// Another data connector has the name of the new one.
    NameTaken(Document),
}

/// Decides what to write. A connection that exists before the first write belongs to another owner.
fn decide(observation: Observation<'_>, desired: &Desired<'_>) -> Result<Change, Rejection> {
    let before_first_write = observation.status == WriteStatus::NotSent;
    let has_other_name = |found: &Document| desired.name.as_ref().is_some_and(|name| !found.is_named(name));
    let Some(found) = find(observation.documents, desired.subscription()) else {
        let derived = || derived_name(desired.workspace(), desired.subscription());
        let name = desired.name.clone().unwrap_or_else(derived);
        return match observation.documents.iter().find(|document| document.is_named(&name)) {
            Some(other) if before_first_write => Err(Rejection::NameTaken(other.clone())),
            _ => Ok(Change::Put(new_document(&name, desired.subscription()))),
        };
    };
    if is_connected(found) && before_first_write && !desired.adopt {
        return Err(Rejection::Exists(found.clone()));
    }
    if has_other_name(found) {
        return Err(Rejection::OtherName(found.clone()));
    }
    Ok(if is_connected(found) { Change::Nothing } else { Change::Put(with_alerts_enabled(found)) })
}

fn rejection(kind: WriteErrorKind<Rejection>, desired: &Desired<'_>) -> Diagnostic {
    let subject = &desired.subject;
    match kind {
        WriteErrorKind::Rejected(Rejection::Exists(found)) => diagnostics::exists(subject, &found),
        WriteErrorKind::Rejected(Rejection::OtherName(found)) => diagnostics::other_name(subject, &found),
        WriteErrorKind::Rejected(Rejection::NameTaken(other)) => diagnostics::name_taken(subject, &other),
        WriteErrorKind::NotStored(held) => diagnostics::not_kept(subject, held.as_ref()),
        WriteErrorKind::NotOnboarded => not_onboarded(subject.workspace).at(WORKSPACE_ID.path()),
        WriteErrorKind::Azure(error) => subject.workspace_error(&error, "connecting the subscription"),
    }
}
