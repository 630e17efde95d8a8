//! Compiles `proto/` to Rust: messages, servers, and the clients that the tests use. No system `protoc` is needed.

use std::error::Error;

const FILES: [&str; 4] = ["tfplugin6.proto", "grpc_broker.proto", "grpc_controller.proto", "grpc_stdio.proto"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=proto");
    let descriptors = protox::compile(FILES, ["proto"])?;
    tonic_prost_build::configure().build_transport(false).btree_map(".").bytes(".").compile_fds(descriptors)?;
    Ok(())
}
