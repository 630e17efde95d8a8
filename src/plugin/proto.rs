//! What `build.rs` makes of go-plugin's own services: broker, controller and stdio.
#![expect(missing_docs, unused_qualifications, reason = "generated; the proto files describe what needs it")]

tonic::include_proto!("plugin");
