//! Schemas, identity schemas and function signatures.
//!
//! Everything is written in order of its name, so that equal schemas are equal bytes in every run.

use std::collections::BTreeMap;

use super::type_json;
use crate::framework::{AttributeSpec, Identity, Mode, Nesting, Parameter, Schema, Shape, Signature};
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

pub(in crate::protocol) fn encode_function(signature: &Signature) -> proto::Function {
    proto::Function {
        parameters: signature.parameters.iter().map(parameter).collect(),
        variadic_parameter: signature.variadic.as_ref().map(parameter),
        r#return: Some(proto::function::Return { r#type: type_json::encode(&signature.result).into() }),
        summary: signature.summary.to_owned(),
        description: signature.description.to_owned(),
        description_kind: MARKDOWN,
        deprecation_message: signature.deprecated.unwrap_or_default().to_owned(),
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

fn parameter(parameter: &Parameter) -> proto::function::Parameter {
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
