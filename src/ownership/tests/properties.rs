//! Property tests of random runs, with three resources, two flags, drift, failing plans and interrupted runs. The
//! provider is configured for each plan and each apply, as Terraform does, or only once.

use proptest::prelude::*;

use super::fixture::{Azure, CreateFailure, NAME, adopting, config, summaries};
use crate::framework::testing::{Lifecycle, PlanResult};
use crate::framework::{Diagnostics, PlannedAction};

const FLAGS: [&str; 2] = ["a", "b"];

/// The configuration of a resource.
#[derive(Clone, Copy, Debug)]
struct Desired {
    flag: usize,
    adopts: bool,
    creates_first: bool,
}

#[derive(Clone, Copy, Debug)]
enum Edit {
    Configure(usize, Option<Desired>),
    /// The next run imports the resource.
    Import(usize),
    Taint(usize),
    /// Another process creates (`true`) or deletes the flag.
    ExternalChange(usize, bool),
    /// The private state of the first resource is lost.
    LosePrivate,
}

/// Edits, followed by a run.
#[derive(Clone, Debug)]
struct Run {
    edits: Vec<Edit>,
    plan_order: Vec<usize>,
    apply_order: Vec<usize>,
    /// The resources whose plans fail once.
    failing_plans: [bool; 3],
    /// The resources whose creates fail after the write.
    failing_creates: [bool; 3],
    /// Whether the run ends before it destroys deposed objects.
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
        1 => (0..2_usize, any::<bool>()).prop_map(|(flag, exists)| Edit::ExternalChange(flag, exists)),
        1 => Just(Edit::LosePrivate),
    ]
}

fn run(resources: usize) -> impl Strategy<Value = Run> {
    let order = || Just((0..resources).collect::<Vec<_>>()).prop_shuffle();
    let rarely = || [proptest::bool::weighted(0.15), proptest::bool::weighted(0.15), proptest::bool::weighted(0.15)];
    let edits = prop::collection::vec(edit(resources), 0..4);
    (edits, order(), order(), rarely(), rarely(), proptest::bool::weighted(0.2)).prop_map(
        |(edits, plan_order, apply_order, failing_plans, failing_creates, is_interrupted)| Run {
            edits,
            plan_order,
            apply_order,
            failing_plans,
            failing_creates,
            is_interrupted,
        },
    )
}

struct Slot {
    current: Lifecycle,
    deposed: Vec<Lifecycle>,
    desired: Option<Desired>,
    imports: bool,
    /// Whether the current run has imported the resource.
    is_imported: bool,
    /// Whether the resource is tainted and will manage another object. Terraform plans this as a creation of the other
    /// object, and the provider does not receive the first one.
    becomes_another_tainted: bool,
}

/// A state file, a configuration and a provider process.
struct Host {
    azure: Azure,
    slots: Vec<Slot>,
    /// Whether the provider is configured for each plan and each apply, and not only once.
    reconfigures: bool,
    reported: Diagnostics,
    /// Whether a delete has deleted the object of another resource that keeps it.
    has_deleted_kept_object: bool,
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
        Self { azure, slots, reconfigures, reported: Diagnostics::new(), has_deleted_kept_object: false }
    }

    async fn run(&mut self, run: &Run) {
        (self.reported, self.has_deleted_kept_object) = (Diagnostics::new(), false);
        for edit in &run.edits {
            self.edit(*edit);
        }
        self.begin().await;
        let mut plans = Vec::new();
        for &slot in &run.plan_order {
            plans.push((slot, self.plan(slot, run.failing_plans[slot]).await));
        }
        if self.reported.has_errors() {
            for slot in self.slots.iter_mut().filter(|slot| slot.is_imported) {
                slot.current.forget();
            }
        } else {
            self.begin().await;
            self.apply(&plans, run).await;
        }
        self.azure.world().create_failure = None;
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
            // A process that has run the create cannot lose the token.
            Edit::LosePrivate if self.reconfigures && self.name_of(0).is_some() && self.slots[0].deposed.is_empty() => {
                self.slots[0].current.lose_private();
            }
            Edit::ExternalChange(flag, true) => self.azure.create_flag(FLAGS[flag]),
            Edit::ExternalChange(flag, false) => _ = self.azure.world().flags.remove(FLAGS[flag]),
            Edit::Taint(_) | Edit::LosePrivate => {}
        }
    }

    /// The name of the flag of a resource in the state.
    fn name_of(&self, slot: usize) -> Option<String> {
        Some(self.slots[slot].current.state()?.get(&NAME).expect("it has a name"))
    }

    /// Refreshes and plans a resource and its deposed objects. Requests each plan twice, and compares the responses.
    async fn plan(&mut self, slot: usize, fails: bool) -> Option<PlanResult> {
        let Slot { current, deposed, desired, imports, is_imported, becomes_another_tainted } = &mut self.slots[slot];
        for old in &mut *deposed {
            self.reported.extend(old.read().await);
        }
        deposed.retain(|old| old.state().is_some());
        for old in &*deposed {
            let result = old.plan_destroy().await;
            assert_eq!(old.plan_destroy().await, result);
            self.reported.extend(result.diagnostics);
        }
        // A deposed object and an imported object would be two objects, even of one resource.
        let importable = desired.filter(|desired| deposed.is_empty() && self.azure.has(FLAGS[desired.flag]));
        let imported = importable.filter(|_| std::mem::take(imports) && current.state().is_none());
        *is_imported = imported.is_some();
        match imported {
            Some(desired) => drop(current.import_in_run(FLAGS[desired.flag]).await),
            None => drop(current.read().await),
        }
        let is_in_state = current.state().is_some();
        let name = current.state().map(|state| state.get(&NAME).expect("it has a name"));
        *becomes_another_tainted =
            current.is_tainted() && desired.is_some_and(|desired| name.as_deref() != Some(FLAGS[desired.flag]));
        let (result, again) = match desired {
            None if !is_in_state => return None,
            None => (current.plan_destroy().await, current.plan_destroy().await),
            Some(desired) => {
                let config = config_of(*desired);
                if fails {
                    self.azure.world().rejects_plans = true;
                    current.plan_as_read(&config).await;
                    self.azure.world().rejects_plans = false;
                }
                (current.plan_as_read(&config).await, current.plan_as_read(&config).await)
            }
        };
        assert_eq!(again, result);
        self.reported.extend(result.diagnostics.clone());
        Some(result)
    }

    async fn apply(&mut self, plans: &[(usize, Option<PlanResult>)], run: &Run) {
        let result = |slot| plans.iter().find(|(planned, _)| *planned == slot).and_then(|(_, result)| result.as_ref());
        let leaves = |slot: usize| {
            result(slot).is_some_and(|result| result.planned.is_null() || result.action == PlannedAction::Replace)
        };
        let leaving: Vec<bool> = (0..self.slots.len()).map(leaves).collect();
        for &slot in &run.apply_order {
            let Some(result) = result(slot) else { continue };
            if result.planned.is_null() {
                self.delete(slot, None, result.private.clone(), &leaving).await;
                continue;
            }
            let desired = self.slots[slot].desired.expect("a creation is configured");
            if result.action == PlannedAction::Replace && !desired.creates_first {
                self.delete(slot, None, result.private.clone(), &leaving).await;
            } else if result.action == PlannedAction::Replace {
                let old = self.slots[slot].current.depose();
                self.slots[slot].deposed.push(old);
            } else if result.action == PlannedAction::NoOp {
                continue;
            }
            self.azure.world().create_failure = run.failing_creates[slot].then_some(CreateFailure::AfterWrite);
            let Slot { current, deposed, .. } = &mut self.slots[slot];
            let applied = current.apply_planned(&config_of(desired)).await;
            if current.state().is_none() && result.action == PlannedAction::Replace && desired.creates_first {
                *current = deposed.pop().expect("a deposed object"); // Terraform restores the old object.
            }
            self.reported.extend(applied);
        }
        if run.is_interrupted || self.reported.has_errors() {
            return;
        }
        for slot in 0..self.slots.len() {
            for old in 0..self.slots[slot].deposed.len() {
                let result = self.slots[slot].deposed[old].plan_destroy().await;
                self.reported.extend(result.diagnostics.clone());
                if !result.diagnostics.has_errors() {
                    self.delete(slot, Some(old), result.private, &leaving).await;
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
        let is_deleted = |flag: usize| before[flag] && !self.azure.has(FLAGS[flag]);
        let name = (0..FLAGS.len()).find(|flag| is_deleted(*flag)).map(|flag| FLAGS[flag].to_owned());
        self.has_deleted_kept_object |= name.is_some()
            && !self.slots[slot].becomes_another_tainted
            && (0..self.slots.len())
                .any(|other| !leaving[other] && (other != slot || old.is_some()) && self.name_of(other) == name);
    }

    /// Whether the provider has reported anything except the failures that the test requests.
    fn has_reported(&self) -> bool {
        self.reported.iter().any(|reported| reported.summary != "Azure refuses")
    }

    /// The number of resources in the state that manage the flag.
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
                    assert!(host.owners(flag) < 2 || host.has_reported(), "two resources manage {flag}");
                }
                assert!(!host.has_deleted_kept_object || host.has_reported(), "the object of another resource was deleted");
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
