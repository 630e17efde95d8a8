//! The check `tenant_match`: the identity belongs to the tenant of the workspace's subscription, whose alerts stream.

use crate::azure::credential::Caller;
use crate::prerequisites::check::Check;
use crate::prerequisites::read_result::ReadResult;

const NAME: &str = "tenant_match";

/// Compares the tenants. The connector page requires a member of the tenant, so a guest is a warning, too.
pub fn check(caller: &ReadResult<Caller>, tenant: &ReadResult<String>) -> Check {
    let (caller, tenant) = match (caller, tenant) {
        (Ok(caller), Ok(tenant)) => (caller, tenant),
        (caller, Err(unread)) if unread.is_wrong_tenant => {
            let own = caller
                .as_ref()
                .map_or_else(|_| "another tenant".to_owned(), |caller| format!("tenant {}", caller.tenant_id));
            let detail =
                format!("The identity belongs to {own}, which has no access to the subscription of the workspace.");
            return Check::failed(NAME, detail, &unread.remedy);
        }
        (Err(unread), _) | (_, Err(unread)) => return Check::unknown(NAME, unread),
    };
    if !caller.tenant_id.eq_ignore_ascii_case(tenant) {
        return Check::warning(
            NAME,
            format!(
                "The identity belongs to tenant {}, and the workspace belongs to tenant {tenant}. The identity has \
                 access through Azure Lighthouse. The connector streams the alerts of tenant {tenant}.",
                caller.tenant_id
            ),
            "Azure Lighthouse cannot delegate Microsoft Entra roles. If Azure rejects the request, authenticate with \
             an identity of the workspace's tenant.",
        );
    }
    if caller.is_external {
        return Check::warning(
            NAME,
            format!(
                "The identity is a user of another tenant, probably a guest in tenant {tenant}. In the portal, only \
                 members of the tenant can connect."
            ),
            "If Azure rejects the request, use a member account of the tenant or a service principal.",
        );
    }
    Check::passed(NAME, format!("The identity belongs to the workspace's tenant, {tenant}."))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::azure::credential::CallerKind;
    use crate::prerequisites::check::Status;

    pub(in crate::prerequisites) fn user() -> Caller {
        Caller {
            object_id: "o".to_owned(),
            tenant_id: "T".to_owned(),
            kind: CallerKind::User,
            application_id: None,
            is_external: false,
            role_hints: Vec::new(),
        }
    }

    #[test]
    fn warns_about_another_tenant_and_a_guest() {
        let guest = Caller { is_external: true, ..user() };

        assert_eq!(check(&Ok(user()), &Ok("t".to_owned())).status, Status::Passed);
        let guest = check(&Ok(guest), &Ok("t".to_owned()));
        assert!(guest.status == Status::Warning && guest.detail.contains("guest"), "{}", guest.detail);
        assert_eq!(check(&Ok(user()), &Ok("other".to_owned())).status, Status::Warning);
    }
}
