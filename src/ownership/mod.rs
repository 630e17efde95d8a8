//! What one configured provider has seen so far of objects of which there can be one only: one a workspace, or one of
//! its name on a workspace.
//!
//! Terraform plans a tainted object as if it had never existed: no prior state, no private state. That its workspace
//! has such a thing is then no conflict. Its refresh, which comes first, tells the two cases apart.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Lives as long as the session: a run. A process that serves several runs (debug mode) starts anew with each.
#[derive(Debug, Default)]
pub struct Singletons {
    /// Objects in the state that a refresh has found in Azure.
    refreshed: Seen,
    /// Objects that were planned with their prior state: whole, not tainted.
    planned: Marks,
    /// Objects that were planned to be created.
    expected: Seen,
    /// Objects that were planned to be destroyed.
    leaving: Marks,
    /// Objects that this run has created or taken over, each with the mark of the one that did.
    taken: Mutex<HashMap<(&'static str, String), String>>,
}

/// Names of types, each with what tells the object from others of its type: the key of a workspace, or more.
type Seen = Mutex<HashSet<(&'static str, String)>>;

/// The same, each with the mark of the create that made it, where that is known.
type Marks = Mutex<HashMap<(&'static str, String), Option<String>>>;

/// What else a run does with an object of which there can be one only.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rival {
    /// Nothing that is known by now.
    None,
    /// Another resource in the state is the same object, and stays as well.
    Stays,
    /// One resource is destroyed and another one, which is the same object, stays.
    Parts,
    /// As [`Rival::Parts`], and the two come from creates of their own: what is destroyed is most likely the left-over of a
    /// replacement that was broken off (a deposed object), which nobody can take out of the state otherwise.
    LeftOver,
}

/// Whose the object is that Azure has when a creation is planned.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Owner {
    /// Nobody's that this run knows of.
    Stranger,
    /// Most likely that of the very resource, which is tainted and about to be replaced. Should it be another one's
    /// after all, the create finds out before it writes.
    Itself,
    /// Another resource's of the same state.
    Another,
}

impl Singletons {
    /// A refresh has found an object of `type_name` that is in the state.
    pub fn refreshed(&self, type_name: &'static str, object: &str) {
        insert(&self.refreshed, type_name, object);
    }

    /// An object of `type_name` is planned with its prior state, and stays. `mark` is that of the create that made it, where
    /// it is known. What else of this run it meets.
    #[must_use]
    pub fn stays(&self, type_name: &'static str, object: &str, mark: Option<&str>) -> Rival {
        if put(&self.planned, type_name, object, mark) {
            return Rival::Stays;
        }
        rival(&self.leaving, type_name, object, mark)
    }

    /// An object of `type_name` is planned to be created. Whether it is the only one: Terraform plans each creation once
    /// between two configurations of the provider.
    #[must_use]
    pub fn expects(&self, type_name: &'static str, object: &str) -> bool {
        insert(&self.expected, type_name, object)
    }

    /// An object of `type_name` is planned to be destroyed, or to become another. `mark` and the answer as in
    /// [`Singletons::stays`].
    pub fn leaves(&self, type_name: &'static str, object: &str, mark: Option<&str>) -> Rival {
        put(&self.leaving, type_name, object, mark);
        rival(&self.planned, type_name, object, mark)
    }

    /// Whether an object of `type_name` was planned to be destroyed.
    #[must_use]
    pub fn is_leaving(&self, type_name: &'static str, object: &str) -> bool {
        found(&self.leaving, type_name, object).is_some()
    }

    /// The object of `type_name` that was planned to be created is made now: it may be planned again, with its state.
    pub fn created(&self, type_name: &'static str, object: &str) {
        remove(&self.expected, type_name, object);
    }

    /// A create has made or taken over the object of `type_name`. `mark` tells it from every other create; whoever keeps
    /// it beside the state can say later that it was this one.
    pub fn takes(&self, type_name: &'static str, object: &str, mark: &str) {
        self.created(type_name, object);
        self.taken().insert((type_name, object.to_owned()), mark.to_owned());
    }

    /// The mark of the create that has made or taken over the object of `type_name` in this run.
    #[must_use]
    pub fn taken_by(&self, type_name: &'static str, object: &str) -> Option<String> {
        self.taken().get(&(type_name, object.to_owned())).cloned()
    }

    /// The object of `type_name` is deleted: nobody has it any more.
    pub fn gives_up(&self, type_name: &'static str, object: &str) {
        remove(&self.refreshed, type_name, object);
        for marks in [&self.planned, &self.leaving] {
            marks.lock().unwrap_or_else(PoisonError::into_inner).remove(&(type_name, object.to_owned()));
        }
        self.taken().remove(&(type_name, object.to_owned()));
    }

    /// Whether an object of `type_name` was planned to be created.
    #[must_use]
    pub fn is_expected(&self, type_name: &'static str, object: &str) -> bool {
        contains(&self.expected, type_name, object)
    }

    fn taken(&self) -> Taken<'_> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose is the object of `type_name` that Azure has?
    #[must_use]
    pub fn owner(&self, type_name: &'static str, object: &str) -> Owner {
        if found(&self.planned, type_name, object).is_some() {
            Owner::Another
        } else if contains(&self.refreshed, type_name, object) {
            Owner::Itself
        } else {
            Owner::Stranger
        }
    }
}

type Taken<'a> = MutexGuard<'a, HashMap<(&'static str, String), String>>;

/// Whether it was there.
fn put(marks: &Marks, type_name: &'static str, object: &str, mark: Option<&str>) -> bool {
    let mut marks = marks.lock().unwrap_or_else(PoisonError::into_inner);
    marks.insert((type_name, object.to_owned()), mark.map(str::to_owned)).is_some()
}

fn found(marks: &Marks, type_name: &'static str, object: &str) -> Option<Option<String>> {
    marks.lock().unwrap_or_else(PoisonError::into_inner).get(&(type_name, object.to_owned())).cloned()
}

fn rival(others: &Marks, type_name: &'static str, object: &str, mark: Option<&str>) -> Rival {
    match (found(others, type_name, object), mark) {
        (None, _) => Rival::None,
        (Some(Some(other)), Some(mark)) if other != mark => Rival::LeftOver,
        (Some(_), _) => Rival::Parts,
    }
}

/// Whether it was not there.
fn insert(seen: &Seen, type_name: &'static str, object: &str) -> bool {
    seen.lock().unwrap_or_else(PoisonError::into_inner).insert((type_name, object.to_owned()))
}

fn remove(seen: &Seen, type_name: &'static str, object: &str) {
    seen.lock().unwrap_or_else(PoisonError::into_inner).remove(&(type_name, object.to_owned()));
}

fn contains(seen: &Seen, type_name: &'static str, object: &str) -> bool {
    seen.lock().unwrap_or_else(PoisonError::into_inner).contains(&(type_name, object.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOC: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-soc";

    #[test]
    fn what_a_refresh_has_found_is_the_planned_objects_own_unless_that_was_planned_already() {
        let (run, workspace) = (Singletons::default(), SOC);

        assert_eq!(run.owner("a", workspace), Owner::Stranger);
        run.refreshed("a", workspace);
        assert_eq!(run.owner("a", workspace), Owner::Itself);
        assert_eq!(run.stays("a", workspace, None), Rival::None);
        assert_eq!(run.owner("a", workspace), Owner::Another);
    }

    #[test]
    fn whichever_of_two_comes_second_meets_the_other() {
        for destroyed_first in [true, false] {
            for (mark, expected) in [(Some("new"), Rival::LeftOver), (Some("old"), Rival::Parts), (None, Rival::Parts)]
            {
                let run = Singletons::default();
                let met = if destroyed_first {
                    let _ = run.leaves("a", SOC, Some("old"));
                    run.stays("a", SOC, mark)
                } else {
                    let _ = run.stays("a", SOC, mark);
                    run.leaves("a", SOC, Some("old"))
                };
                assert_eq!(met, expected, "{mark:?}, destroyed first: {destroyed_first}");
            }
        }
    }

    #[test]
    fn two_that_stay_are_one_too_many() {
        let run = Singletons::default();

        assert_eq!(run.stays("a", SOC, Some("one")), Rival::None);
        assert_eq!(run.stays("a", SOC, Some("two")), Rival::Stays);
    }

    #[test]
    fn what_a_create_has_taken_is_its_own_until_it_is_given_up() {
        let run = Singletons::default();

        assert!(run.expects("a", SOC));
        assert!(!run.expects("a", SOC), "there can be one only");
        run.takes("a", SOC, "mark");
        assert!(!run.is_expected("a", SOC), "it is there");
        assert_eq!(run.taken_by("a", SOC).as_deref(), Some("mark"));
        run.gives_up("a", SOC);

        assert_eq!(run.taken_by("a", SOC), None);
    }

    #[test]
    fn one_type_says_nothing_about_another() {
        let (run, workspace) = (Singletons::default(), SOC);

        assert_eq!(run.stays("a", workspace, None), Rival::None);

        assert_eq!(run.owner("b", workspace), Owner::Stranger);
    }
}
