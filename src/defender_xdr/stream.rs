//! Whether a part is on, and in which of a workspace's documents.

use serde_json::Value;

use super::alerts::Alerts;
use super::part::Part;
use crate::sentinel::data_connector::Document;

/// How a part that is on gets its alerts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stream {
    /// By name, or it has no alert providers.
    Named,
    /// The document has no filter: the alerts of all products stream.
    Unfiltered,
}

/// How the part streams in this document; none unless all of the part is on.
#[must_use]
pub fn stream(document: &Document, part: &Part) -> Option<Stream> {
    if !part.fits(document) || !part.data_types().iter().all(|data_type| data_type.is_on(document)) {
        return None;
    }
    if part.missing_properties(document).next().is_some() {
        return None;
    }
    if part.alert_providers().is_empty() {
        return Some(Stream::Named);
    }
    let alerts = Alerts::of(document);
    if !alerts.are_on {
        return None;
    }
    match alerts.filter {
        None => Some(Stream::Unfiltered),
        Some(_) => part.alert_providers().iter().all(|provider| alerts.names(provider)).then_some(Stream::Named),
    }
}

/// The providers whose alerts stream by name; none if the alerts of all products stream.
#[must_use]
pub fn named_providers(document: &Document) -> Option<Vec<&str>> {
    let alerts = Alerts::of(document);
    if !alerts.are_on {
        return Some(Vec::new());
    }
    Some(alerts.filter?.iter().filter_map(Value::as_str).collect())
}

/// The document in which the part is on, among all of a workspace. With several (the portal can leave an old one
/// behind), one that names the providers comes before one without a filter; then the order of names decides.
#[must_use]
pub fn streaming<'a>(documents: &'a [Document], part: &Part) -> Option<(&'a Document, Stream)> {
    let on = documents.iter().filter_map(|document| Some((document, stream(document, part)?)));
    on.min_by_key(|(document, stream)| (*stream == Stream::Unfiltered, document.name().to_ascii_lowercase()))
}

/// A document in which the part streams without a filter, together with the alerts of every other product.
#[must_use]
pub fn unfiltered<'a>(documents: &'a [Document], part: &Part) -> Option<&'a Document> {
    documents.iter().find(|document| stream(document, part) == Some(Stream::Unfiltered))
}

/// The document in which to turn the part on: alerts on before alerts off, then in the order of names, so that all
/// owners choose the same one. None: the workspace needs a new one.
#[must_use]
pub fn candidate<'a>(documents: &'a [Document], part: &Part) -> Option<&'a Document> {
    let fitting = documents.iter().filter(|document| part.fits(document));
    fitting.min_by_key(|document| (!Alerts::of(document).are_on, document.name().to_ascii_lowercase()))
}
