//! The facts that one configured provider has recorded about a unique object, and the rules that detect conflicts.

use std::collections::{HashMap, HashSet};

use super::token::Token;
use crate::framework::Value;

/// The facts that one configured provider has recorded about an object.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The resources in the state that manage the object.
    in_state: HashMap<Token, LatestPlan>,
    /// The token that the last refresh assigned to a state without one. If Terraform does not save it, the next refresh
    /// assigns another token.
    assigned: Option<Token>,
    /// The planned creation.
    creation: Option<Creation>,
    /// The token of the create that has created or adopted the object.
    claim: Option<Token>,
    /// Whether the owner is planned to be created again: in a replacement, or after a refresh did not find the object.
    /// Terraform plans both with the private state of the object.
    recreated: bool,
    /// The configurations of planned creations. Different configurations belong to different resources.
    configurations: Vec<Value>,
}

/// A planned creation. It has no token, so two planned creations cannot be distinguished.
#[derive(Debug)]
struct Creation {
    /// The resources in the state that this creation may belong to, because one of them may be tainted.
    candidates: HashSet<Token>,
    /// Whether the plan has warned that the create adopts the existing object.
    announces_adoption: bool,
}

/// The latest plan of a resource in the state.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum LatestPlan {
    /// The resource was refreshed, but not planned. Terraform plans a tainted resource like a creation, without prior
    /// and private state.
    None,
    /// The resource keeps the object.
    Keeps,
    /// The resource is destroyed, or will manage another object.
    Releases,
}

/// A conflict between two resources that manage the same object. The variants are in order of severity. Of several
/// conflicts, the most severe is reported.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Conflict {
    /// The plan destroys one resource and creates another one. Terraform does not order the two.
    Handover,
    /// Both resources keep the object, or one keeps it and another one is planned to be created.
    Duplicate,
    /// The plan destroys one resource, and the other one may be its replacement. The first is then a deposed object of
    /// a replacement with `create_before_destroy`.
    Deposed,
    /// One resource releases the object, and another one, which is not its replacement, keeps it.
    Split,
    /// Another resource manages the object, so it cannot be created.
    Taken,
}

impl Conflict {
    /// Whether the conflict rejects the plan or the create.
    pub(super) const fn is_error(self) -> bool {
        matches!(self, Self::Split | Self::Taken)
    }
}

/// The owner of an existing object, for the plan of a creation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Owner {
    /// No resource in the state manages the object, as far as this run has recorded.
    None,
    /// A resource in the state manages the object, and no plan keeps it yet. It is probably this resource, which is
    /// tainted. If it is another resource, the create detects this before it writes.
    InState,
    /// This resource, in a replacement.
    ThisResource,
    /// Another resource, which keeps the object or has created it in this run.
    AnotherResource,
}

impl Facts {
    /// Records the configuration of a planned creation. Returns whether creations with different configurations are
    /// planned.
    pub(super) fn add_creation_config(&mut self, config: &Value) -> bool {
        if !self.configurations.contains(config) {
            self.configurations.push(config.clone());
        }
        self.configurations.len() > 1
    }

    /// Records that a refresh found the object, and returns the token of its resource. The refresh starts a new run, so
    /// it invalidates an earlier plan that keeps the object. A plan that destroys the object stays valid: Terraform
    /// first plans the destroy of a resource that is no longer configured, and then refreshes the resource.
    pub(super) fn record_refresh(&mut self, token: Option<Token>) -> Token {
        let token = token.unwrap_or_else(|| {
            let assigned = Token::found();
            if let Some(unsaved) = self.assigned.replace(assigned) {
                self.in_state.remove(&unsaved);
            }
            assigned
        });
        let latest = self.in_state.entry(token).or_insert(LatestPlan::None);
        if *latest == LatestPlan::Keeps {
            *latest = LatestPlan::None;
        }
        self.creation.take_if(|creation| creation.candidates.contains(&token));
        token
    }

    /// Records that a refresh did not find the object, so the resource leaves the state.
    pub(super) fn record_missing(&mut self, token: Token) {
        self.in_state.remove(&token);
        self.claim.take_if(|claim| *claim == token);
    }

    /// Records an import, and returns its token. The import replaces a planned creation of a resource outside the
    /// state.
    pub(super) fn record_import(&mut self) -> Token {
        self.creation.take_if(|creation| creation.candidates.is_empty());
        Token::found()
    }

    /// Plans to keep the object for a resource in the state. [`Conflict::Split`] rejects the plan.
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

    /// Plans to destroy a resource in the state. [`Conflict::Split`] rejects the plan.
    pub(super) fn plan_destroy(&mut self, token: Token) -> Option<Conflict> {
        let conflict = self.resources_with(token, LatestPlan::Keeps).map(|other| destroy_conflict(token, other)).max();
        self.plan_release(token, conflict)
    }

    /// Plans that a resource in the state will manage another object. [`Conflict::Split`] rejects the plan. A deposed
    /// object never has such a plan.
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

    /// The owner of the object, for the plan of a creation. `own` is the token in the private state of the creation:
    /// the second plan of a replacement receives it from the first plan.
    pub(super) fn owner(&self, own: Option<Token>) -> Owner {
        match own {
            Some(_) => Owner::ThisResource,
            None if self.is_claimed(None) || self.is_kept_by_others() => Owner::AnotherResource,
            None if !self.in_state.is_empty() => Owner::InState,
            None => Owner::None,
        }
    }

    /// Whether a create of this run has claimed the object, and its resource was not refreshed since.
    fn is_claimed(&self, own: Option<Token>) -> bool {
        self.claim.is_some_and(|claim| own != Some(claim) && !self.in_state.contains_key(&claim))
    }

    fn is_kept_by_others(&self) -> bool {
        self.in_state.values().any(|latest| *latest == LatestPlan::Keeps)
    }

    /// Plans a creation. `announces_adoption` is true if its plan warns that the create adopts the existing object. If
    /// another resource keeps the object and the create may adopt it (`may_adopt`), the plan is rejected. Without
    /// `may_adopt`, the apply rejects the create.
    pub(super) fn plan_creation(&mut self, may_adopt: bool, announces_adoption: bool) -> Option<Conflict> {
        if self.is_kept_by_others() {
            return Some(if may_adopt { Conflict::Taken } else { Conflict::Duplicate });
        }
        let planned = |latest| self.in_state.iter().filter(move |(_, is)| **is == latest).map(|(token, _)| *token);
        let candidates = planned(LatestPlan::None).collect();
        let is_released = planned(LatestPlan::Releases).next().is_some();
        self.creation = Some(Creation { candidates, announces_adoption });
        is_released.then_some(Conflict::Handover)
    }

    /// Whether a resource in the state releases the object, and no resource keeps it.
    pub(super) fn is_released(&self) -> bool {
        self.in_state.values().any(|latest| *latest == LatestPlan::Releases) && !self.is_kept_by_others()
    }

    /// Plans to create the owner of the object again.
    pub(super) fn plan_recreation(&mut self) {
        self.recreated = true;
    }

    /// Whether a creation of the object is planned or has happened.
    pub(super) fn is_being_created(&self) -> bool {
        self.creation.is_some() || self.recreated || self.claim.is_some()
    }

    /// Whether a create has created or adopted the object.
    pub(super) fn is_created(&self) -> bool {
        self.claim.is_some()
    }

    fn is_creation_planned(&self) -> bool {
        self.creation.is_some()
    }

    /// Claims the object for a create that starts. For `own`, see [`Facts::owner`].
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

    /// Withdraws the claim of a create that has changed nothing.
    pub(super) fn withdraw_claim(&mut self, claimed: &Claimed) {
        if self.claim == Some(claimed.token) {
            self.claim = claimed.previous;
        }
    }

    /// Whether a create of this run has adopted the object of a resource that is being destroyed. The destroy then
    /// removes the resource only from the state. Terraform destroys a tainted resource without its private state, and
    /// so without a token. Then a claim counts only if its resource was not refreshed since.
    pub(super) fn is_adopted_by_another(&mut self, token: Option<Token>) -> bool {
        let Some(token) = token else { return self.is_claimed(None) };
        let is_adopted_by_another = self.claim.is_some_and(|claim| claim != token);
        if is_adopted_by_another {
            self.in_state.remove(&token);
        }
        is_adopted_by_another
    }

    /// Records that the object was deleted, so no resource manages it any more.
    pub(super) fn record_delete(&mut self) {
        *self = Self { creation: self.creation.take(), ..Self::default() };
    }
}

/// The claim of a create.
#[derive(Debug)]
pub(super) struct Claimed {
    pub(super) token: Token,
    pub(super) is_adoption_announced: bool,
    previous: Option<Token>,
}

/// The conflict if one resource is destroyed and another one keeps the object.
fn destroy_conflict(destroyed: Token, kept: Token) -> Conflict {
    if kept.may_replace(destroyed) { Conflict::Deposed } else { Conflict::Split }
}
