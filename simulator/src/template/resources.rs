//! Evaluates the resources of a template.

use serde_json::{Map, Value};

use super::error::{EvaluationError, TemplateError};
use super::evaluator::{Evaluator, Section};

/// A resource of a template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Resource {
    pub(crate) id: String,
    /// `Microsoft.OperationalInsights/workspaces/providers/metadata`
    pub(crate) resource_type: String,
    /// `law-soc/Microsoft.SecurityInsights/mine`
    pub(crate) name: String,
    pub(crate) api_version: String,
    /// The entries of `dependsOn`, which `dependencies` resolves to IDs.
    pub(crate) depends_on: Vec<String>,
    /// The body of the PUT.
    pub(crate) body: Map<String, Value>,
    /// The value of `condition`.
    pub(super) condition: bool,
    /// The name of the resource's copy loop.
    pub(super) copy: Option<String>,
}

/// Members that are not part of the body.
const NOT_SENT: &[&str] =
    &["type", "name", "apiVersion", "dependsOn", "condition", "copy", "comments", "metadata", "scope", "resources"];

/// The other members that a resource of a template can have.
const SENT: &[&str] = &[
    "id",
    "location",
    "extendedLocation",
    "kind",
    "etag",
    "tags",
    "sku",
    "plan",
    "identity",
    "zones",
    "placement",
    "managedBy",
    "managedByExtended",
    "properties",
    "asserts",
    "resourceGroup",
    "subscriptionId",
];

/// The maximum number of resources in a template.
const MAX_RESOURCES: usize = 800;

/// The maximum number of copies of a resource.
const MAX_COPIES: i64 = 800;

/// Type and name of the resource that contains nested resources.
#[derive(Clone, Copy)]
struct Parent<'a> {
    resource_type: &'a str,
    name: &'a str,
}

/// All resources, in the order of the template. Children follow their parent.
pub(super) fn all(evaluator: &mut Evaluator<'_>, resources: &[Value]) -> Result<Vec<Resource>, TemplateError> {
    let mut found = Vec::new();
    add(evaluator, resources, None, "properties.template.resources", &mut found)?;
    Ok(found)
}

/// Checks the number of resources. Copies of nested resources multiply, so the check runs before each resource.
fn check_count(count: usize) -> Result<(), TemplateError> {
    if count <= MAX_RESOURCES {
        return Ok(());
    }
    let sentence = format!(
        "The number of template resources limit exceeded. Limit: '{MAX_RESOURCES}' and actual: '{count}'. Please see \
         https://aka.ms/arm-syntax-resources for usage details."
    );
    Err(TemplateError::validation(sentence, "properties.template.resources"))
}

fn add(
    evaluator: &mut Evaluator<'_>,
    resources: &[Value],
    parent: Option<Parent<'_>>,
    path: &str,
    found: &mut Vec<Resource>,
) -> Result<(), TemplateError> {
    check_count(found.len() + resources.len())?;
    for (at, resource) in resources.iter().enumerate() {
        let path = format!("{path}[{at}]");
        let (copy, count) = copies(evaluator, resource, &path)?;
        for index in 0..count {
            check_count(found.len() + 1)?;
            if let Some(copy) = &copy {
                evaluator.copies.push((copy.clone(), index));
            }
            let evaluated = evaluate_resource(evaluator, resource, parent, &path, copy.clone())?;
            let own = (evaluated.resource_type.clone(), evaluated.name.clone());
            found.push(evaluated);
            if let Some(Value::Array(children)) = resource.get("resources") {
                let parent = Parent { resource_type: &own.0, name: &own.1 };
                add(evaluator, children, Some(parent), &format!("{path}.resources"), found)?;
            }
            if copy.is_some() {
                evaluator.copies.pop();
            }
        }
    }
    Ok(())
}

/// Name and count of the copy loop. Without a loop, the count is 1.
fn copies(evaluator: &Evaluator<'_>, resource: &Value, path: &str) -> Result<(Option<String>, i64), TemplateError> {
    let Some(copy) = resource.get("copy") else { return Ok((None, 1)) };
    let name = copy["name"].as_str().unwrap_or_default();
    let count = evaluator.value(&copy["count"], Section::Resource).ok().and_then(|count| count.as_i64());
    match count.filter(|count| (0..=MAX_COPIES).contains(count) && !name.is_empty()) {
        Some(count) => Ok((Some(name.to_owned()), count)),
        None => Err(TemplateError::validation(
            "The template copy definition needs a name, and a count between 0 and 800. Please see \
             https://aka.ms/arm-copy for usage details.",
            format!("{path}.copy"),
        )),
    }
}

fn evaluate_resource(
    evaluator: &Evaluator<'_>,
    resource: &Value,
    parent: Option<Parent<'_>>,
    path: &str,
    copy: Option<String>,
) -> Result<Resource, TemplateError> {
    let required = |member: &str| {
        resource[member].as_str().ok_or_else(|| {
            let sentence = format!("Required property '{member}' not found in JSON. Path '{path}'.");
            TemplateError::parse(&sentence, path)
        })
    };
    TemplateError::check_members(resource, "TemplateResource", &[NOT_SENT, SENT], path)?;
    let own_type = required("type")?;
    let written_name = required("name")?;
    let api_version = required("apiVersion")?;
    let in_name = |error: EvaluationError| {
        let sentence = format!(
            "The template resource '{written_name}' at line '1' and column '1' is not valid: {}. Please see \
             https://aka.ms/arm-functions for usage details.",
            error.0.trim_end_matches('.')
        );
        TemplateError::validation(sentence, path)
    };
    let text = |piece: &Value| {
        let value = evaluator.value(piece, Section::Resource).map_err(in_name)?;
        let text = value.as_str().map(str::to_owned);
        text.ok_or_else(|| in_name(EvaluationError(format!("expected a string, got {value}"))))
    };
    let own_name = text(&resource["name"])?;
    let api_version = text(&Value::String(api_version.to_owned()))?;
    let (resource_type, name) = match parent {
        Some(parent) => (format!("{}/{own_type}", parent.resource_type), format!("{}/{own_name}", parent.name)),
        None => (own_type.to_owned(), own_name),
    };
    let extended = resource.get("scope").map(text).transpose()?;
    let id = id(evaluator, extended.as_deref(), &resource_type, &name).ok_or_else(|| {
        let sentence = format!(
            "The template resource '{name}' for type '{resource_type}' at line '1' and column '1' has incorrect \
             segment lengths. A nested resource type must have identical number of segments as its resource name. A \
             root resource type must have segment length one greater than its resource name. Please see \
             https://aka.ms/arm-syntax-resources for usage details."
        );
        TemplateError::validation(sentence, path)
    })?;
    let in_body = |error: EvaluationError| {
        let message = format!(
            "Unable to process template language expressions for resource '{id}' at line '1' and column '1'. '{}'",
            error.0
        );
        TemplateError::invalid(message, path)
    };
    let evaluate = |piece: &Value| evaluator.value(piece, Section::Resource).map_err(in_body);
    let condition = match resource.get("condition").map(evaluate).transpose()? {
        None => true,
        Some(Value::Bool(condition)) => condition,
        Some(other) => {
            return Err(in_body(EvaluationError(format!("The condition is {other}, which is not a boolean."))));
        }
    };
    let mut depends_on = Vec::new();
    for dependency in resource["dependsOn"].as_array().into_iter().flatten() {
        depends_on.push(text(dependency)?);
    }
    let mut body = Map::new();
    // If the condition is false, expressions may refer to missing resources, so they are not evaluated.
    for (member, piece) in resource.as_object().into_iter().flatten().filter(|_| condition) {
        if !NOT_SENT.contains(&member.as_str()) {
            body.insert(member.clone(), evaluate(piece)?);
        }
    }
    Ok(Resource { id, resource_type, name, api_version, depends_on, body, condition, copy })
}

/// The resource ID: scope, then alternating types and names. None if the numbers of types and names differ.
fn id(evaluator: &Evaluator<'_>, extended: Option<&str>, resource_type: &str, name: &str) -> Option<String> {
    let group = evaluator.scope.resource_group["id"].as_str().unwrap_or_default();
    let base = match extended {
        None => group.to_owned(),
        Some(absolute) if absolute.starts_with('/') => absolute.to_owned(),
        Some(relative) => {
            let mut segments = relative.split('/');
            let namespace = segments.next()?;
            let segments: Vec<&str> = segments.collect();
            let (types, names) = segments.split_at(segments.len() / 2);
            let pairs: String = types.iter().zip(names).map(|(kind, name)| format!("/{kind}/{name}")).collect();
            format!("{group}/providers/{namespace}{pairs}")
        }
    };
    let (namespace, types) = resource_type.split_once('/')?;
    let types: Vec<&str> = types.split('/').collect();
    let names: Vec<&str> = name.split('/').collect();
    let complete = types.len() == names.len() && types.iter().chain(&names).all(|segment| !segment.is_empty());
    let pairs: String = types.iter().zip(&names).map(|(kind, name)| format!("/{kind}/{name}")).collect();
    complete.then(|| format!("{base}/providers/{namespace}{pairs}"))
}
