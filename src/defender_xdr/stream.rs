//! Whether a part is enabled, and in which document of the workspace.

use serde_json::Value;

use super::alerts::Alerts;
use super::part::{DataType, Part};
use crate::sentinel::data_connector::Document;
use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;

/// How an enabled part receives its alerts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stream {
    /// The filter contains the part's providers, or the part has no providers.
    Named,
    /// The document has no filter, so the alerts of all products stream.
    Unfiltered,
}

/// How the part streams in this document. `None` unless the whole part is enabled.
#[must_use]
pub fn stream(document: &Document, part: &Part) -> Option<Stream> {
    if !part.fits(document) || !part.data_types().iter().all(|data_type| data_type.is_enabled(document)) {
        return None;
    }
    if part.missing_properties(document).next().is_some() {
        return None;
    }
    if part.alert_providers().is_empty() {
        return Some(Stream::Named);
    }
    let alerts = Alerts::of(document);
    if !alerts.are_enabled {
        return None;
    }
    match alerts.filter {
        None => Some(Stream::Unfiltered),
        Some(_) => part.alert_providers().iter().all(|provider| alerts.names(provider)).then_some(Stream::Named),
    }
}

/// The providers whose alerts pass the filter. `None` if the alerts of all products stream.
#[must_use]
pub fn named_providers(document: &Document) -> Option<Vec<&str>> {
    let alerts = Alerts::of(document);
    if !alerts.are_enabled {
        return Some(Vec::new());
    }
    Some(alerts.filter?.iter().filter_map(Value::as_str).collect())
}

/// Finds the document in which the part is enabled, among all documents of a workspace. The portal can leave old
/// documents behind. Documents with a filter take precedence, then the order of their names decides.
#[must_use]
pub fn streaming<'a>(documents: &'a [Document], part: &Part) -> Option<(&'a Document, Stream)> {
    let on = documents.iter().filter_map(|document| Some((document, stream(document, part)?)));
    on.min_by_key(|(document, stream)| (*stream == Stream::Unfiltered, document.name().to_ascii_lowercase()))
}

/// Finds a document in which Defender XDR incidents are enabled.
#[must_use]
pub fn with_incidents(documents: &[Document]) -> Option<&Document> {
    documents
        .iter()
        .find(|document| document.is_kind(MICROSOFT_THREAT_PROTECTION) && DataType::incidents().is_enabled(document))
}

/// Finds a document in which the part streams without a filter, together with the alerts of all other products.
#[must_use]
pub fn unfiltered<'a>(documents: &'a [Document], part: &Part) -> Option<&'a Document> {
    documents.iter().find(|document| stream(document, part) == Some(Stream::Unfiltered))
}

/// Selects the document in which to enable the part. `None` if the workspace needs a new document. Documents with
/// enabled alerts take precedence, then the order of their names decides, so that all owners select the same document.
#[must_use]
pub fn candidate<'a>(documents: &'a [Document], part: &Part) -> Option<&'a Document> {
    let fitting = documents.iter().filter(|document| part.fits(document));
    fitting.min_by_key(|document| (!Alerts::of(document).are_enabled, document.name().to_ascii_lowercase()))
}
