//! Installing a solution and taking it away again.
//!
//! `observation.rs` gathers what a workspace holds of a solution, `defect.rs` says what is wrong with it, `decision.rs` decides what
//! to do about it: pure functions, each. `install.rs` and `uninstall.rs` then do it. What a resource keeps of an
//! installation to compare later looks with is `record.rs`.

pub mod decision;
pub mod defect;
pub mod install;
pub mod observation;
pub mod record;
mod registration;
pub mod uninstall;

pub use decision::{Decision, Desired, Refusal, Versions};
pub use defect::Defect;
pub use observation::Observation;
pub use record::Record;
