//! Azure resource IDs. Azure compares them without case.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

mod misspelling;

use misspelling::Misspelling;

const SUBSCRIPTIONS: &str = "subscriptions";
const RESOURCE_GROUPS: &str = "resourceGroups";
const PROVIDERS: &str = "providers";
const EXAMPLE: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/\
                       Microsoft.OperationalInsights/workspaces/law-soc";

/// The ID of a subscription, a resource group, a resource, a child of a resource, or an extension of any of them
/// (`…/workspaces/w/providers/Microsoft.SecurityInsights/dataConnectors/c`).
///
/// Keeps the original spelling. Equality, hash and order ignore ASCII case, as Azure does.
#[derive(Clone)]
pub struct ResourceId {
    text: String,
}

impl ResourceId {
    /// Parses an ID.
    ///
    /// # Errors
    /// `text` is not a resource ID. The error contains the text, the problem, a suggested ID, the expected form and an
    /// example.
    pub fn parse(text: &str) -> Result<Self, ResourceIdError> {
        Self::parse_exactly(text).map_err(|problem| {
            let Misspelling { cause, inside } = Misspelling::of(text);
            ResourceIdError { found: text.to_owned(), problem: cause.unwrap_or(problem), inside }
        })
    }

    /// Parses an ID. The error is the first problem.
    fn parse_exactly(text: &str) -> Result<Self, &'static str> {
        first_problem(text).map_or_else(|| Ok(Self { text: text.to_owned() }), Err)
    }

    /// The ID of a subscription.
    #[must_use]
    pub fn of_subscription(subscription: &str) -> Self {
        Self { text: format!("/{SUBSCRIPTIONS}/{}", segment(subscription)) }
    }

    /// The ID in its original spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The ID in lower case, for comparisons and as a key.
    #[must_use]
    pub fn to_lowercase(&self) -> String {
        self.text.to_ascii_lowercase()
    }

    /// The subscription ID, without a path.
    #[must_use]
    pub fn subscription(&self) -> &str {
        self.segments().nth(1).expect("invariant: parsing requires /subscriptions/{id}")
    }

    /// The name of the resource group. `None` for a subscription and for resources directly in it.
    #[must_use]
    pub fn resource_group(&self) -> Option<&str> {
        let mut segments = self.segments().skip(2);
        segments.next().filter(|keyword| keyword.eq_ignore_ascii_case(RESOURCE_GROUPS)).and_then(|_| segments.next())
    }

    /// The resource type, for example `Microsoft.OperationalInsights/workspaces`. The type of an extension is its own,
    /// for example `Microsoft.SecurityInsights/dataConnectors`.
    #[must_use]
    pub fn provider_type(&self) -> String {
        let segments: Vec<&str> = self.segments().collect();
        match last_provider(&segments) {
            Some(at) => {
                let types = segments[at + 2..].iter().step_by(2).copied();
                std::iter::once(segments[at + 1]).chain(types).collect::<Vec<_>>().join("/")
            }
            None if segments.len() == 4 => format!("Microsoft.Resources/{RESOURCE_GROUPS}"),
            None => format!("Microsoft.Resources/{SUBSCRIPTIONS}"),
        }
    }

    /// Whether the ID has this resource type, compared without case.
    #[must_use]
    pub fn is_type(&self, provider_type: &str) -> bool {
        self.provider_type().eq_ignore_ascii_case(provider_type)
    }

    /// The name of the resource: the last segment.
    #[must_use]
    pub fn name(&self) -> &str {
        self.segments().next_back().expect("invariant: parsing requires /subscriptions/{id}")
    }

    /// The ID of the parent: the parent of a child, the extended resource of an extension, the resource group of a
    /// resource, the subscription of a resource group. `None` for a subscription.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let segments: Vec<&str> = self.segments().collect();
        let names_after_provider = last_provider(&segments).map(|at| segments.len() - at - 2);
        let keep = match names_after_provider {
            Some(2) => segments.len() - 4, // providers/{namespace}/{type}/{name}
            _ => segments.len() - 2,       // {type}/{name}, or resourceGroups/{name}
        };
        (keep >= 2).then(|| Self { text: format!("/{}", segments[..keep].join("/")) })
    }

    /// A child of this resource: `…/{type_name}/{name}`.
    ///
    /// Characters of `name` that would end the segment are percent-encoded, so that the ID never names another
    /// resource.
    #[must_use]
    pub fn child(&self, type_name: &str, name: &str) -> Self {
        Self { text: format!("{}/{type_name}/{}", self.text, segment(name)) }
    }

    /// An extension of this resource, or a resource of this resource group:
    /// `…/providers/{namespace}/{type_name}/{name}`. For `name` see [`ResourceId::child`].
    #[must_use]
    pub fn extension(&self, namespace: &str, type_name: &str, name: &str) -> Self {
        Self { text: format!("{}/{PROVIDERS}/{namespace}/{type_name}/{}", self.text, segment(name)) }
    }

    fn segments(&self) -> std::str::Split<'_, char> {
        let mut segments = self.text.split('/');
        segments.next(); // The empty segment before the first slash.
        segments
    }

    fn folded(&self) -> impl Iterator<Item = u8> + '_ {
        self.text.bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResourceId({})", self.text)
    }
}

impl FromStr for ResourceId {
    type Err = ResourceIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl PartialEq for ResourceId {
    fn eq(&self, other: &Self) -> bool {
        self.text.eq_ignore_ascii_case(&other.text)
    }
}

impl Eq for ResourceId {}

impl Hash for ResourceId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.folded() {
            state.write_u8(byte);
        }
        state.write_u8(b'\n');
    }
}

impl PartialOrd for ResourceId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ResourceId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

/// A text that is not a resource ID.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{found:?} is not an Azure resource ID: {problem}. {}Expected the form {}, for example {EXAMPLE}", advice(.inside.as_ref()), Self::FORM)]
pub struct ResourceIdError {
    /// The text.
    pub found: String,
    /// What is wrong with the text.
    pub problem: &'static str,
    /// The ID inside `found`, which the user probably meant.
    pub inside: Option<ResourceId>,
}

impl ResourceIdError {
    /// The general form of a resource ID.
    pub const FORM: &str = "/subscriptions/{subscription}/resourceGroups/{group}/providers/{namespace}/{type}/{name}";
}

/// The sentence that suggests an ID: `Use "…". `
#[must_use]
pub fn advice(inside: Option<&impl fmt::Display>) -> String {
    inside.map(|id| format!("Use \"{id}\". ")).unwrap_or_default()
}

/// The first reason why `text` is not a resource ID.
fn first_problem(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("it is empty");
    }
    if text.trim() != text {
        return Some("it begins or ends with white space");
    }
    let Some(path) = text.strip_prefix('/') else {
        return Some("it does not begin with a slash");
    };
    if text.contains(['?', '#', '\\']) || text.contains(char::is_control) {
        return Some("it contains a character that no resource ID can contain ('?', '#', '\\' or a control character)");
    }
    let segments: Vec<&str> = path.split('/').collect();
    if segments.iter().any(|segment| segment.is_empty()) {
        return Some("it has an empty segment (two slashes in a row, or one at the end)");
    }
    if segments.iter().any(|segment| is_dots(segment)) {
        return Some("one of its segments is '.' or '..'");
    }
    if !segments[0].eq_ignore_ascii_case(SUBSCRIPTIONS) || segments.len() < 2 {
        return Some("it does not begin with /subscriptions/{subscription}");
    }
    let mut rest = &segments[2..];
    if rest.first().is_some_and(|keyword| keyword.eq_ignore_ascii_case(RESOURCE_GROUPS)) {
        match rest.len() {
            1 => return Some("the name of the resource group is missing"),
            _ => rest = &rest[2..],
        }
    }
    match rest.first() {
        None => return None,
        Some(keyword) if keyword.eq_ignore_ascii_case(PROVIDERS) => {}
        Some(_) => return Some("resourceGroups or providers was expected after the subscription or the group"),
    }
    let mut at = 0;
    while at < rest.len() {
        let width = if rest[at].eq_ignore_ascii_case(PROVIDERS) { 4 } else { 2 };
        if at + width > rest.len() {
            return Some("it ends where a namespace, a type or a name should follow");
        }
        at += width;
    }
    None
}

/// Whether a URL parser would resolve this segment and so leave the resource. It also reads `%2e` as a dot.
fn is_dots(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}

/// Encodes `name` as one segment of a path.
fn segment(name: &str) -> String {
    if is_dots(name) {
        return name.replace('%', "%25").replace('.', "%252E");
    }
    let mut out = String::with_capacity(name.len());
    let mut bytes = [0; 4];
    for character in name.chars() {
        if matches!(character, '/' | '\\' | '?' | '#' | '%') || character.is_control() {
            for byte in character.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(character);
        }
    }
    out
}

/// The index of the last `providers/{namespace}`. A resource with the name "providers" does not count, because types
/// and names alternate.
fn last_provider(segments: &[&str]) -> Option<usize> {
    let mut last = None;
    let mut at = 2;
    while at < segments.len() {
        if segments[at].eq_ignore_ascii_case(PROVIDERS) {
            last = Some(at);
            at += 4;
        } else {
            at += 2;
        }
    }
    last
}

#[cfg(test)]
mod tests;
