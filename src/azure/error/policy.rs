//! Violations of Azure Policy: the assignment that denies a request, and its scope.
//!
//! Azure lists violations in `additionalInfo` of an error. Older services write them as JSON into the message, after
//! `Policy identifiers:`.

use std::fmt;

use serde_json::Value;

use super::body::{field, text};

/// The maximum number of violations of one error that are kept.
const LIMIT: usize = 5;

/// A policy that denies a request.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PolicyViolation {
    /// The display name of the assignment.
    pub assignment: Option<String>,
    /// The resource ID of the assignment.
    pub assignment_id: Option<String>,
    /// The scope of the assignment: a management group, a subscription or a resource group.
    pub scope: Option<String>,
    /// The name of the policy definition.
    pub definition: Option<String>,
    /// The name of the initiative that contains the definition.
    pub initiative: Option<String>,
}

impl PolicyViolation {
    /// The violations that this error lists itself. Nested errors list their own.
    pub(super) fn in_error(error: &Value, message: &str) -> Vec<Self> {
        let listed = field(error, "additionalInfo").and_then(Value::as_array).into_iter().flatten();
        let listed =
            listed.filter(|entry| text(entry, "type").is_some_and(|it| it.eq_ignore_ascii_case("PolicyViolation")));
        let mut violations: Vec<Self> =
            listed.filter_map(|entry| field(entry, "info")).map(Self::from_info).take(LIMIT).collect();
        if violations.is_empty() {
            violations = in_message(message);
        }
        violations.dedup();
        violations
    }

    fn from_info(info: &Value) -> Self {
        let first = |names: [&str; 2]| names.iter().find_map(|name| text(info, name));
        let assignment_id = text(info, "policyAssignmentId");
        Self {
            assignment: first(["policyAssignmentDisplayName", "policyAssignmentName"]),
            scope: text(info, "policyAssignmentScope").or_else(|| scope_of(assignment_id.as_deref()?)),
            assignment_id,
            definition: first(["policyDefinitionDisplayName", "policyDefinitionName"]),
            initiative: first(["policySetDefinitionDisplayName", "policySetDefinitionName"]),
        }
    }

    fn from_identifiers(identifiers: &Value) -> Self {
        let of = |what: &str, name: &str| field(identifiers, what).and_then(|found| text(found, name));
        let assignment_id = of("policyAssignment", "id");
        Self {
            assignment: of("policyAssignment", "name"),
            scope: assignment_id.as_deref().and_then(scope_of),
            assignment_id,
            definition: of("policyDefinition", "name"),
            initiative: of("policySetDefinition", "name"),
        }
    }

    pub(super) fn map_texts(&mut self, map: &impl Fn(&str) -> String) {
        for part in
            [&mut self.assignment, &mut self.assignment_id, &mut self.scope, &mut self.definition, &mut self.initiative]
        {
            *part = part.as_deref().map(map);
        }
    }
}

/// Reads the identifiers at the end of a message: `Policy identifiers: '[{…}]'.`
fn in_message(message: &str) -> Vec<PolicyViolation> {
    let Some((_, rest)) = message.split_once("Policy identifiers:") else { return Vec::new() };
    let (Some(start), Some(end)) = (rest.find('['), rest.rfind(']')) else { return Vec::new() };
    match rest.get(start..=end).map(serde_json::from_str) {
        Some(Ok(Value::Array(all))) => all.iter().take(LIMIT).map(PolicyViolation::from_identifiers).collect(),
        _ => Vec::new(),
    }
}

/// The scope in the ID of an assignment.
fn scope_of(assignment_id: &str) -> Option<String> {
    let at = assignment_id.to_ascii_lowercase().find("/providers/microsoft.authorization/policyassignments/")?;
    (at > 0).then(|| assignment_id[..at].to_owned())
}

impl fmt::Display for PolicyViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.assignment_id.as_deref();
        let name = self.assignment.as_deref().or_else(|| id?.rsplit('/').next());
        write!(f, "policy assignment \"{}\"", name.unwrap_or("(not named)"))?;
        if let Some(scope) = &self.scope {
            write!(f, " on {scope}")?;
        }
        if let Some(definition) = &self.definition {
            write!(f, ", definition \"{definition}\"")?;
        }
        if let Some(initiative) = &self.initiative {
            write!(f, " of the initiative \"{initiative}\"")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ASSIGNMENT: &str = "/providers/Microsoft.Management/managementGroups/corp/providers/Microsoft.Authorization/\
                              policyAssignments/deny-public";

    fn shown(error: &Value, message: &str) -> Vec<String> {
        PolicyViolation::in_error(error, message).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_assignment_scope_and_definition() {
        let error = json!({"additionalInfo": [
            {"type": "Other", "info": {}},
            {"type": "PolicyViolation", "info": {
                "policyAssignmentDisplayName": "Deny public access", "policyAssignmentName": "deny-public",
                "policyAssignmentId": ASSIGNMENT, "policyDefinitionDisplayName": "No public workspaces",
                "policySetDefinitionDisplayName": "Baseline",
            }},
        ]});

        assert_eq!(
            shown(&error, ""),
            ["policy assignment \"Deny public access\" on /providers/Microsoft.Management/managementGroups/corp, \
              definition \"No public workspaces\" of the initiative \"Baseline\""]
        );
    }

    #[test]
    fn reads_identifiers_in_the_message() {
        let identifiers =
            json!([{"policyAssignment": {"name": "Deny", "id": ASSIGNMENT}, "policyDefinition": {"name": "D"}}]);
        let message = format!("Resource 'w' was disallowed by policy. Policy identifiers: '{identifiers}'.");

        assert_eq!(
            shown(&json!({}), &message),
            ["policy assignment \"Deny\" on /providers/Microsoft.Management/managementGroups/corp, definition \"D\""]
        );
        assert_eq!(shown(&json!({}), "Policy identifiers: ']['"), Vec::<String>::new());
    }
}
