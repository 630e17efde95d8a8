//! The checks of a planned installation.

use std::collections::BTreeMap;

use crate::content_hub::Dependency;
use crate::content_hub::api::catalog_entry::CatalogEntry;
use crate::content_hub::installation::deployments::provided_parameters;
use crate::content_hub::installation::{Decision, Defect};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::deployment::parameters;
use crate::framework::{Context, Diagnostics, Plan, RootAttribute, Severity};

use crate::content_hub::resource::diagnostics::Subject;
use crate::content_hub::resource::identity::solution;
use crate::content_hub::resource::{dependencies, diagnostics};

/// Warns that the apply repairs a damaged solution, or why it does not.
pub(super) fn warn_about_defects(ctx: &Context, decision: &Decision, subject: Subject<'_>, defects: &[Defect]) {
    match decision {
        Decision::Install(version) if !defects.is_empty() => {
            ctx.warn(diagnostics::repair_planned(subject, version, defects));
        }
        Decision::CannotRepair(blocked) => ctx.warn(diagnostics::repair_blocked(subject, defects, blocked)),
        Decision::Install(_) | Decision::Keep => {}
    }
}

/// Checks that the parameters fit the template, and warns if required solutions are missing.
pub(super) async fn check_installation(
    ctx: &Context,
    hub: &ContentHub<'_>,
    entry: Option<&CatalogEntry>,
    given: &BTreeMap<String, String>,
    title: &str,
) -> Result<(), Diagnostics> {
    let Some(entry) = entry else { return Ok(()) };
    if let Some(content) = &entry.content {
        // The check does not need the location of the workspace, which the apply reads.
        let provided = provided_parameters(hub.workspace.name(), "");
        parameters::fill(content.parameters(), &provided, given)
            .map_err(|problems| diagnostics::invalid_parameters(&problems, title))?;
    }
    if entry.required_solutions().next().is_some() {
        // If a request fails, there is no warning, because the apply checks again.
        let missing = dependencies::missing(hub, entry).await.unwrap_or_default();
        let is_planned = |required: &Dependency| {
            let solution = solution(hub.workspace, &required.content_id);
            hub.session.ownership().is_being_created(solution.kind.type_name, solution.key)
        };
        let missing: Vec<&Dependency> = missing.into_iter().filter(|required| !is_planned(required)).collect();
        if !missing.is_empty() {
            let mut warning = diagnostics::missing_dependencies(title, &missing);
            warning.severity = Severity::Warning; // The same run may install them first.
            ctx.warn(warning);
        }
    }
    Ok(())
}

/// Sets an attribute that is not configured.
pub(super) fn set_if_not_configured<A: RootAttribute>(plan: &mut Plan, attribute: &A, value: A::Value) {
    if plan.config().is_null(attribute) {
        plan.set(attribute, value);
    }
}
