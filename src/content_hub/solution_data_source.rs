//! Data source `sentinel_content_hub_solution`: one solution, as the catalogue offers it and as the workspace has it.

use super::catalogue::{ContentHub, LookupError};
use super::selector::{Ambiguous, Candidate, Selector};
use super::solution::Solution;
use super::solution_attributes::*;
use crate::explain;
use crate::framework::{Context, DataSource, Diagnostic, Diagnostics, Draft, Knowable, Schema, State};
use crate::workspace::Session;

/// The data source.
#[derive(Clone, Copy, Debug, Default)]
pub struct SolutionDataSource;

impl DataSource for SolutionDataSource {
    type Client = Session;

    fn type_name(&self) -> &'static str {
        "sentinel_content_hub_solution"
    }

    fn schema(&self) -> Schema {
        Schema::new(
            "A solution of the Content Hub of Microsoft Sentinel: whether a workspace has it, in which version, and what the \
             catalogue offers.\n\nNothing is installed or changed by reading it.",
        )
        .attribute(&WORKSPACE_ID)
        .attribute(&CONTENT_ID)
        .attribute(&DISPLAY_NAME)
        .attribute(&VERSION_CONSTRAINT)
        .attribute(&INSTALLED)
        .attribute(&INSTALLED_VERSION)
        .attribute(&AVAILABLE_VERSION)
        .attribute(&UPDATE_AVAILABLE)
        .attribute(&SATISFIES)
        .attribute(&STALE_REGISTRATION)
        .attribute(&CONTENT_PRODUCT_ID)
        .attribute(&CONTENT_SCHEMA_VERSION)
        .attribute(&CONTENT_KIND)
        .attribute(&DESCRIPTION)
        .attribute(&PUBLISHER)
        .attribute(&SUPPORT)
        .attribute(&CATEGORIES)
        .attribute(&DEPENDENCIES)
        .attribute(&IS_PREVIEW)
        .attribute(&IS_DEPRECATED)
        .attribute(&FIRST_PUBLISHED)
        .attribute(&LAST_PUBLISHED)
        .attribute(&ID)
    }

    fn validate(&self, config: &Draft) -> Diagnostics {
        match (config.get(&CONTENT_ID), config.get(&DISPLAY_NAME)) {
            (Ok(Knowable::Known(content_id)), Ok(Knowable::Known(display_name))) => {
                selector(content_id, display_name).err().into_iter().collect()
            }
            // one is not known yet, or has an error of its own
            _ => Diagnostics::default(),
        }
    }

    async fn read(&self, ctx: &Context, session: &Session, config: State) -> Result<State, Diagnostics> {
        let workspace = config.get(&WORKSPACE_ID)?;
        let constraint = config.get(&VERSION_CONSTRAINT)?;
        let selector = selector(config.get(&CONTENT_ID)?, config.get(&DISPLAY_NAME)?)?;

        let budget = session.budget(ctx);
        let hub = ContentHub::new(session.arm(), workspace.resource_id(), &budget);
        let solution = hub.find(&selector).await.map_err(|error| explained(&error))?;
        let satisfies = constraint.map(|constraint| solution.satisfies(&constraint));
        describe(&solution, &selector, satisfies, config)
    }
}

/// What the configuration looks the solution up by: exactly one of the two.
fn selector(content_id: Option<String>, display_name: Option<String>) -> Result<Selector, Diagnostic> {
    let wrong = |detail: &str| Diagnostic::error("Invalid selection of a solution", detail);
    match (content_id, display_name) {
        (Some(id), None) if id.trim().is_empty() => Err(wrong("content_id is empty.").at(CONTENT_ID.path())),
        (None, Some(name)) if name.trim().is_empty() => Err(wrong("display_name is empty.").at(DISPLAY_NAME.path())),
        (Some(id), None) => Ok(Selector::ContentId(id)),
        (None, Some(name)) => Ok(Selector::DisplayName(name)),
        (Some(_), Some(_)) => Err(wrong(
            "Both content_id and display_name are given, but a solution is looked up by one of them. Remove one; the other \
             is read from Azure.",
        )
        .at(DISPLAY_NAME.path())),
        (None, None) => Err(wrong(
            "Neither content_id nor display_name is given. Set one of them, for example\n\n  content_id = \
             \"azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud\"",
        )
        .at(CONTENT_ID.path())),
    }
}

/// The state of `solution`; what the configuration says keeps its spelling.
fn describe(
    solution: &Solution,
    selector: &Selector,
    satisfies: Option<bool>,
    mut state: State,
) -> Result<State, Diagnostics> {
    let package = solution.package().clone();
    match selector {
        Selector::ContentId(_) => state.set(&DISPLAY_NAME, package.display_name),
        Selector::DisplayName(_) => state.set(&CONTENT_ID, Some(package.content_id)),
    }
    state.set(&INSTALLED, solution.is_installed());
    state.set(&INSTALLED_VERSION, solution.installed_version().map(str::to_owned));
    state.set(&AVAILABLE_VERSION, solution.available_version().map(str::to_owned));
    state.set(&UPDATE_AVAILABLE, solution.is_update_available());
    state.set(&SATISFIES, satisfies);
    state.set(&STALE_REGISTRATION, solution.is_stale_registration());
    state.set(&CONTENT_PRODUCT_ID, package.content_product_id);
    state.set(&CONTENT_SCHEMA_VERSION, package.content_schema_version);
    state.set(&CONTENT_KIND, package.content_kind);
    state.set(&DESCRIPTION, package.description);
    state.set(&PUBLISHER, package.publisher);
    state.set(&SUPPORT, package.support);
    state.set(&CATEGORIES, package.categories);
    state.set(&DEPENDENCIES, package.dependencies);
    state.set(&IS_PREVIEW, package.is_preview);
    state.set(&IS_DEPRECATED, package.is_deprecated);
    state.set(&FIRST_PUBLISHED, package.first_published);
    state.set(&LAST_PUBLISHED, package.last_published);
    state.set(&ID, package.id);
    Ok(state)
}
