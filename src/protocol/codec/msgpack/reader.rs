//! MessagePack, item by item, without copying and without trusting any length.

use rmp::Marker;

/// The next item, as far as it can be told without the items inside it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Item<'a> {
    Nil,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    /// A string of any width. Whether it is UTF-8 is not checked yet.
    Text(&'a [u8]),
    Binary(&'a [u8]),
    /// So many items follow.
    Array(usize),
    /// So many pairs of items follow.
    Map(usize),
    /// An extension of any code and length; its body, already passed, says nothing that is needed.
    Extension,
}

impl Item<'_> {
    /// What it is, for an error: "found …".
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Nil => "null",
            Self::Bool(_) => "a bool",
            Self::Signed(_) | Self::Unsigned(_) | Self::Float(_) => "a number",
            Self::Text(_) => "a string",
            Self::Binary(_) => "binary data",
            Self::Array(_) => "an array",
            Self::Map(_) => "a map",
            Self::Extension => "an unknown value",
        }
    }
}

/// Why the bytes are not MessagePack.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub(super) enum Malformed {
    #[error("the data ends in the middle of a value")]
    Truncated,
    #[error("the data holds a byte that MessagePack does not use (0xc1)")]
    Reserved,
}

/// What of the data is still to be read.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { rest: data }
    }

    /// Bytes that are still to be read.
    pub(super) fn remaining(&self) -> usize {
        self.rest.len()
    }

    pub(super) fn next(&mut self) -> Result<Item<'a>, Malformed> {
        let [marker] = self.fixed()?;
        Ok(match Marker::from_u8(marker) {
            Marker::Null => Item::Nil,
            Marker::False => Item::Bool(false),
            Marker::True => Item::Bool(true),

            Marker::FixPos(number) => Item::Unsigned(number.into()),
            Marker::U8 => Item::Unsigned(u8::from_be_bytes(self.fixed()?).into()),
            Marker::U16 => Item::Unsigned(u16::from_be_bytes(self.fixed()?).into()),
            Marker::U32 => Item::Unsigned(u32::from_be_bytes(self.fixed()?).into()),
            Marker::U64 => Item::Unsigned(u64::from_be_bytes(self.fixed()?)),
            Marker::FixNeg(number) => Item::Signed(number.into()),
            Marker::I8 => Item::Signed(i8::from_be_bytes(self.fixed()?).into()),
            Marker::I16 => Item::Signed(i16::from_be_bytes(self.fixed()?).into()),
            Marker::I32 => Item::Signed(i32::from_be_bytes(self.fixed()?).into()),
            Marker::I64 => Item::Signed(i64::from_be_bytes(self.fixed()?)),
            Marker::F32 => Item::Float(f32::from_be_bytes(self.fixed()?).into()),
            Marker::F64 => Item::Float(f64::from_be_bytes(self.fixed()?)),

            Marker::FixStr(length) => Item::Text(self.take(length.into())?),
            Marker::Str8 => Item::Text(self.length_8().and_then(|length| self.take(length))?),
            Marker::Str16 => Item::Text(self.length_16().and_then(|length| self.take(length))?),
            Marker::Str32 => Item::Text(self.length_32().and_then(|length| self.take(length))?),
            Marker::Bin8 => Item::Binary(self.length_8().and_then(|length| self.take(length))?),
            Marker::Bin16 => Item::Binary(self.length_16().and_then(|length| self.take(length))?),
            Marker::Bin32 => Item::Binary(self.length_32().and_then(|length| self.take(length))?),

            Marker::FixArray(count) => self.array(count.into())?,
            Marker::Array16 => self.length_16().and_then(|count| self.array(count))?,
            Marker::Array32 => self.length_32().and_then(|count| self.array(count))?,
            Marker::FixMap(count) => self.map(count.into())?,
            Marker::Map16 => self.length_16().and_then(|count| self.map(count))?,
            Marker::Map32 => self.length_32().and_then(|count| self.map(count))?,

            Marker::FixExt1 => self.extension(1)?,
            Marker::FixExt2 => self.extension(2)?,
            Marker::FixExt4 => self.extension(4)?,
            Marker::FixExt8 => self.extension(8)?,
            Marker::FixExt16 => self.extension(16)?,
            Marker::Ext8 => self.length_8().and_then(|length| self.extension(length))?,
            Marker::Ext16 => self.length_16().and_then(|length| self.extension(length))?,
            Marker::Ext32 => self.length_32().and_then(|length| self.extension(length))?,

            Marker::Reserved => return Err(Malformed::Reserved),
        })
    }

    fn length_8(&mut self) -> Result<usize, Malformed> {
        self.fixed().map(u8::from_be_bytes).map(usize::from)
    }

    fn length_16(&mut self) -> Result<usize, Malformed> {
        self.fixed().map(u16::from_be_bytes).map(usize::from)
    }

    fn length_32(&mut self) -> Result<usize, Malformed> {
        let length = self.fixed().map(u32::from_be_bytes)?;
        usize::try_from(length).map_err(|_| Malformed::Truncated)
    }

    /// An item takes at least a byte, so a count beyond the rest is refused before anything is allocated for it.
    fn array(&self, count: usize) -> Result<Item<'a>, Malformed> {
        if count <= self.rest.len() { Ok(Item::Array(count)) } else { Err(Malformed::Truncated) }
    }

    fn map(&self, count: usize) -> Result<Item<'a>, Malformed> {
        if count <= self.rest.len() / 2 { Ok(Item::Map(count)) } else { Err(Malformed::Truncated) }
    }

    fn extension(&mut self, length: usize) -> Result<Item<'a>, Malformed> {
        let _code: [u8; 1] = self.fixed()?;
        self.take(length)?;
        Ok(Item::Extension)
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Malformed::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Malformed::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn first(bytes: &[u8]) -> Result<Item<'_>, Malformed> {
        Reader::new(bytes).next()
    }

    #[test]
    fn integers_of_every_width() {
        assert_eq!(first(&[0x7f]), Ok(Item::Unsigned(127)));
        assert_eq!(first(&[0xcc, 0xff]), Ok(Item::Unsigned(255)));
        assert_eq!(first(&[0xcd, 1, 0]), Ok(Item::Unsigned(256)));
        assert_eq!(first(&[0xce, 0, 1, 0, 0]), Ok(Item::Unsigned(65536)));
        assert_eq!(first(&[0xcf, 255, 255, 255, 255, 255, 255, 255, 255]), Ok(Item::Unsigned(u64::MAX)));
        assert_eq!(first(&[0xff]), Ok(Item::Signed(-1)));
        assert_eq!(first(&[0xd0, 0x80]), Ok(Item::Signed(-128)));
        assert_eq!(first(&[0xd1, 0x80, 0]), Ok(Item::Signed(-32768)));
        assert_eq!(first(&[0xd2, 0x80, 0, 0, 0]), Ok(Item::Signed(i32::MIN.into())));
        assert_eq!(first(&[0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0]), Ok(Item::Signed(i64::MIN)));
    }

    #[test]
    fn floats_of_both_widths() {
        assert_eq!(first(&[0xca, 0x3f, 0xc0, 0, 0]), Ok(Item::Float(1.5)));
        assert_eq!(first(&[0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0]), Ok(Item::Float(1.5)));
    }

    #[test]
    fn text_and_binary_data_of_every_width() {
        let text: [&[u8]; 4] = [b"\xa2hi", b"\xd9\x02hi", b"\xda\x00\x02hi", b"\xdb\x00\x00\x00\x02hi"];
        for bytes in text {
            assert_eq!(first(bytes), Ok(Item::Text(b"hi")), "{bytes:x?}");
        }
        let binary: [&[u8]; 3] = [b"\xc4\x02hi", b"\xc5\x00\x02hi", b"\xc6\x00\x00\x00\x02hi"];
        for bytes in binary {
            assert_eq!(first(bytes), Ok(Item::Binary(b"hi")), "{bytes:x?}");
        }
    }

    #[test]
    fn arrays_and_maps_of_every_width() {
        let arrays: [&[u8]; 3] = [b"\x91\xc0", b"\xdc\x00\x01\xc0", b"\xdd\x00\x00\x00\x01\xc0"];
        for bytes in arrays {
            assert_eq!(first(bytes), Ok(Item::Array(1)), "{bytes:x?}");
        }
        let maps: [&[u8]; 3] = [b"\x81\xc0\xc0", b"\xde\x00\x01\xc0\xc0", b"\xdf\x00\x00\x00\x01\xc0\xc0"];
        for bytes in maps {
            assert_eq!(first(bytes), Ok(Item::Map(1)), "{bytes:x?}");
        }
    }

    #[test]
    fn extensions_of_every_width_are_passed_whole() {
        let fixed = [(0xd4, 1), (0xd5, 2), (0xd6, 4), (0xd7, 8), (0xd8, 16)];
        let mut encodings: Vec<Vec<u8>> =
            fixed.iter().map(|&(marker, length)| [vec![marker, 12], vec![0xc1; length]].concat()).collect();
        encodings.push([vec![0xc7, 3, 0xff], vec![0xc1; 3]].concat());
        encodings.push([vec![0xc8, 0, 3, 0], vec![0xc1; 3]].concat());
        encodings.push([vec![0xc9, 0, 0, 0, 3, 12], vec![0xc1; 3]].concat());
        for bytes in encodings {
            let mut reader = Reader::new(&bytes);
            assert_eq!((reader.next(), reader.remaining()), (Ok(Item::Extension), 0), "{bytes:x?}");
        }
    }

    #[test]
    fn a_count_beyond_the_data_is_refused_at_once() {
        assert_eq!(first(&[0xdd, 0xff, 0xff, 0xff, 0xff, 0xc0]), Err(Malformed::Truncated));
        assert_eq!(first(&[0xdf, 0xff, 0xff, 0xff, 0xff, 0xc0]), Err(Malformed::Truncated));
    }

    #[test]
    fn the_reserved_byte_is_refused() {
        assert_eq!(first(&[0xc1]), Err(Malformed::Reserved));
    }

    proptest! {
        #[test]
        fn every_input_is_read_to_its_end_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let mut reader = Reader::new(&bytes);
            while reader.remaining() > 0 {
                let before = reader.remaining();
                if reader.next().is_err() {
                    break;
                }
                prop_assert!(reader.remaining() < before);
            }
        }
    }
}
