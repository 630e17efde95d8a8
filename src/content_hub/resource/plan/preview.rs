//! What can be said of an installation before it begins.

use std::collections::BTreeMap;

use crate::content_hub::Dependency;
use crate::content_hub::api::entry::Entry;
use crate::content_hub::installation::install::known_parameters;
use crate::content_hub::installation::{Decision, Defect};
use crate::content_hub::lookup::catalogue::ContentHub;
use crate::deployment::parameters;
use crate::framework::{Context, Diagnostics, Plan, RootAttribute, Severity};

use crate::content_hub::resource::identity::solution;
use crate::content_hub::resource::{dependencies, diagnostics};

/// Why more is done than the configuration asks for, or less.
pub(super) fn say_why(ctx: &Context, decision: &Decision, title: &str, found: &[Defect]) {
    match decision {
        Decision::Install(version) if !found.is_empty() => ctx.warn(diagnostics::reinstalled(title, version, found)),
        Decision::CannotRepair(obstacle) => ctx.warn(diagnostics::not_repairable(title, found, obstacle)),
        Decision::Install(_) | Decision::Keep => {}
    }
}

/// What can be known of an installation before it begins: whether its parameters fit, and whether what it needs is there.
pub(super) async fn check_entry(
    ctx: &Context,
    hub: &ContentHub<'_>,
    entry: Option<&Entry>,
    given: &BTreeMap<String, String>,
    title: &str,
) -> Result<(), Diagnostics> {
    let Some(entry) = entry else { return Ok(()) };
    if let Some(content) = &entry.content {
        // the location is asked for when it is needed: whatever it is, it is known
        let known = known_parameters(hub.workspace.name(), "");
        parameters::fill(content.parameters(), &known, given)
            .map_err(|problems| diagnostics::parameters(&problems, title))?;
    }
    if entry.needed_solutions().next().is_some() {
        // A look that fails says nothing here: the apply looks again.
        let missing = dependencies::missing(hub, entry).await.unwrap_or_default();
        let is_expected = |needed: &Dependency| {
            hub.session.ownership().is_creation_planned(&solution(hub.workspace, &needed.content_id))
        };
        let missing: Vec<&Dependency> = missing.into_iter().filter(|needed| !is_expected(needed)).collect();
        if !missing.is_empty() {
            let mut warning = diagnostics::needs(title, &missing);
            warning.severity = Severity::Warning; // the same run may install them first
            ctx.warn(warning);
        }
    }
    Ok(())
}

/// Sets what the configuration leaves to the provider.
pub(super) fn set_if_open<A: RootAttribute>(plan: &mut Plan, attribute: &A, value: A::Value) {
    if plan.config().is_null(attribute) {
        plan.set(attribute, value);
    }
}
