//! Advice for token services of pipelines and managed identities that issue no token.

use super::Advice;
use crate::azure::credential::Method;

/// The advice for an authentication method and the status of the response.
pub(super) fn advice(method: &str, status: u16) -> Advice {
    match (method, status) {
        (_, 429 | 500..=599) => UNAVAILABLE,
        (Method::MANAGED_IDENTITY, 400 | 404) => NO_IDENTITY,
        (Method::MANAGED_IDENTITY, _) => IDENTITY_REJECTED,
        ("OIDC token of a GitHub workflow", _) => GITHUB,
        (_, 203 | 302 | 401 | 403) => AZURE_DEVOPS_TOKEN,
        _ => AZURE_DEVOPS_CONNECTION,
    }
}

pub(super) const NO_ENDPOINT: Advice = Advice {
    title: "No managed identity endpoint",
    cause: "This machine has no managed identity endpoint. The machine is not in Azure, or a firewall or a container network blocks the endpoint.",
    remedy: "Set {use_msi} only on machines with a managed identity. Check with `curl -H Metadata:true 'http://169.254.169.254/metadata/instance?api-version=2021-02-01'`. On hosts other than virtual machines, App Service, Container Apps and Azure Arc, set {msi_endpoint}.",
};

const NO_IDENTITY: Advice = Advice {
    title: "Managed identity not found",
    cause: "This machine has no such managed identity. If {client_id} is not set, the provider uses the system-assigned identity.",
    remedy: "Assign the identity to the machine or app. For a user-assigned identity, set {client_id} to its client ID, which is not its object ID, or to its resource ID. For the system-assigned identity, remove {client_id}, also from the environment.",
};

const IDENTITY_REJECTED: Advice = Advice {
    title: "The managed identity endpoint rejected the request",
    cause: "The endpoint does not accept requests of this process.",
    remedy: "Check {msi_endpoint} and {msi_api_version}: App Service and Container Apps do not need them. Run Terraform inside the app, because IDENTITY_HEADER changes each time the app starts.",
};

const UNAVAILABLE: Advice = Advice {
    title: "The token service is not available",
    cause: "The service did not issue a token after several attempts. It may be throttling, or have an outage.",
    remedy: "{Again} later.",
};

const GITHUB: Advice = Advice {
    title: "GitHub issued no OIDC token",
    cause: "The request token is not valid. The token is valid only while its job runs. The job also needs the permission `id-token: write`.",
    remedy: "Add `permissions: id-token: write` to the job. If the variables are passed on by hand, for example to a container, pass those of the running job: ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN.",
};

const AZURE_DEVOPS_TOKEN: Advice = Advice {
    title: "Azure DevOps rejected the access token",
    cause: "The token in SYSTEM_ACCESSTOKEN does not belong to the running job, or is not allowed to use the service connection.",
    remedy: "Set `SYSTEM_ACCESSTOKEN: $(System.AccessToken)` in the env of the step. Permit the pipeline to use the service connection (Project settings, Service connections, Security).",
};

const AZURE_DEVOPS_CONNECTION: Advice = Advice {
    title: "Azure DevOps issued no OIDC token",
    cause: "The service connection does not exist in the project, does not use workload identity federation, or the URL is not the one of the running job.",
    remedy: "Check {ado_pipeline_service_connection_id}: it is the GUID in the address of the service connection, not its name. SYSTEM_OIDCREQUESTURI must be the one of the running job.",
};
