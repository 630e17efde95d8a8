//! What `build.rs` makes of `proto/tfplugin6.proto`: messages, the service trait, and a client for tests.
#![expect(missing_docs, unused_qualifications, reason = "generated; the proto file describes what needs it")]

tonic::include_proto!("tfplugin6");
