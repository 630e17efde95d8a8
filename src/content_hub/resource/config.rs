//! What a configuration asks for, read from a plan or a planned state.

use std::collections::BTreeMap;

use crate::content_hub::installation::{Desired, Observation};
use crate::content_hub::lookup::selector::Selector;
use crate::content_hub::version::SolutionVersion;
use crate::framework::{Config, Diagnostic, Diagnostics, Knowable, State};
use crate::sentinel::WorkspaceId;

use super::attributes::{
    ADOPT_EXISTING, CONTENT_ID, DISPLAY_NAME, PARAMETERS, TRACK_LATEST, VERSION, VERSION_CONSTRAINT, WORKSPACE_ID,
};

/// What a configuration asks for.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) workspace: WorkspaceId,
    pub(super) selector: Selector,
    pub(super) desired: Desired,
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) adopts: bool,
}

impl Request {
    /// Of a planned state. The content id that the plan has found out is in it.
    pub(super) fn of(planned: &State) -> Result<Self, Diagnostics> {
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
                is_forced: false,
            },
            parameters: planned.get(&PARAMETERS)?.unwrap_or_default(),
            adopts: planned.get(&ADOPT_EXISTING)?,
        })
    }
}

/// What a configuration looks the solution up by, as far as it is known. Validation asks for exactly one of the two.
pub(super) fn selector(config: &Config) -> Result<Knowable<Selector>, Diagnostics> {
    Ok(match (config.get(&CONTENT_ID)?, config.get(&DISPLAY_NAME)?) {
        (Knowable::Known(Some(content_id)), _) => Knowable::Known(Selector::ContentId(content_id)),
        (Knowable::Known(None), Knowable::Known(Some(name))) => Knowable::Known(Selector::DisplayName(name)),
        (Knowable::Known(None), Knowable::Known(None)) => return Err(nothing_selected().into()),
        _ => Knowable::Unknown,
    })
}

/// Which version a configuration wants, as far as that is known.
pub(super) fn desired(config: &Config) -> Result<Knowable<Desired>, Diagnostics> {
    let (version, constraint) = (config.get(&VERSION)?, config.get(&VERSION_CONSTRAINT)?);
    Ok(version.zip(constraint).zip(config.get(&TRACK_LATEST)?).map(|((version, constraint), is_newest)| Desired {
        version,
        constraint,
        is_newest,
        is_forced: false,
    }))
}

/// What a create wants beyond what the configuration says: the newest version, and parameters that are in force.
pub(super) fn at_create(desired: &mut Desired, observation: &Observation, has_parameters: bool) {
    desired.is_newest |= desired.version.is_none();
    desired.is_forced = has_parameters && observation.installed_version().is_some();
}

/// Arguments that say different things.
pub(super) fn contradictions(config: &Config) -> Diagnostics {
    let mut found = Diagnostics::new();
    let Ok(Knowable::Known(desired)) = desired(config) else { return found };
    let Some(version) = &desired.version else { return found };
    if desired.is_newest {
        found.push(
            Diagnostic::error(
                "Conflicting arguments",
                format!(
                    "{} pins the solution to version {version}, and {} follows the newest one. Remove one of the two.",
                    VERSION.name(),
                    TRACK_LATEST.name()
                ),
            )
            .at(TRACK_LATEST.path()),
        );
    }
    if let (Some(constraint), Ok(parsed)) = (&desired.constraint, SolutionVersion::parse(version))
        && !constraint.is_satisfied_by(&parsed)
    {
        found.push(
            Diagnostic::error(
                "Conflicting arguments",
                format!(
                    "{} pins the solution to version {version}, which does not meet {} = \"{constraint}\".",
                    VERSION.name(),
                    VERSION_CONSTRAINT.name()
                ),
            )
            .at(VERSION.path()),
        );
    }
    found
}

fn nothing_selected() -> Diagnostic {
    Diagnostic::error(
        "Invalid selection of a solution",
        format!("Exactly one of {} and {} must be set.", CONTENT_ID.name(), DISPLAY_NAME.name()),
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
    fn a_pin_that_breaks_the_constraint_or_follows_the_newest_contradicts_itself() {
        let constraint = VersionConstraint::parse(">= 3.0.0").ok();

        assert!(contradictions(&config()).is_empty());
        assert!(contradictions(&pinned("3.0.3").with(&VERSION_CONSTRAINT, constraint.clone())).is_empty());
        assert_eq!(contradictions(&pinned("2.0.1").with(&VERSION_CONSTRAINT, constraint)).len(), 1);
        assert_eq!(contradictions(&pinned("2.0.1").with(&TRACK_LATEST, true)).len(), 1);
        assert!(contradictions(&config().with_unknown(&VERSION).with(&TRACK_LATEST, true)).is_empty());
    }

    #[test]
    fn what_is_not_known_yet_selects_nothing_yet() {
        assert_eq!(selector(&config()), Ok(Knowable::Known(Selector::ContentId("a".to_owned()))));
        assert_eq!(selector(&Config::empty(&schema()).with_unknown(&DISPLAY_NAME)), Ok(Knowable::Unknown));
        assert!(selector(&Config::empty(&schema())).is_err());
    }
}
