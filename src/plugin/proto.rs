//! What `build.rs` makes of go-plugin's own services: `proto/grpc_{broker,controller,stdio}.proto`.
#![expect(missing_docs, unused_qualifications, reason = "generated; the proto files describe what needs it")]

tonic::include_proto!("plugin");
