//! The attribute `tenant_id` of every owner: the tenant of the workspace, compared with the configured tenant.

use crate::azure::{Deadline, Error};
use crate::azure_diagnostics;
use crate::framework::{Attribute, Context, Diagnostic, Diagnostics, Knowable, Path};
use crate::sentinel::{Tenant, TenantId, WorkspaceId};
use crate::session::{self, Session};

/// The attribute `tenant_id`.
pub const TENANT_ID: Attribute<Option<TenantId>> = Attribute::optional_computed("tenant_id")
    .description(
        "The ID of the tenant that sends the alerts. It must be the tenant of the workspace's subscription. With \
         Azure Lighthouse, this is the customer's tenant, not the tenant that you log in to. Defaults to the tenant of the workspace's \
         subscription.",
    )
    .semantic_equality(TenantId::normal_form)
    .use_state_for_unknown()
    .requires_replace();

/// Looks up the tenant. A configured tenant keeps its spelling. If the identity may not read the subscription, the
/// configured tenant is used unchecked.
///
/// # Errors
/// The configured tenant differs, or the tenant cannot be looked up.
pub async fn tenant_of(
    session: &Session,
    workspace: &WorkspaceId,
    given: Option<&TenantId>,
    deadline: &Deadline,
) -> Result<TenantId, Diagnostics> {
    checked(session.look_up(&Tenant::of(workspace), deadline).await, workspace, given)
}

/// The tenant for the plan of a known workspace. Returns `None` if the configuration sets the tenant or does not know
/// it.
///
/// # Errors
/// The errors of [`tenant_of`]. A plan without a tenant fails. If only the lookup in the apply failed, a known value
/// would become unknown, which Terraform reports as a bug in the provider.
pub async fn planned_tenant(
    ctx: &Context,
    session: &Session,
    workspace: &WorkspaceId,
    given: Knowable<Option<TenantId>>,
) -> Result<Option<TenantId>, Diagnostics> {
    let Knowable::Known(given) = given else { return Ok(None) };
    let looked_up = session.look_up(&Tenant::of(workspace), &session::deadline(ctx)).await;
    let tenant = checked(looked_up, workspace, given.as_ref())?;
    Ok(given.is_none().then_some(tenant))
}

fn checked(
    looked_up: Result<String, Error>,
    workspace: &WorkspaceId,
    given: Option<&TenantId>,
) -> Result<TenantId, Diagnostics> {
    match (looked_up, given) {
        (Ok(actual), None) => Ok(TenantId::from_azure(&actual)),
        (Ok(actual), Some(given)) if given.as_str().eq_ignore_ascii_case(&actual) => Ok(given.clone()),
        (Ok(actual), Some(given)) => Err(other_tenant(workspace, given.as_str(), &actual).into()),
        (Err(error), Some(given)) if is_hidden(&error) => {
            tracing::warn!(workspace = %workspace, "the subscription cannot be read: `tenant_id` is not checked");
            Ok(given.clone())
        }
        (Err(error), _) => Err(unknown(&error).into()),
    }
}

/// The configured tenant is not the tenant of the workspace.
fn other_tenant(workspace: &WorkspaceId, given: &str, actual: &str) -> Diagnostic {
    Diagnostic::error(
        format!("`{}` is not the tenant of the workspace", TENANT_ID.name()),
        format!(
            "`{name}` is {given}, but the workspace {} belongs to tenant {actual}, the tenant of the subscription {}. A \
             workspace streams only the alerts of its own tenant. Remove `{name}`, or choose another workspace.",
            workspace.name(),
            workspace.subscription(),
            name = TENANT_ID.name()
        ),
    )
    .at(TENANT_ID.path())
}

fn unknown(error: &Error) -> Diagnostic {
    const ACTIVITY: &str = "looking up the tenant of the workspace's subscription";
    let diagnostic = if is_hidden(error) {
        let remedy = "Set `tenant_id` on this resource to the tenant of the subscription. Then the identity does not \
                      need to read the subscription.";
        azure_diagnostics::from_error_with_remedy(error, ACTIVITY, remedy)
    } else {
        azure_diagnostics::from_error(error, ACTIVITY)
    };
    diagnostic.at(Path::attribute("workspace_id"))
}

/// Whether the identity may not read the subscription. It may still be allowed to read the workspace.
fn is_hidden(error: &Error) -> bool {
    error.service().is_some_and(|service| matches!(service.status, 403 | 404))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::ServiceError;
    use crate::framework::AttributeValue;

    const ACTUAL: &str = "22222222-2222-4222-8222-22222222abcd";

    fn check(looked_up: Result<String, Error>, given: Option<&str>) -> Result<String, Diagnostics> {
        let id = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/\
                  Microsoft.OperationalInsights/workspaces/law";
        let given = given.map(|text| TenantId::from_value(&text.into()).expect("a tenant ID"));
        checked(looked_up, &WorkspaceId::parse(id).expect("an ID"), given.as_ref())
            .map(|tenant| tenant.as_str().to_owned())
    }

    fn failure(status: u16) -> Result<String, Error> {
        Err(ServiceError { status, ..ServiceError::default() }.into())
    }

    #[test]
    fn rejects_a_tenant_that_is_not_the_workspaces() {
        let upper = ACTUAL.to_uppercase();

        assert_eq!(check(Ok(ACTUAL.to_owned()), None), Ok(ACTUAL.to_owned()));
        assert_eq!(check(Ok(ACTUAL.to_owned()), Some(&upper)), Ok(upper.clone()));
        let other =
            check(Ok(ACTUAL.to_owned()), Some("33333333-3333-4333-8333-333333333333")).expect_err("another one");
        assert!(other.to_string().contains("is not the tenant of the workspace"), "{other}");
    }

    #[test]
    fn skips_the_check_only_if_the_subscription_is_hidden() {
        for status in [403, 404] {
            assert_eq!(check(failure(status), Some(ACTUAL)), Ok(ACTUAL.to_owned()), "{status}");
            assert!(check(failure(status), None).is_err(), "{status}");
        }
        assert!(check(failure(500), Some(ACTUAL)).is_err());
    }
}
