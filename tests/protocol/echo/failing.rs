//! `echo_failing`: a resource whose configuration defines how it fails.

use terraform_provider_sentinel::framework::{
    Attribute, Context, Diagnostic, Diagnostics, Failed, ImportTarget, Read, Resource, Schema, State, Timeouts,
};

use super::World;

const TYPE: &str = "echo_failing";

const NAME: Attribute<String> = Attribute::required("name").description("Name of the object.").requires_replace();
const FAILS: Attribute<String> = Attribute::required("fails").description(
    "`never`, `at-once`, `half-way`, `once-stopped`, `if-stopped`, `with-panic` or `with-panic-after-checkpoint` in a \
     create; `on-delete`.",
);
const ID: Attribute<String> = Attribute::computed("id").description("Its id.").use_state_for_unknown();

pub(super) struct Failing;

fn failure() -> Diagnostic {
    Diagnostic::error("It failed", "The configuration asks for it.").at(FAILS.path())
}

impl Resource for Failing {
    type Client = World;

    fn type_name(&self) -> &'static str {
        TYPE
    }

    fn schema(&self) -> Schema {
        Schema::new("Fails.").attribute(&NAME).attribute(&FAILS).attribute(&ID).timeouts(Timeouts::RESOURCE)
    }

    async fn create(&self, context: &Context, world: &World, mut planned: State) -> Result<State, Failed> {
        let name = planned.get(&NAME).map_err(Failed::nothing_changed)?;
        let fails = planned.get(&FAILS).map_err(Failed::nothing_changed)?;
        match fails.as_str() {
            "at-once" => return Err(Failed::nothing_changed(failure())),
            "once-stopped" => {
                context.cancellation().cancelled().await;
                return Err(Failed::nothing_changed(failure()));
            }
            "if-stopped" if context.cancellation().is_cancelled() => return Err(Failed::nothing_changed(failure())),
            "with-panic" => panic!("the configuration asks for it"),
            _ => planned.set(&ID, world.id_of(&name)),
        }
        match fails.as_str() {
            "half-way" => return Err(Failed::partial(planned, failure())),
            "with-panic-after-checkpoint" => {
                context.checkpoint(&planned);
                panic!("the configuration asks for it");
            }
            _ => world.put(TYPE, name, &planned),
        }
        Ok(planned)
    }

    async fn read(&self, _: &Context, world: &World, state: State) -> Result<Read, Diagnostics> {
        Ok(world.get(TYPE, state.get(&NAME)?).map_or(Read::Gone, Read::Found))
    }

    async fn delete(&self, _: &Context, world: &World, state: State) -> Result<(), Failed> {
        match state.get(&FAILS).map_err(Failed::nothing_changed)?.as_str() {
            "on-delete" => Err(Failed::nothing_changed(failure())),
            _ => {
                world.remove(TYPE, state.get(&NAME).map_err(Failed::nothing_changed)?);
                Ok(())
            }
        }
    }

    async fn import(&self, _: &Context, _: &World, _: ImportTarget, _: State) -> Result<State, Diagnostics> {
        Err(Diagnostic::error("Not importable", "This resource is made to fail.").into())
    }
}
