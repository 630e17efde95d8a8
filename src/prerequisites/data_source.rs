//! The data source `sentinel_dfc_prerequisites`.

use crate::azure::{Error, ServiceError};
use crate::azure_diagnostics;
use crate::framework::{Attribute, Context, DataSource, Diagnostics, Schema, State, Timeouts};
use crate::sentinel::{Location, WorkspaceId};
use crate::session::{self, Session};

use super::check::{ShownCheck, Status, ready};
use super::checks::permissions;
use super::inputs::{Inputs, LIMIT};
use super::read_result::ReadFailure;

pub(super) const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id")
    .description("The ID of the Log Analytics workspace to check. Use the tenant's primary workspace.");

pub(super) const READY: Attribute<Option<bool>> = Attribute::computed("ready").description(
    "Whether the tenant-based connector can be connected: `false` if a check failed. Null if no check failed, but something \
     could not be checked. Warnings do not count.",
);

pub(super) const FAILED: Attribute<Vec<String>> =
    Attribute::computed("failed").description("The names of the checks that failed, in the order of `checks`.");

pub(super) const CHECKS: Attribute<Vec<ShownCheck>> = Attribute::computed("checks").description(
    "All checks, in the order in which their problems should be fixed: `provider_registration`, `onboarded`, \
     `workspace_permissions`, `deployment_permissions`, `solution_version`, `tenant_match`, `tenant_role`, `license`, \
     `xdr_connector`, `subscription_connectors` and `incident_rules`.",
);

/// The data source `sentinel_dfc_prerequisites`.
#[derive(Clone, Copy, Debug, Default)]
pub struct PrerequisitesDataSource;

impl DataSource for PrerequisitesDataSource {
    type Client = Session;

    fn type_name(&self) -> &'static str {
        "sentinel_dfc_prerequisites"
    }

    fn schema(&self) -> Schema {
        Schema::new(
            "Checks whether the configured identity can connect tenant-wide Microsoft Defender for Cloud alerts to a \
             Microsoft Sentinel workspace, and reports what to do if it cannot. It changes nothing.\n\nA missing read \
             permission does not fail the data source. The affected check has the status `unknown`, and `detail` \
             contains the reason. The guide [Check before you connect](../guides/check-before-you-connect.md) \
             explains each check.",
        )
        .attribute(&WORKSPACE_ID)
        .attribute(&READY)
        .attribute(&FAILED)
        .attribute(&CHECKS)
        .timeouts(Timeouts::DATA_SOURCE)
    }

    async fn read(&self, ctx: &Context, session: &Session, mut config: State) -> Result<State, Diagnostics> {
        let workspace = config.get(&WORKSPACE_ID)?;
        let deadline = session::deadline(ctx);
        // No check can run without authentication.
        let caller = session.arm().caller(&deadline).await.map_err(|error| {
            Diagnostics::from(azure_diagnostics::from_error(&error, "authenticating to check the prerequisites"))
        })?;
        let (location, limited) = (Location::of(&workspace), deadline.at_most(LIMIT));
        let (inputs, location) = tokio::join!(
            Box::pin(Inputs::read(session, &workspace, caller, &deadline)),
            session.look_up_now(&location, &limited),
        );
        // Otherwise, the canceled reads would become unknown checks.
        if ctx.cancellation().is_cancelled() {
            let error = Error::Cancelled { outcome_unknown: false };
            return Err(azure_diagnostics::from_error(&error, "checking the prerequisites").into());
        }
        let is_workspace_readable = match location {
            Ok(_) => Ok(true),
            Err(error) if is_missing_workspace(&error) => {
                let activity = format!("looking up the workspace {}", workspace.name());
                return Err(azure_diagnostics::from_error(&error, &activity).at(WORKSPACE_ID.path()).into());
            }
            Err(error) if error.service().is_some_and(ServiceError::is_missing_role) => Ok(false),
            Err(error) => Err(ReadFailure::of(&error, "the workspace", permissions::READ_WORKSPACE)),
        };
        let checks = inputs.checks(&workspace, &is_workspace_readable);
        let failed = checks.iter().filter(|check| check.status == Status::Failed);
        config.set(&READY, ready(&checks));
        config.set(&FAILED, failed.map(|check| check.name.to_owned()).collect());
        config.set(&CHECKS, checks.into_iter().map(ShownCheck::from).collect());
        Ok(config)
    }
}

/// Whether the workspace, its resource group or its subscription does not exist. If the identity may not read the
/// workspace, Azure returns status 403. If it has no role in the whole subscription, Azure reports that the
/// subscription does not exist.
fn is_missing_workspace(error: &Error) -> bool {
    let is_subscription = |service: &ServiceError| {
        matches!(service.status, 400 | 404)
            && ["SubscriptionNotFound", "InvalidSubscriptionId"].iter().any(|code| service.has_code(code))
    };
    error.is_not_found() || matches!(error, Error::Service(service) if is_subscription(service))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::SchemaKind;

    #[test]
    fn schema_is_valid() {
        assert_eq!(PrerequisitesDataSource.schema().problems(SchemaKind::DataSource), Vec::<String>::new());
    }
}
