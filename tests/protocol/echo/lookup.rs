//! `echo_lookup`: a data source that looks up a sample by name.

use terraform_provider_sentinel::framework::{
    Attribute, Context, DataSource, Diagnostic, Diagnostics, Schema, State, Timeouts,
};

use super::{World, sample};

const NAME: Attribute<String> = Attribute::required("name").description("Name of a sample.");
const ID: Attribute<String> = Attribute::computed("id").description("Id of the sample.");

pub(super) struct Lookup;

impl DataSource for Lookup {
    type Client = World;

    fn type_name(&self) -> &'static str {
        "echo_lookup"
    }

    fn schema(&self) -> Schema {
        Schema::new("Finds a sample.").attribute(&NAME).attribute(&ID).timeouts(Timeouts::DATA_SOURCE)
    }

    async fn read(&self, _: &Context, world: &World, mut config: State) -> Result<State, Diagnostics> {
        let name = config.get(&NAME)?;
        if world.get(sample::TYPE, name.clone()).is_none() {
            return Err(Diagnostic::error("No such sample", format!("There is no sample {name}."))
                .at(NAME.path())
                .into());
        }
        config.set(&ID, world.id_of(&name));
        Ok(config)
    }
}
