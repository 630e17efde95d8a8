//! The APIs that Entra issues tokens for.

/// The path of Microsoft Graph, below the simulator's address.
pub(crate) const GRAPH_PATH: &str = "/graph";

/// The path of the Log Analytics query API, below the simulator's address.
pub(crate) const LOG_ANALYTICS_PATH: &str = "/loganalytics";

/// An API that a `scope` or `resource` parameter and an `aud` claim can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    ResourceManager,
    Graph,
    LogAnalytics,
}

/// Identifier URIs, without a trailing slash, and application IDs.
const KNOWN: &[(&str, Audience)] = &[
    ("https://management.azure.com", Audience::ResourceManager),
    ("https://management.core.windows.net", Audience::ResourceManager),
    ("797f4846-ba00-4fd7-ba43-dac1f8f63013", Audience::ResourceManager),
    ("https://graph.microsoft.com", Audience::Graph),
    ("00000003-0000-0000-c000-000000000000", Audience::Graph),
    ("https://api.loganalytics.io", Audience::LogAnalytics),
    ("https://api.loganalytics.azure.com", Audience::LogAnalytics),
    ("ca7f3f0b-7d91-482c-8e09-c5d840d0eac5", Audience::LogAnalytics),
];

impl Audience {
    /// The API that an identifier names, with or without a trailing slash. As in the cloud metadata, the simulator's
    /// own address is Resource Manager, and the paths below it are Microsoft Graph and Log Analytics.
    pub(crate) fn of(identifier: &str, endpoint: &str) -> Option<Self> {
        let bare = identifier.trim_end_matches('/');
        if bare.eq_ignore_ascii_case(endpoint) {
            return Some(Self::ResourceManager);
        }
        let path = bare.get(..endpoint.len()).filter(|start| start.eq_ignore_ascii_case(endpoint));
        let path = path.map(|_| &bare[endpoint.len()..]);
        if path.is_some_and(|path| path.eq_ignore_ascii_case(GRAPH_PATH)) {
            return Some(Self::Graph);
        }
        if path.is_some_and(|path| path.eq_ignore_ascii_case(LOG_ANALYTICS_PATH)) {
            return Some(Self::LogAnalytics);
        }
        KNOWN.iter().find(|(known, _)| known.eq_ignore_ascii_case(bare)).map(|(_, audience)| *audience)
    }
}
