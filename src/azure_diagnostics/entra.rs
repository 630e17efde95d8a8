//! The known error codes of Microsoft Entra, with causes and remedies.

use super::Advice;
use crate::azure::SecretFlaw;
use crate::azure::credential::Method;

/// Codes with the same advice.
type Row = (&'static [&'static str], Advice);

/// The advice for a code, or general advice for an unknown code.
///
/// Some codes mean something else if the provider authenticates with a certificate. For the Azure CLI and similar
/// programs, the remedy is a command of that program.
pub(super) fn advice(code: Option<&str>, method: &str, has_certificate: bool) -> Advice {
    let specific = if has_certificate { CERTIFICATE_ROWS } else { rows_of_program(method) };
    let row = specific.iter().chain(ROWS).find(|(codes, _)| code.is_some_and(|code| codes.contains(&code)));
    row.map_or(OTHER, |(_, advice)| *advice)
}

fn rows_of_program(method: &str) -> &'static [Row] {
    match method {
        Method::AZURE_CLI => AZURE_CLI_ROWS,
        Method::DEV_CLI => DEV_CLI_ROWS,
        Method::POWERSHELL => POWERSHELL_ROWS,
        _ => &[],
    }
}

/// All advice of the tables.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = Advice> {
    let tables = [ROWS, CERTIFICATE_ROWS, AZURE_CLI_ROWS, DEV_CLI_ROWS, POWERSHELL_ROWS];
    tables.into_iter().flatten().map(|(_, advice)| *advice).chain([OTHER])
}

/// Whether the code is about an OIDC token and the federated credentials of an application.
pub(super) fn is_about_federation(code: &str) -> bool {
    ["AADSTS7002138", "AADSTS700016", OUTSIDE_VALIDITY].contains(&code) || FEDERATION.contains(&code)
}

/// The probable mistake in a client secret that Microsoft Entra rejected.
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
            "The client secret has the form of a token. For a token of another identity provider, set {use_oidc} and \
             {oidc_token} instead."
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

/// Whether the code may be about the client certificate.
pub(super) fn is_about_certificate(code: &str) -> bool {
    CERTIFICATE_ROWS.iter().any(|(codes, _)| codes.contains(&code))
}

/// The code for a token that has expired or is not valid yet.
pub(super) const OUTSIDE_VALIDITY: &str = "AADSTS700024";

/// The codes for a token that no federated credential accepts.
const FEDERATION: &[&str] = &["AADSTS70021", "AADSTS700211", "AADSTS700212", "AADSTS700213"];

/// Codes with another meaning if the provider authenticates with a certificate.
const CERTIFICATE_ROWS: &[Row] = &[
    (
        &["AADSTS7000213"],
        Advice {
            title: "Microsoft Entra does not trust the chain of the certificate",
            cause: "The application has no certificate with this thumbprint, and it does not trust the issuer and the subject of this chain.",
            remedy: "Upload the certificate, without its private key, to the application (Microsoft Entra admin center, App registrations, Certificates & secrets, Certificates). If the application trusts an issuer and a subject instead, put the certificates of all issuers up to the trusted one into the bundle or the PEM file, and compare the issuer and the subject with those that it trusts.",
        },
    ),
    (
        &["AADSTS7000214", "AADSTS7000277", "AADSTS7005004"],
        Advice {
            title: "The certificate was revoked",
            cause: "The authority that issued the certificate, or an administrator of the application, has revoked it.",
            remedy: "Create a new certificate with a new key, and add it to the application (Microsoft Entra admin center, App registrations, Certificates & secrets, Certificates). Find out why the old one was revoked: its key may be known to others.",
        },
    ),
    (
        &["AADSTS1000502", "AADSTS7000274"],
        Advice {
            title: "The certificate is not valid now",
            cause: "Microsoft Entra reports that the certificate or one of its issuers has expired or is not valid yet. The clock of this machine may be wrong.",
            remedy: "Check the dates of the certificate and of its issuers, and the clock of this machine. If one has expired, create a new certificate, and add it to the application.",
        },
    ),
    (
        &["AADSTS700027"],
        Advice {
            title: "The application does not accept this certificate",
            cause: "The application has no certificate with this thumbprint, or the registered one has expired or was revoked.",
            remedy: "Upload the certificate, without its private key, to the same application (Microsoft Entra admin center, App registrations, Certificates & secrets, Certificates). Compare the thumbprints. Check that {client_id} is the one of that application.",
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
            cause: "Microsoft Entra does not accept the signature of the assertion. The certificate probably has a key type that Microsoft Entra does not support.",
            remedy: "Use a certificate with an RSA key of 2048 bits or more, and signed with SHA-256.",
        },
    ),
];

const ROWS: &[Row] = &[
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
        &["AADSTS7005003"],
        Advice {
            title: "The client secret was revoked",
            cause: "An administrator, or Microsoft, has revoked this client secret.",
            remedy: "Find out why, because others may know it. Add a new secret to the application (`az ad app credential reset --append --id CLIENT_ID`), and use its value. Or use OIDC, which needs no secret.",
        },
    ),
    (
        &["AADSTS700021"],
        Advice {
            title: "The assertion belongs to another application",
            cause: "The assertion was issued for a different application than {client_id}.",
            remedy: "Check {client_id}, which is the Application (client) ID and not an object ID. With OIDC, check that the token is one of the identity provider and not an assertion of another application.",
        },
    ),
    (
        &["AADSTS90002", "AADSTS900021", "AADSTS900023", "AADSTS50059"],
        Advice {
            title: "Tenant not found",
            cause: "The tenant does not exist in this cloud. The ID or domain name may be misspelled, or the tenant may belong to another cloud.",
            remedy: "Check {tenant_id}. It is the Directory (tenant) ID on the overview page of Microsoft Entra. For a sovereign cloud, also check {environment}.",
        },
    ),
    (
        &["AADSTS700016", "AADSTS7000112"],
        Advice {
            title: "Application not found",
            cause: "The tenant has no application with this client ID, or the application is disabled there.",
            remedy: "Check {client_id}, which is the Application (client) ID and not an object ID. Check that {tenant_id} is the tenant of the application.",
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
        &[OUTSIDE_VALIDITY, "AADSTS700027", "AADSTS50027"],
        Advice {
            title: "OIDC token not valid",
            cause: "The OIDC token has expired, is not valid yet, or is damaged.",
            remedy: "Request a new token in the pipeline. The provider reads the file in {oidc_token_file_path} each time it requests an access token, so the pipeline can renew it during a long run. The provider uses {oidc_token} for the whole run.",
        },
    ),
    (
        &["AADSTS500011", "AADSTS500014"],
        Advice {
            title: "The tenant does not recognize the token's audience",
            cause: "The tenant does not know the service that the token is for. Usually the cloud or a custom audience is wrong.",
            remedy: "Check {environment}, {metadata_host} and {resource_manager_audience}.{terraform: For queries of Log Analytics, check `endpoint.log_analytics_audience`. For Microsoft Graph, check `endpoint.microsoft_graph_audience`.}",
        },
    ),
    (
        &["AADSTS53003", "AADSTS530034", "AADSTS53000", "AADSTS53001", "AADSTS530035"],
        Advice {
            title: "Blocked by Conditional Access",
            cause: "A Conditional Access policy of the tenant blocks this sign-in because of its location, device or risk.",
            remedy: "Run from a location that the policy allows, or ask an administrator to change the policy. The sign-in log of Microsoft Entra contains the name of the policy.",
        },
    ),
];

/// Rows about the account of a program: the program's name, its login command, and the account that it uses if no
/// tenant is set.
macro_rules! program_rows {
    ($program:literal, $login:literal, $current:literal) => {
        &[
            (
                &["AADSTS700016", "AADSTS7000112"],
                Advice {
                    title: "Application not found",
                    cause: concat!("The tenant does not know the application that ", $program, " logs in with, or the application is disabled there."),
                    remedy: concat!("Check {tenant_id}, and run `", $login, "` again."),
                },
            ),
            (
                &["AADSTS50020", "AADSTS50034"],
                Advice {
                    title: "The account is not in this tenant",
                    cause: concat!("The account of ", $program, " is neither a member nor a guest of the tenant in {tenant_id}."),
                    remedy: concat!("Run `", $login, "` with an account of that tenant. If {tenant_id} is wrong, correct or remove it. Without it, the provider uses ", $current, ". With Azure Lighthouse, {tenant_id} is the managing tenant."),
                },
            ),
            (
                &["AADSTS50076", "AADSTS50078", "AADSTS50079", "AADSTS50158", "AADSTS70043", "AADSTS700082", "AADSTS50173"],
                Advice {
                    title: "Interactive login required",
                    cause: concat!("The login of ", $program, " has expired, or a policy requires multi-factor authentication."),
                    remedy: concat!("Run `", $login, "` and {again}. In a pipeline, use a service principal."),
                },
            ),
        ]
    };
}

const AZURE_CLI_ROWS: &[Row] = program_rows!(
    "the Azure CLI",
    "az login --tenant TENANT_ID",
    "the current account of the Azure CLI, which `az account set --subscription SUBSCRIPTION_ID` selects"
);

const DEV_CLI_ROWS: &[Row] = program_rows!(
    "the Azure Developer CLI",
    "azd auth login --tenant-id TENANT_ID",
    "the account and the tenant of the last `azd auth login`"
);

const POWERSHELL_ROWS: &[Row] = program_rows!(
    "Azure PowerShell",
    "Connect-AzAccount -Tenant TENANT_ID",
    "the current context of Azure PowerShell, which `Set-AzContext -Subscription SUBSCRIPTION_ID` selects"
);

const OTHER: Advice = Advice {
    title: "Microsoft Entra rejected the request for a token",
    cause: "Microsoft Entra returned an error that the provider does not know.",
    remedy: "https://login.microsoftonline.com/error explains the code. The sign-in log of Microsoft Entra shows the attempt.",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::credential::codes_about_settings;

    #[test]
    fn every_code_about_a_setting_has_advice() {
        let unknown: Vec<_> = codes_about_settings()
            .filter(|code| {
                [false, true]
                    .iter()
                    .all(|has_certificate| advice(Some(code), "client secret", *has_certificate) == OTHER)
            })
            .collect();

        assert_eq!(unknown, Vec::<&str>::new());
    }
}
