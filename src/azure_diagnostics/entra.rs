//! What Microsoft Entra refuses a login with, and what it means: a table by code.

use super::Advice;

/// The advice for a code; a general one for every other.
pub(super) fn advice(code: Option<&str>) -> Advice {
    let row = ROWS.iter().find(|(codes, _)| code.is_some_and(|code| codes.contains(&code)));
    row.map_or(OTHER, |(_, advice)| *advice)
}

const ROWS: &[(&[&str], Advice)] = &[
    (
        &["AADSTS7000215"],
        Advice {
            title: "Wrong client secret",
            cause: "The secret is not one of the application's: mostly the secret's id was copied in place of its value, or the secret belongs to another application.",
            remedy: "Copy the value of a secret of this very application (Entra admin centre, App registrations, Certificates & secrets; it is shown once only).",
        },
    ),
    (
        &["AADSTS7000222"],
        Advice {
            title: "Expired client secret",
            cause: "The client secret has expired.",
            remedy: "Add a new secret to the application (`az ad app credential reset --append --id CLIENT_ID`) and use its value; OIDC needs no secret that expires.",
        },
    ),
    (
        &["AADSTS90002", "AADSTS900021", "AADSTS900023", "AADSTS50059"],
        Advice {
            title: "Tenant not found",
            cause: "There is no such tenant in this cloud: a typing error, or a tenant of another cloud.",
            remedy: "Check tenant_id (ARM_TENANT_ID): the Directory (tenant) ID on the overview page of Microsoft Entra; and environment (ARM_ENVIRONMENT) for a national cloud.",
        },
    ),
    (
        &["AADSTS700016", "AADSTS7000112"],
        Advice {
            title: "Application not found",
            cause: "The tenant has no application with this client id, or it is disabled there.",
            remedy: "Check client_id (ARM_CLIENT_ID), which is the Application (client) ID and not an object id, and that tenant_id names the tenant that holds the application. A login of the Azure CLI: `az login --tenant TENANT_ID` again.",
        },
    ),
    (
        &["AADSTS70021", "AADSTS700211", "AADSTS700212", "AADSTS700213", "AADSTS700021"],
        Advice {
            title: "Federated credential does not match",
            cause: "No federated credential of the application accepts this OIDC token: issuer, subject and audience must be equal to the letter, case included.",
            remedy: "Compare the token's iss, sub and aud (the message names what does not match) with the application's federated credentials (Certificates & secrets, Federated credentials). For GitHub the subject changes with branch, tag, pull request and environment.",
        },
    ),
    (
        &["AADSTS700024", "AADSTS700027", "AADSTS50027"],
        Advice {
            title: "OIDC token not valid",
            cause: "The OIDC token has expired, is not valid yet, or is damaged.",
            remedy: "Let the pipeline get a new token. A file given with oidc_token_file_path is read again at every login, so a pipeline that renews it may run as long as it likes; oidc_token is one token for the whole run.",
        },
    ),
    (
        &["AADSTS500011", "AADSTS500014"],
        Advice {
            title: "Azure is not known in the tenant",
            cause: "The tenant does not know the service that the token is for: mostly the wrong cloud or a wrong custom audience.",
            remedy: "Check environment (ARM_ENVIRONMENT), metadata_host and the custom endpoints.",
        },
    ),
    (
        &["AADSTS50076", "AADSTS50078", "AADSTS50079", "AADSTS50158", "AADSTS70043", "AADSTS700082", "AADSTS50173"],
        Advice {
            title: "A new interactive login is needed",
            cause: "The login of the Azure CLI is over, or a rule asks for another factor.",
            remedy: "Run `az login --tenant TENANT_ID` and apply again; in a pipeline, use a service principal.",
        },
    ),
    (
        &["AADSTS53003", "AADSTS530034", "AADSTS53000", "AADSTS53001", "AADSTS530035"],
        Advice {
            title: "Blocked by conditional access",
            cause: "A conditional access policy of the tenant blocks this login, for its location, its device or its risk.",
            remedy: "Run from a place that the policy allows, or have it changed; the sign-in log of Microsoft Entra names the policy.",
        },
    ),
];

const OTHER: Advice = Advice {
    title: "The login was refused",
    cause: "Microsoft Entra does not accept the login.",
    remedy: "The code is explained at https://login.microsoftonline.com/error; the sign-in log of Microsoft Entra shows the attempt.",
};
