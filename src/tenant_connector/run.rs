//! What this process has seen so far of the resources of this type.
//!
//! Terraform plans a tainted object as if it had never existed: no prior state, no private state. That its workspace
//! streams is then no conflict. Its refresh, which comes first, tells the two cases apart.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::workspace::WorkspaceId;

#[derive(Debug, Default)]
pub(super) struct Run {
    /// Workspaces whose stream a refresh has found for an object in the state.
    refreshed: Mutex<HashSet<String>>,
    /// Workspaces of objects that were planned with their prior state: whole, not tainted.
    planned: Mutex<HashSet<String>>,
}

/// Whose stream it is that a workspace has when a creation is planned.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Owner {
    /// Nobody's that this process knows of.
    Stranger,
    /// Most likely that of the very object, which is tainted and about to be replaced. Should it be another one's
    /// after all, the create finds out before it writes.
    Itself,
    /// Another resource's of the same state.
    Another,
}

impl Run {
    pub(super) fn refreshed(&self, workspace: &WorkspaceId) {
        insert(&self.refreshed, workspace);
    }

    pub(super) fn planned(&self, workspace: &WorkspaceId) {
        insert(&self.planned, workspace);
    }

    pub(super) fn owner_of_stream(&self, workspace: &WorkspaceId) -> Owner {
        if contains(&self.planned, workspace) {
            Owner::Another
        } else if contains(&self.refreshed, workspace) {
            Owner::Itself
        } else {
            Owner::Stranger
        }
    }
}

fn insert(set: &Mutex<HashSet<String>>, workspace: &WorkspaceId) {
    set.lock().unwrap_or_else(PoisonError::into_inner).insert(workspace.key());
}

fn contains(set: &Mutex<HashSet<String>>, workspace: &WorkspaceId) -> bool {
    set.lock().unwrap_or_else(PoisonError::into_inner).contains(&workspace.key())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOC: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-soc";

    #[test]
    fn a_stream_that_a_refresh_has_found_is_the_planned_objects_own_unless_that_was_planned_already() {
        let (run, workspace) = (Run::default(), WorkspaceId::parse(SOC).expect("a workspace"));

        assert_eq!(run.owner_of_stream(&workspace), Owner::Stranger);
        run.refreshed(&workspace);
        assert_eq!(run.owner_of_stream(&workspace), Owner::Itself);
        run.planned(&workspace);
        assert_eq!(run.owner_of_stream(&workspace), Owner::Another);
    }
}
