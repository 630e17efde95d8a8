//! The configuration of the resource, and its validation.

use std::collections::BTreeMap;

use crate::content_hub::installation::{Desired, Observation};
use crate::content_hub::lookup::selector::Selector;
use crate::content_hub::version::SolutionVersion;
use crate::framework::{Config, Diagnostic, Diagnostics, Knowable, State};
use crate::sentinel::WorkspaceId;

use super::attributes::{
    ADOPT_EXISTING, CONTENT_ID, DISPLAY_NAME, PARAMETERS, REPAIR, TRACK_LATEST, VERSION, VERSION_CONSTRAINT,
    WORKSPACE_ID,
};

/// The complete configuration, without unknown values.
#[derive(Debug)]
pub(super) struct SolutionConfig {
    pub(super) workspace: WorkspaceId,
    pub(super) selector: Selector,
    pub(super) desired: Desired,
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) adopt_existing: bool,
}

impl SolutionConfig {
    /// Reads a planned state. It contains the content ID if the configuration or the plan has set it.
    pub(super) fn from_planned(planned: &State) -> Result<Self, Diagnostics> {
        let selector = match (planned.get(&CONTENT_ID)?, planned.get(&DISPLAY_NAME)?) {
            (Some(content_id), _) => Selector::ContentId(content_id),
            (None, Some(display_name)) => Selector::DisplayName(display_name),
            (None, None) => return Err(nothing_selected().into()),
        };
        Ok(Self {
            workspace: planned.get(&WORKSPACE_ID)?,
            selector,
            desired: Desired {
                version: planned.get(&VERSION)?,
                constraint: planned.get(&VERSION_CONSTRAINT)?,
                is_newest: planned.get(&TRACK_LATEST)?,
                must_redeploy: false,
                repair: planned.get(&REPAIR)?.unwrap_or_default(),
            },
            parameters: planned.get(&PARAMETERS)?.unwrap_or_default(),
            adopt_existing: planned.get(&ADOPT_EXISTING)?,
        })
    }
}

/// The configured selector. The schema requires exactly one of the two arguments.
pub(super) fn selector(config: &Config) -> Result<Knowable<Selector>, Diagnostics> {
    Ok(match (config.get(&CONTENT_ID)?, config.get(&DISPLAY_NAME)?) {
        (Knowable::Known(Some(content_id)), _) => Knowable::Known(Selector::ContentId(content_id)),
        (Knowable::Known(None), Knowable::Known(Some(name))) => Knowable::Known(Selector::DisplayName(name)),
        (Knowable::Known(None), Knowable::Known(None)) => return Err(nothing_selected().into()),
        _ => Knowable::Unknown,
    })
}

/// The configured version arguments and `repair`.
pub(super) fn desired(config: &Config) -> Result<Knowable<Desired>, Diagnostics> {
    let (version, constraint) = (config.get(&VERSION)?, config.get(&VERSION_CONSTRAINT)?);
    let versions = version.zip(constraint).zip(config.get(&TRACK_LATEST)?);
    Ok(versions.zip(config.get(&REPAIR)?).map(|(((version, constraint), is_newest), repair)| Desired {
        version,
        constraint,
        is_newest,
        must_redeploy: false,
        repair: repair.unwrap_or_default(),
    }))
}

/// Adjusts `desired` for a creation. It installs the newest version, and deploys the parameters even if the solution is
/// installed.
pub(super) fn desired_at_create(desired: &mut Desired, observation: &Observation, has_parameters: bool) {
    desired.is_newest |= desired.version.is_none();
    desired.must_redeploy = has_parameters && observation.installed_version().is_some();
}

/// Reports arguments that contradict each other.
pub(super) fn validate(config: &Config) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    let Ok(Knowable::Known(desired)) = desired(config) else { return diagnostics };
    let Some(version) = &desired.version else { return diagnostics };
    if desired.is_newest {
        let detail = format!(
            "`{}` requires version {version}, and `{}` always requires the newest version. Remove one of the two.",
            VERSION.name(),
            TRACK_LATEST.name()
        );
        diagnostics.push(Diagnostic::error("Conflicting arguments", detail).at(TRACK_LATEST.path()));
    }
    if let (Some(constraint), Ok(parsed)) = (&desired.constraint, SolutionVersion::parse(version))
        && !constraint.is_satisfied_by(&parsed)
    {
        let detail = format!(
            "`{}` requires version {version}, which does not meet `{} = \"{constraint}\"`. Change one of the two.",
            VERSION.name(),
            VERSION_CONSTRAINT.name()
        );
        diagnostics.push(Diagnostic::error("Conflicting arguments", detail).at(VERSION.path()));
    }
    diagnostics
}

fn nothing_selected() -> Diagnostic {
    Diagnostic::error(
        "Missing argument",
        format!("Exactly one of `{}` and `{}` must be set.", CONTENT_ID.name(), DISPLAY_NAME.name()),
    )
    .at(CONTENT_ID.path())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content_hub::resource::attributes::schema;
    use crate::content_hub::version::constraint::VersionConstraint;

    fn config() -> Config {
        Config::empty(&schema()).with(&CONTENT_ID, Some("a".to_owned()))
    }

    fn pinned(version: &str) -> Config {
        config().with(&VERSION, Some(version.to_owned()))
    }

    #[test]
    fn version_conflicts_with_track_latest_and_another_constraint() {
        let constraint = VersionConstraint::parse(">= 3.0.0").ok();

        assert!(validate(&config()).is_empty());
        assert!(validate(&pinned("3.0.3").with(&VERSION_CONSTRAINT, constraint.clone())).is_empty());
        assert_eq!(validate(&pinned("2.0.1").with(&VERSION_CONSTRAINT, constraint)).len(), 1);
        assert_eq!(validate(&pinned("2.0.1").with(&TRACK_LATEST, true)).len(), 1);
        assert!(validate(&config().with_unknown(&VERSION).with(&TRACK_LATEST, true)).is_empty());
    }

    #[test]
    fn selector_is_unknown_if_an_argument_is_unknown() {
        assert_eq!(selector(&config()), Ok(Knowable::Known(Selector::ContentId("a".to_owned()))));
        assert_eq!(selector(&Config::empty(&schema()).with_unknown(&DISPLAY_NAME)), Ok(Knowable::Unknown));
        assert!(selector(&Config::empty(&schema())).is_err());
    }
}
