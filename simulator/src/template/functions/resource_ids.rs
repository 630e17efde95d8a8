//! Functions for resource IDs: in a resource group, a subscription or the tenant, or of an extension.

use serde_json::{Value, json};

use super::super::deployment_scope::DeploymentScope;
use super::super::error::EvaluationError;
use super::arguments::text;

/// `resourceId([subscription,] [resource group,] type, name, …)`
pub(in crate::template) fn resource_id(scope: &DeploymentScope, values: &[Value]) -> Result<Value, EvaluationError> {
    let (before, resource) = parts("resourceId", values)?;
    let own_group = scope.resource_group["id"].as_str().unwrap_or_default();
    let own_subscription = scope.subscription["id"].as_str().unwrap_or_default();
    let parent = match before.as_slice() {
        [] => own_group.to_owned(),
        [group] => format!("{own_subscription}/resourceGroups/{group}"),
        [subscription, group] => format!("/subscriptions/{subscription}/resourceGroups/{group}"),
        _ => return Err(EvaluationError::arguments("resourceId", "at most two arguments may precede the type")),
    };
    Ok(json!(format!("{parent}{resource}")))
}

/// `subscriptionResourceId([subscription,] type, name, …)`
pub(in crate::template) fn subscription_resource_id(
    scope: &DeploymentScope,
    values: &[Value],
) -> Result<Value, EvaluationError> {
    let (before, resource) = parts("subscriptionResourceId", values)?;
    let parent = match before.as_slice() {
        [] => scope.subscription["id"].as_str().unwrap_or_default().to_owned(),
        [subscription] => format!("/subscriptions/{subscription}"),
        _ => {
            return Err(EvaluationError::arguments(
                "subscriptionResourceId",
                "at most one argument may precede the type",
            ));
        }
    };
    Ok(json!(format!("{parent}{resource}")))
}

/// `tenantResourceId(type, name, …)`
pub(in crate::template) fn tenant_resource_id(values: &[Value]) -> Result<Value, EvaluationError> {
    match parts("tenantResourceId", values)? {
        (before, resource) if before.is_empty() => Ok(json!(resource)),
        _ => Err(EvaluationError::arguments("tenantResourceId", "no argument may precede the type")),
    }
}

/// `extensionResourceId(id, type, name, …)`
pub(in crate::template) fn extension_resource_id(values: &[Value]) -> Result<Value, EvaluationError> {
    let (base, rest) = values
        .split_first()
        .ok_or_else(|| EvaluationError::arguments("extensionResourceId", "the first argument must be a resource id"))?;
    match parts("extensionResourceId", rest)? {
        (before, resource) if before.is_empty() => {
            Ok(json!(format!("{}{resource}", text("extensionResourceId", base)?)))
        }
        _ => Err(EvaluationError::arguments("extensionResourceId", "the second argument must be a resource type")),
    }
}

/// The arguments before the type, and `/providers/namespace/type/name` from the rest.
fn parts<'a>(function: &str, values: &'a [Value]) -> Result<(Vec<&'a str>, String), EvaluationError> {
    let texts: Vec<&str> = values.iter().map(|value| text(function, value)).collect::<Result<_, _>>()?;
    let at = texts.iter().position(|text| text.contains('/')).ok_or_else(|| {
        EvaluationError::new(format!(
            "Unable to evaluate template language function '{function}': function requires exactly one multi-segmented \
             argument which must be resource id including resource provider namespace. Current function arguments \
             '{}'. Please see https://aka.ms/arm-functions for usage details.",
            texts.join(",")
        ))
    })?;
    let (before, rest) = texts.split_at(at);
    let mut types = rest[0].split('/');
    let namespace = types.next().unwrap_or_default();
    let (types, names): (Vec<&str>, &[&str]) = (types.collect(), &rest[1..]);
    if types.len() != names.len() {
        return Err(EvaluationError::new(format!(
            "Unable to evaluate template language function '{function}': the type '{}' requires '{}' resource name \
             argument(s). Please see https://aka.ms/arm-functions for usage details.",
            rest[0],
            types.len()
        )));
    }
    let pairs: String = types.iter().zip(names).map(|(kind, name)| format!("/{kind}/{name}")).collect();
    Ok((before.to_vec(), format!("/providers/{namespace}{pairs}")))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{check, rejects};
    use super::*;

    #[test]
    fn builds_resource_ids() {
        let group = "/subscriptions/s/resourceGroups/g";
        let workspace = format!("{group}/providers/Microsoft.OperationalInsights/workspaces/w");
        check(&[
            ("resourceId('Microsoft.OperationalInsights/workspaces', 'w')", json!(workspace)),
            ("resourceId('h', 'A.B/c', 'd')", json!("/subscriptions/s/resourceGroups/h/providers/A.B/c/d")),
            ("resourceId('t', 'h', 'A.B/c', 'd')", json!("/subscriptions/t/resourceGroups/h/providers/A.B/c/d")),
            (
                "resourceId('Microsoft.OperationalInsights/workspaces/providers/metadata', 'w', 'A.B', 'm')",
                json!(format!("{workspace}/providers/A.B/metadata/m")),
            ),
            (
                "extensionResourceId(resourceId('Microsoft.OperationalInsights/workspaces', 'w'), 'A.B/c', 'd')",
                json!(format!("{workspace}/providers/A.B/c/d")),
            ),
            ("subscriptionResourceId('A.B/c', 'd')", json!("/subscriptions/s/providers/A.B/c/d")),
            ("tenantResourceId('A.B/c', 'd')", json!("/providers/A.B/c/d")),
        ]);
        rejects(&["resourceId('w')", "resourceId('A.B/c')", "resourceId('A.B/c', 'd', 'e')", "extensionResourceId()"]);
    }
}
