//! Tests of the rules: examples, properties of one part in any document, and properties of several owners of one
//! document.
//!
//! More cases: `PROPTEST_CASES=100000 cargo test --lib defender_xdr`.

mod deletion;
mod documents;
mod examples;
mod model;
mod owners;
mod parts;
mod properties;

use serde_json::{Map, Value};

use super::part::DataType;
use super::{DEFENDER_FOR_CLOUD, Origin, Part};
use crate::sentinel::data_connector::{Document, kind::MICROSOFT_THREAT_PROTECTION};

/// The name of documents that this provider creates.
const OWN: &str = "11111111-1111-5111-8111-111111111111";
const TENANT: &str = "22222222-2222-4222-8222-222222222222";
const CLOUD_APPS: &str = "microsoftDefenderForCloudApps";
const IDENTITY: &str = "microsoftDefenderForIdentity";

/// The part of the tenant connector.
fn cloud() -> Part {
    Part::alerts_of(DEFENDER_FOR_CLOUD)
}

/// A part like that of the Defender XDR connector.
fn incidents_and_identity() -> Part {
    Part::new(vec![DataType::incidents()], vec![IDENTITY.to_owned()])
}

/// The alerts of a dedicated connector.
fn dedicated(kind: &str) -> Part {
    Part::dedicated(kind, vec![DataType::named("alerts")], Map::new())
}

/// A document that this provider did not create.
fn foreign(properties: Value) -> Document {
    named("c1", properties)
}

/// A document that this provider created.
fn own(properties: Value) -> Document {
    named(OWN, properties)
}

fn named(name: &str, properties: Value) -> Document {
    let mut document = Document::new(name, MICROSOFT_THREAT_PROTECTION, properties);
    document.set(&["etag"], "\"e1\"".into());
    document
}

/// The origin of a document that the owner did not create.
const JOINED: Origin<'static> = Origin { own_name: OWN, created_with: None };

fn created_with(properties: &Value) -> Origin<'_> {
    Origin { own_name: OWN, created_with: Some(properties) }
}
