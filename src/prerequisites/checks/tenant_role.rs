//! The check `tenant_role`: the identity is Security Administrator or Global Administrator in the tenant of the
//! workspace.

use std::sync::Arc;

use http::StatusCode;

use crate::azure::credential::{Caller, CallerKind, Method};
use crate::azure::{Error, capitalized};
use crate::graph::DirectoryRole;
use crate::prerequisites::check::Check;
use crate::prerequisites::read_result::{ReadFailure, ReadResult, brief, usual_remedy};

const NAME: &str = "tenant_role";

/// The roles that the connector page requires, by their template IDs.
const SUFFICIENT: [(&str, &str); 2] = [
    ("194ae4cb-b126-40b2-bd5b-6091b380977d", "Security Administrator"),
    ("62e90394-69f5-4237-9190-012177145e10", "Global Administrator"),
];

/// The directory roles of the identity. `None` if the cloud has no Microsoft Graph endpoint.
pub type Roles = Option<Arc<Vec<DirectoryRole>>>;

/// Checks the directory roles of the identity, including those of its groups.
pub fn check(caller: &ReadResult<Caller>, tenant: &ReadResult<String>, roles: &ReadResult<Roles>) -> Check {
    let (caller, tenant) = match (caller, tenant) {
        (Ok(caller), Ok(tenant)) => (caller, tenant),
        (Err(unread), _) | (_, Err(unread)) => return Check::unknown(NAME, unread),
    };
    if !caller.tenant_id.eq_ignore_ascii_case(tenant) {
        let reason = format!(
            "The roles in tenant {tenant} cannot be read, because the identity belongs to tenant {}.",
            caller.tenant_id
        );
        let remedy = "Run this check with an identity of the workspace's tenant.";
        return Check::unknown(NAME, &ReadFailure::new(reason, remedy));
    }
    match roles {
        Ok(Some(roles)) => decide(caller, roles),
        Ok(None) => Check::unknown(
            NAME,
            &ReadFailure::new(
                "The configured cloud has no Microsoft Graph endpoint, so the roles cannot be read.",
                "Set `endpoint.microsoft_graph_endpoint` in the provider block, or check the role in the Microsoft Entra admin \
                 center.",
            ),
        ),
        Err(unread) => {
            let hint = hinted_role(caller)
                .map(|name| format!(" The access token contains the role {name}, but it may be outdated."));
            let reason = format!("{}{}", unread.reason, hint.unwrap_or_default());
            Check::unknown(NAME, &ReadFailure { reason, ..unread.clone() })
        }
    }
}

/// What to do if Microsoft Graph is not found or rejects the token.
const ENDPOINT_REMEDY: &str = "If `endpoint.microsoft_graph_endpoint` or `endpoint.microsoft_graph_audience` is set in the \
                               provider block, check that it is the one of the cloud. Otherwise fix the problem that the \
                               error describes.";

/// Why the roles cannot be read with Microsoft Graph.
pub fn unread_roles(error: &Error, caller: &Caller) -> ReadFailure {
    if matches!(error, Error::Authentication(error) if error.method == Method::ENVIRONMENT_TOKEN) {
        return ReadFailure::new(
            "The roles in Microsoft Entra cannot be read, because ARM_ACCESS_TOKEN is valid only for Azure Resource Manager.",
            "Use another authentication method, or check the role in the Microsoft Entra admin center.",
        );
    }
    // A rejected request is about permissions. An outage is not.
    let is_rejected = matches!(error, Error::Authentication(_))
        || error.service().is_some_and(|service| service.status == StatusCode::FORBIDDEN.as_u16());
    let remedy = match error {
        error if error.is_about_endpoint() => ENDPOINT_REMEDY,
        _ if is_rejected => rejection_remedy(caller),
        error => usual_remedy(error),
    };
    ReadFailure::new(
        format!("The roles in Microsoft Entra cannot be read with Microsoft Graph: {}", brief(error)),
        remedy,
    )
}

/// What to do if Microsoft Graph rejects reading the roles.
fn rejection_remedy(caller: &Caller) -> &'static str {
    match caller.kind {
        CallerKind::Application => {
            "Grant the application the Microsoft Graph permission Directory.Read.All, with admin consent, or check \
             the role in the Microsoft Entra admin center."
        }
        CallerKind::User => {
            "Check the role in the Microsoft Entra admin center. If a Conditional Access policy blocks access to \
             Microsoft Graph, authenticate again as the policy requires."
        }
    }
}

fn decide(caller: &Caller, roles: &[DirectoryRole]) -> Check {
    let templates: Vec<&str> = roles.iter().filter_map(|role| role.template_id.as_deref()).collect();
    if let Some(name) = sufficient_role(&templates) {
        return Check::passed(NAME, format!("{} has the role {name}.", capitalized(&caller.describe())));
    }
    if roles.iter().any(|role| role.template_id.is_none()) {
        let detail = format!(
            "{} has roles in Microsoft Entra, but Microsoft Graph does not say which ones.",
            capitalized(&caller.describe())
        );
        return Check::undecided(NAME, detail, rejection_remedy(caller));
    }
    Check::failed(
        NAME,
        format!("{} is neither Security Administrator nor Global Administrator.", capitalized(&caller.describe())),
        "Assign one of these roles in Microsoft Entra, or activate it in Privileged Identity Management. Or connect once with an \
         account that has it.",
    )
}

/// The sufficient role that the access token contains.
fn hinted_role(caller: &Caller) -> Option<&'static str> {
    sufficient_role(&caller.role_hints.iter().map(String::as_str).collect::<Vec<_>>())
}

fn sufficient_role(templates: &[&str]) -> Option<&'static str> {
    let has = |id: &str| templates.iter().any(|template| template.eq_ignore_ascii_case(id));
    SUFFICIENT.iter().find(|(id, _)| has(id)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::super::tenant_match::tests::user;
    use super::*;
    use crate::azure::{AuthenticationError, AuthenticationProblem, TransportKind};
    use crate::prerequisites::check::Status;

    fn role(template_id: Option<&str>) -> DirectoryRole {
        DirectoryRole { template_id: template_id.map(str::to_owned), name: None }
    }

    fn status(roles: Vec<DirectoryRole>) -> Status {
        check(&Ok(user()), &Ok("t".to_owned()), &Ok(Some(Arc::new(roles)))).status
    }

    const READER: &str = "5d6b6bb7-de71-4623-b4af-96380a352509";

    #[test]
    fn compares_role_template_ids() {
        assert_eq!(
            status(vec![role(Some(READER)), role(Some("194AE4CB-B126-40B2-BD5B-6091B380977D"))]),
            Status::Passed
        );
        assert_eq!(status(vec![role(Some(READER))]), Status::Failed);
        assert_eq!(status(Vec::new()), Status::Failed);
    }

    #[test]
    fn hidden_role_is_unknown() {
        assert_eq!(status(vec![role(Some(READER)), role(None)]), Status::Unknown);
    }

    #[test]
    fn ignores_roles_of_another_tenant() {
        let roles = Ok(Some(Arc::new(vec![role(Some(SUFFICIENT[0].0))])));

        assert_eq!(check(&Ok(user()), &Ok("other".to_owned()), &roles).status, Status::Unknown);
    }

    #[test]
    fn unreadable_tenant_is_unknown() {
        let roles = Ok(Some(Arc::new(vec![role(Some(SUFFICIENT[0].0))])));

        let check = check(&Ok(user()), &Err(ReadFailure::new("The tenant cannot be read.", "Ask.")), &roles);

        assert_eq!((check.status, check.detail.as_str()), (Status::Unknown, "The tenant cannot be read."));
    }

    #[test]
    fn names_the_role_in_the_token_without_passing() {
        let caller = Caller { role_hints: vec![SUFFICIENT[1].0.to_owned()], ..user() };

        let check = check(&Ok(caller), &Ok("t".to_owned()), &Err(ReadFailure::new("Refused.", "Grant.")));

        assert_eq!(check.status, Status::Unknown);
        assert!(check.detail.contains("Refused. The access token contains the role Global Administrator"));
    }

    #[test]
    fn cloud_without_graph_is_unknown() {
        let check = check(&Ok(user()), &Ok("t".to_owned()), &Ok(None));

        assert!(check.status == Status::Unknown && check.detail.contains("has no Microsoft Graph endpoint"));
    }

    #[test]
    fn a_token_for_resource_manager_is_the_reason_and_not_a_policy() {
        let error = AuthenticationError {
            method: Method::ENVIRONMENT_TOKEN,
            problem: AuthenticationProblem::Local { cause: "the access token is for another resource".to_owned() },
            origin: None,
            unused: Vec::new(),
            identity: None,
        };

        let unread = unread_roles(&Box::new(error).into(), &user());

        assert!(
            unread.reason.contains("ARM_ACCESS_TOKEN is valid only for Azure Resource Manager"),
            "{}",
            unread.reason
        );
        assert!(unread.remedy.starts_with("Use another authentication method"), "{}", unread.remedy);
    }

    #[test]
    fn an_unknown_host_names_the_endpoint_of_graph() {
        let (host, kind, cause) = ("graph.example".to_owned(), TransportKind::Name, "dns error".to_owned());

        let unread = unread_roles(&Error::Transport { host, kind, cause }, &user());

        assert!(unread.remedy.contains("`endpoint.microsoft_graph_endpoint`"), "{}", unread.remedy);
    }
}
