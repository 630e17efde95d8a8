//! The Defender XDR connector of a workspace: `sentinel_defender_xdr_connector`.
//!
//! - `settings.rs`: the settings of the shared document that it manages, and the document to write
//! - `resource/`: the Terraform resource
//!
//! The rules for changing the document that it shares with the tenant connector are in `defender_xdr`.

mod resource;
mod settings;

pub use resource::XdrConnector;
