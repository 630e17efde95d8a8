//! The forms a number takes on the wire, so that no digit is lost or made up.
//!
//! Terraform computes with 512-bit mantissas and compares numbers by their shortest decimal text. A float therefore
//! only stands for a number that it holds exactly; everything else travels as decimal text.

use crate::framework::Number;

/// How a number is written.
#[derive(Debug, PartialEq)]
pub(super) enum Form {
    Integer(i64),
    /// A fraction that binary floating point holds exactly, such as 1.5.
    Float(f64),
    /// Everything else: 0.1, 2^64, and what has more digits than either has room for.
    Text(String),
}

impl Form {
    pub(super) fn of(number: &Number) -> Self {
        if let Some(integer) = number.to_i64() {
            return Self::Integer(integer);
        }
        let text = number.to_string();
        match text.parse::<f64>() {
            Ok(float) if is_exact_fraction(float) && parsed(&float.to_string()).as_ref() == Some(number) => {
                Self::Float(float)
            }
            _ => Self::Text(text),
        }
    }
}

/// The number that a float was sent for: `None` for an infinity or "not a number", which no attribute can hold.
pub(super) fn from_float(float: f64) -> Option<Number> {
    if !float.is_finite() {
        None
    } else if float.fract() == 0.0 {
        parsed(&format!("{float:.0}"))
    } else {
        parsed(&float.to_string())
    }
}

pub(super) fn parsed(text: &str) -> Option<Number> {
    Number::parse(text).ok()
}

/// Whether the shortest text of a float is all of it. Of 0.1 it is not: that float is
/// 0.1000000000000000055511151231257827….
fn is_exact_fraction(float: f64) -> bool {
    float.is_finite() && float.fract() != 0.0 && {
        let shortest = float.to_string();
        let digits = shortest.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        digits == binary_fraction_digits(float)
    }
}

/// How many bits, and so how many decimal digits, the fraction of a float has in full.
fn binary_fraction_digits(float: f64) -> usize {
    const MANTISSA_BITS: u32 = 52;
    const BIAS: i32 = 1023;
    let bits = float.to_bits();
    let exponent_field = i32::try_from((bits >> MANTISSA_BITS) & 0x7ff).expect("eleven bits fit");
    let stored = bits & ((1 << MANTISSA_BITS) - 1);
    let (mantissa, exponent) =
        if exponent_field == 0 { (stored, 1 - BIAS) } else { (stored | (1 << MANTISSA_BITS), exponent_field - BIAS) };
    let trailing = i32::try_from(mantissa.trailing_zeros()).expect("at most 64");
    let digits = i32::try_from(MANTISSA_BITS).expect("52 fits") - exponent - trailing;
    usize::try_from(digits).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Form {
        Form::of(&Number::parse(text).expect("a number"))
    }

    #[test]
    fn integers_of_64_bits_are_integers() {
        assert_eq!(form("9007199254740993"), Form::Integer(9_007_199_254_740_993));
        assert_eq!(form("-9223372036854775808"), Form::Integer(i64::MIN));
    }

    #[test]
    fn fractions_that_a_float_holds_are_floats() {
        assert_eq!(form("1.5"), Form::Float(1.5));
        assert_eq!(form("-0.0009765625"), Form::Float(-0.000_976_562_5));
    }

    #[test]
    fn fractions_that_a_float_would_round_are_text() {
        assert_eq!(form("0.1"), Form::Text("0.1".to_owned()));
        assert_eq!(form("0.1234567890123456789"), Form::Text("0.1234567890123456789".to_owned()));
    }

    #[test]
    fn integers_beyond_64_bits_are_text() {
        assert_eq!(form("18446744073709551616"), Form::Text("18446744073709551616".to_owned()));
    }

    #[test]
    fn a_float_is_read_as_its_shortest_text() {
        assert_eq!(from_float(0.1).map(|number| number.to_string()).as_deref(), Some("0.1"));
    }

    #[test]
    fn an_integral_float_is_read_in_full() {
        let number = from_float(2f64.powi(100)).map(|number| number.to_string());
        assert_eq!(number.as_deref(), Some("1267650600228229401496703205376"));
    }

    #[test]
    fn infinities_are_no_numbers() {
        assert_eq!((from_float(f64::INFINITY), from_float(f64::NAN)), (None, None));
    }
}
