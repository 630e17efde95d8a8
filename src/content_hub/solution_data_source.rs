//! Data source `sentinel_content_hub_solution`: one solution, as the catalogue offers it and as the workspace has it.

use super::catalogue::{ContentHub, LookupError};
use super::lookup_diagnostic;
use super::selector::Selector;
use super::solution::Solution;
use super::solution_attributes::{
    AVAILABLE_VERSION, CATEGORIES, CONTENT_ID, CONTENT_KIND, CONTENT_PRODUCT_ID, CONTENT_SCHEMA_VERSION, DEPENDENCIES,
    DESCRIPTION, DISPLAY_NAME, FIRST_PUBLISHED, ID, INSTALLED, INSTALLED_VERSION, IS_DEPRECATED, IS_PREVIEW,
    LAST_PUBLISHED, PUBLISHER, SATISFIES, STALE_REGISTRATION, SUPPORT, UPDATE_AVAILABLE, VERSION_CONSTRAINT,
    WORKSPACE_ID,
};
use crate::framework::{Context, DataSource, Diagnostic, Diagnostics, Path, Schema, State};
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
        .exactly_one_of(&[&CONTENT_ID, &DISPLAY_NAME])
    }

    async fn read(&self, ctx: &Context, session: &Session, config: State) -> Result<State, Diagnostics> {
        let workspace = config.get(&WORKSPACE_ID)?;
        let constraint = config.get(&VERSION_CONSTRAINT)?;
        let selector = selector(config.get(&CONTENT_ID)?, config.get(&DISPLAY_NAME)?)?;

        let budget = session.budget(ctx);
        let hub = ContentHub::new(session.arm(), &workspace, &budget);
        let solution =
            hub.find(&selector).await.map_err(|error| lookup_diagnostic::of(&error).at(blamed(&error, &selector)))?;
        let satisfies = constraint.map(|constraint| solution.satisfies(&constraint));
        describe(&solution, &selector, satisfies, config)
    }
}

/// What the configuration looks the solution up by. Validation asks for exactly one of the two.
fn selector(content_id: Option<String>, display_name: Option<String>) -> Result<Selector, Diagnostic> {
    match (content_id, display_name) {
        (Some(content_id), None) => Ok(Selector::ContentId(content_id)),
        (None, Some(display_name)) => Ok(Selector::DisplayName(display_name)),
        _ => Err(Diagnostic::error(
            "Invalid selection of a solution",
            "Exactly one of content_id and display_name must be set; the other is read from Azure.",
        )
        .at(CONTENT_ID.path())),
    }
}

/// The attribute that an error is about: what was looked for, or the workspace it was looked for in.
fn blamed(error: &LookupError, selector: &Selector) -> Path {
    match (error, selector) {
        (LookupError::Azure { .. }, _) => WORKSPACE_ID.path(),
        (_, Selector::ContentId(_)) => CONTENT_ID.path(),
        (_, Selector::DisplayName(_)) => DISPLAY_NAME.path(),
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
