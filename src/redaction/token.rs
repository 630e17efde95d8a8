//! Masks tokens, Entra client secrets and private keys by their format.

use super::MASK;

/// The minimum length of an opaque token, in characters. Resource names are shorter: a resource group has at most 90.
const MIN_OPAQUE_LENGTH: usize = 91;

/// A slash in a percent-encoded URL.
const ENCODED_SLASHES: [&str; 2] = ["%2F", "%2f"];

/// Names before `=` or `:` whose value is a secret, in lower case and without `_`, `-` and spaces.
const NAMES: &[&str] = &[
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "authtoken",
    "clientsecret",
    "clientassertion",
    "password",
    "passwd",
    "pwd",
    "accountkey",
    "sharedaccesskey",
    "sharedkey",
    "apikey",
    "privatekey",
    "sig",
];

/// Schemes of an `Authorization` header, which precede a secret.
const SCHEMES: &[&str] = &["bearer", "basic"];

/// The minimum length, in bytes, of a value that is masked because of its name.
const MIN_LENGTH: usize = 4;

/// The minimum length of a JWT, in bytes.
const MIN_JWT_LENGTH: usize = 20;

/// The maximum length of the user name before a password in a URL, in bytes.
const MAX_USER_LENGTH: usize = 1024;

/// Values that are not secrets.
const PLACEHOLDERS: &[&str] = &["null", "none", "true", "false", "password", MASK];

/// Masks tokens, client secrets and private keys in `text`.
pub(super) fn mask(text: &str) -> String {
    let text = mask_keys(text);
    let mut masked = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = rest.find(is_token_character) {
        let before = &rest[..start];
        let end = rest[start..].find(|next| !is_token_character(next)).map_or(rest.len(), |end| start + end);
        let (run, after) = (&rest[start..end], &rest[end..]);
        masked.push_str(before);
        match secret_start(&masked, run, after) {
            Some(at) => {
                masked.push_str(&run[..at]);
                masked.push_str(MASK);
            }
            None => masked.push_str(run),
        }
        rest = after;
    }
    masked + rest
}

/// Masks private keys in PEM format.
fn mask_keys(text: &str) -> String {
    let mut masked = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("-----BEGIN ") {
        let header_end = rest[start + 11..].find("-----").map_or(rest.len(), |end| start + 11 + end);
        let is_private = rest[start..header_end].ends_with("PRIVATE KEY");
        let end = if is_private { end_of_section(rest, header_end) } else { header_end };
        masked.push_str(&rest[..start]);
        masked.push_str(if is_private { MASK } else { &rest[start..end] });
        rest = &rest[end..];
    }
    masked + rest
}

/// The end of the section of a PEM file whose header ends at `header_end`.
fn end_of_section(text: &str, header_end: usize) -> usize {
    let Some(end) = text[header_end..].find("-----END ") else { return text.len() };
    let footer = header_end + end + "-----END ".len();
    text[footer..].find("-----").map_or(text.len(), |end| footer + end + 5)
}

/// The position of the secret in a run of token characters, if the run contains one.
///
/// Reads each part of the run only once, because a service may send megabytes.
fn secret_start(before: &str, run: &str, after: &str) -> Option<usize> {
    // The password in the user information of a URL.
    if after.starts_with('@') && is_after_user(before) && !is_placeholder(run) {
        return Some(0);
    }
    if is_opaque(run) {
        return Some(0);
    }
    // `name=value` and the segments of a path are one run. A value may contain `=` and `/` too.
    let values = std::iter::once(0).chain(run.match_indices(['=', '/']).map(|(at, _)| at + 1));
    for at in values {
        let value = &run[at..];
        let is_named = match run[..at].strip_suffix('=') {
            Some(name) => is_name(name),
            None => at == 0 && is_named(before, value),
        };
        if ((is_named && value.len() >= MIN_LENGTH) || has_secret_shape(value)) && !is_placeholder(value) {
            return Some(at);
        }
    }
    jwt_in(run)
}

fn has_secret_shape(value: &str) -> bool {
    let segment = value.split(['/', '=']).next().unwrap_or_default();
    is_entra_secret(segment) || is_github_token(segment)
}

/// The position of a JWT, or of a truncated JWT. Each starts with the base64 encoding of `{"`.
fn jwt_in(run: &str) -> Option<usize> {
    let starts = run.match_indices("eyJ").map(|(at, _)| at);
    starts.into_iter().find(|at| {
        run.len() - at >= MIN_JWT_LENGTH && !run[..*at].ends_with(|before: char| before.is_ascii_alphanumeric())
    })
}

/// Whether the value is a client secret of Entra: three characters, `8Q~` or `7Q~`, and about 34 more.
fn is_entra_secret(value: &str) -> bool {
    value.len() >= 30 && value.get(3..6).is_some_and(|mark| matches!(mark, "7Q~" | "8Q~"))
}

fn is_github_token(value: &str) -> bool {
    value.len() >= 30 && ["ghp_", "gho_", "ghs_", "ghu_", "ghr_", "github_pat_"].iter().any(|it| value.starts_with(it))
}

/// Whether the value contains a long text with digits and letters of both cases and without a separator, such as a
/// refresh token or a key. `%2F` is a separator, because a resource ID in a URL is not a secret.
fn is_opaque(value: &str) -> bool {
    let parts = value.split(['.', '/']).flat_map(|part| part.split(ENCODED_SLASHES[0]));
    parts.flat_map(|part| part.split(ENCODED_SLASHES[1])).any(|part| {
        part.len() >= MIN_OPAQUE_LENGTH
            && part.bytes().any(|byte| byte.is_ascii_digit())
            && part.bytes().any(|byte| byte.is_ascii_lowercase())
            && part.bytes().any(|byte| byte.is_ascii_uppercase())
    })
}

/// Whether `before` ends with a name and a separator, or with the scheme of an `Authorization` header.
fn is_named(before: &str, value: &str) -> bool {
    let unquoted = before.trim_end_matches(['"', '\'', '\\', ' ']);
    // A sentence may follow a colon or a scheme.
    let is_sentence = unquoted.len() + 1 >= before.len() && value.bytes().all(|byte| byte.is_ascii_alphabetic());
    if let Some(name) = unquoted.strip_suffix('=') {
        return is_name(name);
    }
    if let Some(name) = unquoted.strip_suffix(':') {
        return !is_sentence && is_name(name);
    }
    let scheme = before.trim_end();
    let scheme = scheme.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known))
        && value.len() >= 12
        && value.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether the last word of the text is one of [`NAMES`], or ends with one of them.
fn is_name(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '\'', '\\', ' ']);
    let is_part = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
    let start = text.char_indices().rev().take_while(|(_, c)| is_part(*c)).last().map_or(text.len(), |(at, _)| at);
    let name: String = text[start..].chars().filter(char::is_ascii_alphanumeric).collect();
    let name = name.to_ascii_lowercase();
    NAMES.iter().any(|known| if known.len() > 3 { name.ends_with(known) } else { name == *known })
}

/// Whether `before` ends with the scheme and the user of a URL: `https://user:`.
fn is_after_user(before: &str) -> bool {
    let Some(before) = before.strip_suffix(':') else { return false };
    let user =
        before.bytes().rev().take(MAX_USER_LENGTH).take_while(|byte| !matches!(byte, b' ' | b'/' | b'\n')).count();
    before.as_bytes()[..before.len() - user].ends_with(b"://")
}

fn is_placeholder(value: &str) -> bool {
    PLACEHOLDERS.iter().any(|known| value.eq_ignore_ascii_case(known))
}

fn is_token_character(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(character, '+' | '/' | '_' | '-' | '=' | '%' | '.' | '~' | '!' | '$' | '*')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const JWT: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL21hbmFnZW1lbnQifQ.c2lnbmF0dXJl-_";

    #[test]
    fn masks_tokens_and_secrets_by_their_shape() {
        let refresh = format!("0.AXoA{}", "aB3".repeat(40));
        for secret in [
            JWT,
            &JWT[..60],
            "eyJhbGciOiJub25lIn0.",
            &refresh,
            "abc8Q~defghijklmnopqrstuvwxyz0123456789",
            "ghs_0123456789abcdefghijklmnopqrstuvwxyz",
        ] {
            for text in
                ["TOKEN", "got 'TOKEN'.", "{\"a\":\"TOKEN\"}", "a=TOKEN&b=c", "WARNING: TOKEN\nnext", "path/TOKEN"]
            {
                let masked = mask(&text.replace("TOKEN", secret));
                assert!(!masked.contains(&secret[6..20]) && masked.contains(MASK), "{text}: {masked}");
            }
        }
    }

    #[test]
    fn masks_values_by_their_names() {
        for (text, masked) in [
            ("client_secret=hunter2&x=1", "client_secret=(sensitive value)&x=1"),
            ("ARM_CLIENT_SECRET=hunter2", "ARM_CLIENT_SECRET=(sensitive value)"),
            ("\"accessToken\": \"opaque\"", "\"accessToken\": \"(sensitive value)\""),
            ("{\\\"password\\\":\\\"hunter2\\\"}", "{\\\"password\\\":\\\"(sensitive value)\\\"}"),
            ("refresh_token = abcd==", "refresh_token = (sensitive value)"),
            ("https://x/y?sv=1&sig=a%2Fb==", "https://x/y?sv=1&sig=(sensitive value)"),
            ("Authorization: Bearer 0123456789abc", "Authorization: Bearer (sensitive value)"),
            ("http://user:hunter2@proxy:3128", "http://user:(sensitive value)@proxy:3128"),
            ("-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\nx", "(sensitive value)\nx"),
            ("-----BEGIN RSA PRIVATE KEY-----\nMII", "(sensitive value)"),
            (
                "-----BEGIN CERTIFICATE-----\nMII -----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----",
                "-----BEGIN CERTIFICATE-----\nMII (sensitive value)",
            ),
            (
                "-----BEGIN CERTIFICATE-----\nMII -----BEGIN PRIVATE KEY-----\nMII",
                "-----BEGIN CERTIFICATE-----\nMII (sensitive value)",
            ),
        ] {
            assert_eq!(mask(text), masked);
        }
    }

    #[test]
    fn masks_long_runs_of_separators_in_linear_time() {
        let started = std::time::Instant::now();
        for part in ["/", "a=", "aeyJ", "a:b@", "-----BEGIN x-----", "-----BEGIN ", "Bearer ", "\":"] {
            let _ = mask(&part.repeat(100_000 / part.len()));
        }
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }

    proptest! {
        #[test]
        fn arbitrary_text_does_not_panic(text in "([a-zA-Z0-9=/:@\"' .~_-]|eyJ|sig=|password: |Bearer |https://|-----BEGIN |PRIVATE KEY-----|-----END |ä){0,60}") {
            let _ = mask(&text);
        }
    }

    #[test]
    fn keeps_other_text() {
        for text in [
            "/subscriptions/4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law/providers/Microsoft.SecurityInsights/dataConnectors/4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c",
            "https://portal.azure.com/#blade/HubsExtension/DeploymentDetailsBlade/overview/id/%2Fsubscriptions%2F4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c%2FresourceGroups%2Frg-soc%2Fproviders%2FMicrosoft.Resources%2Fdeployments%2Fsentinel-Azure-3.0.3",
            &format!("/resourceGroups/{}", "Group-1-of-Nine".repeat(6)),
            "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is the client secret value.",
            "client secret: neither `client_secret` nor `client_secret_file_path` is set",
            "Only `client_secret` is missing. Set `client_secret` (ARM_CLIENT_SECRET).",
            "The value was read from the argument `oidc_token`.",
            "invalid_client_secret: provided",
            "WWW-Authenticate: Bearer authorization_uri=\"https://login.windows.net/\"",
            "The Bearer authentication scheme",
            "add them to HTTPS_PROXY (http://user:password@host:port)",
            "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----",
            "https://portal.azure.com/#blade/HubsExtension/DeploymentDetailsBlade/overview/id/%2Fsubscriptions%2F4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c%2FresourceGroups%2Frg-soc%2Fproviders%2FMicrosoft.Resources%2Fdeployments%2Fsentinel-law-soc-defender-3.0.3",
            "password = null",
            "design=hunter2",
            "ada@contoso.com",
            "the connector 4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c",
            "eyJhbGciOiJub25lIn0 and monkeyJumpingOverTheLazyDogs",
            "Größe: 日本語",
        ] {
            assert_eq!(mask(text), text);
        }
    }
}
