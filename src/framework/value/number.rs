//! Exact decimal numbers.
//!
//! Terraform computes with 512-bit mantissas. It compares integers exactly, and fractions by their shortest decimal
//! text. So [`Number`] stores the decimal text. It never uses binary floating point, loses no digit, and is written
//! exactly as it was read.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// A decimal number of any size that keeps its text. Numbers are compared by value: `1.0` equals `1`, and `-0` equals
/// `0`.
#[derive(Clone)]
pub struct Number(Text);

#[derive(Clone)]
enum Text {
    Integer(i64),
    Decimal(Box<str>),
}

impl Number {
    /// Parses a decimal number: a sign, digits, a fraction and an exponent of ten, as in `-12.50e-3`.
    ///
    /// # Errors
    /// The text is not a decimal number, or its exponent does not fit into 64 bits.
    pub fn parse(text: &str) -> Result<Self, InvalidNumber> {
        if Decimal::parse(text).is_none() {
            return Err(InvalidNumber { text: text.to_owned() });
        }
        Ok(match text.parse::<i64>() {
            Ok(integer) if integer.to_string() == text => Self(Text::Integer(integer)),
            _ => Self(Text::Decimal(text.into())),
        })
    }

    /// Converts to a 64-bit integer, if the number is one: `1.0` and `1e3` are, `0.5` and 2^63 are not.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Text::Integer(integer) => Some(*integer),
            Text::Decimal(_) => self.decimal().to_i64(),
        }
    }

    fn decimal(&self) -> Decimal {
        Decimal::parse(&self.to_string()).expect("invariant: the text was read when the number was made")
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Text::Integer(integer) => write!(f, "{integer}"),
            Text::Decimal(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Number {
    type Err = InvalidNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl From<i64> for Number {
    fn from(integer: i64) -> Self {
        Self(Text::Integer(integer))
    }
}

impl From<i32> for Number {
    fn from(integer: i32) -> Self {
        i64::from(integer).into()
    }
}

impl From<u32> for Number {
    fn from(integer: u32) -> Self {
        i64::from(integer).into()
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Text::Integer(one), Text::Integer(two)) => one.cmp(two),
            _ => self.decimal().cmp(&other.decimal()),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Number {}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Decimal { negative, point, digits } = self.decimal();
        (negative, point, digits).hash(state);
    }
}

/// A text that is not a decimal number.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{text:?} is not a decimal number")]
pub struct InvalidNumber {
    text: String,
}

/// The normalized value of a number: `0.DIGITS × 10^point`. The digits neither begin nor end with a zero. Zero has no
/// digits.
#[derive(Debug, Eq, PartialEq)]
struct Decimal {
    negative: bool,
    point: i64,
    digits: String,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = integer.to_owned();
        digits.push_str(fraction);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let significant = digits.trim_start_matches('0');
        let leading_zeros = digits.len() - significant.len();
        let significant = significant.trim_end_matches('0');
        if significant.is_empty() {
            return Some(Self { negative: false, point: 0, digits: String::new() });
        }
        let point = i64::try_from(integer.len()).ok()? - i64::try_from(leading_zeros).ok()?;
        Some(Self {
            negative: text.starts_with('-'),
            point: point.checked_add(exponent)?,
            digits: significant.to_owned(),
        })
    }

    fn to_i64(&self) -> Option<i64> {
        const MAX_DIGITS: usize = 19;
        if self.digits.is_empty() {
            return Some(0);
        }
        let length = usize::try_from(self.point).ok()?;
        if length > MAX_DIGITS || self.digits.len() > length {
            return None;
        }
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{:0<length$}", self.digits).parse().ok()
    }

    fn cmp(&self, other: &Self) -> Ordering {
        let magnitude = || match (self.digits.is_empty(), other.digits.is_empty()) {
            (false, false) => self.point.cmp(&other.point).then_with(|| self.digits.cmp(&other.digits)),
            (one_is_zero, two_is_zero) => two_is_zero.cmp(&one_is_zero),
        };
        match (self.negative, other.negative) {
            (false, false) => magnitude(),
            (true, true) => magnitude().reverse(),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).expect("a number")
    }

    #[test]
    fn keeps_the_decimal_text() {
        for text in ["0.1", "1.0", "1e300", "-0", "18446744073709551616", "0.1234567890123456789", "007", "+5"] {
            assert_eq!(number(text).to_string(), text);
        }
    }

    #[test]
    fn equality_compares_values() {
        for (one, two) in [("1.0", "1"), ("-0", "0"), ("1e3", "1000"), ("0.50", "5e-1"), ("+5", "5"), ("007", "7")] {
            assert_eq!(number(one), number(two));
        }
    }

    #[test]
    fn numbers_equal_as_floats_can_differ() {
        for (one, two) in [
            ("9007199254740993", "9007199254740992"),
            ("0.01", "0.010000000000000009"),
            ("0.1234567890123456789", "0.12345678901234568"),
            ("340282346638528859811704183484516925440", "340282346638528859811704183484516925441"),
        ] {
            assert_ne!(number(one), number(two));
        }
    }

    #[test]
    fn converts_only_whole_numbers_in_range_to_integers() {
        assert_eq!(number("1e3").to_i64(), Some(1000));
        assert_eq!(number("-9223372036854775808").to_i64(), Some(i64::MIN));
        assert_eq!(number("9223372036854775808").to_i64(), None);
        assert_eq!(number("1e400000000000").to_i64(), None);
        assert_eq!(number("0.5").to_i64(), None);
    }

    #[test]
    fn rejects_invalid_numbers() {
        for text in
            ["", "-", ".", "e5", "1e", "1e+", "0x10", "1_000", "inf", "NaN", "1 ", "--1", "1e99999999999999999999"]
        {
            assert!(Number::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn order_agrees_with_128_bit_integers(one: i64, two: i64, scale in 0u32..19) {
            let (wide_one, wide_two) = (i128::from(one) * 10i128.pow(scale), i128::from(two) * 10i128.pow(scale));

            let (text_one, text_two) = (number(&format!("{one}e{scale}")), number(&wide_two.to_string()));

            prop_assert_eq!(text_one.cmp(&text_two), wide_one.cmp(&wide_two));
        }

        #[test]
        fn round_trips_any_decimal_text(text in "-?[0-9]{1,160}(\\.[0-9]{1,160})?") {
            prop_assert_eq!(number(&text).to_string(), text);
        }
    }
}
