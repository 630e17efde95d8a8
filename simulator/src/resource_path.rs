//! ARM paths and resource IDs, parsed.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// The characters that a path must percent-encode.
const PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?').add(b'`').add(b'{').add(b'}');

/// A parsed path: the resource, collection or action that it names.
///
/// Resource Manager's own paths have types too: `/subscriptions/s/resourceGroups/g` is the resource `g` of type
/// `Microsoft.Resources/subscriptions/resourceGroups`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ResourcePath {
    /// The decoded path without a trailing slash.
    pub(crate) id: String,
    pub(crate) subscription: Option<String>,
    pub(crate) resource_group: Option<String>,
    /// The path before the last `/providers/`: the resource that this one belongs to. Empty at tenant level.
    pub(crate) scope: String,
    pub(crate) namespace: String,
    pub(crate) types: Vec<String>,
    /// One for each of `types`; one less for a collection or an action.
    pub(crate) names: Vec<String>,
}

impl ResourcePath {
    /// Parses a percent-encoded path. Repeated slashes count as one.
    pub(crate) fn parse(path: &str) -> Result<Self, PathError> {
        let decoded = decode(path).ok_or_else(|| PathError::Malformed(path.to_owned()))?;
        let segments: Vec<&str> = decoded.split('/').filter(|segment| !segment.is_empty()).collect();
        let id = full_spelling(&segments);
        let segments: Vec<&str> = id.split('/').skip(1).collect();
        if segments.is_empty() {
            return Err(PathError::NotAResource(id.clone()));
        }
        let after = |keyword: &str, at: usize| {
            segments.get(at).filter(|found| found.eq_ignore_ascii_case(keyword))?;
            segments.get(at + 1).map(|name| (*name).to_owned())
        };
        let subscription = after("subscriptions", 0);
        let resource_group = subscription.as_ref().and_then(|_| after("resourceGroups", 2));
        let (scope, namespace, types, names) = match provider_part(&segments) {
            Some(at) => {
                let (types, names) = alternate(&segments[at + 2..]);
                (join(&segments[..at]), segments[at + 1].to_owned(), types, names)
            }
            None => own_path(&segments).ok_or_else(|| PathError::NotAResource(id.clone()))?,
        };
        Ok(Self { id, subscription, resource_group, scope, namespace, types, names })
    }

    /// `Microsoft.OperationalInsights/workspaces`, in the request's casing.
    pub(crate) fn resource_type(&self) -> String {
        format!("{}/{}", self.namespace, self.types.join("/"))
    }

    /// Whether the path names one resource, not a collection or an action.
    pub(crate) fn is_instance(&self) -> bool {
        self.types.len() == self.names.len()
    }

    /// The last name of the path.
    pub(crate) fn name(&self) -> &str {
        self.names.last().map(String::as_str).unwrap_or_default()
    }

    /// The ID without its last segment: a resource's collection.
    pub(crate) fn parent(&self) -> &str {
        self.id.rsplit_once('/').map_or("", |(parent, _)| parent)
    }
}

/// An ID as the path of a URL.
pub(crate) fn encode(id: &str) -> String {
    utf8_percent_encode(id, PATH).to_string()
}

/// Why a path cannot be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PathError {
    /// The path is not percent-encoded UTF-8.
    Malformed(String),
    /// The path does not have the form of a resource type.
    NotAResource(String),
}

/// Type and name of the resource with this ID, or none if `id` is a collection or not an ID.
pub(crate) fn type_and_name(id: &str) -> Option<(String, String)> {
    let target = ResourcePath::parse(id).ok().filter(ResourcePath::is_instance)?;
    let name = target.name().to_owned();
    Some((target.resource_type(), name))
}

/// The ID of these segments. Deployments have a short spelling: `…/resourceGroups/g/deployments/d` without the
/// provider.
fn full_spelling(segments: &[&str]) -> String {
    match segments {
        [subscriptions, _, groups, _, deployments, ..]
            if subscriptions.eq_ignore_ascii_case("subscriptions")
                && groups.eq_ignore_ascii_case("resourceGroups")
                && deployments.eq_ignore_ascii_case("deployments") =>
        {
            format!("{}/providers/Microsoft.Resources{}", join(&segments[..4]), join(&segments[4..]))
        }
        _ => join(segments),
    }
}

/// Index of the last `providers` segment, after which namespace and type follow.
fn provider_part(segments: &[&str]) -> Option<usize> {
    let is_registration = segments.len() == 5
        && segments[2].eq_ignore_ascii_case("providers")
        && ["register", "unregister"].iter().any(|action| segments[4].eq_ignore_ascii_case(action));
    if is_registration {
        return None;
    }
    let last = segments.iter().rposition(|segment| segment.eq_ignore_ascii_case("providers"))?;
    (last + 2 < segments.len()).then_some(last)
}

type Parts = (String, String, Vec<String>, Vec<String>);

/// Resource Manager's own paths.
fn own_path(segments: &[&str]) -> Option<Parts> {
    let lower: Vec<String> = segments.iter().map(|segment| segment.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let (scope, types, names): (&[&str], &[&str], &[&str]) = match lower.as_slice() {
        ["tenants"] => (&[], &["tenants"], &[]),
        ["subscriptions"] => (&[], &["subscriptions"], &[]),
        ["subscriptions", _] => (&[], &["subscriptions"], &segments[1..]),
        ["subscriptions", _, "locations"] => (&[], &["subscriptions", "locations"], &segments[1..2]),
        ["subscriptions", _, "operationresults", _] => {
            (&[], &["subscriptions", "operationresults"], &[segments[1], segments[3]])
        }
        ["subscriptions", _, "resourcegroups"] => (&[], &["subscriptions", "resourceGroups"], &segments[1..2]),
        ["subscriptions", _, "resourcegroups", _] => {
            (&[], &["subscriptions", "resourceGroups"], &[segments[1], segments[3]])
        }
        ["subscriptions", _, "resources"] => (&segments[..2], &["resources"], &[]),
        ["subscriptions", _, "resourcegroups", _, "resources"] => (&segments[..4], &["resources"], &[]),
        ["subscriptions", _, "providers"] => (&[], &["subscriptions", "providers"], &segments[1..2]),
        ["subscriptions", _, "providers", _] => (&[], &["subscriptions", "providers"], &[segments[1], segments[3]]),
        ["subscriptions", _, "providers", _, action] => {
            (&[], &["subscriptions", "providers", action], &[segments[1], segments[3]])
        }
        _ => return None,
    };
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Some((join(scope), "Microsoft.Resources".to_owned(), owned(types), owned(names)))
}

fn alternate(segments: &[&str]) -> (Vec<String>, Vec<String>) {
    let pick = |offset: usize| segments.iter().skip(offset).step_by(2).map(|segment| (*segment).to_owned()).collect();
    (pick(0), pick(1))
}

fn join(segments: &[&str]) -> String {
    segments.iter().map(|segment| format!("/{segment}")).collect()
}

/// The decoded path, or none if an encoding is incomplete or not UTF-8.
fn decode(path: &str) -> Option<String> {
    let is_hex = |digit: Option<&u8>| digit.is_some_and(u8::is_ascii_hexdigit);
    let encodings = path.bytes().enumerate().filter(|(_, byte)| *byte == b'%').map(|(at, _)| at);
    let mut rests = encodings.map(|at| &path.as_bytes()[at + 1..]);
    if !rests.all(|rest| is_hex(rest.first()) && is_hex(rest.get(1))) {
        return None;
    }
    percent_decode_str(path).decode_utf8().ok().map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSPACE: &str = "/subscriptions/s/resourcegroups/g/providers/Microsoft.OperationalInsights/workspaces/w";

    #[test]
    fn parses_an_extension_resource() {
        let path = format!("{WORKSPACE}/providers/Microsoft.SecurityInsights/dataConnectors/c/");
        let target = ResourcePath::parse(&path).expect("a resource");
        assert_eq!(target.scope, WORKSPACE);
        assert_eq!(target.resource_type(), "Microsoft.SecurityInsights/dataConnectors");
        assert_eq!(target.name(), "c");
        assert_eq!(target.resource_group.as_deref(), Some("g"));
        assert!(target.is_instance());
    }

    #[test]
    fn parses_resource_groups_and_provider_actions() {
        let group = ResourcePath::parse("/subscriptions/s/resourceGroups/g").expect("a resource group");
        assert_eq!(group.resource_type(), "Microsoft.Resources/subscriptions/resourceGroups");
        assert_eq!(group.names, ["s", "g"]);
        let register =
            ResourcePath::parse("/subscriptions/s/providers/Microsoft.Security/register").expect("an action");
        assert_eq!(register.types, ["subscriptions", "providers", "register"]);
        assert!(!register.is_instance());
    }

    #[test]
    fn parses_the_short_path_of_a_deployment() {
        let short =
            ResourcePath::parse("/subscriptions/s/resourcegroups/g/deployments/d/operations").expect("a collection");
        let long = "/subscriptions/s/resourcegroups/g/providers/Microsoft.Resources/deployments/d/operations";
        assert_eq!(ResourcePath::parse(long).expect("a collection"), short);
        assert_eq!(short.types, ["deployments", "operations"]);
    }

    #[test]
    fn repeated_slashes_count_as_one() {
        let path = "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights//workspaces/w/";
        assert_eq!(
            ResourcePath::parse(path).map(|target| target.id),
            Ok(path.replace("//", "/").trim_end_matches('/').to_owned())
        );
    }

    #[test]
    fn rejects_an_invalid_percent_encoding() {
        for path in ["/subscriptions/a%zz", "/subscriptions/a%2", "/subscriptions/a%", "/subscriptions/%ff"] {
            assert!(ResourcePath::parse(path).is_err(), "{path}");
        }
        assert_eq!(ResourcePath::parse("/subscriptions/a%20%C3%A4").expect("a subscription").name(), "a ä");
    }

    #[test]
    fn rejects_paths_without_a_resource_type() {
        for path in ["/", "", "//", "/nothing", "/subscriptions/s/resourceGroups/g/oddity"] {
            assert!(ResourcePath::parse(path).is_err(), "{path}");
        }
    }
}
