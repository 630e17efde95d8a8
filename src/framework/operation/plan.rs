//! The plan of one object, which the resource can read and change.

use std::collections::BTreeSet;

use super::config::Config;
use super::private::Private;
use super::state::State;
use crate::framework::diagnostics::Diagnostics;
use crate::framework::engine::replace::ReplacingChanges;
use crate::framework::schema::{AnyAttribute, AttributePath, AttributeSpec, AttributeValue, RootAttribute};
use crate::framework::value::{Knowable, Path, Value};

/// The plan of one object, which [`Resource::plan`](crate::framework::Resource::plan) can read and change.
#[derive(Debug)]
pub struct Plan {
    config: Config,
    prior: Option<State>,
    planned: Config,
    private: Private,
    replacing: ReplacingChanges,
    /// The paths for which the resource requires replacement.
    required: BTreeSet<Path>,
    /// The names of the computed attributes that are not configured.
    computed: Vec<&'static str>,
}

/// The action that a plan performs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PlannedAction {
    /// Create an object.
    Create,
    /// Update the object.
    Update,
    /// Delete the object and create a new one.
    Replace,
    /// Update or replace the object. An unknown value decides this during the apply. Computed values are unknown as
    /// well.
    Undecided,
    /// Change nothing.
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
        let is_computed = |spec: &&AttributeSpec| spec.is_set_by_provider(config.value().attribute(spec.name));
        let computed = specs.iter().filter(is_computed).map(|spec| spec.name).collect();
        Self { computed, config, prior, planned, private, replacing, required: BTreeSet::new() }
    }

    pub(in crate::framework) fn into_parts(self) -> (Value, Private, BTreeSet<Path>) {
        (self.planned.value().clone(), self.private, self.required)
    }

    /// The configuration.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// The prior state, if an object exists. Terraform plans a replacement twice: first with the prior state, then
    /// without it, for the new object.
    #[must_use]
    pub const fn prior(&self) -> Option<&State> {
        self.prior.as_ref()
    }

    /// The planned state.
    #[must_use]
    pub const fn planned(&self) -> &Config {
        &self.planned
    }

    /// Reads an attribute or block of the planned state.
    ///
    /// # Errors
    /// The value does not have the attribute's type. The diagnostic is on the attribute.
    pub fn get<A: AttributePath>(&self, attribute: &A) -> Result<Knowable<A::Value>, Diagnostics> {
        self.planned.get(attribute)
    }

    /// Sets an attribute of the planned state. Only computed attributes that are not configured can be set.
    pub fn set<A: RootAttribute>(&mut self, attribute: &A, value: A::Value) {
        self.planned.put(attribute.name(), value.into_value().composed());
    }

    /// Makes an attribute known only after apply.
    pub fn set_unknown<A: RootAttribute>(&mut self, attribute: &A) {
        self.planned.put(attribute.name(), Value::Unknown);
    }

    /// Makes every computed attribute that is not configured known only after apply, except these.
    pub fn set_computed_unknown(&mut self, except: &[&dyn AnyAttribute]) {
        let is_kept = |name: &str| except.iter().any(|attribute| attribute.name() == name);
        for name in self.computed.iter().filter(|name| !is_kept(name)) {
            self.planned.put(name, Value::Unknown);
        }
    }

    /// Requires replacement for the change of an attribute. Set the planned value first: if it equals the prior value,
    /// the call has no effect, and if it is unknown, the replacement is undecided.
    pub fn requires_replace<A: AttributePath>(&mut self, attribute: &A) {
        let prior = self.prior.as_ref().map_or(&Value::Null, State::value);
        self.replacing.require(attribute.path(), prior, self.planned.value());
        self.required.insert(attribute.path());
    }

    /// The action of the plan in its current form.
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

    /// The private state, to change it. The apply receives it with the planned state.
    pub const fn private_mut(&mut self) -> &mut Private {
        &mut self.private
    }
}
