//! What one configured provider knows about a unique object, and the rules that detect conflicts.

use std::collections::{HashMap, HashSet};

use super::token::Token;
use crate::framework::Value;

/// What one configured provider knows about an object.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The resources in the state that manage it.
    in_state: HashMap<Token, LatestPlan>,
    /// The token that the last read gave to a state without one. Unless that is saved, the next read gives another.
    given: Option<Token>,
    /// A creation is planned.
    creation: Option<Creation>,
    /// The create that has made it or taken it over.
    claim: Option<Token>,
    /// The resource that a plan knows as the owner is planned to be created again: a replacement, or a creation after
    /// a refresh has not found the object. Terraform plans both with the private state of the object.
    recreated: bool,
    /// The configurations of planned creations. Two different ones are of two resources.
    configurations: Vec<Value>,
}

/// A planned creation. It has no token, so two of them cannot be distinguished.
#[derive(Debug)]
struct Creation {
    /// Resources in the state that it may be: one of them may be tainted.
    may_be: HashSet<Token>,
    /// The plan has warned that it takes over what exists.
    announces_adoption: bool,
}

/// What the latest plan does with a resource in the state.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum LatestPlan {
    /// It was refreshed, but not planned. If it is tainted, Terraform plans it like a creation, without prior and
    /// private state.
    None,
    /// It keeps the object.
    Keeps,
    /// It is destroyed, or becomes another object.
    Releases,
}

/// Two resources manage the same object. The order is that of severity: of several conflicts, the greatest is reported.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Conflict {
    /// One is destroyed and another one created. Terraform does not order the two.
    Handover,
    /// Both stay, or one stays and another one is planned to be created.
    Duplicate,
    /// One is destroyed, and the one that stays may be its replacement: a deposed object, which a replacement with
    /// `create_before_destroy` has left behind.
    Deposed,
    /// One leaves and another one stays, which is not its replacement.
    Split,
    /// Another resource manages it, so it cannot be created.
    Taken,
}

impl Conflict {
    /// Whether the plan or the create is refused.
    pub(super) const fn is_error(self) -> bool {
        matches!(self, Self::Split | Self::Taken)
    }
}

/// The owner of the object that a creation may find in Azure.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Owner {
    /// No resource of this state has it, as far as this run knows.
    None,
    /// A resource in the state manages it, and its plan does not keep the object yet. It is probably this resource,
    /// which is tainted. If it is another one, the create detects this before it writes.
    InState,
    /// This resource: a replacement is planned.
    ThisResource,
    /// Another resource, which keeps it, or which has created it in this run.
    AnotherResource,
}

impl Facts {
    /// A creation with this configuration is planned. Returns whether one with another configuration was planned, too.
    pub(super) fn add_creation_config(&mut self, config: &Value) -> bool {
        if !self.configurations.contains(config) {
            self.configurations.push(config.clone());
        }
        self.configurations.len() > 1
    }

    /// A refresh found it. This starts a new run for the resource, so an earlier plan that kept it does not count. A
    /// plan that destroys it does: Terraform refreshes a resource that is no longer configured after it has planned
    /// the destroy.
    pub(super) fn record_refresh(&mut self, token: Option<Token>) -> Token {
        let token = token.unwrap_or_else(|| {
            if let Some(unsaved) = self.given.replace(Token::found()) {
                self.in_state.remove(&unsaved);
            }
            self.given.expect("it was given a moment ago")
        });
        let latest = self.in_state.entry(token).or_insert(LatestPlan::None);
        if *latest == LatestPlan::Keeps {
            *latest = LatestPlan::None;
        }
        self.creation.take_if(|creation| creation.may_be.contains(&token));
        token
    }

    /// A refresh did not find it: the resource leaves the state.
    pub(super) fn record_missing(&mut self, token: Token) {
        self.in_state.remove(&token);
        self.claim.take_if(|claim| *claim == token);
    }

    /// An import found it. If a creation was planned for no resource of the state, the import replaces it.
    pub(super) fn record_import(&mut self) -> Token {
        self.creation.take_if(|creation| creation.may_be.is_empty());
        Token::found()
    }

    /// A resource in the state is planned, and keeps the object unless that is refused ([`Conflict::Split`]).
    pub(super) fn plan_keep(&mut self, token: Token) -> Option<Conflict> {
        let released =
            self.resources_with(token, LatestPlan::Releases).map(|other| destroy_conflict(other, token)).max();
        let duplicate = || self.resources_with(token, LatestPlan::Keeps).next().map(|_| Conflict::Duplicate);
        let created = || self.is_creation_planned().then_some(Conflict::Duplicate);
        let conflict = released.or_else(duplicate).or_else(created);
        if conflict != Some(Conflict::Split) {
            self.in_state.insert(token, LatestPlan::Keeps);
        }
        conflict
    }

    /// A resource in the state is planned to be destroyed, unless that is refused.
    pub(super) fn plan_destroy(&mut self, token: Token) -> Option<Conflict> {
        let conflict = self.resources_with(token, LatestPlan::Keeps).map(|other| destroy_conflict(token, other)).max();
        self.plan_release(token, conflict)
    }

    /// A resource in the state is planned to become another object, unless that is refused. A deposed object never
    /// does.
    pub(super) fn plan_move(&mut self, token: Token) -> Option<Conflict> {
        let conflict = self.resources_with(token, LatestPlan::Keeps).next().map(|_| Conflict::Split);
        self.plan_release(token, conflict)
    }

    fn plan_release(&mut self, token: Token, conflict: Option<Conflict>) -> Option<Conflict> {
        if conflict != Some(Conflict::Split) {
            self.in_state.insert(token, LatestPlan::Releases);
        }
        conflict.or_else(|| self.is_creation_planned().then_some(Conflict::Handover))
    }

    fn resources_with(&self, token: Token, latest: LatestPlan) -> impl Iterator<Item = Token> {
        self.in_state.iter().filter(move |(other, is)| **other != token && **is == latest).map(|(other, _)| *other)
    }

    /// The owner of the object, for the plan of a creation. `own` is the token in its private state, which the second
    /// half of a replacement has from the first.
    pub(super) fn owner(&self, own: Option<Token>) -> Owner {
        match own {
            Some(_) => Owner::ThisResource,
            None if self.is_claimed(None) || self.is_kept_by_others() => Owner::AnotherResource,
            None if !self.in_state.is_empty() => Owner::InState,
            None => Owner::None,
        }
    }

    /// Whether a create of this run has claimed it, and that resource was not refreshed since.
    fn is_claimed(&self, own: Option<Token>) -> bool {
        self.claim.is_some_and(|claim| own != Some(claim) && !self.in_state.contains_key(&claim))
    }

    fn is_kept_by_others(&self) -> bool {
        self.in_state.values().any(|latest| *latest == LatestPlan::Keeps)
    }

    /// A creation is planned. Its plan may warn that it takes over what exists. If another resource keeps the object,
    /// the plan is refused if the create would take it over (`may_adopt`). Otherwise the create is refused, as it is
    /// if another create of this run has claimed the object.
    pub(super) fn plan_creation(&mut self, may_adopt: bool, announces_adoption: bool) -> Option<Conflict> {
        if self.is_kept_by_others() {
            return Some(if may_adopt { Conflict::Taken } else { Conflict::Duplicate });
        }
        let planned = |latest| self.in_state.iter().filter(move |(_, is)| **is == latest).map(|(token, _)| *token);
        let may_be = planned(LatestPlan::None).collect();
        let is_released = planned(LatestPlan::Releases).next().is_some();
        self.creation = Some(Creation { may_be, announces_adoption });
        is_released.then_some(Conflict::Handover)
    }

    /// A resource in the state leaves it, and none keeps it.
    pub(super) fn is_released(&self) -> bool {
        self.in_state.values().any(|latest| *latest == LatestPlan::Releases) && !self.is_kept_by_others()
    }

    /// Its owner is planned to be created again.
    pub(super) fn plan_recreation(&mut self) {
        self.recreated = true;
    }

    /// A creation is planned, or was carried out.
    pub(super) fn is_being_created(&self) -> bool {
        self.creation.is_some() || self.recreated || self.claim.is_some()
    }

    /// A create has made it or taken it over.
    pub(super) fn is_created(&self) -> bool {
        self.claim.is_some()
    }

    fn is_creation_planned(&self) -> bool {
        self.creation.is_some()
    }

    /// A create starts. `own` as in [`Facts::owner`].
    pub(super) fn claim(&mut self, own: Option<Token>) -> Result<Claimed, Conflict> {
        if self.is_claimed(own) || (own.is_none() && self.is_kept_by_others()) {
            return Err(Conflict::Taken);
        }
        let token = Token::created();
        let creation = self.creation.take();
        Ok(Claimed {
            token,
            previous: self.claim.replace(token),
            is_adoption_announced: creation.is_some_and(|creation| creation.announces_adoption),
        })
    }

    /// The create that claimed it has changed nothing.
    pub(super) fn withdraw_claim(&mut self, claimed: &Claimed) {
        if self.claim == Some(claimed.token) {
            self.claim = claimed.previous;
        }
    }

    /// A resource is destroyed: whether a create of this run has taken the object from it, so that only the resource
    /// goes. Terraform destroys a tainted object without its private state, and so without a token: then the object is
    /// only another's if a create of this run has got it and that resource was not refreshed since.
    pub(super) fn is_adopted_by_another(&mut self, token: Option<Token>) -> bool {
        let Some(token) = token else { return self.is_claimed(None) };
        let is_adopted_by_another = self.claim.is_some_and(|claim| claim != token);
        if is_adopted_by_another {
            self.in_state.remove(&token);
        }
        is_adopted_by_another
    }

    /// It is deleted: no resource has it any more.
    pub(super) fn record_delete(&mut self) {
        *self = Self { creation: self.creation.take(), ..Self::default() };
    }
}

/// The claim that a create received.
#[derive(Debug)]
pub(super) struct Claimed {
    pub(super) token: Token,
    pub(super) is_adoption_announced: bool,
    previous: Option<Token>,
}

/// One resource is destroyed, the other one stays.
fn destroy_conflict(destroyed: Token, kept: Token) -> Conflict {
    if kept.may_replace(destroyed) { Conflict::Deposed } else { Conflict::Split }
}
