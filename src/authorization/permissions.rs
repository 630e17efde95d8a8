//! Whether roles allow an action: wildcards, `notActions`, and the union of all roles.
//!
//! A role allows an action that matches one of its `actions` and none of its `notActions`. Another role may still allow
//! an action that one role excludes. Deny assignments and policies are not considered.

use serde_json::Value;

/// The roles of the identity on a scope, assigned on the scope or on a parent scope.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Permissions(Vec<Permission>);

/// One role.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Permission {
    /// The actions that the role allows, for example `Microsoft.SecurityInsights/*`.
    pub actions: Vec<String>,
    /// The actions that the role excludes from `actions`.
    pub not_actions: Vec<String>,
}

impl Permissions {
    /// The permissions of these roles.
    #[must_use]
    pub fn new(roles: Vec<Permission>) -> Self {
        Self(roles)
    }

    /// Parses the entries of Azure's list.
    #[must_use]
    pub fn parse(entries: &[Value]) -> Self {
        let texts = |entry: &Value, name: &str| {
            let values = entry[name].as_array().into_iter().flatten();
            values.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let role = |entry| Permission { actions: texts(entry, "actions"), not_actions: texts(entry, "notActions") };
        Self::new(entries.iter().map(role).collect())
    }

    /// Whether the identity has no role.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of the roles allows the action.
    #[must_use]
    pub fn allow(&self, action: &str) -> bool {
        self.0.iter().any(|role| role.allows(action))
    }

    /// The actions that no role allows.
    #[must_use]
    pub fn missing(&self, actions: &[&'static str]) -> Vec<&'static str> {
        actions.iter().copied().filter(|action| !self.allow(action)).collect()
    }
}

impl Permission {
    fn allows(&self, action: &str) -> bool {
        let matched = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, action));
        matched(&self.actions) && !matched(&self.not_actions)
    }
}

/// Whether a pattern matches an action, ignoring case. Each `*` matches any text, including slashes and nothing.
fn matches(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_ascii_lowercase(), action.to_ascii_lowercase());
    let (pattern, action) = (pattern.as_bytes(), action.as_bytes());
    let (mut at, mut read) = (0, 0);
    // The position of the last wildcard, and the position in the action after the text that it matches.
    let mut wildcard: Option<(usize, usize)> = None;
    while read < action.len() {
        if pattern.get(at) == Some(&b'*') {
            wildcard = Some((at, read));
            at += 1;
        } else if pattern.get(at) == Some(&action[read]) {
            (at, read) = (at + 1, read + 1);
        } else if let Some((star, matched)) = wildcard {
            // The wildcard matches one more byte.
            wildcard = Some((star, matched + 1));
            (at, read) = (star + 1, matched + 1);
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn role(actions: &[&str], not_actions: &[&str]) -> Permission {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Permission { actions: owned(actions), not_actions: owned(not_actions) }
    }

    const WRITE: &str = "Microsoft.SecurityInsights/dataConnectors/write";

    #[test]
    fn wildcards_match_any_text_in_any_case() {
        for pattern in ["*", "*/write", "microsoft.securityinsights/*", "Microsoft.*/dataConnectors/*", WRITE] {
            assert!(Permissions::new(vec![role(&[pattern], &[])]).allow(WRITE), "{pattern}");
        }
        for pattern in ["*/read", "Microsoft.SecurityInsights", "Microsoft.SecurityInsights/*/read", ""] {
            assert!(!Permissions::new(vec![role(&[pattern], &[])]).allow(WRITE), "{pattern}");
        }
    }

    #[test]
    fn an_exclusion_applies_only_to_its_own_role() {
        let excluded = role(&["*"], &["Microsoft.SecurityInsights/*/write"]);
        let other = role(&["Microsoft.SecurityInsights/dataConnectors/*"], &[]);

        assert!(!Permissions::new(vec![excluded.clone()]).allow(WRITE));
        assert!(Permissions::new(vec![excluded, other]).allow(WRITE));
    }

    #[test]
    fn without_a_role_everything_is_missing() {
        assert_eq!(Permissions::default().missing(&[WRITE]), [WRITE]);
    }

    #[test]
    fn parses_azures_list() {
        let entries = [json!({"actions": ["*"], "notActions": ["a/b"], "dataActions": ["x"]}), json!({})];

        assert_eq!(Permissions::parse(&entries), Permissions::new(vec![role(&["*"], &["a/b"]), role(&[], &[])]));
    }

    /// A simple reference implementation, which tries every text that a wildcard can match.
    fn reference_matches(pattern: &str, action: &str) -> bool {
        match pattern.chars().next() {
            None => action.is_empty(),
            Some('*') => (0..=action.len()).any(|end| reference_matches(&pattern[1..], &action[end..])),
            Some(expected) => action.chars().next().is_some_and(|found| {
                found.eq_ignore_ascii_case(&expected) && reference_matches(&pattern[1..], &action[1..])
            }),
        }
    }

    /// A simple reference implementation, which evaluates the patterns of each role in turn.
    fn reference_allows(roles: &[Permission], action: &str) -> bool {
        for role in roles {
            let mut is_allowed = false;
            for pattern in &role.actions {
                is_allowed |= reference_matches(pattern, action);
            }
            for pattern in &role.not_actions {
                is_allowed &= !reference_matches(pattern, action);
            }
            if is_allowed {
                return true;
            }
        }
        false
    }

    fn pattern() -> impl Strategy<Value = String> {
        "[aAb/*]{0,8}"
    }

    fn some_role() -> impl Strategy<Value = Permission> {
        let patterns = || prop::collection::vec(pattern(), 0..3);
        (patterns(), patterns()).prop_map(|(actions, not_actions)| Permission { actions, not_actions })
    }

    proptest! {
        #[test]
        fn patterns_match_like_the_reference(pattern in pattern(), action in "[aAb/]{0,10}") {
            prop_assert_eq!(matches(&pattern, &action), reference_matches(&pattern, &action));
        }

        #[test]
        fn roles_allow_like_the_reference(
            roles in prop::collection::vec(some_role(), 0..4),
            action in "[aAb/]{0,8}",
        ) {
            prop_assert_eq!(Permissions::new(roles.clone()).allow(&action), reference_allows(&roles, &action));
        }
    }

    #[test]
    fn identity_without_roles_is_empty() {
        assert!(Permissions::new(Vec::new()).is_empty());
        assert!(!Permissions::new(vec![role(&["*"], &[])]).is_empty());
    }
}
