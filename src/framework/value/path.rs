//! Paths to attributes and elements inside an object.

use std::fmt;

/// One step of a [`Path`].
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum PathStep {
    /// An attribute or a block of an object.
    Attribute(String),
    /// The index of an element of a list or tuple, which starts at zero.
    Index(i64),
    /// The key of an element of a map.
    Key(String),
}

/// The path from an object to an attribute or element in it, for example `contract.kind` or `rules[2].labels["a"]`.
///
/// Elements of a set have no path: a path into a set ends at the set.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Path(Vec<PathStep>);

impl Path {
    /// The path of the whole object.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// The path of a top-level attribute.
    #[must_use]
    pub fn attribute(name: &str) -> Self {
        Self::root().child(name)
    }

    /// The path of an attribute of the object at this path.
    #[must_use]
    pub fn child(self, name: &str) -> Self {
        self.step(PathStep::Attribute(name.to_owned()))
    }

    /// The path of an element of the list at this path.
    #[must_use]
    pub fn index(self, index: usize) -> Self {
        self.step(PathStep::Index(i64::try_from(index).unwrap_or(i64::MAX)))
    }

    /// The path of an element of the map at this path.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.step(PathStep::Key(key.to_owned()))
    }

    /// Appends a step.
    #[must_use]
    pub fn step(mut self, step: PathStep) -> Self {
        self.0.push(step);
        self
    }

    /// Appends the steps of another path.
    #[must_use]
    pub fn join(mut self, rest: &Self) -> Self {
        self.0.extend(rest.0.iter().cloned());
        self
    }

    /// The steps, outermost first.
    #[must_use]
    pub fn steps(&self) -> &[PathStep] {
        &self.0
    }

    /// Whether one of the two paths is a prefix of the other.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(one, two)| one == two)
    }

    /// Whether this is the path of the whole object.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                PathStep::Attribute(name) if position == 0 => f.write_str(name)?,
                PathStep::Attribute(name) => write!(f, ".{name}")?,
                PathStep::Index(index) => write!(f, "[{index}]")?,
                PathStep::Key(key) => write!(f, "[{key:?}]")?,
            }
        }
        Ok(())
    }
}

impl FromIterator<PathStep> for Path {
    fn from_iter<I: IntoIterator<Item = PathStep>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_a_path_in_hcl_syntax() {
        let path = Path::attribute("rules").index(2).child("labels").key("a.b");

        assert_eq!(path.to_string(), r#"rules[2].labels["a.b"]"#);
    }

    #[test]
    fn object_and_nested_attribute_overlap() {
        let (object, inner) = (Path::attribute("contract"), Path::attribute("contract").child("kind"));

        assert!(object.overlaps(&inner) && inner.overlaps(&object));
        assert!(!inner.overlaps(&Path::attribute("contract").child("provider")));
    }

    #[test]
    fn joins_paths_in_order() {
        assert_eq!(Path::attribute("contract").join(&Path::attribute("kind")).to_string(), "contract.kind");
    }
}
