//! Ownership: detects that several resources manage the same object.
//!
//! A workspace has one tenant-wide connection, and each solution once. Terraform does not know that: two resources, or
//! two states of one resource, may manage the same object in Azure. This module detects and reports it. It never calls
//! Azure.
//!
//! | part | is |
//! |---|---|
//! | [`UniqueObject`] | the object, described once by its resource: its key, and the words of its diagnostics |
//! | [`Adoption`] | whether a create adopts an object that exists |
//! | `token` | what the private state keeps: tells one resource's object from another's |
//! | [`Ledger`] | what one configured provider has seen; a resource calls it in each of its operations |
//! | `facts` | the rules: pure functions over what is known of one object |
//! | `diagnostics` | the messages, with the `import` block to paste |
//!
//! # What a resource calls
//!
//! | operation | call |
//! |---|---|
//! | plan, of an object in the state | [`Ledger::plan_existing`] |
//! | plan, of a creation | [`Ledger::owner`], [`UniqueObject::adoption`], and at the end [`Ledger::plan_creation`] |
//! | the same, if a configuration can give two resources one key by mistake | [`Ledger::compare_creations`] |
//! | plan of a destroy | [`Ledger::plan_destroy`] |
//! | read | [`Ledger::record_found`] or [`Ledger::record_missing`] |
//! | import | [`Ledger::record_import`] |
//! | create | [`Ledger::claim`] under the object's write lock, then [`Claim::finish`] |
//! | delete | [`Ledger::is_adopted_by_another`] under the object's write lock, then [`Ledger::record_delete`] |
//!
//! # Planning is repeatable
//!
//! A plan request carries no address: "the same resource again" looks like "a second one". So what is remembered of
//! objects in the state is remembered by token, and the same one planned twice adds nothing. A creation has no token:
//! what is remembered of it leads to warnings at most, and a second creation is refused when it is applied, by the
//! claim of the first. A plan that fails leaves nothing behind.
//!
//! # Creations are refused by the create
//!
//! If the create will be refused, the plan only warns. An error in the plan would have two bad effects:
//!
//! - The CLIs plan normally before they plan a destroy, so the error would also block the destroy of everything else.
//! - The CLIs plan a creation again when they apply it. If that fails in a replacement with `create_before_destroy`,
//!   they have already set aside the old object, and the state keeps it as deposed. If the create fails, they restore
//!   it.

mod adoption;
mod diagnostics;
mod facts;
mod ledger;
mod object;
#[cfg(test)]
mod tests;
mod token;

pub use self::adoption::Adoption;
pub use self::facts::Owner;
pub use self::ledger::{Claim, Ledger};
pub use self::object::{ObjectKind, UniqueObject};
