//! A test resource that manages a named flag, and a fake Azure that stores the names of existing flags.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::framework::testing::Lifecycle;
use crate::framework::{
    Attribute, Config, Context, Diagnostic, Diagnostics, Failed, Identity, ImportTarget, Knowable, Plan, PlannedAction,
    Read, Resource, Schema, State,
};
use crate::ownership::{Adoption, Ledger, ObjectKind, UniqueObject};

const TYPE_NAME: &str = "test_flag";
pub(super) const NAME: Attribute<String> = Attribute::required("name").description("Its name.").requires_replace();
pub(super) const ADOPT: Attribute<bool> =
    Attribute::optional_with_default("adopt_existing", || false).description("Whether to adopt an existing flag.");

static FLAG: ObjectKind = ObjectKind {
    type_name: TYPE_NAME,
    noun: "flag",
    attribute: NAME.name(),
    adopt_attribute: ADOPT.name(),
    destroy_effect: "takes the flag down",
};

pub(super) fn flag(name: &str) -> UniqueObject {
    UniqueObject {
        kind: &FLAG,
        key: name.to_owned(),
        title: format!("the flag {name}"),
        label: format!("flag {name}"),
        import_id: Some(name.to_owned()),
    }
}

/// The state of the fake Azure, and the failures that a test requests.
#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) flags: BTreeSet<String>,
    /// Whether plans of creations fail.
    pub(super) rejects_plans: bool,
    /// How creates fail.
    pub(super) create_failure: Option<CreateFailure>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum CreateFailure {
    BeforeWrite,
    AfterWrite,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Azure(Arc<Mutex<World>>);

impl Azure {
    pub(super) fn with_flag(name: &str) -> Self {
        let azure = Self::default();
        azure.create_flag(name);
        azure
    }

    /// Creates a flag, as another process would.
    pub(super) fn create_flag(&self, name: &str) {
        self.world().flags.insert(name.to_owned());
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().expect("no panic")
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.world().flags.contains(name)
    }

    /// A resource without a state, in its own process.
    pub(super) fn resource(&self) -> Lifecycle {
        let azure = self.clone();
        Lifecycle::single(|| Flag, move || Session { azure: azure.clone(), ownership: Ledger::default() })
    }
}

pub(super) fn config(name: &str) -> Config {
    Config::empty(&Flag.schema()).with(&NAME, name.to_owned())
}

pub(super) fn adopting(name: &str) -> Config {
    config(name).with(&ADOPT, true)
}

pub(super) use crate::framework::testing::summaries;

/// One configured provider.
pub(super) struct Session {
    azure: Azure,
    ownership: Ledger,
}

struct Flag;

impl Resource for Flag {
    type Client = Session;

    fn type_name(&self) -> &'static str {
        TYPE_NAME
    }

    fn schema(&self) -> Schema {
        Schema::new("A flag.").attribute(&NAME).attribute(&ADOPT)
    }

    fn identity(&self) -> Option<Identity> {
        Some(Identity::of(0, &[&NAME]))
    }

    async fn plan(&self, context: &Context, session: Option<&Session>, plan: &mut Plan) -> Result<(), Diagnostics> {
        let Some(Session { azure, ownership }) = session else { return Ok(()) };
        let Knowable::Known(name) = plan.get(&NAME)? else { return Ok(()) };
        let flag = flag(&name);
        let is_creation = matches!(plan.action(), PlannedAction::Create | PlannedAction::Replace);
        let mut adoption = Adoption::None;
        if is_creation {
            let owner = ownership.owner(&flag, plan.private());
            if azure.has(&name) {
                adoption = flag.adoption(owner, plan.get(&ADOPT)?, "It is up.", || "It stays up.".to_owned());
            }
            if azure.world().rejects_plans {
                return Err(Diagnostic::error("Azure refuses", "As the test requests.").into());
            }
        }
        if let Some(prior) = plan.prior() {
            let before = prior.get(&NAME)?;
            ownership.plan_existing(context, &self::flag(&before), prior, before == name)?;
        }
        if is_creation {
            ownership.plan_creation(context, &flag, plan.private(), plan.get(&ADOPT)?, adoption)?;
        }
        Ok(())
    }

    async fn plan_destroy(
        &self,
        context: &Context,
        session: Option<&Session>,
        prior: &mut State,
    ) -> Result<(), Diagnostics> {
        let Some(session) = session else { return Ok(()) };
        session.ownership.plan_destroy(context, &flag(&prior.get(&NAME)?), prior)
    }

    async fn create(&self, context: &Context, session: &Session, mut planned: State) -> Result<State, Failed> {
        let Session { azure, ownership } = session;
        let name = planned.get(&NAME).map_err(Failed::nothing_changed)?;
        let flag = flag(&name);
        let claim = ownership.claim(&flag, &mut planned).map_err(Failed::nothing_changed)?;
        let error = Diagnostic::error("Azure refuses", "As the test requests.");
        let failure = azure.world().create_failure;
        let outcome = if failure == Some(CreateFailure::BeforeWrite) {
            Err(Failed::nothing_changed(error))
        } else if azure.has(&name) && !planned.get(&ADOPT).map_err(Failed::nothing_changed)? {
            Err(Failed::nothing_changed(flag.exists("It is up.")))
        } else {
            if azure.has(&name) {
                claim.adopts(context, "It is up.", "It stays up.");
            }
            azure.world().flags.insert(name);
            if failure == Some(CreateFailure::AfterWrite) { Err(Failed::partial(planned, error)) } else { Ok(planned) }
        };
        claim.finish(&outcome);
        outcome
    }

    async fn read(&self, _: &Context, session: &Session, mut state: State) -> Result<Read, Diagnostics> {
        let name = state.get(&NAME)?;
        if session.azure.has(&name) {
            session.ownership.record_found(&flag(&name), &mut state);
            return Ok(Read::Found(state));
        }
        session.ownership.record_missing(&flag(&name), &state);
        Ok(Read::Gone)
    }

    async fn delete(&self, _: &Context, session: &Session, state: State) -> Result<(), Failed> {
        let name = state.get(&NAME).map_err(Failed::nothing_changed)?;
        if !session.ownership.is_adopted_by_another(&flag(&name), &state) {
            session.azure.world().flags.remove(&name);
            session.ownership.record_delete(&flag(&name));
        }
        Ok(())
    }

    async fn import(
        &self,
        _: &Context,
        session: &Session,
        target: ImportTarget,
        mut stub: State,
    ) -> Result<State, Diagnostics> {
        let name = match target {
            ImportTarget::Id(name) => name,
            ImportTarget::Identity(identity) => identity.get(&NAME)?,
        };
        session.ownership.record_import(&flag(&name), &mut stub);
        Ok(stub.with(&NAME, name).with(&ADOPT, false))
    }
}
