//! Reads MessagePack token by token, without copying, and checks every length.

use rmp::Marker;

/// One MessagePack value. For an array or a map, it is only the length: the elements are the next tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    Nil,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Float(f64),
    /// May be invalid UTF-8.
    Str(&'a [u8]),
    Bin(&'a [u8]),
    /// The number of elements.
    Array(usize),
    /// The number of key-value pairs.
    Map(usize),
    /// An extension of any type. Its data is skipped.
    Ext,
}

impl Token<'_> {
    /// The kind of value, for an error: "found …".
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Nil => "null",
            Self::Bool(_) => "a bool",
            Self::Int(_) | Self::UInt(_) | Self::Float(_) => "a number",
            Self::Str(_) => "a string",
            Self::Bin(_) => "binary data",
            Self::Array(_) => "an array",
            Self::Map(_) => "a map",
            Self::Ext => "an unknown value",
        }
    }
}

/// Why the data is not MessagePack.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub(super) enum Malformed {
    #[error("the data ends in the middle of a value")]
    Truncated,
    #[error("the data contains the byte 0xc1, which MessagePack does not use")]
    Reserved,
}

/// The data that is not yet read.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { rest: data }
    }

    /// The number of bytes that are not yet read.
    pub(super) fn remaining(&self) -> usize {
        self.rest.len()
    }

    pub(super) fn read_token(&mut self) -> Result<Token<'a>, Malformed> {
        let [marker] = self.fixed()?;
        Ok(match Marker::from_u8(marker) {
            Marker::Null => Token::Nil,
            Marker::False => Token::Bool(false),
            Marker::True => Token::Bool(true),

            Marker::FixPos(number) => Token::UInt(number.into()),
            Marker::U8 => Token::UInt(self.uint::<1>()?),
            Marker::U16 => Token::UInt(self.uint::<2>()?),
            Marker::U32 => Token::UInt(self.uint::<4>()?),
            Marker::U64 => Token::UInt(self.uint::<8>()?),
            Marker::FixNeg(number) => Token::Int(number.into()),
            Marker::I8 => Token::Int(i8::from_be_bytes(self.fixed()?).into()),
            Marker::I16 => Token::Int(i16::from_be_bytes(self.fixed()?).into()),
            Marker::I32 => Token::Int(i32::from_be_bytes(self.fixed()?).into()),
            Marker::I64 => Token::Int(i64::from_be_bytes(self.fixed()?)),
            Marker::F32 => Token::Float(f32::from_be_bytes(self.fixed()?).into()),
            Marker::F64 => Token::Float(f64::from_be_bytes(self.fixed()?)),

            Marker::FixStr(length) => Token::Str(self.bytes(length.into())?),
            Marker::Str8 => Token::Str(self.uint::<1>().and_then(|length| self.bytes(length))?),
            Marker::Str16 => Token::Str(self.uint::<2>().and_then(|length| self.bytes(length))?),
            Marker::Str32 => Token::Str(self.uint::<4>().and_then(|length| self.bytes(length))?),
            Marker::Bin8 => Token::Bin(self.uint::<1>().and_then(|length| self.bytes(length))?),
            Marker::Bin16 => Token::Bin(self.uint::<2>().and_then(|length| self.bytes(length))?),
            Marker::Bin32 => Token::Bin(self.uint::<4>().and_then(|length| self.bytes(length))?),

            Marker::FixArray(count) => Token::Array(self.count(count.into(), 1)?),
            Marker::Array16 => Token::Array(self.uint::<2>().and_then(|count| self.count(count, 1))?),
            Marker::Array32 => Token::Array(self.uint::<4>().and_then(|count| self.count(count, 1))?),
            Marker::FixMap(count) => Token::Map(self.count(count.into(), 2)?),
            Marker::Map16 => Token::Map(self.uint::<2>().and_then(|count| self.count(count, 2))?),
            Marker::Map32 => Token::Map(self.uint::<4>().and_then(|count| self.count(count, 2))?),

            Marker::FixExt1 => self.ext(1)?,
            Marker::FixExt2 => self.ext(2)?,
            Marker::FixExt4 => self.ext(4)?,
            Marker::FixExt8 => self.ext(8)?,
            Marker::FixExt16 => self.ext(16)?,
            Marker::Ext8 => self.uint::<1>().and_then(|length| self.ext(length))?,
            Marker::Ext16 => self.uint::<2>().and_then(|length| self.ext(length))?,
            Marker::Ext32 => self.uint::<4>().and_then(|length| self.ext(length))?,

            Marker::Reserved => return Err(Malformed::Reserved),
        })
    }

    /// Rejects a count that is too large for the rest of the data, before the caller allocates memory for it.
    fn count(&self, count: u64, bytes_each: usize) -> Result<usize, Malformed> {
        let max = self.rest.len() / bytes_each;
        usize::try_from(count).ok().filter(|count| *count <= max).ok_or(Malformed::Truncated)
    }

    fn ext(&mut self, length: u64) -> Result<Token<'a>, Malformed> {
        let _type: [u8; 1] = self.fixed()?;
        self.bytes(length)?;
        Ok(Token::Ext)
    }

    fn uint<const N: usize>(&mut self) -> Result<u64, Malformed> {
        Ok(self.fixed::<N>()?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(Malformed::Truncated)?;
        self.rest = rest;
        Ok(*bytes)
    }

    fn bytes(&mut self, length: u64) -> Result<&'a [u8], Malformed> {
        let split = usize::try_from(length).ok().and_then(|length| self.rest.split_at_checked(length));
        let (bytes, rest) = split.ok_or(Malformed::Truncated)?;
        self.rest = rest;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn first(bytes: &[u8]) -> Result<Token<'_>, Malformed> {
        Reader::new(bytes).read_token()
    }

    #[test]
    fn reads_integers_of_every_width() {
        assert_eq!(first(&[0x7f]), Ok(Token::UInt(127)));
        assert_eq!(first(&[0xcc, 0xff]), Ok(Token::UInt(255)));
        assert_eq!(first(&[0xcd, 1, 0]), Ok(Token::UInt(256)));
        assert_eq!(first(&[0xce, 0, 1, 0, 0]), Ok(Token::UInt(65536)));
        assert_eq!(first(&[0xcf, 255, 255, 255, 255, 255, 255, 255, 255]), Ok(Token::UInt(u64::MAX)));
        assert_eq!(first(&[0xff]), Ok(Token::Int(-1)));
        assert_eq!(first(&[0xd0, 0x80]), Ok(Token::Int(-128)));
        assert_eq!(first(&[0xd1, 0x80, 0]), Ok(Token::Int(-32768)));
        assert_eq!(first(&[0xd2, 0x80, 0, 0, 0]), Ok(Token::Int(i32::MIN.into())));
        assert_eq!(first(&[0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0]), Ok(Token::Int(i64::MIN)));
    }

    #[test]
    fn reads_floats_of_both_widths() {
        assert_eq!(first(&[0xca, 0x3f, 0xc0, 0, 0]), Ok(Token::Float(1.5)));
        assert_eq!(first(&[0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0]), Ok(Token::Float(1.5)));
    }

    #[test]
    fn reads_strings_and_binary_data_of_every_width() {
        let text: [&[u8]; 4] = [b"\xa2hi", b"\xd9\x02hi", b"\xda\x00\x02hi", b"\xdb\x00\x00\x00\x02hi"];
        for bytes in text {
            assert_eq!(first(bytes), Ok(Token::Str(b"hi")), "{bytes:x?}");
        }
        let binary: [&[u8]; 3] = [b"\xc4\x02hi", b"\xc5\x00\x02hi", b"\xc6\x00\x00\x00\x02hi"];
        for bytes in binary {
            assert_eq!(first(bytes), Ok(Token::Bin(b"hi")), "{bytes:x?}");
        }
    }

    #[test]
    fn reads_arrays_and_maps_of_every_width() {
        let arrays: [&[u8]; 3] = [b"\x91\xc0", b"\xdc\x00\x01\xc0", b"\xdd\x00\x00\x00\x01\xc0"];
        for bytes in arrays {
            assert_eq!(first(bytes), Ok(Token::Array(1)), "{bytes:x?}");
        }
        let maps: [&[u8]; 3] = [b"\x81\xc0\xc0", b"\xde\x00\x01\xc0\xc0", b"\xdf\x00\x00\x00\x01\xc0\xc0"];
        for bytes in maps {
            assert_eq!(first(bytes), Ok(Token::Map(1)), "{bytes:x?}");
        }
    }

    #[test]
    fn skips_extensions_of_every_width() {
        let fixed = [(0xd4, 1), (0xd5, 2), (0xd6, 4), (0xd7, 8), (0xd8, 16)];
        let mut encodings: Vec<Vec<u8>> =
            fixed.iter().map(|&(marker, length)| [vec![marker, 12], vec![0xc1; length]].concat()).collect();
        encodings.push([vec![0xc7, 3, 0xff], vec![0xc1; 3]].concat());
        encodings.push([vec![0xc8, 0, 3, 0], vec![0xc1; 3]].concat());
        encodings.push([vec![0xc9, 0, 0, 0, 3, 12], vec![0xc1; 3]].concat());
        for bytes in encodings {
            let mut reader = Reader::new(&bytes);
            assert_eq!((reader.read_token(), reader.remaining()), (Ok(Token::Ext), 0), "{bytes:x?}");
        }
    }

    #[test]
    fn rejects_a_count_beyond_the_data() {
        assert_eq!(first(&[0xdd, 0xff, 0xff, 0xff, 0xff, 0xc0]), Err(Malformed::Truncated));
        assert_eq!(first(&[0xdf, 0xff, 0xff, 0xff, 0xff, 0xc0]), Err(Malformed::Truncated));
        assert_eq!(first(b"\x82\xc0\xc0\xc0"), Err(Malformed::Truncated), "a pair has two values");
    }

    #[test]
    fn rejects_the_reserved_byte() {
        assert_eq!(first(&[0xc1]), Err(Malformed::Reserved));
    }

    proptest! {
        #[test]
        fn every_token_consumes_input(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let mut reader = Reader::new(&bytes);
            while reader.remaining() > 0 {
                let before = reader.remaining();
                if reader.read_token().is_err() {
                    break;
                }
                prop_assert!(reader.remaining() < before);
            }
        }
    }
}
