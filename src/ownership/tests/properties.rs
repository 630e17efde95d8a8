//! Property tests of random runs: three resources, two flags, drift, plans that fail and runs that are interrupted.
//! With a process for each plan and each apply, as in the CLIs, and with one that stays configured.

use proptest::prelude::*;

use super::fixture::{Azure, NAME, adopting, config, summaries};
use crate::framework::testing::{Lifecycle, PlanResult};
use crate::framework::{Diagnostics, PlannedAction};

const FLAGS: [&str; 2] = ["a", "b"];

/// What the configuration says of a resource.
#[derive(Clone, Copy, Debug)]
struct Desired {
    flag: usize,
    adopts: bool,
    creates_first: bool,
}

#[derive(Clone, Copy, Debug)]
enum Edit {
    Configure(usize, Option<Desired>),
    /// The next run imports it.
    Import(usize),
    Taint(usize),
    /// Another process creates the flag, or deletes it.
    Elsewhere(usize, bool),
    /// The private state of the first resource is lost.
    LosePrivate,
}

/// Edits, and then a run.
#[derive(Clone, Debug)]
struct Run {
    edits: Vec<Edit>,
    planned_in: Vec<usize>,
    applied_in: Vec<usize>,
    /// Which plans fail once.
    fails: [bool; 3],
    /// Which creates fail half-way.
    breaks: [bool; 3],
    /// Replaced objects are not destroyed any more.
    is_interrupted: bool,
}

fn desired() -> impl Strategy<Value = Option<Desired>> {
    let desired = (0..2_usize, any::<bool>(), any::<bool>());
    proptest::option::weighted(
        0.8,
        desired.prop_map(|(flag, adopts, creates_first)| Desired { flag, adopts, creates_first }),
    )
}

fn edit(resources: usize) -> impl Strategy<Value = Edit> {
    let slot = 0..resources;
    prop_oneof![
        4 => (slot.clone(), desired()).prop_map(|(slot, desired)| Edit::Configure(slot, desired)),
        1 => slot.clone().prop_map(Edit::Import),
        1 => slot.prop_map(Edit::Taint),
        1 => (0..2_usize, any::<bool>()).prop_map(|(flag, is_up)| Edit::Elsewhere(flag, is_up)),
        1 => Just(Edit::LosePrivate),
    ]
}

fn run(resources: usize) -> impl Strategy<Value = Run> {
    let order = || Just((0..resources).collect::<Vec<_>>()).prop_shuffle();
    let rarely = || [proptest::bool::weighted(0.15), proptest::bool::weighted(0.15), proptest::bool::weighted(0.15)];
    let edits = prop::collection::vec(edit(resources), 0..4);
    (edits, order(), order(), rarely(), rarely(), proptest::bool::weighted(0.2)).prop_map(
        |(edits, planned_in, applied_in, fails, breaks, is_interrupted)| Run {
            edits,
            planned_in,
            applied_in,
            fails,
            breaks,
            is_interrupted,
        },
    )
}

struct Slot {
    current: Lifecycle,
    deposed: Vec<Lifecycle>,
    desired: Option<Desired>,
    imports: bool,
    /// The run has imported it.
    is_imported: bool,
    /// It is tainted, and becomes another object. Terraform plans that as a creation of the other object, and the
    /// provider does not see the first one.
    becomes_another_tainted: bool,
}

/// What a state file and a configuration say, and a provider process.
struct Host {
    azure: Azure,
    slots: Vec<Slot>,
    /// The provider is configured for each plan and each apply, not once.
    reconfigures: bool,
    reported: Diagnostics,
    /// The object of a resource that stays was deleted.
    took_away: bool,
}

impl Host {
    async fn new(resources: usize, reconfigures: bool) -> Self {
        let azure = Azure::default();
        let first = azure.resource();
        first.begin_run().await;
        let slot = || Slot {
            current: first.sibling(),
            deposed: Vec::new(),
            desired: None,
            imports: false,
            is_imported: false,
            becomes_another_tainted: false,
        };
        let slots = (0..resources).map(|_| slot()).collect();
        Self { azure, slots, reconfigures, reported: Diagnostics::new(), took_away: false }
    }

    async fn run(&mut self, run: &Run) {
        (self.reported, self.took_away) = (Diagnostics::new(), false);
        for edit in &run.edits {
            self.edit(*edit);
        }
        self.begin().await;
        let mut plans = Vec::new();
        for &slot in &run.planned_in {
            plans.push((slot, self.plan(slot, run.fails[slot]).await));
        }
        if self.reported.has_errors() {
            for slot in self.slots.iter_mut().filter(|slot| slot.is_imported) {
                slot.current.forget();
            }
        } else {
            self.begin().await;
            self.apply(&plans, run).await;
        }
        self.azure.world().refuses_creates = None;
    }

    async fn begin(&self) {
        if self.reconfigures {
            self.slots[0].current.begin_run().await;
        }
    }

    fn edit(&mut self, edit: Edit) {
        match edit {
            Edit::Configure(slot, desired) => self.slots[slot].desired = desired,
            Edit::Import(slot) => self.slots[slot].imports = true,
            Edit::Taint(slot) if self.name_of(slot).is_some() => self.slots[slot].current.taint(),
            // the token of a create that this very process has seen is not lost
            Edit::LosePrivate if self.reconfigures && self.name_of(0).is_some() && self.slots[0].deposed.is_empty() => {
                self.slots[0].current.lose_private();
            }
            Edit::Elsewhere(flag, true) => self.azure.raise(FLAGS[flag]),
            Edit::Elsewhere(flag, false) => _ = self.azure.world().flags.remove(FLAGS[flag]),
            Edit::Taint(_) | Edit::LosePrivate => {}
        }
    }

    /// The flag that a resource has in the state.
    fn name_of(&self, slot: usize) -> Option<String> {
        Some(self.slots[slot].current.state()?.get(&NAME).expect("it has a name"))
    }

    /// Refreshes and plans a resource and what it has replaced. Each plan is asked for twice, and must say the same.
    async fn plan(&mut self, slot: usize, fails: bool) -> Option<PlanResult> {
        let Slot { current, deposed, desired, imports, is_imported, becomes_another_tainted } = &mut self.slots[slot];
        for old in &mut *deposed {
            self.reported.extend(old.read().await);
        }
        deposed.retain(|old| old.state().is_some());
        for old in &*deposed {
            let answer = old.plan_destroy().await;
            assert_eq!(old.plan_destroy().await, answer);
            self.reported.extend(answer.diagnostics);
        }
        // what is left behind and what is imported over it are two, even of one resource
        let wanted = desired.filter(|desired| deposed.is_empty() && self.azure.has(FLAGS[desired.flag]));
        let imported = wanted.filter(|_| std::mem::take(imports) && current.state().is_none());
        *is_imported = imported.is_some();
        match imported {
            Some(desired) => drop(current.import_in_run(FLAGS[desired.flag]).await),
            None => drop(current.read().await),
        }
        let is_there = current.state().is_some();
        let name = current.state().map(|state| state.get(&NAME).expect("it has a name"));
        *becomes_another_tainted =
            current.is_tainted() && desired.is_some_and(|desired| name.as_deref() != Some(FLAGS[desired.flag]));
        let (answer, again) = match desired {
            None if !is_there => return None,
            None => (current.plan_destroy().await, current.plan_destroy().await),
            Some(desired) => {
                let config = config_of(*desired);
                if fails {
                    self.azure.world().refuses_plans = true;
                    current.plan_as_read(&config).await;
                    self.azure.world().refuses_plans = false;
                }
                (current.plan_as_read(&config).await, current.plan_as_read(&config).await)
            }
        };
        assert_eq!(again, answer);
        self.reported.extend(answer.diagnostics.clone());
        Some(answer)
    }

    async fn apply(&mut self, plans: &[(usize, Option<PlanResult>)], run: &Run) {
        let answer = |slot| plans.iter().find(|(planned, _)| *planned == slot).and_then(|(_, answer)| answer.as_ref());
        let leaves = |slot: usize| {
            answer(slot).is_some_and(|answer| answer.planned.is_null() || answer.action == PlannedAction::Replace)
        };
        let leaving: Vec<bool> = (0..self.slots.len()).map(leaves).collect();
        for &slot in &run.applied_in {
            let Some(answer) = answer(slot) else { continue };
            if answer.planned.is_null() {
                self.delete(slot, None, answer.private.clone(), &leaving).await;
                continue;
            }
            let desired = self.slots[slot].desired.expect("a creation is configured");
            if answer.action == PlannedAction::Replace && !desired.creates_first {
                self.delete(slot, None, answer.private.clone(), &leaving).await;
            } else if answer.action == PlannedAction::Replace {
                let old = self.slots[slot].current.depose();
                self.slots[slot].deposed.push(old);
            } else if answer.action == PlannedAction::NoOp {
                continue;
            }
            self.azure.world().refuses_creates = run.breaks[slot].then_some(true);
            let Slot { current, deposed, .. } = &mut self.slots[slot];
            let applied = current.apply_planned(&config_of(desired)).await;
            if current.state().is_none() && answer.action == PlannedAction::Replace && desired.creates_first {
                *current = deposed.pop().expect("it was set aside"); // a CLI restores it
            }
            self.reported.extend(applied);
        }
        if run.is_interrupted || self.reported.has_errors() {
            return;
        }
        for slot in 0..self.slots.len() {
            for old in 0..self.slots[slot].deposed.len() {
                let answer = self.slots[slot].deposed[old].plan_destroy().await;
                self.reported.extend(answer.diagnostics.clone());
                if !answer.diagnostics.has_errors() {
                    self.delete(slot, Some(old), answer.private, &leaving).await;
                }
            }
            self.slots[slot].deposed.retain(|old| old.state().is_some());
        }
    }

    async fn delete(&mut self, slot: usize, old: Option<usize>, private: Vec<u8>, leaving: &[bool]) {
        let before: Vec<bool> = FLAGS.iter().map(|flag| self.azure.has(flag)).collect();
        let lifecycle = match old {
            None => &mut self.slots[slot].current,
            Some(old) => &mut self.slots[slot].deposed[old],
        };
        let deleted = lifecycle.delete_planned(private).await;
        self.reported.extend(deleted);
        let gone = |flag: usize| before[flag] && !self.azure.has(FLAGS[flag]);
        let name = (0..FLAGS.len()).find(|flag| gone(*flag)).map(|flag| FLAGS[flag].to_owned());
        self.took_away |= name.is_some()
            && !self.slots[slot].becomes_another_tainted
            && (0..self.slots.len())
                .any(|other| !leaving[other] && (other != slot || old.is_some()) && self.name_of(other) == name);
    }

    /// Apart from what the test has Azure say.
    fn has_said_something(&self) -> bool {
        self.reported.iter().any(|reported| reported.summary != "Azure refuses")
    }

    /// How many resources in the state have the flag.
    fn owners(&self, flag: &str) -> usize {
        (0..self.slots.len()).filter(|slot| self.name_of(*slot).as_deref() == Some(flag)).count()
    }
}

fn config_of(desired: Desired) -> crate::framework::Config {
    if desired.adopts { adopting(FLAGS[desired.flag]) } else { config(FLAGS[desired.flag]) }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

proptest! {
    #[test]
    fn every_lost_or_shared_object_is_reported(reconfigures: bool, runs in prop::collection::vec(run(3), 1..8)) {
        block_on(async {
            let mut host = Host::new(3, reconfigures).await;
            for run in &runs {
                host.run(run).await;

                for flag in FLAGS {
                    assert!(host.owners(flag) < 2 || host.has_said_something(), "two resources have {flag}");
                }
                assert!(!host.took_away || host.has_said_something(), "the object of another resource was deleted");
            }
        });
    }

    #[test]
    fn single_resource_is_never_reported_as_two(reconfigures: bool, runs in prop::collection::vec(run(1), 1..8)) {
        block_on(async {
            let mut host = Host::new(1, reconfigures).await;
            for run in &runs {
                host.run(run).await;

                let reported = summaries(&host.reported);
                let is_about_another = |reported: &String| reported.contains("Two resources") || reported.contains("the shared flag");
                assert!(!reported.iter().any(is_about_another), "{reported:?}");
            }
        });
    }
}
