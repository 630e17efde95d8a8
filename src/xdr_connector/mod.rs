//! The Defender XDR connector of a workspace: `sentinel_defender_xdr_connector`.
//!
//! `settings.rs` says what of the shared document it manages, and which document to write. The rules of the document that it
//! shares with the tenant connector are in `defender_xdr`. `resource/` is the Terraform resource.

mod resource;
mod settings;

pub use resource::XdrConnector;
