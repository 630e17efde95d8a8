//! Compiles `proto/` to Rust, without a system `protoc`: messages, servers, and the clients that the tests use.

use std::{env, error::Error, fs, path::PathBuf};

use protox::prost::Message;

const FILES: [&str; 4] = ["tfplugin6.proto", "grpc_broker.proto", "grpc_controller.proto", "grpc_stdio.proto"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=proto");
    let descriptors = protox::compile(FILES, ["proto"])?;
    // tests/protocol/contract.rs compares the descriptors with proto/contract.json.
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("descriptors.bin"), descriptors.encode_to_vec())?;
    tonic_prost_build::configure().build_transport(false).btree_map(".").bytes(".").compile_fds(descriptors)?;
    Ok(())
}
