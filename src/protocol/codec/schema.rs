//! Schemas, identity schemas and function signatures.
//!
//! Everything is written in order of its name, so that equal schemas are equal bytes in every run.

use std::collections::BTreeMap;

use super::type_json;
use crate::framework::{AttributeSpec, FunctionSchema, Identity, Mode, Nesting, ParameterSpec, Schema, Shape};
use crate::protocol::proto;
use crate::protocol::proto::resource_identity_schema::IdentityAttribute;
use crate::protocol::proto::schema::{Attribute, Block, NestedBlock, Object, nested_block, object};

/// All descriptions are Markdown.
const MARKDOWN: i32 = proto::StringKind::Markdown as i32;

pub(in crate::protocol) fn encode(schema: &Schema) -> proto::Schema {
    let block = Block {
        version: schema.state_version(),
        description: schema.description().to_owned(),
        deprecated: schema.deprecation().is_some(),
        deprecation_message: schema.deprecation().unwrap_or_default().to_owned(),
        ..block(schema.attributes().chain(schema.blocks()))
    };
    proto::Schema { version: schema.state_version(), block: Some(block) }
}

pub(in crate::protocol) fn encode_identity(identity: &Identity) -> proto::ResourceIdentitySchema {
    let attributes = by_name(identity.attributes()).map(|row| {
        let required_for_import = Identity::is_required_for_import(row);
        IdentityAttribute {
            name: row.name.to_owned(),
            r#type: type_json::encode(&row.shape.value_type()).into(),
            required_for_import,
            optional_for_import: !required_for_import,
            description: row.description.to_owned(),
        }
    });
    proto::ResourceIdentitySchema { version: identity.version(), identity_attributes: attributes.collect() }
}

pub(in crate::protocol) fn encode_function(function: &FunctionSchema) -> proto::Function {
    let definition = &function.definition;
    proto::Function {
        parameters: definition.parameters.iter().map(parameter).collect(),
        variadic_parameter: definition.variadic.as_ref().map(parameter),
        r#return: Some(proto::function::Return { r#type: type_json::encode(&function.output).into() }),
        summary: definition.summary.to_owned(),
        description: definition.description.to_owned(),
        description_kind: MARKDOWN,
        deprecation_message: definition.deprecated.unwrap_or_default().to_owned(),
    }
}

fn block<'a>(rows: impl IntoIterator<Item = &'a AttributeSpec>) -> Block {
    let (blocks, attributes): (Vec<_>, Vec<_>) = by_name(rows).partition(|row| row.block.is_some());
    Block {
        attributes: attributes.into_iter().map(attribute).collect(),
        block_types: blocks.into_iter().filter_map(nested_block).collect(),
        description_kind: MARKDOWN,
        ..Block::default()
    }
}

fn attribute(row: &AttributeSpec) -> Attribute {
    // Exactly one of the two: Terraform refuses a schema whose attribute has both.
    let (plain, nested) = match &row.shape {
        Shape::Type(ty) => (type_json::encode(ty), None),
        Shape::Nested(nested) => (Vec::new(), Some(nested)),
    };
    Attribute {
        name: row.name.to_owned(),
        r#type: plain.into(),
        nested_type: nested.map(|nested| Object {
            attributes: by_name(&nested.attributes).map(attribute).collect(),
            nesting: object_nesting(nested.nesting).into(),
            ..Object::default()
        }),
        description: row.description.to_owned(),
        required: row.mode == Mode::Required,
        optional: matches!(row.mode, Mode::Optional | Mode::OptionalComputed),
        computed: row.mode.is_computed(),
        sensitive: row.sensitive,
        description_kind: MARKDOWN,
        deprecated: row.deprecated.is_some(),
        write_only: row.write_only,
        deprecation_message: row.deprecated.unwrap_or_default().to_owned(),
    }
}

/// `None` for a row that is not a block of objects, which the framework's own check of schemas refuses.
fn nested_block(row: &AttributeSpec) -> Option<NestedBlock> {
    let (nested, limits) = (row.nested()?, row.block?);
    let min_items = limits.min_items.into();
    let max_items = match nested.nesting {
        // There is no "at most": Terraform wants both to say whether the block is required.
        Nesting::Single => min_items,
        Nesting::List | Nesting::Set | Nesting::Map => limits.max_items.into(),
    };
    Some(NestedBlock {
        type_name: row.name.to_owned(),
        block: Some(Block {
            description: row.description.to_owned(),
            deprecated: row.deprecated.is_some(),
            deprecation_message: row.deprecated.unwrap_or_default().to_owned(),
            ..block(&nested.attributes)
        }),
        nesting: block_nesting(nested.nesting).into(),
        min_items,
        max_items,
    })
}

const fn object_nesting(nesting: Nesting) -> object::NestingMode {
    match nesting {
        Nesting::Single => object::NestingMode::Single,
        Nesting::List => object::NestingMode::List,
        Nesting::Set => object::NestingMode::Set,
        Nesting::Map => object::NestingMode::Map,
    }
}

const fn block_nesting(nesting: Nesting) -> nested_block::NestingMode {
    match nesting {
        Nesting::Single => nested_block::NestingMode::Single,
        Nesting::List => nested_block::NestingMode::List,
        Nesting::Set => nested_block::NestingMode::Set,
        Nesting::Map => nested_block::NestingMode::Map,
    }
}

fn parameter(parameter: &ParameterSpec) -> proto::function::Parameter {
    proto::function::Parameter {
        name: parameter.name.to_owned(),
        r#type: type_json::encode(&parameter.value_type).into(),
        allow_null_value: parameter.allow_null,
        // A function computes with known arguments; of unknown ones the CLI makes an unknown result itself.
        allow_unknown_values: false,
        description: parameter.description.to_owned(),
        description_kind: MARKDOWN,
    }
}

fn by_name<'a>(rows: impl IntoIterator<Item = &'a AttributeSpec>) -> impl Iterator<Item = &'a AttributeSpec> {
    rows.into_iter().map(|row| (row.name, row)).collect::<BTreeMap<_, _>>().into_values()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::{Attribute as Row, Block as BlockRow, Timeouts, nested_object};

    const LABEL: Row<String> = Row::required("label").description("A label.");
    const SIZE: Row<Option<i64>> = Row::optional("size").description("A size.").deprecated("Use `label`.");
    const RULES: Row<Option<Vec<Rule>>> = Row::optional("rules").description("Rules.");
    const RULE: BlockRow<Option<Rule>> = BlockRow::single("rule").description("One rule.");
    const STEPS: BlockRow<Vec<Rule>> = BlockRow::list("step").description("Steps.").items(1, 4);
    const TOKEN: Row<Option<String>> = Row::write_only("token").description("A token.").sensitive();
    const ID: Row<String> = Row::computed("id").description("An id.");

    nested_object! {
        struct Rule {
            size: Option<i64> = SIZE,
            label: String = LABEL,
        }
    }

    fn block() -> Block {
        let schema = Schema::new("A thing.").version(3).attribute(&RULES).attribute(&TOKEN).attribute(&ID);
        let schema = schema.block(&STEPS).block(&RULE).timeouts(Timeouts::DATA_SOURCE);
        encode(&schema).block.expect("a schema has a block")
    }

    fn attribute(name: &str) -> Attribute {
        block().attributes.into_iter().find(|attribute| attribute.name == name).expect("it is in the schema")
    }

    fn limits(name: &str) -> (nested_block::NestingMode, i64, i64) {
        let block = block().block_types.into_iter().find(|block| block.type_name == name).expect("it is in the schema");
        (block.nesting(), block.min_items, block.max_items)
    }

    #[test]
    fn rows_are_in_order_of_their_names() {
        let names: Vec<_> = block().attributes.into_iter().map(|attribute| attribute.name).collect();
        let blocks: Vec<_> = block().block_types.into_iter().map(|block| block.type_name).collect();

        assert_eq!(
            (names, blocks),
            (
                vec!["id".into(), "rules".into(), "token".into()],
                vec!["rule".into(), "step".into(), "timeouts".to_owned()]
            )
        );
    }

    #[test]
    fn a_nested_attribute_has_attributes_and_no_type() {
        let rules = attribute("rules");

        let nested = rules.nested_type.expect("nested attributes");
        assert!(rules.r#type.is_empty());
        assert_eq!(nested.nesting(), object::NestingMode::List);
        assert_eq!(nested.attributes.iter().map(|row| &*row.name).collect::<Vec<_>>(), ["label", "size"]);
        assert_eq!(nested.attributes[1].deprecation_message, "Use `label`.");
    }

    #[test]
    fn modes_are_told_apart() {
        let mode = |name| {
            let row = attribute(name);
            (row.required, row.optional, row.computed, row.sensitive, row.write_only)
        };

        assert_eq!(mode("id"), (false, false, true, false, false));
        assert_eq!(mode("token"), (false, true, false, true, true));
    }

    #[test]
    fn a_single_block_has_equal_limits_and_a_list_its_own() {
        assert_eq!(limits("rule"), (nested_block::NestingMode::Single, 0, 0));
        assert_eq!(limits("timeouts"), (nested_block::NestingMode::Single, 0, 0));
        assert_eq!(limits("step"), (nested_block::NestingMode::List, 1, 4));
    }
}
