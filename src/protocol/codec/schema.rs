//! Encodes schemas, identity schemas and function signatures.
//!
//! Attributes and blocks are sorted by name, so equal schemas have equal encodings.

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
    let attributes = by_name(identity.attributes()).map(|spec| {
        let required_for_import = Identity::is_required_for_import(spec);
        IdentityAttribute {
            name: spec.name.to_owned(),
            r#type: type_json::encode(&spec.shape.value_type()).into(),
            required_for_import,
            optional_for_import: !required_for_import,
            description: spec.description.to_owned(),
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

fn block<'a>(specs: impl IntoIterator<Item = &'a AttributeSpec>) -> Block {
    let (blocks, attributes): (Vec<_>, Vec<_>) = by_name(specs).partition(|spec| spec.block.is_some());
    Block {
        attributes: attributes.into_iter().map(attribute).collect(),
        block_types: blocks.into_iter().filter_map(nested_block).collect(),
        description_kind: MARKDOWN,
        ..Block::default()
    }
}

fn attribute(spec: &AttributeSpec) -> Attribute {
    // Terraform requires exactly one of `type` and `nested_type`.
    let (ty, nested) = match &spec.shape {
        Shape::Type(ty) => (type_json::encode(ty), None),
        Shape::Nested(nested) => (Vec::new(), Some(nested)),
    };
    Attribute {
        name: spec.name.to_owned(),
        r#type: ty.into(),
        nested_type: nested.map(|nested| Object {
            attributes: by_name(&nested.attributes).map(attribute).collect(),
            nesting: object_nesting(nested.nesting).into(),
            ..Object::default()
        }),
        description: spec.description.to_owned(),
        required: spec.mode == Mode::Required,
        optional: matches!(spec.mode, Mode::Optional | Mode::OptionalComputed),
        computed: spec.mode.is_computed(),
        sensitive: spec.sensitive,
        description_kind: MARKDOWN,
        deprecated: spec.deprecated.is_some(),
        write_only: spec.write_only,
        deprecation_message: spec.deprecated.unwrap_or_default().to_owned(),
    }
}

/// Returns `None` if the attribute is not a block of objects. The framework rejects such blocks at start.
fn nested_block(spec: &AttributeSpec) -> Option<NestedBlock> {
    let (nested, limits) = (spec.nested()?, spec.block?);
    let min_items = limits.min_items.into();
    let max_items = match nested.nesting {
        // Terraform requires equal limits: 1 if the block is required, else 0.
        Nesting::Single => min_items,
        Nesting::List | Nesting::Set | Nesting::Map => limits.max_items.into(),
    };
    Some(NestedBlock {
        type_name: spec.name.to_owned(),
        block: Some(Block {
            description: spec.description.to_owned(),
            deprecated: spec.deprecated.is_some(),
            deprecation_message: spec.deprecated.unwrap_or_default().to_owned(),
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
        // Terraform does not call the function with an unknown argument. The result is then unknown.
        allow_unknown_values: false,
        description: parameter.description.to_owned(),
        description_kind: MARKDOWN,
    }
}

fn by_name<'a>(specs: impl IntoIterator<Item = &'a AttributeSpec>) -> impl Iterator<Item = &'a AttributeSpec> {
    specs.into_iter().map(|spec| (spec.name, spec)).collect::<BTreeMap<_, _>>().into_values()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::{
        Attribute as Spec, Block as BlockSpec, FunctionDefinition, Parameter, Timeouts, Type, nested_object,
    };

    const LABEL: Spec<String> = Spec::required("label").description("A label.");
    const SIZE: Spec<Option<i64>> = Spec::optional("size").description("A size.").deprecated("Use `label`.");
    const RULES: Spec<Option<Vec<Rule>>> = Spec::optional("rules").description("Rules.");
    const RULE: BlockSpec<Option<Rule>> = BlockSpec::single("rule").description("One rule.");
    const STEPS: BlockSpec<Vec<Rule>> = BlockSpec::list("step").description("Steps.").items(1, 4);
    const TOKEN: Spec<Option<String>> = Spec::write_only("token").description("A token.").sensitive();
    const ID: Spec<String> = Spec::computed("id").description("An id.");

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
        block().attributes.into_iter().find(|attribute| attribute.name == name).expect("the schema has it")
    }

    fn limits(name: &str) -> (nested_block::NestingMode, i64, i64) {
        let block = block().block_types.into_iter().find(|block| block.type_name == name).expect("the schema has it");
        (block.nesting(), block.min_items, block.max_items)
    }

    #[test]
    fn sorts_attributes_and_blocks() {
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
    fn nested_attribute_has_no_type() {
        let rules = attribute("rules");

        let nested = rules.nested_type.expect("nested attributes");
        assert!(rules.r#type.is_empty());
        assert_eq!(nested.nesting(), object::NestingMode::List);
        assert_eq!(nested.attributes.iter().map(|spec| &*spec.name).collect::<Vec<_>>(), ["label", "size"]);
        assert_eq!(nested.attributes[1].deprecation_message, "Use `label`.");
    }

    #[test]
    fn encodes_modes() {
        let mode = |name| {
            let spec = attribute(name);
            (spec.required, spec.optional, spec.computed, spec.sensitive, spec.write_only)
        };

        assert_eq!(mode("id"), (false, false, true, false, false));
        assert_eq!(mode("token"), (false, true, false, true, true));
    }

    #[test]
    fn encodes_the_limits_of_blocks() {
        assert_eq!(limits("rule"), (nested_block::NestingMode::Single, 0, 0));
        assert_eq!(limits("timeouts"), (nested_block::NestingMode::Single, 0, 0));
        assert_eq!(limits("step"), (nested_block::NestingMode::List, 1, 4));
    }

    #[test]
    fn encodes_the_version_the_description_and_the_deprecation_of_a_schema() {
        let block = encode(&Schema::new("A thing.").version(3).deprecated("Use another.")).block.expect("a block");

        assert_eq!((block.version, &*block.description), (3, "A thing."));
        assert_eq!((block.deprecated, &*block.deprecation_message), (true, "Use another."));
        assert_eq!(block.description_kind, MARKDOWN);
    }

    #[test]
    fn encodes_the_description_and_the_deprecation_of_a_block() {
        const OLD: BlockSpec<Option<Rule>> = BlockSpec::single("old").description("Old.").deprecated("Use `rule`.");
        let schema = encode(&Schema::new("A thing.").block(&OLD)).block.expect("a schema has a block");

        let block = schema.block_types[0].block.clone().expect("a nested block has a block");

        assert_eq!((&*block.description, block.deprecated), ("Old.", true));
        assert_eq!(block.deprecation_message, "Use `rule`.");
    }

    #[test]
    fn encodes_an_identity() {
        let identity = encode_identity(&Identity::of(2, &[&LABEL, &SIZE]));

        let attributes: Vec<_> = identity.identity_attributes.iter().map(|attribute| &*attribute.name).collect();
        let (label, size) = (&identity.identity_attributes[0], &identity.identity_attributes[1]);
        assert_eq!((identity.version, attributes), (2, vec!["label", "size"]));
        assert_eq!((&*label.description, &*label.r#type), ("A label.", b"\"string\"".as_slice()));
        assert!(label.required_for_import && !label.optional_for_import);
        assert!(size.optional_for_import && !size.required_for_import);
    }

    #[test]
    fn encodes_a_function() {
        let text = Parameter::<String>::new("text").description("A text.");
        let more = Parameter::<Option<String>>::new("more").description("More texts.");
        let definition = FunctionDefinition::new("join", "Joins.", "Joins texts.").parameter(&text).variadic(&more);

        let function = encode_function(&FunctionSchema { definition, output: Type::Bool });

        let parameter = &function.parameters[0];
        assert_eq!((&*parameter.name, &*parameter.description), ("text", "A text."));
        assert_eq!((&*parameter.r#type, parameter.allow_null_value), (b"\"string\"".as_slice(), false));
        assert!(function.variadic_parameter.is_some_and(|more| more.name == "more" && more.allow_null_value));
        assert_eq!(function.r#return.expect("a result").r#type, b"\"bool\"".as_slice());
        assert_eq!((&*function.summary, &*function.description), ("Joins.", "Joins texts."));
    }
}
