//! The table of the known errors of Azure Resource Manager and Microsoft Sentinel. The first matching row applies.

use super::Advice;
use super::common_advice::{
    API_VERSION, CHANGED, CONNECTOR_PERMISSION, DISABLED, LICENSE, NOT_ACCEPTED, PERMISSION, POLICY, REGISTER,
};
use crate::azure::ServiceError;

/// A row of the table. All of its conditions must be met.
pub(super) struct Row {
    /// The HTTP status must be one of these. Empty for any.
    pub(super) statuses: &'static [u16],
    /// The error code must be one of these, ignoring case. Empty for any.
    pub(super) codes: &'static [&'static str],
    /// The message must contain one of these, ignoring case. Empty for any.
    pub(super) messages: &'static [&'static str],
    pub(super) advice: Advice,
}

impl Row {
    /// Whether the error meets all conditions of the row.
    pub(super) fn matches(&self, error: &ServiceError) -> bool {
        let message = error.message.to_ascii_lowercase();
        (self.statuses.is_empty() || self.statuses.contains(&error.status))
            && (self.codes.is_empty() || self.codes.iter().any(|code| error.has_code(code)))
            && (self.messages.is_empty() || self.messages.iter().any(|part| message.contains(part)))
    }
}

pub(super) const ROWS: &[Row] = &[
    Row { statuses: &[401, 403], codes: &["InvalidLicense"], messages: &[], advice: LICENSE },
    Row {
        statuses: &[400, 401, 403],
        codes: &[],
        messages: &["missing consent", "license is invalid"],
        advice: LICENSE,
    },
    Row {
        statuses: &[401],
        codes: &["InvalidAuthenticationTokenTenant"],
        messages: &[],
        advice: Advice {
            title: "Wrong tenant",
            cause: "The access token belongs to a different Microsoft Entra tenant than the subscription.",
            remedy: "Set {tenant_id} to the tenant of the subscription. With Azure Lighthouse, log in to the managing tenant and check that the delegation covers the subscription.",
        },
    },
    Row { statuses: &[401], codes: &[], messages: &[], advice: NOT_ACCEPTED },
    Row { statuses: &[403], codes: &["InvalidTokenError"], messages: &[], advice: NOT_ACCEPTED },
    Row {
        statuses: &[],
        codes: &[],
        messages: &["disallowed by policy", "because of policy violation"],
        advice: POLICY,
    },
    Row {
        statuses: &[],
        codes: &["DenyAssignmentAuthorizationFailed"],
        messages: &[],
        advice: Advice {
            title: "Forbidden by a deny assignment",
            cause: "A deny assignment on the resource, its resource group or its subscription forbids this action. It overrides every role. Deployment stacks, Azure Blueprints and managed applications create deny assignments.",
            remedy: "Azure's error above contains the name of the deny assignment. Ask the owner of the stack, blueprint or managed application to exclude this identity, or make the change there.",
        },
    },
    Row {
        statuses: &[],
        codes: &["RequestDisallowedByAzure"],
        messages: &[],
        advice: Advice {
            title: "Not allowed by Azure",
            cause: "Azure does not allow this resource in the region or in this type of subscription. Changing roles or policies does not help.",
            remedy: "Use another region or subscription, or contact Microsoft support.",
        },
    },
    Row {
        statuses: &[],
        codes: &[
            "ReadOnlyDisabledSubscription",
            "SubscriptionDisabled",
            "DisabledSubscription",
            "SubscriptionNotActive",
        ],
        messages: &[],
        advice: DISABLED,
    },
    Row {
        statuses: &[],
        codes: &["ResourceGroupBeingDeleted", "ResourceBeingDeleted"],
        messages: &[],
        advice: Advice {
            title: "The resource or its resource group is being deleted",
            cause: "Azure is deleting the resource group or the resource, and accepts no changes until it is gone.",
            remedy: "Wait until the deletion has finished, create it again, and {again}.{terraform: If this configuration creates it, reference its attributes instead of writing the ID. Terraform then creates it first.}",
        },
    },
    Row {
        statuses: &[],
        codes: &["InvalidResourceLocation", "InvalidResourceGroupLocation", "InvalidDeploymentLocation"],
        messages: &[],
        advice: Advice {
            title: "The resource exists in another region",
            cause: "An object with this name already exists in another region, and Azure cannot move it.",
            remedy: "Azure's error above lists the regions. Delete the object in the other region, or use another name.",
        },
    },
    Row {
        statuses: &[],
        codes: &[
            "LocationNotAvailableForResourceType",
            "LocationNotAvailableForResourceGroup",
            "MissingRegistrationForLocation",
            "NotAvailableForSubscription",
            "SkuNotAvailable",
        ],
        messages: &[],
        advice: Advice {
            title: "Not offered in this region",
            cause: "Azure does not offer this resource in the region, or not to this subscription.",
            remedy: "Azure's error above lists the available regions. Use a workspace in one of them.",
        },
    },
    Row {
        statuses: &[],
        codes: &["QuotaExceeded", "ResourceQuotaExceeded", "ResourceGroupQuotaExceeded", "ResourceCountExceedsLimit"],
        messages: &[],
        advice: Advice {
            title: "An Azure limit has been reached",
            cause: "The subscription, the resource group or the workspace has as many objects of this kind as Azure allows.",
            remedy: "Azure's error above contains the limit. Delete objects that you no longer need, or request a higher limit from Microsoft.",
        },
    },
    Row {
        statuses: &[],
        codes: &["DeploymentActive", "DeploymentActiveAndUneditable", "DeploymentBeingDeleted"],
        messages: &[],
        advice: Advice {
            title: "The deployment is still active",
            cause: "A deployment with this name is running or being deleted, and cannot be changed until it ends.",
            remedy: "Wait until it ends, or cancel it: `az deployment group cancel --resource-group GROUP --name NAME`. Then {again}.",
        },
    },
    Row {
        statuses: &[],
        codes: &["DisallowedProvider", "DisallowedOperation", "NotAllowedForOffer", "DisallowedResourceType"],
        messages: &[],
        advice: Advice {
            title: "Not allowed in this subscription",
            cause: "The kind of subscription or its offer does not allow this resource provider or this operation.",
            remedy: "Azure's error above describes what is not allowed. Use another subscription, or ask its owner to change the offer.",
        },
    },
    Row {
        statuses: &[],
        codes: &["ParentResourceNotFound"],
        messages: &[],
        advice: Advice {
            title: "Parent resource not found",
            cause: "The resource that contains this one, usually the workspace, does not exist.",
            remedy: "Check each name in the ID.{terraform: If this configuration creates the workspace, reference its attributes instead of writing the ID. Terraform then creates it first.}",
        },
    },
    Row {
        statuses: &[],
        codes: &["MissingApiVersionParameter"],
        messages: &[],
        advice: Advice {
            title: "The API version is missing from the request",
            cause: "The request reached Azure without its `api-version`, which the provider always sends. A proxy or a gateway removed the query of the URL.",
            remedy: "Check the proxies and gateways between this machine and Azure, {resource_manager_endpoint} and {metadata_host}.",
        },
    },
    Row {
        statuses: &[],
        codes: &["LinkedAuthorizationFailed", "LinkedAccessCheckFailed"],
        messages: &[],
        advice: Advice {
            title: "Missing permission on a linked resource",
            cause: "The identity has permission for this change, but lacks a role on another resource that the change refers to.",
            remedy: "Azure's error above contains the action and the linked scope. Assign a role with this action on that scope.",
        },
    },
    Row {
        statuses: &[],
        codes: &["ScopeLocked"],
        messages: &[],
        advice: Advice {
            title: "The resource is locked",
            cause: "A lock on the resource, its resource group or its subscription prevents the change.",
            remedy: "To find the lock, run `az lock list --resource-group GROUP`. Remove the lock, {again}, and then add the lock again.",
        },
    },
    Row {
        statuses: &[400, 403, 404],
        codes: &["SubscriptionNotFound", "InvalidSubscriptionId"],
        messages: &[],
        advice: Advice {
            title: "Subscription not found",
            cause: "The subscription does not exist, the identity has no role in it, or it belongs to another tenant or cloud.",
            remedy: "Check the subscription in the ID, {tenant_id} and {environment}. `az account list --all` lists the subscriptions that your account can access.",
        },
    },
    Row {
        statuses: &[404],
        codes: &["ResourceGroupNotFound"],
        messages: &[],
        advice: Advice {
            title: "Resource group not found",
            cause: "The resource group in the ID does not exist in that subscription.",
            remedy: "Check its name.{terraform: If this configuration creates it, reference its attributes instead of writing the ID. Terraform then creates it first.}",
        },
    },
    Row {
        statuses: &[],
        codes: &[
            "MissingSubscriptionRegistration",
            "SubscriptionNotRegistered",
            "InvalidSubscriptionRegistrationState",
        ],
        messages: &[],
        advice: REGISTER,
    },
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
        messages: &["not onboarded", "workspacemetadata"],
        advice: Advice {
            title: "The workspace is not onboarded to Microsoft Sentinel",
            cause: "Microsoft Sentinel has not been added to the workspace. Some of its services still report this for a minute or two after it was added.",
            remedy: "Add Microsoft Sentinel to the workspace first, for example in the Azure portal.{terraform: Or use the resource `sentinel_workspace_onboarding`, and reference its `workspace_id` in this resource.}",
        },
    },
    Row {
        statuses: &[400],
        codes: &[],
        messages: &["is not supported in api-version", "connector kind", "kind is not supported", "unsupported kind"],
        advice: Advice {
            title: "Connector kind not supported",
            cause: "This API version of Microsoft Sentinel does not support this kind of connector. Microsoft has not published the request format that its portal uses for the tenant-wide Defender for Cloud connector, so the format may also have changed.",
            remedy: "The guide \"Learn what your portal sends\" shows how to find the request format that your tenant uses, with the command `contract record` of this provider's binary.{terraform: Then set `contract` to the block that it prints.}",
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
        messages: &["microsoft.securityinsights/dataconnectors/"],
        advice: CONNECTOR_PERMISSION,
    },
    Row {
        statuses: &[400, 403],
        codes: &[],
        messages: &["microsoft.resources/deployments/", "authorization failed for template resource"],
        advice: Advice {
            title: "Missing permission",
            cause: "The identity lacks a role for deployments into the workspace's resource group, or for a resource of the deployment. A new role assignment takes some minutes to take effect.",
            remedy: "Assign the role Microsoft Sentinel Contributor on the workspace's resource group; on the workspace alone, it is not enough for solutions. If Azure's error above contains a resource of another type, assign a role for it. The guide \"Permissions\" lists every action.",
        },
    },
    Row { statuses: &[], codes: &["AuthorizationFailed"], messages: &[], advice: PERMISSION },
    Row { statuses: &[403], codes: &[], messages: &[], advice: PERMISSION },
    Row {
        statuses: &[404],
        codes: &[],
        messages: &[],
        advice: Advice {
            title: "Resource not found",
            cause: "The resource in the ID does not exist, or the identity is not allowed to see it.",
            remedy: "Check each name in the ID: subscription, resource group, workspace.{terraform: If this configuration creates it, reference its attributes instead of writing the ID. Terraform then creates it first.}",
        },
    },
    Row {
        statuses: &[],
        codes: &["DeploymentQuotaExceeded"],
        messages: &[],
        advice: Advice {
            title: "The deployment history is full",
            cause: "The resource group's history contains 800 deployments, which is Azure's limit. Azure deletes old deployments automatically unless a lock prevents it.",
            remedy: "Delete old deployments: `az deployment group list --resource-group GROUP --query \"[].name\" --output tsv`, then `az deployment group delete --resource-group GROUP --name NAME`.",
        },
    },
    Row {
        statuses: &[400, 409, 413],
        codes: &[
            "InvalidTemplate",
            "InvalidTemplateDeployment",
            "RequestContentTooLarge",
            "DeploymentSizeExceeded",
            "JobSizeExceeded",
        ],
        messages: &[],
        advice: Advice {
            title: "Azure rejected the ARM template",
            cause: "Resource Manager rejected the ARM template in the solution's catalog entry, or its parameters. Possible causes: the template exceeds 4 MB, it uses an unsupported feature, or the identity lacks a permission.",
            remedy: "Azure's error above describes the problem.{terraform: If a value is wrong or missing, set it in the resource's `parameters`.} If a permission is missing, assign Microsoft Sentinel Contributor on the resource group. Report any other problem to the solution's publisher.",
        },
    },
    Row { statuses: &[412], codes: &[], messages: &[], advice: CHANGED },
    Row { statuses: &[409], codes: &[], messages: &["etag", "newer instance"], advice: CHANGED },
    Row {
        statuses: &[409],
        codes: &[],
        messages: &[],
        advice: Advice {
            title: "The request conflicts with another change",
            cause: "Another change to this resource is in progress, or the resource is in a state that does not allow this change.",
            remedy: "Wait until the other change has finished, and {again}. The activity log of the resource group shows it.",
        },
    },
    Row { statuses: &[429], codes: &[], messages: &[], advice: super::local::THROTTLED },
    Row {
        statuses: &[407],
        codes: &[],
        messages: &[],
        advice: Advice {
            title: "The proxy requires authentication",
            cause: "The proxy between this machine and Azure requires a user name and a password.",
            remedy: "Add them to HTTPS_PROXY (http://user:password@host:port), or add Azure's hosts to NO_PROXY.",
        },
    },
    Row {
        statuses: &[301, 302, 303, 307, 308],
        codes: &[],
        messages: &[],
        advice: Advice {
            title: "Unexpected redirect",
            cause: "Azure Resource Manager does not redirect. A gateway did, or the endpoint is wrong. The provider does not follow redirects, to protect the access token.",
            remedy: "Check the network's rules, {environment}, {metadata_host} and {resource_manager_endpoint}.",
        },
    },
    Row {
        statuses: &[408, 500, 502, 503, 504],
        codes: &[],
        messages: &[],
        advice: Advice {
            title: "Azure is not available",
            cause: "Azure returned a server error for every attempt.",
            remedy: "Check https://azure.status.microsoft and the subscription's service health, and {again} later. Microsoft support needs the correlation ID.",
        },
    },
];
