//! Orders resources by `dependsOn`.

use std::collections::BTreeSet;

use super::error::TemplateError;
use super::resources::Resource;

/// The resources whose condition is true, in the order of the template, but each after the resources that it depends
/// on.
pub(super) fn order(resources: &[Resource]) -> Result<Vec<Resource>, TemplateError> {
    check_unique(resources)?;
    let mut waiting = Vec::new();
    for resource in resources.iter().filter(|resource| resource.condition) {
        let mut depends_on: Vec<String> = Vec::new();
        for dependency in &resource.depends_on {
            let before = depends_on.len();
            depends_on
                .extend(resources.iter().filter(|other| is_named_by(other, dependency)).map(|other| other.id.clone()));
            if depends_on.len() == before {
                let sentence = format!(
                    "The resource '{dependency}' is not defined in the template. Please see \
                     https://aka.ms/arm-syntax for usage details."
                );
                return Err(TemplateError::validation(sentence, ""));
            }
        }
        // No resource waits for a resource whose condition is false.
        depends_on.retain(|id| resources.iter().any(|other| other.condition && other.id == *id));
        depends_on.sort();
        depends_on.dedup();
        waiting.push(Resource { depends_on, ..resource.clone() });
    }
    let mut ordered_ids: BTreeSet<String> = BTreeSet::new();
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let ready = waiting.iter().position(|resource| resource.depends_on.iter().all(|id| ordered_ids.contains(id)));
        let Some(at) = ready else {
            let sentence = format!(
                "Circular dependency detected on resource: '{}'. Please see https://aka.ms/arm-syntax-resources for \
                 usage details.",
                waiting[0].id
            );
            return Err(TemplateError::validation(sentence, ""));
        };
        let resource = waiting.remove(at);
        ordered_ids.insert(resource.id.clone());
        ordered.push(resource);
    }
    Ok(ordered)
}

/// Whether a `dependsOn` entry names the resource: by ID, by type and name, by name, or by the name of its copy loop.
fn is_named_by(resource: &Resource, dependency: &str) -> bool {
    let same = |other: &str| other.eq_ignore_ascii_case(dependency);
    same(&resource.id)
        || same(&resource.name)
        || same(&format!("{}/{}", resource.resource_type, resource.name))
        || resource.copy.as_deref().is_some_and(same)
        || (dependency.contains('/')
            && resource.id.to_lowercase().ends_with(&format!("/providers/{}", dependency.to_lowercase())))
}

fn check_unique(resources: &[Resource]) -> Result<(), TemplateError> {
    let mut seen = BTreeSet::new();
    match resources
        .iter()
        .filter(|resource| resource.condition)
        .find(|resource| !seen.insert(resource.id.to_lowercase()))
    {
        None => Ok(()),
        Some(twice) => {
            let sentence = format!(
                "The resource '{}' at line '1' and column '1' is defined multiple times in a template. Please see \
                 https://aka.ms/arm-syntax-resources for usage details.",
                twice.id
            );
            Err(TemplateError::validation(sentence, ""))
        }
    }
}
