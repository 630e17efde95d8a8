//! Content Hub solutions: what the catalogue offers, what a workspace has, and how versions compare.

mod constraint;
mod dependency;
mod nearest;
mod package;
mod version;

pub use constraint::{ConditionError, ConstraintError, VersionConstraint};
pub use dependency::Dependency;
pub use nearest::nearest;
pub use package::{Categories, Package, Support};
pub use version::{SolutionVersion, VersionError};
