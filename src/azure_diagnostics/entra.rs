//! The known error codes of Microsoft Entra, with causes and remedies.

use super::Advice;
use crate::azure::SecretFlaw;

/// The advice for a code, or general advice for an unknown one. With a certificate, some codes mean something else.
pub(super) fn advice(code: Option<&str>, has_certificate: bool) -> Advice {
    let own = if has_certificate { CERTIFICATE_ROWS } else { &[] };
    let row = own.iter().chain(ROWS).find(|(codes, _)| code.is_some_and(|code| codes.contains(&code)));
    row.map_or(OTHER, |(_, advice)| *advice)
}

/// Whether the code is about an OIDC token and the federated credentials of an application.
pub(super) fn is_about_federation(code: &str) -> bool {
    ["AADSTS7002138", "AADSTS700016", "AADSTS700024"].contains(&code) || FEDERATION.contains(&code)
}

/// What is probably wrong with the client secret that Microsoft Entra did not accept.
pub(super) fn explain_flaw(flaw: SecretFlaw) -> &'static str {
    match flaw {
        SecretFlaw::Guid => {
            "The client secret has the form of a GUID. It is probably the ID of the secret, which the portal shows beside its \
             value. Use the value."
        }
        SecretFlaw::Quoted => {
            "The client secret begins and ends with quotation marks, which are part of the value. Remove them."
        }
        SecretFlaw::Token => {
            "The client secret has the form of a token. For a token of another identity provider, set `use_oidc` and \
             `oidc_token` instead."
        }
        SecretFlaw::WhiteSpace => {
            "The client secret contains spaces or line breaks, which the secrets of Microsoft Entra do not have. It may \
             consist of several values."
        }
        SecretFlaw::NotAscii => {
            "The client secret contains characters that the secrets of Microsoft Entra do not have. A program may have \
             changed it, for example when it was copied."
        }
    }
}

/// Whether the code may be about the certificate of the login.
pub(super) fn is_about_certificate(code: &str) -> bool {
    CERTIFICATE_ROWS.iter().any(|(codes, _)| codes.contains(&code))
}

/// No federated credential accepts the token.
const FEDERATION: &[&str] = &["AADSTS70021", "AADSTS700211", "AADSTS700212", "AADSTS700213", "AADSTS700021"];

/// Codes whose meaning differs if the login has a certificate.
const CERTIFICATE_ROWS: &[(&[&str], Advice)] = &[
    (
        &["AADSTS700027", "AADSTS700021", "AADSTS7000213"],
        Advice {
            title: "The application does not accept this certificate",
            cause: "The application has no certificate with this thumbprint, or the registered one has expired.",
            remedy: "Upload the certificate, without its private key, to the same application (Microsoft Entra admin center, App registrations, Certificates & secrets, Certificates). Compare the thumbprints. Check that `client_id` is the one of that application.",
        },
    ),
    (
        &["AADSTS700024"],
        Advice {
            title: "The clock of this machine is wrong",
            cause: "The provider signs an assertion that is valid for ten minutes. Microsoft Entra received it outside this time, so the clock of this machine is probably wrong.",
            remedy: "Set the clock of this machine. The error above contains the time of Microsoft Entra.",
        },
    ),
    (
        &["AADSTS50027", "AADSTS50013", "AADSTS5002730"],
        Advice {
            title: "Microsoft Entra cannot verify the certificate's signature",
            cause: "Microsoft Entra does not accept the signature of the login. Usually, the key of the certificate is of a kind that it does not support.",
            remedy: "Use a certificate with an RSA key of 2048 bits or more, and signed with SHA-256.",
        },
    ),
];

const ROWS: &[(&[&str], Advice)] = &[
    (
        &["AADSTS7000215"],
        Advice {
            title: "Wrong client secret",
            cause: "The application does not have this secret. Usually the secret's ID was copied instead of its value, or the secret belongs to another application.",
            remedy: "Copy the value of a secret of the same application (Microsoft Entra admin center, App registrations, Certificates & secrets). The value is shown only once.",
        },
    ),
    (
        &["AADSTS7000222"],
        Advice {
            title: "Expired client secret",
            cause: "The client secret has expired.",
            remedy: "Add a new secret to the application (`az ad app credential reset --append --id CLIENT_ID`), and use its value. Or use OIDC, which needs no secret.",
        },
    ),
    (
        &["AADSTS90002", "AADSTS900021", "AADSTS900023", "AADSTS50059"],
        Advice {
            title: "Tenant not found",
            cause: "The tenant does not exist in this cloud. The ID or domain name may be misspelled, or the tenant may belong to another cloud.",
            remedy: "Check `tenant_id` (ARM_TENANT_ID). It is the Directory (tenant) ID on the overview page of Microsoft Entra. For a national cloud, also check `environment` (ARM_ENVIRONMENT).",
        },
    ),
    (
        &["AADSTS700016", "AADSTS7000112"],
        Advice {
            title: "Application not found",
            cause: "The tenant has no application with this client ID, or the application is disabled there.",
            remedy: "Check `client_id` (ARM_CLIENT_ID), which is the Application (client) ID and not an object ID. Check that `tenant_id` is the tenant of the application. With the Azure CLI, run `az login --tenant TENANT_ID` again.",
        },
    ),
    (
        &["AADSTS7002138"],
        Advice {
            title: "Federated credential differs in case",
            cause: "A federated credential of the application has this subject, but with other upper-case or lower-case letters. Microsoft Entra compares them exactly.",
            remedy: "Change the subject of the federated credential to the one above. On GitHub, use the same letter case as in the names of the owner and the repository.",
        },
    ),
    (
        FEDERATION,
        Advice {
            title: "Federated credential does not match",
            cause: "No federated credential of the application accepts this OIDC token. Issuer, subject and audience must match exactly, including case.",
            remedy: "Compare the issuer, subject and audience above with the application's federated credentials (Certificates & secrets, Federated credentials), and change the credential or the pipeline. On GitHub, the subject depends on the branch, tag, pull request and environment.",
        },
    ),
    (
        &["AADSTS700024", "AADSTS700027", "AADSTS50027"],
        Advice {
            title: "OIDC token not valid",
            cause: "The OIDC token has expired, is not valid yet, or is damaged.",
            remedy: "Request a new token in the pipeline. The provider reads the file in `oidc_token_file_path` each time it requests an access token, so the pipeline can renew it during a long run. The provider uses `oidc_token` for the whole run.",
        },
    ),
    (
        &["AADSTS50020", "AADSTS50034"],
        Advice {
            title: "The account is not in this tenant",
            cause: "The account of the Azure CLI is neither a member nor a guest of the tenant in `tenant_id`.",
            remedy: "Run `az login --tenant TENANT_ID` with an account of that tenant. If `tenant_id` (ARM_TENANT_ID) is wrong, correct or remove it. Without it, the provider uses the current account of the Azure CLI, which `az account set --subscription SUBSCRIPTION_ID` selects. With Azure Lighthouse, `tenant_id` of the provider is the managing tenant.",
        },
    ),
    (
        &["AADSTS500011", "AADSTS500014"],
        Advice {
            title: "The tenant does not recognize the token's audience",
            cause: "The tenant does not know the service that the token is for. Usually the cloud or a custom audience is wrong.",
            remedy: "Check `environment` (ARM_ENVIRONMENT), `metadata_host` and the custom endpoints.",
        },
    ),
    (
        &["AADSTS50076", "AADSTS50078", "AADSTS50079", "AADSTS50158", "AADSTS70043", "AADSTS700082", "AADSTS50173"],
        Advice {
            title: "Interactive login required",
            cause: "The login of the Azure CLI has expired, or a policy requires multi-factor authentication.",
            remedy: "Run `az login --tenant TENANT_ID` and apply again. In a pipeline, use a service principal.",
        },
    ),
    (
        &["AADSTS53003", "AADSTS530034", "AADSTS53000", "AADSTS53001", "AADSTS530035"],
        Advice {
            title: "Blocked by Conditional Access",
            cause: "A Conditional Access policy of the tenant blocks this login because of its location, device or risk.",
            remedy: "Run from a location that the policy allows, or ask an administrator to change the policy. The sign-in log of Microsoft Entra contains the name of the policy.",
        },
    ),
];

const OTHER: Advice = Advice {
    title: "Microsoft Entra rejected the login",
    cause: "Microsoft Entra returned an error that the provider does not know.",
    remedy: "https://login.microsoftonline.com/error explains the code. The sign-in log of Microsoft Entra shows the attempt.",
};
