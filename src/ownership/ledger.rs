//! The ledger, which records the resources that manage each unique object.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::framework::{Config, Context, Diagnostic, Diagnostics, Failed, Knowable, Private, Severity, State};

use super::adoption::Adoption;
use super::diagnostics::conflict;
use super::facts::{Claimed, Conflict, Facts, Owner};
use super::object::UniqueObject;
use super::token::Token;

/// The ledger of a configured provider. Terraform configures the provider again for each plan and each apply.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<HashMap<(&'static str, String), Facts>>);

impl Ledger {
    /// Records that a refresh has found the object of `state`. Assigns a token if the state has none.
    pub fn record_found(&self, object: &UniqueObject, state: &mut State) {
        let token = self.with(object, |facts| facts.record_refresh(Token::of(object, state.private())));
        token.store(object, state.private_mut());
    }

    /// Records that a refresh has not found the object of `state`.
    pub fn record_missing(&self, object: &UniqueObject, state: &State) {
        if let Some(token) = Token::of(object, state.private()) {
            self.with(object, |facts| facts.record_missing(token));
        }
    }

    /// Records an import, and stores the token in its state.
    pub fn record_import(&self, object: &UniqueObject, state: &mut State) {
        self.with(object, Facts::record_import).store(object, state.private_mut());
    }

    /// Plans a resource in the state. `remains` is false if the resource will manage another object. Call it last, when
    /// the plan can no longer fail for other reasons.
    ///
    /// # Errors
    /// One resource releases the object, and another one keeps it.
    pub fn plan_existing(
        &self,
        context: &Context,
        object: &UniqueObject,
        prior: &State,
        remains: bool,
    ) -> Result<(), Diagnostics> {
        self.plan(context, object, prior, if remains { Facts::plan_keep } else { Facts::plan_move })
    }

    /// Plans to destroy a resource.
    ///
    /// # Errors
    /// Another resource keeps the object.
    pub fn plan_destroy(&self, context: &Context, object: &UniqueObject, prior: &State) -> Result<(), Diagnostics> {
        self.plan(context, object, prior, Facts::plan_destroy)
    }

    /// Applies a rule to the facts about the object. Ignores a state without a token: only a refresh assigns one.
    fn plan(
        &self,
        context: &Context,
        object: &UniqueObject,
        prior: &State,
        rule: fn(&mut Facts, Token) -> Option<Conflict>,
    ) -> Result<(), Diagnostics> {
        let Some(token) = Token::of(object, prior.private()) else { return Ok(()) };
        report(context, object, self.with(object, |facts| rule(facts, token)))
    }

    /// The owner of an existing object, for the plan of a creation with this private state.
    #[must_use]
    pub fn owner(&self, object: &UniqueObject, private: &Private) -> Owner {
        let own = Token::of(object, private);
        self.with(object, |facts| facts.owner(own))
    }

    /// Plans a creation, and reports the warning of `adoption`. Call it last, when the plan can no longer fail for
    /// other reasons.
    ///
    /// # Errors
    /// Another resource keeps the object, and the create would adopt it.
    pub fn plan_creation(
        &self,
        context: &Context,
        object: &UniqueObject,
        private: &Private,
        adopt: Knowable<bool>,
        adoption: Adoption,
    ) -> Result<(), Diagnostics> {
        if Token::of(object, private).is_some() {
            // The second plan of a replacement. The first plan was planned as a resource in the state.
            self.with(object, Facts::plan_recreation);
            return Ok(());
        }
        let (may_adopt, adopts) = (adopt != Knowable::Known(false), matches!(adoption, Adoption::Adopts(_)));
        report(context, object, self.with(object, |facts| facts.plan_creation(may_adopt, adopts)))?;
        match adoption {
            Adoption::None => {}
            Adoption::Adopts(warning) | Adoption::Rejected(warning) => context.warn(warning),
        }
        Ok(())
    }

    /// Warns if creations with different configurations are planned for the object. Two creations with equal
    /// configurations cannot be distinguished from one that is planned twice.
    pub fn compare_creations(&self, context: &Context, object: &UniqueObject, config: &Config) {
        if self.with(object, |facts| facts.add_creation_config(config.value())) {
            context.warn(Diagnostic { severity: Severity::Warning, ..conflict(Conflict::Taken, object) });
        }
    }

    /// Whether this run has planned to create an object, or has created it.
    #[must_use]
    pub fn is_being_created(&self, type_name: &'static str, key: String) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&(type_name, key)).is_some_and(Facts::is_being_created)
    }

    /// Whether this run has created or adopted an object.
    #[must_use]
    pub fn is_created(&self, type_name: &'static str, key: String) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&(type_name, key)).is_some_and(Facts::is_created)
    }

    /// The keys with `prefix` of the objects of this type that this run has planned to create, or has created.
    #[must_use]
    pub fn planned_creations(&self, type_name: &'static str, prefix: &str) -> Vec<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let matches = |(known_type, key): &(&'static str, String)| *known_type == type_name && key.starts_with(prefix);
        let planned = known.iter().filter(|(object, facts)| matches(object) && facts.is_being_created());
        planned.map(|((_, key), _)| key.clone()).collect()
    }

    /// Whether the plan releases an object: its resource is destroyed or will manage another object.
    #[must_use]
    pub fn is_released(&self, type_name: &'static str, key: String) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&(type_name, key)).is_some_and(Facts::is_released)
    }

    /// Claims the object for a create, and stores the token in the planned state. Call it with the object's write lock,
    /// before the first write.
    ///
    /// # Errors
    /// Another resource manages the object.
    pub fn claim(&self, object: &UniqueObject, planned: &mut State) -> Result<Claim<'_>, Diagnostic> {
        let own = Token::of(object, planned.private());
        let claimed = self.with(object, |facts| facts.claim(own)).map_err(|found| conflict(found, object))?;
        claimed.token.store(object, planned.private_mut());
        Ok(Claim { ledger: self, object: object.clone(), claimed })
    }

    /// Whether a create of this run has adopted the object of `state`, so that the delete must not delete it. Call it
    /// with the object's write lock.
    #[must_use]
    pub fn is_adopted_by_another(&self, object: &UniqueObject, state: &State) -> bool {
        let token = Token::of(object, state.private());
        self.with(object, |facts| facts.is_adopted_by_another(token))
    }

    /// Records that the object was deleted.
    pub fn record_delete(&self, object: &UniqueObject) {
        self.with(object, Facts::record_delete);
    }

    fn with<T>(&self, object: &UniqueObject, rule: impl FnOnce(&mut Facts) -> T) -> T {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rule(known.entry((object.kind.type_name, object.key.clone())).or_default())
    }
}

fn report(context: &Context, object: &UniqueObject, found: Option<Conflict>) -> Result<(), Diagnostics> {
    let Some(found) = found else { return Ok(()) };
    let diagnostic = conflict(found, object);
    if found.is_error() {
        return Err(diagnostic.into());
    }
    context.warn(diagnostic);
    Ok(())
}

/// The claim of a running create. If the value is dropped, the claim stays, because the create may have written
/// something.
#[derive(Debug)]
#[must_use = "finish the claim when the create has ended"]
pub struct Claim<'a> {
    ledger: &'a Ledger,
    object: UniqueObject,
    claimed: Claimed,
}

impl Claim<'_> {
    /// Warns that the create adopts the existing object, unless the plan of this run has warned. See
    /// [`UniqueObject::adopted`].
    pub fn adopts(&self, context: &Context, found: &str, change: &str) {
        if !self.claimed.is_adoption_announced {
            context.warn(self.object.adopted(found, change));
        }
    }

    /// Ends the claim of a finished create. The claim stays if the create has changed anything.
    pub fn finish(self, outcome: &Result<State, Failed>) {
        if outcome.as_ref().is_err_and(|failed| failed.state().is_none()) {
            self.ledger.with(&self.object, |facts| facts.withdraw_claim(&self.claimed));
        }
    }
}
