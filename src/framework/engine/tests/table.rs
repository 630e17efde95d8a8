//! A schema with every kind of attribute, for the tests.

use std::collections::{BTreeMap, BTreeSet};

use crate::framework::nested_object;
use crate::framework::schema::*;
use crate::framework::value::{Number, Value};

pub(super) const TITLE: Attribute<String> =
    Attribute::required("title").description("x").requires_replace().semantic_equality(lower_case);
pub(super) const SHARE: Attribute<Option<Number>> = Attribute::optional("share").description("x");
pub(super) const ACTIVE: Attribute<bool> = Attribute::optional_with_default("active", || true).description("x");
pub(super) const TENANT: Attribute<Option<String>> =
    Attribute::optional_computed("tenant").description("x").use_state_for_unknown().requires_replace();
pub(super) const SECRET: Attribute<Option<String>> = Attribute::write_only("secret").description("x");
pub(super) const NAMES: Attribute<Option<BTreeSet<String>>> = Attribute::optional("names").description("x");
pub(super) const LABELS: Attribute<Option<BTreeMap<String, String>>> = Attribute::optional("labels").description("x");
pub(super) const GROWN: Attribute<Option<i64>> =
    Attribute::optional("grown").description("x").requires_replace_if(shrinks);
pub(super) const PLACES: Attribute<Option<Vec<String>>> =
    Attribute::optional("places").description("x").requires_replace();
pub(super) const REGION: Attribute<Option<String>> =
    Attribute::optional_computed("region").description("x").requires_replace_if_configured();
pub(super) const ONE: Attribute<Option<Part>> = Attribute::optional("one").description("x");
pub(super) const LIST: Attribute<Option<Vec<Part>>> = Attribute::optional("list").description("x");
pub(super) const SET: Attribute<Option<BTreeSet<Part>>> = Attribute::optional("set").description("x");
pub(super) const MAP: Attribute<Option<BTreeMap<String, Part>>> = Attribute::optional_computed("map").description("x");
pub(super) const MADE: Attribute<Option<Vec<Made>>> = Attribute::computed("made").description("x");
pub(super) const PLACE: Attribute<Option<String>> =
    Attribute::computed("place").description("x").use_non_null_state_for_unknown();
pub(super) const ETAG: Attribute<Option<String>> = Attribute::computed("etag").description("x");
pub(super) const SINGLE_BLOCK: Block<Option<Part>> = Block::single("single_block").description("x");
pub(super) const LIST_BLOCK: Block<Vec<Part>> = Block::list("list_block").description("x");
pub(super) const SET_BLOCK: Block<BTreeSet<Part>> = Block::set("set_block").description("x");

fn lower_case(value: &Value) -> Value {
    value.as_str().map_or_else(|| value.clone(), |text| text.to_lowercase().into())
}

fn shrinks(prior: &Value, planned: &Value) -> bool {
    matches!((prior, planned), (Value::Number(prior), Value::Number(planned)) if planned < prior)
}

nested_object! {
    /// An object with an attribute of every mode.
    #[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
    pub(super) struct Part {
        pub(super) key: String = Attribute::required("key").description("x").requires_replace(),
        pub(super) kind: String = Attribute::optional_with_default("kind", || "plain".to_owned()).description("x"),
        pub(super) address: Option<String> = Attribute::optional_computed("address").description("x"),
        pub(super) color: Option<String> = Attribute::computed("color").description("x").use_state_for_unknown(),
    }
}

impl Part {
    pub(super) fn new(key: &str) -> Self {
        Self { key: key.to_owned(), kind: "plain".to_owned(), address: None, color: None }
    }
}

nested_object! {
    /// An object that only the provider computes.
    #[derive(Clone, Debug, Eq, PartialEq)]
    pub(super) struct Made {
        version: String = Attribute::computed("version").description("x"),
    }
}

pub(super) fn schema() -> Schema {
    Schema::new("Every kind of attribute.")
        .attribute(&TITLE)
        .attribute(&SHARE)
        .attribute(&ACTIVE)
        .attribute(&TENANT)
        .attribute(&SECRET)
        .attribute(&NAMES)
        .attribute(&LABELS)
        .attribute(&GROWN)
        .attribute(&PLACES)
        .attribute(&REGION)
        .attribute(&ONE)
        .attribute(&LIST)
        .attribute(&SET)
        .attribute(&MAP)
        .attribute(&MADE)
        .attribute(&PLACE)
        .attribute(&ETAG)
        .block(&SINGLE_BLOCK)
        .block(&LIST_BLOCK)
        .block(&SET_BLOCK)
        .timeouts(Timeouts::RESOURCE)
}

#[test]
fn schema_passes_the_self_check() {
    assert_eq!(schema().problems(SchemaKind::Resource), Vec::<String>::new());
}
