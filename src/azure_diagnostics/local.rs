//! Failures without an answer of Azure's: connections, time, this machine.

use super::Advice;
use crate::azure::{AuthenticationError, TransportKind};

pub(super) const NO_CREDENTIAL: &str = "Choose one. In a pipeline: ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET, or ARM_USE_OIDC=true with ARM_OIDC_TOKEN or ARM_OIDC_TOKEN_FILE_PATH in the secret's place. At your desk: install the Azure CLI and run `az login`. Each has an argument of the provider, too.";

pub(super) const TIMED_OUT: Advice = Advice {
    title: "Timed out",
    cause: "Azure did not answer within this operation's timeout.",
    remedy: "Apply again, or give the operation more time in the resource's timeouts block.",
};

pub(super) const THROTTLED: Advice = Advice {
    title: "Throttled by Azure",
    cause: "This login has sent more requests to the subscription or the tenant than Azure takes in a while; other tools with the same login count, too.",
    remedy: "Apply again after that time, with a smaller -parallelism, or give the operation more time in the resource's timeouts block: the provider waits as long as Azure asks it to if the timeout allows.",
};

pub(super) const CANCELLED: Advice = Advice {
    title: "Cancelled",
    cause: "Terraform was interrupted and asked the provider to stop.",
    remedy: "Nothing was changed by this step. Plan again to see what is left to do.",
};

pub(super) const CANCELLED_WRITE: Advice = Advice {
    title: "Cancelled",
    cause: "Terraform was interrupted while Azure was changing something, and its answer was not waited for.",
    remedy: "The change may have been made. Plan again: it reads what Azure holds.",
};

pub(super) const INVALID_RESPONSE: Advice = Advice {
    title: "Azure's answer cannot be used",
    cause: "The answer broke off or was changed on the way, by a proxy for example.",
    remedy: "Apply again. If it stays, look at what lies between this machine and Azure.",
};

pub(super) const FOREIGN_HOST: Advice = Advice {
    title: "An address outside the cloud was refused",
    cause: "An answer asked the provider to go on at another host. It does not: its access token would be known there.",
    remedy: "If that host is part of your cloud, point metadata_host or the custom endpoints at it. Otherwise something between this machine and Azure changes its answers.",
};

pub(super) const ENDPOINT: Advice = Advice {
    title: "The cloud is not configured correctly",
    cause: "An endpoint of the cloud is malformed.",
    remedy: "Correct the argument that is named; for Azure's own clouds, environment = \"public\", \"usgovernment\" or \"china\" is enough.",
};

pub(super) const SETUP: Advice = Advice {
    title: "The HTTPS client cannot be set up",
    cause: "This machine lacks something that every HTTPS connection needs.",
    remedy: "See the message. In a container, install the package ca-certificates or mount a bundle and set SSL_CERT_FILE.",
};

pub(super) const LOGIN_UNAVAILABLE: Advice = Advice {
    title: "The login service is not available",
    cause: "Microsoft Entra, or something on the way to it, has a fault or takes no more requests at the moment. It was asked more than once.",
    remedy: "Apply again in a while. If it stays, look at what lies between this machine and the login service, and at <https://azure.status.microsoft>.",
};

const AZ_LOGIN: Advice = Advice {
    title: "The Azure CLI gives no token",
    cause: "Nobody is logged in to the Azure CLI on this machine, or the login is over.",
    remedy: "Run `az login`, with --tenant TENANT_ID if you have several; in a pipeline, set ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET or use OIDC.",
};

const AZ_SUBSCRIPTION: Advice = Advice {
    title: "The Azure CLI gives no token",
    cause: "The Azure CLI is logged in, but to no account with the subscription that picks the account.",
    remedy: "Correct subscription_id (ARM_SUBSCRIPTION_ID), leave it out, or set tenant_id in its place; `az account list --all` shows what there is.",
};

const AZ_OTHER: Advice = Advice {
    title: "The Azure CLI gives no token",
    cause: "The program `az` failed, is not there, or took longer than 30 seconds.",
    remedy: "Run `az account get-access-token` by hand and see what it says. The provider needs Azure CLI 2.54 or newer.",
};

const LOGIN_FILE: Advice = Advice {
    title: "The login cannot be tried",
    cause: "Something that the login needs cannot be had on this machine.",
    remedy: "Correct the setting that is named; a file must exist, be readable for the user who runs Terraform, and not be empty.",
};

/// A login that failed before it reached anybody.
pub(super) fn login(error: &AuthenticationError) -> Advice {
    if error.method != "Azure CLI" {
        return LOGIN_FILE;
    }
    let said = error.to_string().to_ascii_lowercase();
    // The CLI says "Subscription 'x' not found" of an account that it does not have.
    if said.contains("az login") {
        AZ_LOGIN
    } else if said.contains("subscription") && said.contains("not found") {
        AZ_SUBSCRIPTION
    } else {
        AZ_OTHER
    }
}

/// A connection that did not come about or broke.
pub(super) fn connection(kind: TransportKind) -> Advice {
    match kind {
        TransportKind::Name => Advice {
            title: "Host not found",
            cause: "The name of the host could not be resolved: a typing error in an endpoint, no network, or a network that only resolves through a proxy.",
            remedy: "Check environment, metadata_host and the custom endpoints, then the network; set HTTPS_PROXY where a proxy is the way out.",
        },
        TransportKind::Connect => Advice {
            title: "Host cannot be reached",
            cause: "The host refused the connection or did not answer, also when asked again: a firewall, a missing proxy, or a wrong port.",
            remedy: "Check from this machine with `curl -v https://HOST`; set HTTPS_PROXY where a proxy is the way out.",
        },
        TransportKind::Tls => Advice {
            title: "The host's certificate is not trusted",
            cause: "The TLS handshake failed. Mostly a proxy that inspects TLS presents a certificate of its own, or the cloud has a private certificate authority.",
            remedy: "Add that authority's certificate to the system's, or point SSL_CERT_FILE at a bundle that holds it. Checking certificates cannot be switched off.",
        },
        TransportKind::Proxy => Advice {
            title: "The proxy refused the connection",
            cause: "The proxy that HTTPS_PROXY names does not connect to the host.",
            remedy: "Check HTTPS_PROXY (user and password included) and the proxy's rules, or let NO_PROXY name the host.",
        },
        TransportKind::Interrupted => Advice {
            title: "The connection broke off",
            cause: "Azure or something on the way closed the connection before the answer had come.",
            remedy: "Apply again: the plan reads what Azure holds, whether or not the request was carried out.",
        },
    }
}
