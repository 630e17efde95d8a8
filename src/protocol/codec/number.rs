//! The wire encodings of a number: integer, float or decimal text, so that no digit changes.
//!
//! Terraform computes with 512-bit mantissas and compares numbers by their shortest decimal text. A number is therefore
//! sent as a float only if the float is exact; otherwise it is sent as decimal text.

use crate::framework::Number;

/// How a number is encoded.
#[derive(Debug, PartialEq)]
pub(super) enum WireNumber {
    Integer(i64),
    /// A fraction that a float represents exactly, such as 1.5.
    Float(f64),
    /// All others, such as 0.1 and 2^64.
    Text(String),
}

impl WireNumber {
    pub(super) fn of(number: &Number) -> Self {
        if let Some(integer) = number.to_i64() {
            return Self::Integer(integer);
        }
        let text = number.to_string();
        if let Ok(float) = text.parse::<f64>() {
            let shortest = float.to_string();
            if is_exact_fraction(&shortest) && parse(&shortest).as_ref() == Some(number) {
                return Self::Float(float);
            }
        }
        Self::Text(text)
    }
}

/// The number that a float stands for. `None` for infinities and NaN.
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

/// Whether the shortest text of a float is its exact value, and has a fraction. It is not for 0.1, which is
/// 0.1000000000000000055511151231257827….
fn is_exact_fraction(shortest: &str) -> bool {
    let Some((integer, fraction)) = shortest.split_once('.') else { return false };
    // m / 10^n has a finite binary expansion if 5^n divides m. 5^n overflows long before m could be a multiple of it.
    let power = u32::try_from(fraction.len()).ok().and_then(|digits| 5_i128.checked_pow(digits));
    let digits = format!("{integer}{fraction}").parse::<i128>();
    matches!((digits, power), (Ok(digits), Some(power)) if digits % power == 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded(text: &str) -> WireNumber {
        WireNumber::of(&Number::parse(text).expect("a number"))
    }

    #[test]
    fn sends_64_bit_integers_as_integers() {
        assert_eq!(encoded("9007199254740993"), WireNumber::Integer(9_007_199_254_740_993));
        assert_eq!(encoded("-9223372036854775808"), WireNumber::Integer(i64::MIN));
    }

    #[test]
    fn sends_exact_fractions_as_floats() {
        assert_eq!(encoded("1.5"), WireNumber::Float(1.5));
        assert_eq!(encoded("-0.0009765625"), WireNumber::Float(-0.000_976_562_5));
    }

    #[test]
    fn sends_inexact_fractions_as_text() {
        assert_eq!(encoded("0.1"), WireNumber::Text("0.1".to_owned()));
        assert_eq!(encoded("0.1234567890123456789"), WireNumber::Text("0.1234567890123456789".to_owned()));
    }

    #[test]
    fn sends_larger_integers_as_text() {
        assert_eq!(encoded("18446744073709551616"), WireNumber::Text("18446744073709551616".to_owned()));
    }

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

    #[test]
    fn an_integral_or_infinite_float_is_not_an_exact_fraction() {
        for float in [0.0, 3.0, 1e300, f64::INFINITY, f64::NAN] {
            assert!(!is_exact_fraction(&float.to_string()), "{float}");
        }
    }

    proptest! {
        #[test]
        fn a_float_is_exact_if_its_full_expansion_is_its_shortest_text(
            float in prop_oneof![
                any::<f64>(),
                (any::<i32>(), 1..40).prop_map(|(mantissa, bits)| f64::from(mantissa) / 2_f64.powi(bits)),
            ].prop_filter("a fraction", |float| float.fract() != 0.0 && float.is_finite()),
        ) {
            let (shortest, full) = (float.to_string(), format!("{float:.1100}"));
            prop_assert_eq!(is_exact_fraction(&shortest), full.trim_end_matches('0') == shortest);
        }
    }
}
