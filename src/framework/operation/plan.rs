//! A plan, as an author looks at it and changes it.

use std::collections::BTreeSet;

use super::config::Config;
use super::private::Private;
use super::state::State;
use crate::framework::diagnostics::Diagnostics;
use crate::framework::engine;
use crate::framework::schema::{AnyAttribute, AttributePath, AttributeValue, RootAttribute, Schema};
use crate::framework::value::{Knowable, Path, Value};

/// What is going to happen to an object, before it is shown to the user.
#[derive(Debug)]
pub struct Plan {
    config: Config,
    prior: Option<State>,
    planned: Config,
    private: Private,
    requires_replace: BTreeSet<Path>,
}

/// What a plan does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PlannedAction {
    /// There is no object yet.
    Create,
    /// The object changes.
    Update,
    /// The object is deleted and another one created.
    Replace,
    /// The object stays as it is.
    NoOp,
}

impl Plan {
    pub(in crate::framework) const fn new(
        config: Config,
        prior: Option<State>,
        planned: Config,
        private: Private,
        requires_replace: BTreeSet<Path>,
    ) -> Self {
        Self { config, prior, planned, private, requires_replace }
    }

    /// A plan as a hook gets it, for tests of an author's hook: what follows from the schema, the configuration and the
    /// prior state, if there is one.
    #[must_use]
    pub fn for_tests(schema: &Schema, config: Config, prior: Option<State>) -> Self {
        let before = prior.as_ref().map_or(&Value::Null, State::value);
        let proposed = engine::plan::propose_new_state(schema, config.value(), before);
        let planned = engine::plan::plan_new_state(schema, config.value(), before, proposed);
        let requires_replace = engine::replace::required(schema.rows(), config.value(), before, &planned);
        let private = prior.as_ref().map(|prior| prior.private().clone()).unwrap_or_default();
        Self::new(config, prior, Config::of(planned), private, requires_replace)
    }

    pub(in crate::framework) fn into_parts(self) -> (Value, Private, BTreeSet<Path>) {
        (self.planned.value().clone(), self.private, self.requires_replace)
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

    /// Says that each of these attributes will only be known after apply.
    pub fn set_all_unknown(&mut self, attributes: &[&dyn AnyAttribute]) {
        for attribute in attributes {
            self.planned.put(attribute.name(), Value::Unknown);
        }
    }

    /// Says that the change of an attribute needs a new object. Without a change of the attribute it has no effect.
    pub fn requires_replace<A: AttributePath>(&mut self, attribute: &A) {
        self.requires_replace.insert(attribute.path());
    }

    /// What the plan does, as it stands.
    #[must_use]
    pub fn action(&self) -> PlannedAction {
        match &self.prior {
            None => PlannedAction::Create,
            Some(prior) if prior.value() == self.planned.value() => PlannedAction::NoOp,
            Some(_) if self.requires_replace.is_empty() => PlannedAction::Update,
            Some(_) => PlannedAction::Replace,
        }
    }

    /// What the provider keeps beside the attributes.
    #[must_use]
    pub const fn private(&self) -> &Private {
        &self.private
    }

    /// What the provider keeps beside the attributes, to change it. Apply finds it in the planned state.
    pub const fn private_mut(&mut self) -> &mut Private {
        &mut self.private
    }
}
