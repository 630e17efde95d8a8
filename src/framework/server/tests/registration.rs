//! Tests of providers with invalid schemas.

use super::fixture::*;
use crate::framework::*;

/// A provider with an invalid data source.
struct WithInvalidSchema;

struct InvalidThing;

const COUNT: Attribute<Option<i64>> = Attribute::optional("count").description("How many.");

impl DataSource for InvalidThing {
    type Client = ();

    fn type_name(&self) -> &'static str {
        "other_thing"
    }

    fn schema(&self) -> Schema {
        Schema::new("A thing.").attribute(&COUNT)
    }

    async fn read(&self, _: &Context, (): &(), config: State) -> Result<State, Diagnostics> {
        Ok(config)
    }
}

impl Provider for WithInvalidSchema {
    type Client = ();

    fn name(&self) -> &'static str {
        "test"
    }

    fn schema(&self) -> Schema {
        Schema::new("Nothing.")
    }

    async fn configure(&self, _: &Context, _: Config, _: &str) -> Result<Knowable<()>, Diagnostics> {
        Ok(Knowable::Known(()))
    }

    fn resources(&self) -> Vec<AnyResource<()>> {
        Vec::new()
    }

    fn data_sources(&self) -> Vec<AnyDataSource<()>> {
        vec![data_source(InvalidThing), data_source(InvalidThing)]
    }
}

#[test]
fn reports_every_schema_problem_of_a_provider() {
    let invalid = Server::new(WithInvalidSchema).expect_err("it is invalid");

    assert_eq!(
        invalid.problems,
        [
            "there are two data sources other_thing",
            "`other_thing` does not begin with the provider's name",
            "other_thing: `count` is a name that Terraform keeps for itself",
        ]
    );
}

#[test]
fn schemas_keep_the_order_of_the_documentation() {
    let server = Server::new(TestProvider(Behavior::Good)).expect("a valid provider");

    let thing = &server.schemas().resources[THING];

    let names: Vec<_> = thing.schema.attributes().map(|spec| spec.name).collect();
    assert_eq!(names, ["name", "label", "size", "owner", "tags", "token", "rules", "id", "etag"]);
    let blocks: Vec<_> = thing.schema.blocks().map(|spec| spec.name).collect();
    assert_eq!(blocks, ["port", "timeouts"]);
    assert_eq!(thing.identity.as_ref().map(Identity::value_type), Some(Type::object([("name", Type::String)])));
}
