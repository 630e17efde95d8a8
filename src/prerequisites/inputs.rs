//! The inputs of the checks, which are read concurrently. A failed read makes its check `unknown`, and is not an error.
//!
//! | input | request |
//! |---|---|
//! | workspace | `GET …/Microsoft.OperationalInsights/workspaces/{name}`, by the data source |
//! | onboarding | `GET …/onboardingStates/default` |
//! | solution | `GET …/contentProductPackages/{content ID}` |
//! | permissions | `GET {workspace, resource group}/providers/Microsoft.Authorization/permissions` |
//! | tenant | `GET /subscriptions/{id}` |
//! | requirements | `POST …/dataConnectorsCheckRequirements`, which changes nothing |
//! | registration | `GET /subscriptions/{id}/providers/Microsoft.SecurityInsights` |
//! | connectors, rules | `GET …/dataConnectors`, `GET …/alertRules` |
//! | roles | Microsoft Graph, see `graph/directory_roles.rs` |

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use serde_json::Value;

use crate::authorization::{Permissions, PermissionsLookup};
use crate::azure::credential::Caller;
use crate::azure::resource_id::ResourceId;
use crate::azure::{Deadline, Error, Request};
use crate::defender_xdr;
use crate::graph::DirectoryRoles;
use crate::incident_rule::{AlertRules, Rule};
use crate::sentinel::data_connector::{Document, list};
use crate::sentinel::{Onboarding, OnboardingState, Tenant, WorkspaceId};
use crate::session::Session;

use super::check::Check;
use super::checks::tenant_role::{Roles, unread_roles};
use super::checks::{
    incident_rules, license, onboarded, permissions, provider_registration, solution_version, subscription_connectors,
    tenant_match, tenant_role, xdr_connector,
};
use super::read_result::{ReadFailure, ReadResult};
use super::requirements::{Requirements, XdrRequirements};
use super::solution_state::{SolutionLookup, SolutionState};

/// The timeout of each read, so that an unresponsive service does not use up the time of the other reads.
pub const LIMIT: Duration = Duration::from_secs(60);

const PROVIDERS_API_VERSION: &str = "2022-12-01";

/// The inputs of all checks.
#[derive(Debug)]
pub struct Inputs {
    caller: ReadResult<Caller>,
    onboarding: ReadResult<Onboarding>,
    solution: ReadResult<SolutionState>,
    on_workspace: ReadResult<Arc<Permissions>>,
    on_group: ReadResult<Arc<Permissions>>,
    tenant: ReadResult<String>,
    requirements: ReadResult<Requirements>,
    registration: ReadResult<String>,
    connectors: ReadResult<Vec<Document>>,
    rules: ReadResult<Vec<Rule>>,
    roles: ReadResult<Roles>,
}

impl Inputs {
    /// Reads all inputs. `caller` is the identity.
    pub async fn read(session: &Session, workspace: &WorkspaceId, caller: Option<Caller>, deadline: &Deadline) -> Self {
        let deadline = &deadline.at_most(LIMIT);
        let group = workspace.resource_id().parent();
        let (onboarding_state, solution_state) = (OnboardingState::of(workspace), SolutionLookup::of(workspace));
        let alert_rules = AlertRules { session, workspace, deadline };
        let tenant_and_requirements = async {
            let tenant = tenant(session, workspace, deadline).await;
            let requirements = match &tenant {
                Ok(tenant) => requirements(session, workspace, tenant, deadline).await,
                Err(unread) => Err(unread.clone()),
            };
            (tenant, requirements)
        };
        let (
            onboarding,
            solution,
            on_workspace,
            on_group,
            (tenant, requirements),
            registration,
            connectors,
            rules,
            roles,
        ) = tokio::join!(
            Box::pin(session.look_up_now(&onboarding_state, deadline)),
            Box::pin(session.look_up_now(&solution_state, deadline)),
            Box::pin(permissions_on(session, workspace.resource_id(), "workspace", deadline)),
            Box::pin(async {
                match &group {
                    Some(group) => permissions_on(session, group, "resource group", deadline).await,
                    None => Err(ReadFailure::new("The workspace has no resource group.", "Check `workspace_id`.")),
                }
            }),
            Box::pin(tenant_and_requirements),
            Box::pin(registration(session, workspace, deadline)),
            Box::pin(list(session, workspace, defender_xdr::API_VERSION, deadline)),
            Box::pin(alert_rules.current()),
            Box::pin(roles(session, caller.as_ref(), deadline)),
        );
        let sentinel = |error: Error, subject, resource_type: &str| {
            ReadFailure::of(&error, subject, &format!("Microsoft.SecurityInsights/{resource_type}/read"))
        };
        Self {
            caller: caller.ok_or_else(unreadable_token),
            onboarding: onboarding
                .flatten()
                .map_err(|error| sentinel(error, "the onboarding state", "onboardingStates")),
            solution: solution
                .flatten()
                .map_err(|error| sentinel(error, "the catalog of Content Hub", "contentProductPackages")),
            on_workspace,
            on_group,
            tenant,
            requirements,
            registration,
            connectors: connectors.map_err(|error| sentinel(error, "the list of data connectors", "dataConnectors")),
            rules: rules
                .map(|rules| rules.iter().filter_map(Rule::parse).collect())
                .map_err(|error| sentinel(error, "the list of analytics rules", "alertRules")),
            roles,
        }
    }

    /// All checks, in the order in which their problems should be fixed. `is_workspace_readable` is whether the
    /// identity may read the workspace itself.
    pub fn checks(&self, workspace: &WorkspaceId, is_workspace_readable: &ReadResult<bool>) -> Vec<Check> {
        let caller = self.caller.as_ref().map_or_else(|_| "the identity".to_owned(), Caller::describe);
        // Status 404 does not prove the registration, because Resource Manager also returns it for an unregistered
        // provider.
        let has_sentinel_responded = matches!(self.onboarding, Ok(Onboarding::Present))
            || self.connectors.is_ok()
            || self.solution.as_ref().is_ok_and(|solution| solution.is_in_catalog);
        vec![
            provider_registration::check(&self.registration, has_sentinel_responded),
            onboarded::check(&self.onboarding, workspace.name()),
            permissions::workspace(&self.on_workspace, &caller),
            permissions::deployment(
                &self.on_group,
                &self.on_workspace,
                is_workspace_readable,
                solution_version::is_met(&self.solution),
                &caller,
            ),
            solution_version::check(&self.solution),
            tenant_match::check(&self.caller, &self.tenant),
            tenant_role::check(&self.caller, &self.tenant, &self.roles),
            license::check(&self.requirements),
            xdr_connector::check(&self.connectors),
            subscription_connectors::check(&self.connectors),
            incident_rules::check(&self.rules, &self.connectors),
        ]
    }
}

async fn permissions_on(
    session: &Session,
    scope: &ResourceId,
    what: &str,
    deadline: &Deadline,
) -> ReadResult<Arc<Permissions>> {
    let permissions = session.look_up_now(&PermissionsLookup::of(scope), deadline).await.flatten();
    permissions.map_err(|error| {
        ReadFailure::of(&error, &format!("the permissions on the {what}"), "Microsoft.Authorization/permissions/read")
    })
}

async fn tenant(session: &Session, workspace: &WorkspaceId, deadline: &Deadline) -> ReadResult<String> {
    let tenant = session.look_up_now(&Tenant::of(workspace), deadline).await;
    tenant.map_err(|error| {
        ReadFailure::of(&error, "the tenant of the subscription", "Microsoft.Resources/subscriptions/read")
    })
}

async fn requirements(
    session: &Session,
    workspace: &WorkspaceId,
    tenant: &str,
    deadline: &Deadline,
) -> ReadResult<Requirements> {
    let found = session.look_up_now(&XdrRequirements::of(workspace, tenant), deadline).await.flatten();
    found.map_err(|error| {
        const ACTION: &str = "Microsoft.SecurityInsights/dataConnectorsCheckRequirements/action";
        ReadFailure::of(&error, "Azure's own check of the requirements", ACTION)
    })
}

async fn registration(session: &Session, workspace: &WorkspaceId, deadline: &Deadline) -> ReadResult<String> {
    let subscription = ResourceId::of_subscription(workspace.subscription());
    let path = format!("{}/providers/{}", subscription.as_str(), provider_registration::NAMESPACE);
    let request = Request::get(path, PROVIDERS_API_VERSION);
    let state = session.arm().send(&request, deadline).await.and_then(|response| {
        let state = response.body.get("registrationState").and_then(Value::as_str).map(str::to_owned);
        state.ok_or_else(|| session.arm().invalid_response(&request, StatusCode::OK, "it has no `registrationState`"))
    });
    state.map_err(|error| {
        ReadFailure::of(
            &error,
            "the registration of the resource provider",
            "Microsoft.Resources/subscriptions/providers/read",
        )
    })
}

async fn roles(session: &Session, caller: Option<&Caller>, deadline: &Deadline) -> ReadResult<Roles> {
    let Some(caller) = caller else { return Err(unreadable_token()) };
    let roles = session.look_up_now(&DirectoryRoles::of(caller), deadline).await.flatten();
    roles.map_err(|error| unread_roles(&error, caller))
}

fn unreadable_token() -> ReadFailure {
    ReadFailure::new(
        "The access token does not identify the user or service principal.",
        "Use another authentication method, or check the roles in the Microsoft Entra admin center.",
    )
}
