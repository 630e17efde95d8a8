//! Numbers in MessagePack, which are sent as decimal text to keep every digit.
//!
//! Terraform and OpenTofu decode text with the same precision as the numbers of a state file. A decoded integer or
//! float would be equal, but with another precision. `plan -refresh-only -detailed-exitcode` compares precisions too,
//! and would report a change for every number.

use crate::framework::Number;

/// Converts a float. Returns `None` for infinities and NaN.
pub(super) fn from_float(float: f64) -> Option<Number> {
    if !float.is_finite() {
        None
    } else if float.fract() == 0.0 {
        parse(&format!("{float:.0}"))
    } else {
        parse(&float.to_string())
    }
}

pub(super) fn parse(text: &str) -> Option<Number> {
    Number::parse(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_a_fraction_by_its_shortest_text() {
        assert_eq!(from_float(0.1).map(|number| number.to_string()).as_deref(), Some("0.1"));
    }

    #[test]
    fn decodes_every_digit_of_an_integral_float() {
        let number = from_float(2f64.powi(100)).map(|number| number.to_string());
        assert_eq!(number.as_deref(), Some("1267650600228229401496703205376"));
    }

    #[test]
    fn rejects_infinities_and_nan() {
        assert_eq!((from_float(f64::INFINITY), from_float(f64::NAN)), (None, None));
    }
}
