//! The plan of one object, which the author of a resource can read and change.

use std::collections::BTreeSet;

use super::config::Config;
use super::private::Private;
use super::state::State;
use crate::framework::diagnostics::Diagnostics;
use crate::framework::engine::replace::ReplacingChanges;
use crate::framework::schema::{AnyAttribute, AttributePath, AttributeSpec, AttributeValue, RootAttribute};
use crate::framework::value::{Knowable, Path, Value};

/// The plan of one object, before the user sees it.
#[derive(Debug)]
pub struct Plan {
    config: Config,
    prior: Option<State>,
    planned: Config,
    private: Private,
    replacing: ReplacingChanges,
    /// The paths for which the author requires a new object.
    required: BTreeSet<Path>,
    /// The attributes that are the provider's to set: computed, and not configured.
    open: Vec<&'static str>,
}

/// What a plan does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PlannedAction {
    /// There is no object yet.
    Create,
    /// The object changes.
    Update,
    /// The object is deleted and another one created.
    Replace,
    /// The object changes, and the apply may replace it: a value that decides this is unknown. Computed
    /// values are unknown as well.
    Undecided,
    /// The object stays as it is.
    NoOp,
}

impl Plan {
    pub(in crate::framework) fn new(
        config: Config,
        prior: Option<State>,
        planned: Config,
        private: Private,
        replacing: ReplacingChanges,
        specs: &[AttributeSpec],
    ) -> Self {
        let open = specs.iter().filter(|spec| spec.is_open(config.value().attribute(spec.name))).map(|spec| spec.name);
        Self { open: open.collect(), config, prior, planned, private, replacing, required: BTreeSet::new() }
    }

    pub(in crate::framework) fn into_parts(self) -> (Value, Private, BTreeSet<Path>) {
        (self.planned.value().clone(), self.private, self.required)
    }

    /// What the user wrote.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// What exists, if anything does. While a replacement is planned, Terraform asks twice: once with what exists, and
    /// once, for the new object, without.
    #[must_use]
    pub const fn prior(&self) -> Option<&State> {
        self.prior.as_ref()
    }

    /// What will exist.
    #[must_use]
    pub const fn planned(&self) -> &Config {
        &self.planned
    }

    /// Reads an attribute or block of what will exist.
    ///
    /// # Errors
    /// The value is not one of the attribute's type; the diagnostic is on the attribute.
    pub fn get<A: AttributePath>(&self, attribute: &A) -> Result<Knowable<A::Value>, Diagnostics> {
        self.planned.get(attribute)
    }

    /// Sets an attribute of what will exist. Only what the configuration leaves open can be set.
    pub fn set<A: RootAttribute>(&mut self, attribute: &A, value: A::Value) {
        self.planned.put(attribute.name(), value.into_value().composed());
    }

    /// Says that an attribute will only be known after apply.
    pub fn set_unknown<A: RootAttribute>(&mut self, attribute: &A) {
        self.planned.put(attribute.name(), Value::Unknown);
    }

    /// Says that every computed attribute but these will only be known after apply. What the configuration sets stays.
    pub fn set_computed_unknown(&mut self, except: &[&dyn AnyAttribute]) {
        let is_kept = |name: &str| except.iter().any(|attribute| attribute.name() == name);
        for name in self.open.iter().filter(|name| !is_kept(name)) {
            self.planned.put(name, Value::Unknown);
        }
    }

    /// Says that the change of an attribute needs a new object. It has no effect if the planned value, which is set
    /// before, is the prior one; if it is unknown, the replacement is undecided.
    pub fn requires_replace<A: AttributePath>(&mut self, attribute: &A) {
        let prior = self.prior.as_ref().map_or(&Value::Null, State::value);
        self.replacing.require(attribute.path(), prior, self.planned.value());
        self.required.insert(attribute.path());
    }

    /// The change that the plan currently makes.
    #[must_use]
    pub fn action(&self) -> PlannedAction {
        match &self.prior {
            None => PlannedAction::Create,
            Some(prior) if prior.value() == self.planned.value() => PlannedAction::NoOp,
            Some(_) if !self.replacing.certain.is_empty() => PlannedAction::Replace,
            Some(_) if !self.replacing.undecided.is_empty() => PlannedAction::Undecided,
            Some(_) => PlannedAction::Update,
        }
    }

    /// The private state.
    #[must_use]
    pub const fn private(&self) -> &Private {
        &self.private
    }

    /// The private state, to change it. The apply finds it in the planned state.
    pub const fn private_mut(&mut self) -> &mut Private {
        &mut self.private
    }
}
