//! The decision of create and update: what to write, depending on the data connectors of the workspace.

use crate::azure_diagnostics;
use crate::defender_xdr::new_document;
use crate::framework::Diagnostic;
use crate::sentinel::WorkspaceId;
use crate::sentinel::data_connector::{Document, Observation, WriteErrorKind, WriteStatus};
use crate::xdr_connector::settings::{Settings, WouldNarrow, document_of};

use super::attributes::WORKSPACE_ID;
use super::diagnostics;
use super::identity::own_name;

/// The desired settings of an apply.
pub(super) struct Desired<'a> {
    pub(super) workspace: &'a WorkspaceId,
    pub(super) tenant_id: &'a str,
    pub(super) settings: &'a Settings,
    /// The name of the connector in the state.
    pub(super) name: Option<&'a str>,
    /// Whether the apply may change a connector that is in use before the first write.
    pub(super) may_adopt: bool,
}

/// The next step.
pub(super) enum Decision {
    /// Azure has the desired settings.
    Done,
    Write {
        document: Document,
        /// The document does not exist in Azure yet.
        is_new: bool,
    },
}

/// Why the apply stops.
pub(super) enum Rejection {
    /// The connector is already in use.
    Exists(Document),
    /// Alerts stream without a filter, before or after the write.
    WouldNarrow(Document, WriteStatus),
    /// A connector of another kind has the name of the new one.
    NameTaken(Document),
}

/// Decides what to write.
pub(super) fn decide(observation: Observation<'_>, desired: &Desired<'_>) -> Result<Decision, Rejection> {
    let Some(found) = document_of(observation.documents, desired.name) else {
        let name = own_name(desired.workspace);
        if observation.status == WriteStatus::NotSent
            && let Some(other) = observation.documents.iter().find(|document| document.is_named(&name))
        {
            return Err(Rejection::NameTaken(other.clone()));
        }
        let document = new_document(&desired.settings.part(), &name, desired.tenant_id);
        return Ok(Decision::Write { document, is_new: true });
    };
    let before_first_write = observation.status == WriteStatus::NotSent;
    if before_first_write && !desired.may_adopt && desired.settings.are_in_use(found) {
        return Err(Rejection::Exists(found.clone()));
    }
    match desired.settings.applied_to(found) {
        Ok(None) => Ok(Decision::Done),
        Ok(Some(document)) => Ok(Decision::Write { document, is_new: false }),
        Err(WouldNarrow) => Err(Rejection::WouldNarrow(found.clone(), observation.status)),
    }
}

/// The diagnostic for a write error.
pub(super) fn rejection(kind: WriteErrorKind<Rejection>, desired: &Desired<'_>) -> Diagnostic {
    let workspace = desired.workspace;
    match kind {
        WriteErrorKind::Rejected(Rejection::Exists(found)) => diagnostics::exists(workspace, &found),
        WriteErrorKind::Rejected(Rejection::WouldNarrow(found, WriteStatus::NotSent)) => {
            diagnostics::would_narrow(workspace, &found)
        }
        WriteErrorKind::Rejected(Rejection::WouldNarrow(held, _)) => {
            diagnostics::not_kept(workspace, desired.settings, Some(&held))
        }
        WriteErrorKind::Rejected(Rejection::NameTaken(other)) => diagnostics::name_taken(workspace, &other),
        WriteErrorKind::NotStored(held) => diagnostics::not_kept(workspace, desired.settings, held.as_ref()),
        WriteErrorKind::NotOnboarded => diagnostics::not_onboarded(workspace),
        WriteErrorKind::Azure(error) => {
            azure_diagnostics::from_error(&error, "writing the Defender XDR connector").at(WORKSPACE_ID.path())
        }
    }
}
