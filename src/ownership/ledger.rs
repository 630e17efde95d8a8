//! The ledger: records which resources of the state manage which unique objects.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::framework::{Config, Context, Diagnostic, Diagnostics, Failed, Knowable, Private, Severity, State};

use super::adoption::Adoption;
use super::diagnostics::conflict;
use super::facts::{Claimed, Conflict, Facts, Owner};
use super::object::UniqueObject;
use super::token::Token;

/// Lives as long as a configured provider. The CLIs configure the provider again for each plan and each apply.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<HashMap<(&'static str, String), Facts>>);

impl Ledger {
    /// Notes that a refresh has found the object of `state`, and gives it a token if it has none.
    pub fn record_found(&self, object: &UniqueObject, state: &mut State) {
        let token = self.with(object, |facts| facts.record_refresh(Token::of(object, state.private())));
        token.keep(object, state.private_mut());
    }

    /// Notes that a refresh has not found the object of `state`.
    pub fn record_missing(&self, object: &UniqueObject, state: &State) {
        if let Some(token) = Token::of(object, state.private()) {
            self.with(object, |facts| facts.record_missing(token));
        }
    }

    /// Gives the state of an import its token.
    pub fn record_import(&self, object: &UniqueObject, state: &mut State) {
        self.with(object, Facts::record_import).keep(object, state.private_mut());
    }

    /// Plans an object in the state. `remains` is false if the resource becomes another object. Call it when nothing
    /// else of the plan can fail.
    ///
    /// # Errors
    /// Another resource keeps the object that this one leaves, or the other way round.
    pub fn plan_existing(
        &self,
        context: &Context,
        object: &UniqueObject,
        prior: &State,
        remains: bool,
    ) -> Result<(), Diagnostics> {
        self.plan(context, object, prior, if remains { Facts::plan_keep } else { Facts::plan_move })
    }

    /// Plans to destroy an object.
    ///
    /// # Errors
    /// Another resource keeps it.
    pub fn plan_destroy(&self, context: &Context, object: &UniqueObject, prior: &State) -> Result<(), Diagnostics> {
        self.plan(context, object, prior, Facts::plan_destroy)
    }

    /// A state without a token is ignored. Its first refresh gives it one.
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

    /// The owner of the object that a creation with this private state may find in Azure.
    #[must_use]
    pub fn owner(&self, object: &UniqueObject, private: &Private) -> Owner {
        let own = Token::of(object, private);
        self.with(object, |facts| facts.owner(own))
    }

    /// Plans a creation, and warns if it takes over what exists or will be refused. Call it when nothing else of the
    /// plan can fail.
    ///
    /// # Errors
    /// Another resource has the object and keeps it, and the create would take it over.
    pub fn plan_creation(
        &self,
        context: &Context,
        object: &UniqueObject,
        private: &Private,
        adopt: Knowable<bool>,
        adoption: Adoption,
    ) -> Result<(), Diagnostics> {
        if Token::of(object, private).is_some() {
            self.with(object, Facts::plan_recreation);
            return Ok(()); // a replacement: its first half was planned as an object in the state
        }
        let (may_adopt, adopts) = (adopt != Knowable::Known(false), matches!(adoption, Adoption::Adopts(_)));
        report(context, object, self.with(object, |facts| facts.plan_creation(may_adopt, adopts)))?;
        match adoption {
            Adoption::None => {}
            Adoption::Adopts(warning) | Adoption::Refused(warning) => context.warn(warning),
        }
        Ok(())
    }

    /// Warns if the creation of a resource with another configuration was planned for the object. Two creations with
    /// equal configurations look like one that is planned twice.
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

    /// Whether this run has created an object, or taken it over.
    #[must_use]
    pub fn is_created(&self, type_name: &'static str, key: String) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&(type_name, key)).is_some_and(Facts::is_created)
    }

    /// The keys of the objects of this type that this run creates or has planned to create, and that start with
    /// `prefix`.
    #[must_use]
    pub fn planned_creations(&self, type_name: &'static str, prefix: &str) -> Vec<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_meant = |(known_type, key): &(&'static str, String)| *known_type == type_name && key.starts_with(prefix);
        let planned = known.iter().filter(|(object, facts)| is_meant(object) && facts.is_being_created());
        planned.map(|((_, key), _)| key.clone()).collect()
    }

    /// Whether a resource in the state that manages an object is planned to be destroyed, or to become another object.
    #[must_use]
    pub fn is_released(&self, type_name: &'static str, key: String) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&(type_name, key)).is_some_and(Facts::is_released)
    }

    /// Claims the object for a create, and puts its token into the planned state. Call it under the object's write
    /// lock, before anything is written.
    ///
    /// # Errors
    /// Another resource has it.
    pub fn claim(&self, object: &UniqueObject, planned: &mut State) -> Result<Claim<'_>, Diagnostic> {
        let own = Token::of(object, planned.private());
        let claimed = self.with(object, |facts| facts.claim(own)).map_err(|found| conflict(found, object))?;
        claimed.token.keep(object, planned.private_mut());
        Ok(Claim { ledger: self, object: object.clone(), claimed })
    }

    /// Whether a create of this run has taken over the object of `state`: then the delete must leave it alone. Call it
    /// under the object's write lock.
    #[must_use]
    pub fn is_adopted_by_another(&self, object: &UniqueObject, state: &State) -> bool {
        let token = Token::of(object, state.private());
        self.with(object, |facts| facts.is_adopted_by_another(token))
    }

    /// Notes that the object is deleted.
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

/// The claim of a running create. If it is dropped, the claim stays, because the create may have written something.
#[derive(Debug)]
#[must_use = "finish the claim when the create has ended"]
pub struct Claim<'a> {
    ledger: &'a Ledger,
    object: UniqueObject,
    claimed: Claimed,
}

impl Claim<'_> {
    /// Warns that the create takes over what exists, unless the plan of this run has said so. See
    /// [`UniqueObject::adopted`].
    pub fn adopts(&self, context: &Context, found: &str, change: &str) {
        if !self.claimed.is_adoption_announced {
            context.warn(self.object.adopted(found, change));
        }
    }

    /// The create has ended: the claim stays if anything exists.
    pub fn finish(self, outcome: &Result<State, Failed>) {
        if outcome.as_ref().is_err_and(|failed| failed.state().is_none()) {
            self.ledger.with(&self.object, |facts| facts.withdraw_claim(&self.claimed));
        }
    }
}
