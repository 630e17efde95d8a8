//! The documents of Azure's Content Hub API.

pub mod catalog_entry;
pub mod collection;
pub mod content_templates;
pub mod data_connectors;
pub mod dependency;
pub(crate) mod expression;
mod field;
pub mod metadata;
pub mod package;
pub mod packaged_content;
pub mod template_names;
