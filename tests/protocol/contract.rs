//! Compares `proto/*.proto` with the published names, numbers and types in `proto/contract.json`.

use std::collections::BTreeMap;

use prost::Message;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorSet};
use serde_json::Value as Json;

const COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
const CONTRACT: &str = include_str!("../../proto/contract.json");

type Table<T> = BTreeMap<String, BTreeMap<String, T>>;

#[test]
fn messages_match_the_contract() {
    let mut compiled = Table::new();
    for file in &compiled_files().file {
        for message in &file.message_type {
            collect_messages(file.package(), message, &mut compiled);
        }
    }

    assert_eq!(compiled, contract("messages", |text| text.as_str().expect("a field is text").to_owned()));
}

#[test]
fn enums_match_the_contract() {
    let mut compiled = Table::new();
    for file in &compiled_files().file {
        for declared in &file.enum_type {
            collect_enum(file.package(), declared, &mut compiled);
        }
        for message in &file.message_type {
            collect_nested_enums(file.package(), message, &mut compiled);
        }
    }

    assert_eq!(compiled, contract("enums", |number| number.as_i64().expect("an enum value is a number")));
}

#[test]
fn services_match_the_contract() {
    let mut compiled = Table::new();
    for file in &compiled_files().file {
        for service in &file.service {
            let calls = service.method.iter().map(|call| {
                let stream = |streaming| if streaming { "stream " } else { "" };
                let (input, output) =
                    (call.input_type().trim_start_matches('.'), call.output_type().trim_start_matches('.'));
                let (sent, returned) = (stream(call.client_streaming()), stream(call.server_streaming()));
                (call.name().to_owned(), format!("{sent}{input} -> {returned}{output}"))
            });
            compiled.insert(format!("{}.{}", file.package(), service.name()), calls.collect());
        }
    }

    assert_eq!(compiled, contract("services", |text| text.as_str().expect("a call is text").to_owned()));
}

/// The project's own files, without Google's imported files.
fn compiled_files() -> FileDescriptorSet {
    let mut set = FileDescriptorSet::decode(COMPILED).expect("build.rs wrote a descriptor set");
    set.file.retain(|file| !file.package().starts_with("google."));
    set
}

fn contract<T>(section: &str, leaf: impl Fn(&Json) -> T) -> Table<T> {
    let contract: Json = serde_json::from_str(CONTRACT).expect("contract.json is JSON");
    let entries = contract[section].as_object().expect("a section of the contract is an object");
    let leaves = |entry: &Json| {
        let leaves = entry.as_object().expect("an entry of the contract is an object");
        leaves.iter().map(|(name, value)| (name.clone(), leaf(value))).collect()
    };
    entries.iter().map(|(name, entry)| (name.clone(), leaves(entry))).collect()
}

fn collect_messages(scope: &str, message: &DescriptorProto, found: &mut Table<String>) {
    let name = format!("{scope}.{}", message.name());
    let fields = message.field.iter().map(|field| (field.name().to_owned(), described(message, field)));
    found.insert(name.clone(), fields.collect());
    for nested in &message.nested_type {
        collect_messages(&name, nested, found);
    }
}

fn collect_nested_enums(scope: &str, message: &DescriptorProto, found: &mut Table<i64>) {
    let name = format!("{scope}.{}", message.name());
    for declared in &message.enum_type {
        collect_enum(&name, declared, found);
    }
    for nested in &message.nested_type {
        collect_nested_enums(&name, nested, found);
    }
}

fn collect_enum(scope: &str, declared: &EnumDescriptorProto, found: &mut Table<i64>) {
    let values = declared.value.iter().map(|value| (value.name().to_owned(), i64::from(value.number())));
    found.insert(format!("{scope}.{}", declared.name()), values.collect());
}

/// A field in the contract's notation: `4 repeated tfplugin6.Diagnostic`, `2 optional int64`, `1 string in selector`.
fn described(message: &DescriptorProto, field: &FieldDescriptorProto) -> String {
    let label = match field.label() {
        Label::Repeated => "repeated ",
        _ if field.proto3_optional() => "optional ",
        _ => "",
    };
    let kind = match field.r#type() {
        Type::Message | Type::Enum => field.type_name().trim_start_matches('.').to_owned(),
        scalar => scalar.as_str_name().trim_start_matches("TYPE_").to_lowercase(),
    };
    let group = match field.oneof_index {
        Some(index) if !field.proto3_optional() => {
            let index = usize::try_from(index).expect("an index is not negative");
            format!(" in {}", message.oneof_decl[index].name())
        }
        _ => String::new(),
    };
    format!("{} {label}{kind}{group}", field.number())
}
