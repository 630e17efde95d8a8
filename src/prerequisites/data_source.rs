//! The data source `sentinel_dfc_prerequisites`.

use crate::azure::Error;
use crate::azure_diagnostics;
use crate::framework::{Attribute, Context, DataSource, Diagnostic, Diagnostics, Schema, State, Timeouts};
use crate::sentinel::{Location, WorkspaceId};
use crate::session::{self, Session};

use super::check::{ShownCheck, Status, ready};
use super::reads::{LIMIT, Reads};

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

/// The data source.
#[derive(Clone, Copy, Debug, Default)]
pub struct PrerequisitesDataSource;

impl DataSource for PrerequisitesDataSource {
    type Client = Session;

    fn type_name(&self) -> &'static str {
        "sentinel_dfc_prerequisites"
    }

    fn schema(&self) -> Schema {
        Schema::new(
            "Checks whether tenant-wide Microsoft Defender for Cloud alerts can be connected to a Microsoft Sentinel workspace \
             with the current login, and says what to do if not. It changes nothing.\n\nSomething that the login may not read \
             does not fail the data source. Its check has the status `unknown` and the reason. The guide [Check before you \
             connect](../guides/check-before-you-connect.md) explains each check.",
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
        // Without a login, no check says anything.
        let caller = session.arm().caller(&deadline).await.map_err(|error| {
            Diagnostics::from(azure_diagnostics::from_error(&error, "logging in to check the prerequisites"))
        })?;
        let (location, soon) = (Location::of(&workspace), deadline.at_most(LIMIT));
        let (reads, location) = tokio::join!(
            Box::pin(Reads::of(session, &workspace, caller, &deadline)),
            session.look_up(&location, &soon),
        );
        match location {
            Err(error @ Error::Cancelled { .. }) => {
                return Err(azure_diagnostics::from_error(&error, "checking the prerequisites").into());
            }
            Err(error) if error.is_not_found() => return Err(no_workspace(&workspace, &error).into()),
            _ => {}
        }
        let checks = reads.checks(&workspace);
        let failed = checks.iter().filter(|check| check.status == Status::Failed);
        config.set(&READY, ready(&checks));
        config.set(&FAILED, failed.map(|check| check.name.to_owned()).collect());
        config.set(&CHECKS, checks.into_iter().map(ShownCheck::from).collect());
        Ok(config)
    }
}

fn no_workspace(workspace: &WorkspaceId, error: &Error) -> Diagnostic {
    let Diagnostic { detail, .. } = azure_diagnostics::from_error(error, "looking up the workspace");
    Diagnostic::error(format!("The workspace {} does not exist", workspace.name()), detail).at(WORKSPACE_ID.path())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::SchemaKind;

    #[test]
    fn the_schema_is_one_that_the_cli_takes() {
        assert_eq!(PrerequisitesDataSource.schema().problems(SchemaKind::DataSource), Vec::<String>::new());
    }
}
