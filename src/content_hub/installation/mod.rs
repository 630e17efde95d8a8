//! Installing a solution and taking it away again.
//!
//! `look.rs` gathers what a workspace holds of a solution, `defect.rs` says what is wrong with it, `aim.rs` decides what
//! to do about it: pure functions, each. `install.rs` and `uninstall.rs` then do it. What a resource keeps of an
//! installation to compare later looks with is `record.rs`.

pub mod aim;
pub mod defect;
pub mod install;
pub mod look;
pub mod record;
mod registration;
pub mod uninstall;

pub use aim::{Aim, Refusal, Versions, Wanted};
pub use defect::Defect;
pub use look::Look;
pub use record::Record;
