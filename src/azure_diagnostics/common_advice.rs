//! Advice that several rows of `known_errors.rs` share, or that other files use.

use super::Advice;

pub(super) const FOREIGN: Advice = Advice {
    title: "The response did not come from Azure",
    cause: "The response is not in a format that Azure uses. It probably comes from a proxy, a firewall or a gateway between this machine and Azure.",
    remedy: "Check HTTPS_PROXY, NO_PROXY, the network's rules, {resource_manager_endpoint} and {metadata_host}.",
};

pub(super) const LICENSE: Advice = Advice {
    title: "License or consent is missing",
    cause: "Microsoft requires a license, or an administrator's consent, before the tenant's alerts can stream to Microsoft Sentinel. A new login does not change that. Possible causes: Defender XDR was never turned on, it was turned on recently, or the tenant does not accept service principals.",
    remedy: "Ask a Security Administrator to open https://security.microsoft.com once, and to enable Microsoft Defender XDR and its connection to Microsoft Sentinel. Check the tenant's licenses, and {again}. The change may take hours to take effect. If it still fails with a service principal, run `az login` as a user, unset the variables of all other authentication methods (secrets, certificates, tokens, and flags such as ARM_USE_OIDC),{terraform: remove their arguments from the provider block,} and {again}. Or connect in the portal as a user.",
};

/// The remedy if no row matches.
pub(super) const UNKNOWN: &str = "If Azure's error refers to a value that you set, correct that value. Otherwise update the provider. If the error persists, contact Microsoft support with the correlation ID.";

pub(super) const PERMISSION: Advice = Advice {
    title: "Missing permission",
    cause: "The identity lacks a role for this action. A new role assignment takes some minutes to take effect.",
    remedy: "Assign the role Microsoft Sentinel Contributor on the workspace. To install solutions, assign it on the workspace's resource group. To connect alerts of the whole tenant, Microsoft also requires the role Security Administrator in Microsoft Entra.",
};

/// [`PERMISSION`] if a read fails.
pub(super) const READ_PERMISSION: Advice = Advice {
    cause: "The identity lacks a role to read this. A new role assignment takes some minutes to take effect.",
    remedy: "Assign the role Microsoft Sentinel Reader on the workspace, or the role Reader if Azure's error above contains another scope. The guide \"Permissions\" lists every action.{terraform: To change the workspace too, assign the role Microsoft Sentinel Contributor, which includes it.}",
    ..PERMISSION
};

/// [`PERMISSION`] for data connectors.
pub(super) const CONNECTOR_PERMISSION: Advice = Advice {
    cause: "The identity lacks a role for the data connectors of the workspace. A new role assignment takes some minutes to take effect.",
    remedy: "Assign the role Microsoft Sentinel Contributor on the workspace. To connect alerts of the whole tenant, Microsoft also requires the role Security Administrator in Microsoft Entra. The guide \"Permissions\" lists every action.",
    ..PERMISSION
};

pub(super) const POLICY: Advice = Advice {
    title: "Azure Policy denies the request",
    cause: "An Azure Policy assignment denies this request. No role changes that.",
    remedy: "Ask the owner of the assignment to add an exemption for the resource group: `az policy exemption create`.{terraform: Or change the configuration so that it complies with the policy.} A policy may be assigned to a management group above the subscription.",
};

pub(super) const DISABLED: Advice = Advice {
    title: "The subscription is disabled",
    cause: "The subscription is disabled, so everything in it is read-only. Usual causes are an unpaid bill, a spending limit, an expired trial, or a cancellation.",
    remedy: "Ask the owner of the subscription to reactivate it (in the portal: Subscriptions). Then {again}. Waiting does not help.",
};

pub(super) const REGISTER: Advice = Advice {
    title: "Resource provider not registered",
    cause: "The subscription is not registered for the resource provider in Azure's error above.{terraform: The Terraform provider does not register resource providers.}",
    remedy: "Ask an owner or contributor of the subscription to run `az provider register --namespace Microsoft.SecurityInsights`. For the workspace, `Microsoft.OperationalInsights` must be registered too. Wait until `az provider show --namespace Microsoft.SecurityInsights --query registrationState` returns Registered. Then {again}.",
};

pub(super) const API_VERSION: Advice = Advice {
    title: "API version not supported",
    cause: "This cloud does not offer the resource type in the requested API version. Sovereign clouds get preview versions later or not at all.",
    remedy: "Azure's error above lists the supported versions. Check {environment}, and update the provider.{terraform: If the resource has a `contract`, you can set `contract.api_version` to a supported version.}",
};

pub(super) const NOT_ACCEPTED: Advice = Advice {
    title: "Azure rejected the access token",
    cause: "The access token is not valid for Azure. It may be for another cloud.",
    remedy: "Check that {environment} or {metadata_host} selects the cloud of the subscription, and log in again.",
};

pub(super) const CLOCK: Advice = Advice {
    cause: "The clock of this machine is wrong, so tokens seem to be valid when they are not.",
    remedy: "Correct the clock of this machine, for example with a time service.",
    ..NOT_ACCEPTED
};

pub(super) const CLAIMS: Advice = Advice {
    title: "Conditional Access requires a new access token",
    cause: "Azure requires an access token with other claims (continuous access evaluation), and the authentication method returned the same token again.",
    remedy: "Run from a location that the Conditional Access policies allow. The sign-in log of Microsoft Entra contains the name of the policy.",
};

pub(super) const CHANGED: Advice = Advice {
    title: "Another process keeps changing the resource",
    cause: "Another process changed the resource again before each retry, until the timeout.",
    remedy: "Find out what else changes it, for example the portal or another pipeline{terraform:, or another Terraform state}. Then {again}.",
};
