//! What Azure says of solutions: the documents of the catalogue, of installed solutions, and of what a template holds.

pub mod dependency;
pub mod entry;
pub(crate) mod expression;
pub mod installed_content;
pub mod package;
pub mod packaged_content;
pub mod template_names;
