//! Ownership: detects that several resources manage the same object.
//!
//! A workspace can have one tenant-wide connection, and one installation of each solution. Terraform does not know
//! this, so two resources in one state may manage the same object in Azure. This module detects and reports such
//! conflicts. It never calls Azure.
//!
//! | part | purpose |
//! |---|---|
//! | [`UniqueObject`] | describes the object: its key, and the words for its diagnostics |
//! | [`Adoption`] | decides whether a create adopts an existing object |
//! | `token` | identifies the resource that manages an object, in the private state |
//! | [`Ledger`] | records the calls of one configured provider. A resource calls it in each operation |
//! | `facts` | the rules, as pure functions over the recorded facts about one object |
//! | `diagnostics` | the messages, with the `import` block to paste |
//!
//! # What a resource calls
//!
//! | operation | call |
//! |---|---|
//! | plan of a resource in the state | [`Ledger::plan_existing`] |
//! | plan of a creation | [`Ledger::owner`], [`UniqueObject::adoption`], and at the end [`Ledger::plan_creation`] |
//! | plan of a creation, if two resources can have the same key by mistake | [`Ledger::compare_creations`] |
//! | plan of a destroy | [`Ledger::plan_destroy`] |
//! | read | [`Ledger::record_found`] or [`Ledger::record_missing`] |
//! | import | [`Ledger::record_import`] |
//! | create | [`Ledger::claim`] with the object's write lock, then [`Claim::finish`] |
//! | delete | [`Ledger::is_adopted_by_another`] with the object's write lock, then [`Ledger::record_delete`] |
//!
//! # Planning is repeatable
//!
//! A plan request does not contain the address of the resource, so a repeated plan looks like the plan of a second
//! resource. Facts about resources in the state are recorded by token, so planning such a resource twice adds no fact.
//! A creation has no token, so a planned creation leads to warnings at most. The apply rejects a second creation
//! because of the first one's claim. A failed plan records no fact.
//!
//! # The apply rejects a creation, not the plan
//!
//! If the apply will reject a create, the plan only warns. An error in the plan would have two bad effects:
//!
//! - Terraform plans all resources before it plans a destroy, so the error would also block the destroy of all other
//!   resources.
//! - Terraform plans a creation again during the apply. If this plan fails in a replacement with
//!   `create_before_destroy`, the state keeps the old object as deposed. If the create fails instead, Terraform
//!   restores the old object.

mod adoption;
mod diagnostics;
mod facts;
mod ledger;
mod object;
#[cfg(test)]
mod tests;
mod token;

pub use self::adoption::{Adoption, changed_settings};
pub use self::facts::Owner;
pub use self::ledger::{Claim, Ledger};
pub use self::object::{ObjectKind, UniqueObject};
