//! Lists the data connectors of a workspace with every API version that may return them.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::snapshot::{List, Snapshot};
use super::{REQUEST_TIMEOUT, Stop};
use crate::azure::api_version::is_preview;
use crate::azure::{Deadline, Error, Interrupted, ServiceError};
use crate::azure_diagnostics;
use crate::framework::Diagnostic;
use crate::sentinel::data_connector::list;
use crate::sentinel::{WorkspaceId, confirming_absence, is_not_onboarded};
use crate::session::Session;
use crate::tenant_connector::contract::API_VERSION;

/// The API versions, in the order in which a contract prefers them: the provider's own version, the newest preview and
/// the newest stable version. A stable version may omit kinds that previews return.
const API_VERSIONS: [&str; 3] = [API_VERSION, "2026-08-01-preview", "2026-07-01"];

/// Reads the data connectors of one workspace.
pub(super) struct Observer<'a> {
    pub(super) session: &'a Session,
    pub(super) workspace: &'a WorkspaceId,
    pub(super) cancellation: &'a CancellationToken,
}

/// The API versions of all snapshots of a command.
#[derive(Clone, Debug, Default)]
pub(super) struct Versions {
    pub(super) used: Vec<&'static str>,
    /// The API versions that this cloud does not support.
    pub(super) unsupported: Vec<&'static str>,
}

impl Observer<'_> {
    /// Reads the lists for the first time, and detects which API versions this cloud supports.
    pub(super) async fn first(&self) -> Result<(Snapshot, Versions), Stop> {
        let (mut snapshot, mut versions) =
            (Snapshot::default(), Versions { used: Vec::new(), unsupported: Vec::new() });
        let mut first_error = None;
        for api_version in API_VERSIONS {
            match self.list(api_version).await {
                Ok(list) => {
                    snapshot.lists.push(list);
                    versions.used.push(api_version);
                }
                Err(error) if is_unsupported(&error) => {
                    versions.unsupported.push(api_version);
                    first_error.get_or_insert(error);
                }
                Err(error) => return Err(self.stop(&error)),
            }
        }
        // A stable version returns neither the Defender XDR connector nor unpublished kinds.
        if !versions.used.iter().any(|version| is_preview(version))
            && let Some(error) = first_error
        {
            return Err(self.stop(&error));
        }
        Ok((snapshot, versions))
    }

    /// Reads the lists again, with the same API versions.
    pub(super) async fn again(&self, versions: &Versions) -> Result<Snapshot, Stop> {
        let mut snapshot = Snapshot::default();
        for api_version in &versions.used {
            snapshot.lists.push(self.list(api_version).await.map_err(|error| self.stop(&error))?);
        }
        Ok(snapshot)
    }

    /// Waits between two snapshots.
    pub(super) async fn pause(&self, duration: Duration) -> Result<(), Stop> {
        let pause = Deadline::lasting(duration * 2).with_cancellation(self.cancellation.clone());
        match pause.run(tokio::time::sleep(duration)).await {
            // After a computer wakes from sleep, the deadline may have passed together with the pause.
            Ok(()) | Err(Interrupted::TimedOut) => Ok(()),
            Err(Interrupted::Cancelled) => Err(Stop::Cancelled),
        }
    }

    async fn list(&self, api_version: &'static str) -> Result<List, Error> {
        let deadline = Deadline::lasting(REQUEST_TIMEOUT).with_cancellation(self.cancellation.clone());
        let read = || list(self.session, self.workspace, api_version, &deadline);
        let documents = confirming_absence(self.session, self.workspace, &deadline, read).await?;
        Ok(List { api_version, documents })
    }

    fn stop(&self, error: &Error) -> Stop {
        match error {
            Error::Cancelled { .. } => Stop::Cancelled,
            error if is_not_onboarded(error) => not_onboarded(self.workspace).into(),
            error => azure_diagnostics::of_command(error, "reading the workspace's data connectors").into(),
        }
    }
}

fn not_onboarded(workspace: &WorkspaceId) -> Diagnostic {
    Diagnostic::error(
        format!("The workspace {} is not onboarded to Microsoft Sentinel", workspace.name()),
        "Microsoft Sentinel has not been added to the workspace, so it has no data connectors. Add it in the Azure portal, and \
         run the command again.",
    )
}

fn is_unsupported(error: &Error) -> bool {
    error.service().is_some_and(ServiceError::is_unsupported_api_version)
}
