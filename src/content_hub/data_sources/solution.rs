//! The data source `sentinel_content_hub_solution`, which reads one solution in the catalog and in the workspace.

use super::attributes::{
    CONTENT_ID, DESCRIPTION, DISPLAY_NAME, SATISFIES, SolutionDetails, VERSION_CONSTRAINT, WORKSPACE_ID,
};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::content_hub::lookup::diagnostics as lookup_diagnostics;
use crate::content_hub::lookup::error::LookupError;
use crate::content_hub::lookup::selector::Selector;
use crate::content_hub::lookup::solution::Solution;
use crate::content_hub::version::SolutionVersion;
use crate::framework::{Context, DataSource, Diagnostic, Diagnostics, Schema, State, Timeouts};
use crate::session::{self, Session};

/// The data source `sentinel_content_hub_solution`.
#[derive(Clone, Copy, Debug, Default)]
pub struct SolutionDataSource;

impl DataSource for SolutionDataSource {
    type Client = Session;

    fn type_name(&self) -> &'static str {
        "sentinel_content_hub_solution"
    }

    fn schema(&self) -> Schema {
        Schema::new(
            "Reads a Content Hub solution: whether it is installed in a Microsoft Sentinel workspace, in which \
             version, and which version the catalog offers.",
        )
        .attribute(&WORKSPACE_ID)
        .attribute(&CONTENT_ID)
        .attribute(&DISPLAY_NAME)
        .attribute(&VERSION_CONSTRAINT)
        .attribute(&SATISFIES)
        .attribute(&DESCRIPTION)
        .attributes_of::<SolutionDetails>()
        .exactly_one_of(&[&CONTENT_ID, &DISPLAY_NAME])
        .timeouts(Timeouts::DATA_SOURCE)
    }

    async fn read(&self, ctx: &Context, session: &Session, config: State) -> Result<State, Diagnostics> {
        let workspace = config.get(&WORKSPACE_ID)?;
        let constraint = config.get(&VERSION_CONSTRAINT)?;
        let selector = selector(config.get(&CONTENT_ID)?, config.get(&DISPLAY_NAME)?)?;

        let deadline = session::deadline(ctx);
        let hub = ContentHub::new(session, &workspace, &deadline);
        let solution = hub.find(&selector).await.map_err(|error| lookup_failed(&error, &selector))?;
        if let (Some(_), Some(installed)) =
            (&constraint, solution.installed_version().filter(|text| SolutionVersion::parse(text).is_err()))
        {
            ctx.warn(incomparable(installed).at(SATISFIES.path()));
        }
        let satisfies = constraint.map(|constraint| solution.satisfies(&constraint));
        Ok(describe(&solution, &selector, satisfies, config))
    }
}

/// The configured selector. The schema requires exactly one of the two arguments.
fn selector(content_id: Option<String>, display_name: Option<String>) -> Result<Selector, Diagnostic> {
    match (content_id, display_name) {
        (Some(content_id), None) => Ok(Selector::ContentId(content_id)),
        (None, Some(display_name)) => Ok(Selector::DisplayName(display_name)),
        _ => Err(Diagnostic::error("Missing argument", "Exactly one of `content_id` and `display_name` must be set.")
            .at(CONTENT_ID.path())),
    }
}

/// The diagnostic of a look-up error, at the attribute that caused it. An authentication or connection error has no
/// attribute.
fn lookup_failed(error: &LookupError, selector: &Selector) -> Diagnostic {
    let diagnostic = lookup_diagnostics::lookup_failed(error);
    match (error, selector) {
        (LookupError::Azure { error, .. }, _) if error.service().is_some() => diagnostic.at(WORKSPACE_ID.path()),
        (LookupError::Azure { .. }, _) => diagnostic,
        (_, Selector::ContentId(_)) => diagnostic.at(CONTENT_ID.path()),
        (_, Selector::DisplayName(_)) => diagnostic.at(DISPLAY_NAME.path()),
    }
}

/// Warns that `satisfies` is `false` because the installed version cannot be compared.
fn incomparable(installed: &str) -> Diagnostic {
    Diagnostic::warning(
        "The installed version cannot be compared",
        format!(
            "Azure reports the installed version \"{installed}\". A version must consist of numbers separated by dots, \
             for example 3.0.3. Therefore `satisfies` is false."
        ),
    )
}

/// Writes the attributes of `solution` into the state. Configured values keep their spelling.
fn describe(solution: &Solution, selector: &Selector, satisfies: Option<bool>, mut state: State) -> State {
    let package = solution.package();
    match selector {
        Selector::ContentId(_) => state.set(&DISPLAY_NAME, package.display_name.clone()),
        Selector::DisplayName(_) => state.set(&CONTENT_ID, Some(package.content_id.clone())),
    }
    state.set(&SATISFIES, satisfies);
    state.set(&DESCRIPTION, package.description.clone());
    state.set_all(SolutionDetails::of(solution));
    state
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::content_hub::api::package::Package;
    use crate::framework::SchemaKind;

    const CONTENT: &str = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud";

    /// A catalog entry that was read by its name.
    fn entry() -> Package {
        Package::from_document(&json!({
            "id": format!("/…/contentProductPackages/{CONTENT}"),
            "name": CONTENT,
            "properties": {
                "contentId": CONTENT,
                "contentProductId": "azuresentinel.azure-sentinel-solution-microsoftdef-sl-abcdefghijklm",
                "contentKind": "Solution",
                "contentSchemaVersion": "3.0.0",
                "version": "3.0.3",
                "installedVersion": "2.0.1",
                "displayName": "Microsoft Defender for Cloud",
                "support": {"tier": "Microsoft"},
                "categories": {"domains": ["Security - Cloud Security"]},
                "dependencies": {"operator": "AND", "criteria": [
                    {"kind": "DataConnector", "contentId": "AzureSecurityCenter", "version": "1.0.0"}
                ]}
            }
        }))
        .expect("a package")
    }

    fn described(solution: &Solution, selector: &Selector) -> State {
        let config = State::empty(&SolutionDataSource.schema());
        let config = match selector.clone() {
            Selector::ContentId(content_id) => config.with(&CONTENT_ID, Some(content_id)),
            Selector::DisplayName(display_name) => config.with(&DISPLAY_NAME, Some(display_name)),
        };
        describe(solution, selector, None, config)
    }

    #[test]
    fn schema_is_valid() {
        assert_eq!(SolutionDataSource.schema().problems(SchemaKind::DataSource), Vec::<String>::new());
    }

    #[test]
    fn keeps_the_configured_name_and_sets_the_other_one() {
        let solution = Solution::in_catalog(entry(), None);

        let by_id = described(&solution, &Selector::ContentId(CONTENT.to_uppercase()));
        let by_name = described(&solution, &Selector::DisplayName("microsoft defender for cloud".to_owned()));

        assert_eq!(by_id.get(&CONTENT_ID), Ok(Some(CONTENT.to_uppercase())));
        assert_eq!(by_id.get(&DISPLAY_NAME), Ok(Some("Microsoft Defender for Cloud".to_owned())));
        assert_eq!(by_name.get(&DISPLAY_NAME), Ok(Some("microsoft defender for cloud".to_owned())));
        assert_eq!(by_name.get(&CONTENT_ID), Ok(Some(CONTENT.to_owned())));
    }

    #[test]
    fn sets_versions_and_catalog_attributes() {
        let state = described(&Solution::in_catalog(entry(), None), &Selector::ContentId(CONTENT.to_owned()));

        assert_eq!(state.get(&SolutionDetails::installed_version()), Ok(Some("2.0.1".to_owned())));
        assert_eq!(state.get(&SolutionDetails::available_version()), Ok(Some("3.0.3".to_owned())));
        assert_eq!(state.get(&SolutionDetails::update_available()), Ok(true));
        assert_eq!(state.get(&SATISFIES), Ok(None));
        assert_eq!(
            state.get(&SolutionDetails::dependencies()).map(|all| all[0].content_id.clone()),
            Ok("AzureSecurityCenter".to_owned())
        );
        assert_eq!(
            state.get(&SolutionDetails::support()).map(|support| support.and_then(|support| support.tier)),
            Ok(Some("Microsoft".to_owned()))
        );
        assert_eq!(state.get(&SolutionDetails::id()), Ok(format!("/…/contentProductPackages/{CONTENT}")));
    }

    #[test]
    fn reports_a_stale_registration_as_not_installed() {
        let stale = Package { installed_version: None, ..entry() };

        let state = described(&Solution::only_registered(stale), &Selector::ContentId(CONTENT.to_owned()));

        assert_eq!(state.get(&SolutionDetails::stale_registration()), Ok(true));
        assert_eq!(state.get(&SolutionDetails::installed()), Ok(false));
        assert_eq!(state.get(&SolutionDetails::available_version()), Ok(None));
    }
}
