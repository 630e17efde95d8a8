//! `echo_sample`: a resource with an attribute of every kind.

use std::collections::{BTreeMap, BTreeSet};

use terraform_provider_sentinel::framework::{
    Attribute, Block, Context, Diagnostic, Diagnostics, Failed, Identity, ImportTarget, MoveSource, Number, Read,
    Resource, Schema, State, StateMove, Timeouts, Value,
};

use super::World;
use super::nested::{Couple, Pair, Part, Rule};

pub(super) const TYPE: &str = "echo_sample";

pub(super) const NAME: Attribute<String> =
    Attribute::required("name").description("Name of the object.").requires_replace();
const FLAG: Attribute<Option<bool>> = Attribute::optional("flag").description("A bool.");
const AMOUNT: Attribute<Option<Number>> = Attribute::optional("amount").description("A number.");
const WHOLE: Attribute<Option<i64>> = Attribute::optional("whole").description("A whole number.");
const TEXT: Attribute<Option<String>> = Attribute::optional("text").description("A string.");
const NAMES: Attribute<Option<Vec<Option<String>>>> = Attribute::optional("names").description("A list.");
const TAGS: Attribute<Option<BTreeSet<String>>> = Attribute::optional("tags").description("A set.");
const WEIGHTS: Attribute<Option<BTreeMap<String, Option<Number>>>> =
    Attribute::optional("weights").description("A map.");
const PAIR: Attribute<Option<Pair>> = Attribute::optional("pair").description("An object of a plain type.");
const COUPLE: Attribute<Option<Couple>> = Attribute::optional("couple").description("A tuple.");
const ANYTHING: Attribute<Option<Value>> = Attribute::optional("anything").description("A value of any type.");
const SINGLE: Attribute<Option<Part>> = Attribute::optional("single").description("A nested object.");
const ITEMS: Attribute<Option<Vec<Part>>> = Attribute::optional("items").description("A list of nested objects.");
const MEMBERS: Attribute<Option<BTreeSet<Part>>> =
    Attribute::optional("members").description("A set of nested objects.");
const ENTRIES: Attribute<Option<BTreeMap<String, Part>>> =
    Attribute::optional("entries").description("A map of nested objects.");
const RULE: Block<Vec<Rule>> = Block::list("rule").description("A block that may be repeated.");
const ID: Attribute<String> = Attribute::computed("id").description("Keeps its value.").use_state_for_unknown();
const REVISION: Attribute<i64> = Attribute::computed("revision").description("Number of updates.");
const GREETING: Attribute<String> =
    Attribute::optional_with_default("greeting", || "hello".to_owned()).description("With a default.");
const SECRET: Attribute<Option<String>> = Attribute::optional("secret").description("Sensitive.").sensitive();
const TOKEN: Attribute<Option<String>> = Attribute::write_only("token").description("Write-only.");
const ZONE: Attribute<Option<String>> =
    Attribute::optional("zone").description("Cannot be changed.").requires_replace();
const PATH: Attribute<Option<String>> =
    Attribute::optional("path").description("Compared without case.").semantic_equality(lower_case);

fn lower_case(value: &Value) -> Value {
    value.as_str().map_or_else(|| value.clone(), |text| text.to_lowercase().into())
}

pub(super) struct Sample;

impl Resource for Sample {
    type Client = World;

    fn type_name(&self) -> &'static str {
        TYPE
    }

    fn schema(&self) -> Schema {
        Schema::new("Has an attribute of every kind.")
            .attribute(&NAME)
            .attribute(&FLAG)
            .attribute(&AMOUNT)
            .attribute(&WHOLE)
            .attribute(&TEXT)
            .attribute(&NAMES)
            .attribute(&TAGS)
            .attribute(&WEIGHTS)
            .attribute(&PAIR)
            .attribute(&COUPLE)
            .attribute(&ANYTHING)
            .attribute(&SINGLE)
            .attribute(&ITEMS)
            .attribute(&MEMBERS)
            .attribute(&ENTRIES)
            .attribute(&ID)
            .attribute(&REVISION)
            .attribute(&GREETING)
            .attribute(&SECRET)
            .attribute(&TOKEN)
            .attribute(&ZONE)
            .attribute(&PATH)
            .block(&RULE)
            .timeouts(Timeouts::RESOURCE)
    }

    fn identity(&self) -> Option<Identity> {
        Some(Identity::of(0, &[&NAME]))
    }

    async fn create(&self, _: &Context, world: &World, mut planned: State) -> Result<State, Failed> {
        let name = planned.get(&NAME).map_err(Failed::nothing_changed)?;
        planned.set(&ID, world.id_of(&name));
        planned.set(&REVISION, 1);
        planned.private_mut().set("made_by", "echo");
        world.put(TYPE, name, &planned);
        Ok(planned)
    }

    async fn read(&self, _: &Context, world: &World, state: State) -> Result<Read, Diagnostics> {
        Ok(world.get(TYPE, state.get(&NAME)?).map_or(Read::Gone, Read::Found))
    }

    async fn update(&self, _: &Context, world: &World, prior: State, mut planned: State) -> Result<State, Failed> {
        let revision = prior.get(&REVISION).map_err(Failed::nothing_changed)?;
        planned.set(&REVISION, revision + 1);
        world.put(TYPE, planned.get(&NAME).map_err(Failed::nothing_changed)?, &planned);
        Ok(planned)
    }

    async fn delete(&self, _: &Context, world: &World, state: State) -> Result<(), Failed> {
        world.remove(TYPE, state.get(&NAME).map_err(Failed::nothing_changed)?);
        Ok(())
    }

    async fn import(
        &self,
        _: &Context,
        _: &World,
        target: ImportTarget,
        mut stub: State,
    ) -> Result<State, Diagnostics> {
        let name = match target {
            ImportTarget::Id(id) if id.is_empty() => {
                return Err(Diagnostic::error("No id", "An id is a name, and this one is empty.").into());
            }
            ImportTarget::Id(id) => id,
            ImportTarget::Identity(identity) => identity.get(&NAME)?,
        };
        stub.set(&NAME, name);
        Ok(stub)
    }

    fn moves(&self) -> Vec<StateMove> {
        let convert = |source: &MoveSource| Ok(Some(serde_json::json!({ "name": source.state["title"] })));
        vec![StateMove { provider: "hashicorp/other", type_name: "other_thing", convert }]
    }
}
