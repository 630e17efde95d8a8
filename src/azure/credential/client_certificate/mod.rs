//! Authentication as an application with a certificate in a PKCS#12 bundle or a PEM file.
//!
//! `bundle.rs` reads the certificate and its key, and `client_assertion.rs` signs the assertion for Microsoft Entra.

mod asn1;
mod bundle;
mod certificate;
mod client_assertion;
mod pem_file;
mod pkcs12;
mod private_key;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use aws_lc_rs::digest;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::application::Application;
use super::availability::{Availability, not_set};
use super::cleaning;
use super::entra::Entra;
use super::file::{self, Limit};
use super::secret_source::SecretSource;
use super::setting::{Level, Setting, Source};
use super::settings::Settings;
use super::token_cache::AccessToken;
use super::token_request::TokenRequest;
use crate::azure::error::{AuthenticationError, CertificateFacts};
use crate::azure::text::hex;
use bundle::{Bundle, BundleError};
use client_assertion::Identification::{self, Chain, Thumbprint};
use private_key::PrivateKey;

pub use bundle::CertificateSetting;

/// The maximum size of a file. A bundle with a long chain in base64 has some ten thousand bytes.
const LIMIT: Limit = Limit { size: asn1::LIMIT as u64, what: "any certificate" };

/// The alternative settings for the certificate.
const CERTIFICATE_SETTINGS: &str = "client_certificate or client_certificate_path";

/// An application, its certificate, and the password of the certificate.
#[derive(Debug)]
pub(super) struct ClientCertificate {
    application: Application,
    certificate: SecretSource,
    password: Option<Setting<SecretString>>,
    /// Whether the last token request succeeded only with the chain.
    needs_chain: AtomicBool,
}

/// Why the client certificate is unusable. Contains no part of its key or its password.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the {setting} {problem}")]
pub struct CertificateError {
    /// The setting that is wrong.
    pub setting: CertificateSetting,
    /// The source of the setting. `None` if it is not set.
    pub origin: Option<Source>,
    /// The problem, for example "is empty".
    problem: String,
}

/// Checks the form of `client_certificate`, as far as that is possible without its password.
///
/// # Errors
/// The text is empty, too large or not base64. The error contains no part of the text, and follows "the certificate".
pub fn check_certificate_value(text: &str) -> Result<(), String> {
    bundle::decode(text).map(drop)
}

/// Whether the value and the file contain the same certificate.
///
/// # Errors
/// The value is malformed, or the file is not readable. The error is a sentence without its full stop.
pub fn is_same_certificate(value: &str, path: &str) -> Result<bool, String> {
    let value = bundle::decode(value).map_err(|problem| format!("the certificate {problem}"))?;
    Ok(*value == *bundle::decode_file(read_file(path)?))
}

fn read_file(path: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    file::read_bytes(path, LIMIT).map(Zeroizing::new)
}

impl ClientCertificate {
    pub(super) const NAME: &str = "client certificate";

    pub(super) fn from_settings(settings: &Settings) -> Availability<Self> {
        let password = settings.client_certificate_password.clone();
        let Some(certificate) = settings.client_certificate.clone() else {
            return match password {
                Some(Setting { value, source })
                    if source.level() == Level::Argument && !cleaning::value(value.expose_secret()).is_empty() =>
                {
                    let because = format!("{source} is set");
                    Availability::incomplete(settings.interface, &because, vec![CERTIFICATE_SETTINGS], Level::Argument)
                }
                _ => Availability::NotConfigured(not_set(settings.interface, &[CERTIFICATE_SETTINGS])),
            };
        };
        let level = certificate.level();
        match Application::from_settings(settings) {
            Ok(application) => Availability::Available {
                method: Self { application, certificate, password, needs_chain: AtomicBool::new(false) },
                level,
            },
            Err(missing) => {
                let because = format!("{} is set", certificate.source());
                Availability::incomplete(settings.interface, &because, missing, level)
            }
        }
    }

    /// Checks the format, the password, and whether the certificate is valid now.
    pub(super) async fn check(&self) -> Result<(), CertificateError> {
        self.load(SystemTime::now()).await.map(drop)
    }

    pub(super) async fn fetch(
        &self,
        request: TokenRequest<'_>,
        entra: &Entra,
    ) -> Result<AccessToken, Box<AuthenticationError>> {
        let now = SystemTime::now();
        let bundle = self.load(now).await.map_err(|error| {
            let source = error.origin.as_ref().map(ToString::to_string);
            AuthenticationError::local(Self::NAME, error.to_string(), source)
        })?;
        let known = if self.needs_chain.load(Ordering::Relaxed) { Chain } else { Thumbprint };
        let first = match self.present(&bundle, known, request, entra, now).await {
            Err(error) if is_about_identification(&error) => error,
            outcome => return outcome,
        };
        let other = if known == Thumbprint { Chain } else { Thumbprint };
        tracing::debug!(error = %first, ?other, "the certificate is presented in the other way");
        match self.present(&bundle, other, request, entra, now).await {
            Ok(token) => {
                self.needs_chain.store(other == Chain, Ordering::Relaxed);
                Ok(token)
            }
            // If the application trusts an issuer, the second error describes the problem of the chain.
            Err(second) if other == Chain && second.code().is_some_and(|code| code.starts_with("AADSTS")) => {
                Err(second)
            }
            Err(_) => Err(first),
        }
    }

    async fn present(
        &self,
        bundle: &Bundle,
        identification: Identification,
        request: TokenRequest<'_>,
        entra: &Entra,
        now: SystemTime,
    ) -> Result<AccessToken, Box<AuthenticationError>> {
        let source = self.certificate.source();
        let Application { tenant_id, client_id } = self.application.in_tenant(request.tenant);
        let endpoint = entra.token_endpoint(&tenant_id.value);
        let signed = client_assertion::sign(bundle, identification, &client_id.value, &endpoint, now);
        let assertion = signed.ok_or_else(|| {
            let cause = "the private key of the certificate cannot sign".to_owned();
            AuthenticationError::local(Self::NAME, cause, Some(source.to_string()))
        })?;
        let authentication = entra.authentication(Self::NAME, &self.application, source, &assertion, request)?;
        authentication.with_certificate(facts(bundle)).present(assertion, request.scope).await
    }

    /// Reads the certificate. A file is read for each token request, so that it can be renewed.
    async fn load(&self, now: SystemTime) -> Result<Bundle, CertificateError> {
        let (certificate, password) = (self.certificate.clone(), self.password.clone());
        let loaded = tokio::task::spawn_blocking(move || load(&certificate, password.as_ref(), now.into())).await;
        let loaded = loaded.unwrap_or_else(|error| {
            Err(BundleError { setting: CertificateSetting::Certificate, problem: format!("cannot be read: {error}") })
        });
        loaded.map_err(|BundleError { setting, problem }| {
            let origin = match setting {
                CertificateSetting::Certificate => Some(self.certificate.source().clone()),
                CertificateSetting::Password => self.password.as_ref().map(|setting| setting.source.clone()),
            };
            CertificateError { setting, origin, problem }
        })
    }
}

fn load(
    certificate: &SecretSource,
    password: Option<&Setting<SecretString>>,
    now: OffsetDateTime,
) -> Result<Bundle, BundleError> {
    let about_certificate = |problem| BundleError { setting: CertificateSetting::Certificate, problem };
    let password = password.map_or("", |setting| setting.value.expose_secret());
    let content = match certificate {
        SecretSource::Value(setting) => bundle::decode(setting.value.expose_secret()).map_err(about_certificate)?,
        SecretSource::File(setting) => {
            let read = read_file(&setting.value).map_err(|problem| format!("is not available: {problem}"));
            bundle::decode_file(read.map_err(about_certificate)?)
        }
    };
    let bundle = Bundle::read(&content, password)?;
    bundle.check_validity(now)?;
    Ok(bundle)
}

/// Whether Microsoft Entra rejected the identification of the certificate: the thumbprint is not registered, or the
/// chain is not trusted.
fn is_about_identification(error: &AuthenticationError) -> bool {
    matches!(error.code(), Some("AADSTS700027" | "AADSTS7000213"))
}

fn facts(bundle: &Bundle) -> CertificateFacts {
    let certificate = bundle.certificate();
    let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &certificate.der);
    CertificateFacts {
        thumbprint: hex(hash.as_ref()).to_uppercase(),
        not_after: certificate.not_after.format(&Rfc3339).unwrap_or_default(),
        has_elliptic_curve: matches!(bundle.key, PrivateKey::Ec(..)),
    }
}

#[cfg(test)]
mod tests;
