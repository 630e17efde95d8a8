//! Values during a plan, which are known now or known only after apply.

/// A value that may still be unknown, because it comes from a resource that does not exist yet.
///
/// Null is not unknown: an attribute that may be null is a `Knowable<Option<T>>`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Knowable<T> {
    /// The value is known now.
    Known(T),
    /// The value will be known after apply.
    Unknown,
}

impl<T> Knowable<T> {
    /// The value, if it is known.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown => None,
        }
    }

    /// Applies a function to a known value.
    pub fn map<U>(self, function: impl FnOnce(T) -> U) -> Knowable<U> {
        self.and_then(|value| Knowable::Known(function(value)))
    }

    /// Applies a function that may return an unknown value to a known value.
    pub fn and_then<U>(self, function: impl FnOnce(T) -> Knowable<U>) -> Knowable<U> {
        match self {
            Self::Known(value) => function(value),
            Self::Unknown => Knowable::Unknown,
        }
    }

    /// Both values, if both are known.
    pub fn zip<U>(self, other: Knowable<U>) -> Knowable<(T, U)> {
        self.and_then(|value| other.map(|other| (value, other)))
    }

    /// Converts to a reference to the value.
    pub const fn as_ref(&self) -> Knowable<&T> {
        match self {
            Self::Known(value) => Knowable::Known(value),
            Self::Unknown => Knowable::Unknown,
        }
    }

    /// Whether the value is known.
    pub const fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    /// Whether the value is unknown.
    pub const fn is_unknown(&self) -> bool {
        !self.is_known()
    }
}

impl<T> Knowable<Option<T>> {
    /// Moves the `Option` to the outside: `None` is null.
    pub fn transpose(self) -> Option<Knowable<T>> {
        match self {
            Self::Known(value) => value.map(Knowable::Known),
            Self::Unknown => Some(Knowable::Unknown),
        }
    }
}

impl<T> From<T> for Knowable<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn map_of_an_unknown_value_is_unknown() {
        assert_eq!(Knowable::<i64>::Unknown.map(|number| number + 1), Knowable::Unknown);
        assert_eq!(Knowable::Known(1).zip(Knowable::<i64>::Unknown), Knowable::Unknown);
        assert_eq!(Knowable::Known(1).zip(Knowable::Known(2)), Knowable::Known((1, 2)));
    }
}
