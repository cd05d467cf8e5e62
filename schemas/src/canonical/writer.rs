//! Canonical JSON written in one pass, for what travels: texts, numbers, lists and objects with plain keys.
//!
//! Promises: what it writes is what the reference writer writes, byte for byte; what it does not know it refuses, and the reference
//! writer takes over. One buffer, no allocation for a member: members are written as they come and put in order at the object's end.

mod compound;
mod text;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::ser::{self, Serialize};

use compound::{List, Object};

/// Largest whole number that a double holds together with all below it.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The canonical bytes of a value; nothing when it holds what this writer does not know.
pub(super) fn write<T: Serialize + ?Sized>(value: &T) -> Option<Vec<u8>> {
    let mut writer = Writer { out: Vec::with_capacity(256), members: Vec::new(), scratch: Vec::new() };
    value.serialize(&mut writer).ok()?;
    Some(writer.out)
}

/// The text so far, and the members of the objects that are open.
pub(super) struct Writer {
    out: Vec<u8>,
    members: Vec<Member>,
    scratch: Vec<u8>,
}

/// Where a member stands in the text: `"key":value,`.
#[derive(Clone, Copy)]
struct Member {
    begin: usize,
    key_end: usize,
    end: usize,
}

/// This writer does not know it.
#[derive(Debug)]
pub(super) struct Unknown;

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("left to the reference writer")
    }
}

impl std::error::Error for Unknown {}

impl ser::Error for Unknown {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl Writer {
    fn word(&mut self, word: &str) {
        self.out.extend_from_slice(word.as_bytes());
    }

    /// A whole number that a double holds, in decimal.
    fn whole(&mut self, negative: bool, mut number: u64) -> Result<(), Unknown> {
        if number as f64 > EXACT {
            return Err(Unknown);
        }
        let mut digits = [0; 20];
        let mut at = digits.len();
        loop {
            at -= 1;
            digits[at] = b'0' + u8::try_from(number % 10).map_err(|_| Unknown)?;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        if negative {
            self.out.push(b'-');
        }
        self.out.extend_from_slice(&digits[at..]);
        Ok(())
    }

    fn number(&mut self, number: f64) -> Result<(), Unknown> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and below 2^53")]
        if number.fract() == 0.0 && number.abs() < EXACT {
            return self.whole(number < 0.0, number.abs() as u64);
        }
        let text = serde_json_canonicalizer::to_vec(&number).map_err(|_| Unknown)?;
        self.out.extend_from_slice(&text);
        Ok(())
    }
}

macro_rules! whole {
    ($($name:ident $kind:ty),*) => {$(
        fn $name(self, value: $kind) -> Result<(), Unknown> {
            let number = i128::from(value);
            self.whole(number < 0, u64::try_from(number.unsigned_abs()).map_err(|_| Unknown)?)
        }
    )*};
}

impl<'a> ser::Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Unknown;
    type SerializeSeq = List<'a>;
    type SerializeTuple = List<'a>;
    type SerializeTupleStruct = List<'a>;
    type SerializeTupleVariant = ser::Impossible<(), Unknown>;
    type SerializeMap = Object<'a>;
    type SerializeStruct = Object<'a>;
    type SerializeStructVariant = ser::Impossible<(), Unknown>;

    whole!(serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64);
    whole!(serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64);

    fn serialize_bool(self, value: bool) -> Result<(), Unknown> {
        self.word(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_f32(self, _: f32) -> Result<(), Unknown> {
        Err(Unknown)
    }

    fn serialize_f64(self, value: f64) -> Result<(), Unknown> {
        self.number(value)
    }

    fn serialize_char(self, _: char) -> Result<(), Unknown> {
        Err(Unknown)
    }

    fn serialize_str(self, value: &str) -> Result<(), Unknown> {
        self.text(value);
        Ok(())
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<(), Unknown> {
        self.displayed(value)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Unknown> {
        Err(Unknown)
    }

    fn serialize_none(self) -> Result<(), Unknown> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unknown> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unknown> {
        self.word("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unknown> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Unknown> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Unknown> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Unknown> {
        Err(Unknown)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'a>, Unknown> {
        Ok(List::begin(self))
    }

    fn serialize_tuple(self, _: usize) -> Result<List<'a>, Unknown> {
        Ok(List::begin(self))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List<'a>, Unknown> {
        Ok(List::begin(self))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unknown> {
        Err(Unknown)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Object<'a>, Unknown> {
        Ok(Object::begin(self))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Object<'a>, Unknown> {
        // serde_json's own types with names of their own stand for something else than an object.
        if name.starts_with('$') { Err(Unknown) } else { Ok(Object::begin(self)) }
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unknown> {
        Err(Unknown)
    }
}
