//! Masks secrets and removes control characters in messages and logs.
//!
//! Texts from Azure, Entra, the Azure CLI and proxies end up in diagnostics and logs. [`sanitize`] is the last step
//! before a text leaves the process, so no caller can forget it. It removes control characters, and masks everything
//! that looks like a token and every secret that was [protected](protect). [`Secrets`] masks the values of one
//! operation that are not secret elsewhere, such as the parameters of a deployment.

mod control;
mod secrets;
mod token;

use std::sync::{PoisonError, RwLock};

pub use secrets::{RESERVED_IN_FORMS, Secrets};

/// The replacement for a secret. Terraform uses the same words.
const MASK: &str = "(sensitive value)";

/// The minimum length of a protected secret, in bytes. Shorter values also occur as ordinary words.
const MIN_PROTECTED: usize = 8;

/// The maximum number of secrets, and of tokens. The oldest one is dropped first.
const MAX_PROTECTED: usize = 256;

/// The secrets and tokens that this process must not show.
static PROTECTED: Protected = Protected::new();

/// Masks this secret of the settings from now on.
///
/// A value of less than eight bytes is not masked, because it also occurs as an ordinary word. If there are more than
/// 256 secrets, the oldest one is dropped.
pub fn protect(secret: &str) {
    PROTECTED.add_secret(secret);
}

/// Masks this token from now on. Tokens have their own limit, so a token never replaces a secret of the settings.
pub fn protect_token(token: &str) {
    PROTECTED.add_token(token);
}

/// Masks secrets and removes control characters, so that a terminal may show the text.
#[must_use]
pub fn sanitize(text: &str) -> String {
    token::mask(&PROTECTED.mask(&control::remove(text)))
}

/// The protected secrets and tokens. Renewed tokens accumulate, so a separate list keeps them from replacing secrets.
struct Protected {
    secrets: RwLock<Secrets>,
    tokens: RwLock<Secrets>,
}

impl Protected {
    const fn new() -> Self {
        Self { secrets: RwLock::new(Secrets::none()), tokens: RwLock::new(Secrets::none()) }
    }

    fn add_secret(&self, secret: &str) {
        add(&self.secrets, secret);
    }

    fn add_token(&self, token: &str) {
        add(&self.tokens, token);
    }

    fn mask(&self, text: &str) -> String {
        let without_tokens = self.tokens.read().unwrap_or_else(PoisonError::into_inner).mask(text).into_owned();
        self.secrets.read().unwrap_or_else(PoisonError::into_inner).mask(&without_tokens).into_owned()
    }
}

fn add(list: &RwLock<Secrets>, secret: &str) {
    let secret = secret.trim();
    if secret.len() < MIN_PROTECTED || list.read().unwrap_or_else(PoisonError::into_inner).contains(secret) {
        return;
    }
    list.write().unwrap_or_else(PoisonError::into_inner).push(secret, MAX_PROTECTED);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_protected_secrets_in_every_encoding() {
        protect("s3cret+of/a\"login");
        protect("short");

        assert_eq!(sanitize("sent s3cret+of/a\"login"), "sent (sensitive value)");
        assert_eq!(sanitize("{\"a\":\"s3cret+of/a\\\"login\"}"), "{\"a\":\"(sensitive value)\"}");
        assert_eq!(sanitize("a=s3cret%2Bof%2Fa%22login&b=1"), "a=(sensitive value)&b=1");
        assert_eq!(sanitize("a short text"), "a short text");
    }

    #[test]
    fn does_not_protect_a_secret_of_less_than_eight_bytes() {
        protect("9secret");
        protect("88secret");

        assert_eq!(sanitize("9secret 88secret"), "9secret (sensitive value)");
    }

    #[test]
    fn tokens_do_not_replace_a_secret_of_the_settings() {
        let protected = Protected::new();
        protected.add_secret("secret-of-the-settings");

        (0..=MAX_PROTECTED).for_each(|number| protected.add_token(&format!("token-{number:04}-of-a-long-run")));

        assert_eq!(protected.mask("secret-of-the-settings"), MASK);
        assert_eq!(protected.mask("token-0256-of-a-long-run"), MASK);
    }

    #[test]
    fn masks_an_unknown_private_key_next_to_a_protected_one() {
        let (known, other) = ("MIIEvQIBADANBgkqhkiG9w0", "MIIEwQIBAAKCAQEAx7Zb\n3cD");
        let pem = |key: &str| format!("-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n");
        let certificate = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmg\n-----END CERTIFICATE-----\n";
        protect(&format!("{}{certificate}", pem(known)));

        let shown = sanitize(&format!("{}and {}and {certificate}", pem(known), pem(other)));

        assert!(!shown.contains("MIIEvQ") && !shown.contains("MIIEwQ") && !shown.contains("3cD"), "{shown}");
        assert!(shown.contains("-----BEGIN CERTIFICATE-----"), "{shown}");
    }

    #[test]
    fn masks_a_secret_that_contains_an_escape_sequence() {
        protect("another-secret-value");

        assert_eq!(sanitize("another-\u{1b}[0msecret-value"), "(sensitive value)");
    }
}
