//! What Azure Resource Manager and Microsoft Sentinel answer, and what it means: a table, read from the top.

use super::Advice;
use crate::azure::ServiceError;

/// A row: everything that is given must match.
struct Row {
    /// The HTTP statuses it is about; empty for any.
    statuses: &'static [u16],
    /// The codes it is about, without case; empty for any.
    codes: &'static [&'static str],
    /// One of these in the message, without case; empty for any.
    messages: &'static [&'static str],
    advice: Advice,
}

/// The first row that matches.
pub(super) fn advice(error: &ServiceError) -> Option<Advice> {
    if error.foreign {
        return Some(FOREIGN);
    }
    ROWS.iter().find(|row| row.matches(error)).map(|row| row.advice)
}

impl Row {
    fn matches(&self, error: &ServiceError) -> bool {
        let message = error.message.to_ascii_lowercase();
        (self.statuses.is_empty() || self.statuses.contains(&error.status))
            && (self.codes.is_empty() || self.codes.iter().any(|code| error.has_code(code)))
            && (self.messages.is_empty() || self.messages.iter().any(|part| message.contains(part)))
    }
}

const FOREIGN: Advice = Advice {
    title: "Something other than Azure answered",
    cause: "The answer is not in any of Azure's formats: a proxy, a firewall or a gateway between this machine and Azure has given it.",
    remedy: "Look at HTTPS_PROXY and NO_PROXY, at the network's rules, and at the endpoints in the provider's configuration.",
};

const LICENCE: Advice = Advice {
    title: "Licence or consent is missing",
    cause: "Microsoft asks for a licence, or for an administrator's consent, before alerts of the tenant may stream to Microsoft Sentinel. A new login does not change that. Tenants report it when Microsoft Defender XDR has never been turned on, shortly after it was turned on, and for service principals where the same request of a user succeeds.",
    remedy: "Have a Security Administrator open https://security.microsoft.com once and turn on Microsoft Defender XDR and its connection to Microsoft Sentinel, check the tenant's licences, and apply again; it may take hours to be effective. If it goes on for a service principal, connect in the portal as a user, or apply once with the login of a person: `az login`, and ARM_CLIENT_SECRET and ARM_USE_OIDC not set.",
};

const ROWS: &[Row] = &[
    Row { statuses: &[401, 403], codes: &["InvalidLicense"], messages: &[], advice: LICENCE },
    Row {
        statuses: &[400, 401, 403],
        codes: &[],
        messages: &["missing consent", "license is invalid"],
        advice: LICENCE,
    },
    Row {
        statuses: &[401],
        codes: &["InvalidAuthenticationTokenTenant"],
        messages: &[],
        advice: Advice {
            title: "Wrong tenant",
            cause: "The login belongs to another Microsoft Entra tenant than the subscription.",
            remedy: "Set tenant_id (ARM_TENANT_ID) to the tenant of the subscription. With Azure Lighthouse, log in to the managing tenant and check that the delegation covers the subscription.",
        },
    },
    Row {
        statuses: &[401],
        codes: &[],
        messages: &[],
        advice: Advice {
            title: "The login was not accepted",
            cause: "Azure does not accept the access token, not even a new one: the clock of this machine may be wrong, or the token is for another cloud.",
            remedy: "Check the machine's clock and that environment (ARM_ENVIRONMENT) or metadata_host names the cloud of the subscription.",
        },
    },
    Row {
        statuses: &[],
        codes: &["RequestDisallowedByPolicy"],
        messages: &[],
        advice: Advice {
            title: "Forbidden by a policy",
            cause: "An Azure Policy assignment denies this request.",
            remedy: "The message names the policy. Change the configuration so that it complies, or have its owner add an exemption.",
        },
    },
    Row {
        statuses: &[],
        codes: &["ScopeLocked"],
        messages: &[],
        advice: Advice {
            title: "Locked",
            cause: "A lock on the resource, its resource group or its subscription forbids the change.",
            remedy: "Have the lock removed for the time of the apply: `az lock list --resource-group GROUP`.",
        },
    },
    Row {
        statuses: &[400, 403, 404],
        codes: &["SubscriptionNotFound", "InvalidSubscriptionId"],
        messages: &[],
        advice: Advice {
            title: "Subscription not found",
            cause: "There is no such subscription, or the login has no role in it, or it belongs to another tenant or cloud.",
            remedy: "Check the subscription in the id, tenant_id and environment; `az account list --all` shows what a login sees.",
        },
    },
    Row {
        statuses: &[404],
        codes: &["ResourceGroupNotFound"],
        messages: &[],
        advice: Advice {
            title: "Resource group not found",
            cause: "The resource group in the id does not exist in that subscription.",
            remedy: "Check its name; if this configuration creates it, refer to it so that Terraform knows the order.",
        },
    },
    Row { statuses: &[], codes: &["MissingSubscriptionRegistration"], messages: &[], advice: REGISTER },
    Row {
        statuses: &[],
        codes: &["NoRegisteredProviderFound"],
        messages: &["api-version", "api version"],
        advice: API_VERSION,
    },
    Row { statuses: &[], codes: &["NoRegisteredProviderFound"], messages: &[], advice: REGISTER },
    Row { statuses: &[], codes: &[], messages: &["not registered to use namespace"], advice: REGISTER },
    Row {
        statuses: &[400, 403, 404, 409],
        codes: &[],
        messages: &["not onboarded"],
        advice: Advice {
            title: "Microsoft Sentinel is not on the workspace",
            cause: "Microsoft Sentinel has not been added to the workspace. Right after it was added, some of its services still say so for a minute or two.",
            remedy: "Add Microsoft Sentinel to the workspace first, for example with the resource azurerm_sentinel_log_analytics_workspace_onboarding, and let this resource depend on it.",
        },
    },
    Row {
        statuses: &[400],
        codes: &[],
        messages: &["is not supported in api-version", "connector kind", "kind is not supported", "unsupported kind"],
        advice: Advice {
            title: "Connector kind not supported",
            cause: "This api-version of Microsoft Sentinel does not know the kind of connector. Microsoft has not published the contract that its portal uses for the tenant-wide Defender for Cloud connector, so it may also have changed.",
            remedy: "Override the contract on the resource, contract = { kind = …, provider = …, api_version = … }; the guide \"Connect tenant-wide Defender for Cloud alerts\" shows how to read the one in use from the portal.",
        },
    },
    Row {
        statuses: &[],
        codes: &["InvalidApiVersionParameter", "InvalidResourceType", "UnsupportedApiVersion"],
        messages: &[],
        advice: API_VERSION,
    },
    Row {
        statuses: &[403],
        codes: &[],
        messages: &[],
        advice: Advice {
            title: "Missing permission",
            cause: "The login lacks a role for this action. A role that was given a moment ago takes some minutes to be effective.",
            remedy: "Assign Microsoft Sentinel Contributor on the workspace; to install solutions, which are deployed into its resource group, on that resource group. To connect alerts of the whole tenant, Microsoft also asks for Security Administrator in Microsoft Entra. To only read, Microsoft Sentinel Reader is enough.",
        },
    },
    Row {
        statuses: &[404],
        codes: &[],
        messages: &[],
        advice: Advice {
            title: "Not found",
            cause: "What the id names does not exist, or the login may not see it.",
            remedy: "Check the id, name by name: subscription, resource group, workspace. If this configuration creates it, refer to it so that Terraform knows the order.",
        },
    },
    Row {
        statuses: &[],
        codes: &["DeploymentQuotaExceeded"],
        messages: &[],
        advice: Advice {
            title: "The history of deployments is full",
            cause: "The resource group's history holds as many deployments as Azure allows, which is 800. Azure deletes old ones by itself only where no lock forbids it.",
            remedy: "Delete old ones: `az deployment group list --resource-group GROUP --query \"[].name\" --output tsv`, then `az deployment group delete --resource-group GROUP --name NAME`.",
        },
    },
    Row {
        statuses: &[400, 409, 413],
        codes: &["InvalidTemplate", "InvalidTemplateDeployment", "RequestContentTooLarge", "DeploymentSizeExceeded"],
        messages: &[],
        advice: Advice {
            title: "Azure refuses the template",
            cause: "Resource Manager does not take the template that the solution's publisher has put into the catalogue, or its parameters: it is larger than 4 MB, uses what Resource Manager does not know, or writes what this login may not write.",
            remedy: "See the message. A value can be given with parameters on the resource, a missing role with Microsoft Sentinel Contributor on the resource group; anything else is the publisher's to mend.",
        },
    },
    Row { statuses: &[412], codes: &[], messages: &[], advice: CHANGED },
    Row { statuses: &[409], codes: &[], messages: &["etag", "newer instance"], advice: CHANGED },
    Row {
        statuses: &[409],
        codes: &[],
        messages: &[],
        advice: Advice {
            title: "Conflict",
            cause: "Azure is busy with another change of the same thing, or the thing is in a state that does not allow this one.",
            remedy: "Wait until the other change is done (the activity log of the resource group shows it) and apply again.",
        },
    },
    Row { statuses: &[429], codes: &[], messages: &[], advice: super::local::THROTTLED },
    Row {
        statuses: &[407],
        codes: &[],
        messages: &[],
        advice: Advice {
            title: "The proxy asks for a login",
            cause: "The proxy between this machine and Azure wants a user and a password.",
            remedy: "Put them into HTTPS_PROXY (http://user:password@host:port), or let NO_PROXY name Azure's hosts.",
        },
    },
    Row {
        statuses: &[301, 302, 303, 307, 308],
        codes: &[],
        messages: &[],
        advice: Advice {
            title: "Sent elsewhere",
            cause: "Azure's API redirects nobody: a gateway in between does, often to a page to log in to, or the endpoint is not that of Resource Manager. A redirect is not followed, since the access token would go with it.",
            remedy: "Look at the network's rules, and at environment, metadata_host and endpoint in the provider's configuration.",
        },
    },
    Row {
        statuses: &[408, 500, 502, 503, 504],
        codes: &[],
        messages: &[],
        advice: Advice {
            title: "Azure is in trouble",
            cause: "Azure answered with an error of its own, to every attempt.",
            remedy: "Look at https://azure.status.microsoft and the subscription's service health, and apply again later. Microsoft's support needs the correlation id.",
        },
    },
];

/// What to do where the table knows nothing.
pub(super) const UNKNOWN: &str = "If the message names something in the configuration, change that. Otherwise update the provider, and ask Microsoft's support with the correlation id.";

const REGISTER: Advice = Advice {
    title: "Resource provider not registered",
    cause: "The subscription is not registered for the resource provider that the message names. This provider never registers one by itself.",
    remedy: "Have an owner or contributor of the subscription run `az provider register --namespace Microsoft.SecurityInsights` (and `Microsoft.OperationalInsights` for the workspace), wait until `az provider show --namespace Microsoft.SecurityInsights --query registrationState` says Registered, and apply again.",
};

const API_VERSION: Advice = Advice {
    title: "API version not supported",
    cause: "This cloud does not offer the resource type in the api-version that was asked for. National clouds get previews later, or never.",
    remedy: "The message lists what is supported. Where the resource has one, set contract.api_version to a version from that list; otherwise check environment and update the provider.",
};

const CHANGED: Advice = Advice {
    title: "Changed by somebody else",
    cause: "The document in Azure was changed between reading and writing, more often than this operation's timeout allowed to follow.",
    remedy: "Find out what else writes to it (the portal, another pipeline, another Terraform state) and apply again.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_be_reached() {
        for row in ROWS {
            for status in if row.statuses.is_empty() { &[400] } else { row.statuses } {
                let error = ServiceError {
                    status: *status,
                    code: row.codes.first().map(|code| (*code).to_owned()),
                    message: row.messages.first().copied().unwrap_or_default().to_owned(),
                    ..ServiceError::default()
                };

                assert_eq!(advice(&error), Some(row.advice), "{status} {:?} {:?}", row.codes, row.messages);
            }
        }
    }
}
