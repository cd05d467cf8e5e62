//! Lists and objects: every element ends in a comma, and the last comma becomes the closing bracket.
//!
//! Promises: the members of an object stand in the order of their keys at its end; keys that are not plain are refused.

use serde::ser::{self, Serialize};

use super::text::is_plain;
use super::{Member, Unknown, Writer};

/// A list that is being written.
pub(in crate::canonical) struct List<'a> {
    writer: &'a mut Writer,
    begin: usize,
}

impl<'a> List<'a> {
    pub(super) fn begin(writer: &'a mut Writer) -> Self {
        writer.out.push(b'[');
        let begin = writer.out.len();
        Self { writer, begin }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unknown> {
        value.serialize(&mut *self.writer)?;
        self.writer.out.push(b',');
        Ok(())
    }

    fn close(self) {
        self.writer.close(self.begin, b']');
    }
}

/// An object that is being written.
pub(in crate::canonical) struct Object<'a> {
    writer: &'a mut Writer,
    begin: usize,
    /// Its first member among those of all open objects.
    first: usize,
}

impl<'a> Object<'a> {
    pub(super) fn begin(writer: &'a mut Writer) -> Self {
        writer.out.push(b'{');
        let (begin, first) = (writer.out.len(), writer.members.len());
        Self { writer, begin, first }
    }

    fn key(&mut self, key: &str) -> Result<(), Unknown> {
        if !is_plain(key) {
            return Err(Unknown);
        }
        let out = &mut self.writer.out;
        let begin = out.len();
        out.push(b'"');
        out.extend_from_slice(key.as_bytes());
        let key_end = out.len();
        out.extend_from_slice(b"\":");
        self.writer.members.push(Member { begin, key_end, end: begin });
        Ok(())
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unknown> {
        let own = self.writer.members.len();
        value.serialize(&mut *self.writer)?;
        self.writer.out.push(b',');
        // The members of objects inside are gone by now, so the last is this object's own.
        if self.writer.members.len() != own {
            return Err(Unknown);
        }
        let end = self.writer.out.len();
        self.writer.members.last_mut().ok_or(Unknown)?.end = end;
        Ok(())
    }

    fn close(self) -> Result<(), Unknown> {
        let Writer { out, members, scratch } = &mut *self.writer;
        let key = |member: &Member| &out[member.begin..member.key_end];
        let own = &mut members[self.first..];
        if !own.is_sorted_by(|a, b| key(a) < key(b)) {
            own.sort_unstable_by(|a, b| key(a).cmp(key(b)));
            // Of two members with one key the reference writer keeps one.
            if !own.is_sorted_by(|a, b| key(a) < key(b)) {
                return Err(Unknown);
            }
            scratch.clear();
            for member in own.iter() {
                scratch.extend_from_slice(&out[member.begin..member.end]);
            }
            out.truncate(self.begin);
            out.extend_from_slice(scratch);
        }
        members.truncate(self.first);
        self.writer.close(self.begin, b'}');
        Ok(())
    }
}

impl Writer {
    fn close(&mut self, begin: usize, bracket: u8) {
        if self.out.len() > begin {
            self.out.pop();
        }
        self.out.push(bracket);
    }
}

macro_rules! list {
    ($($trait:ident $method:ident),*) => {$(
        impl ser::$trait for List<'_> {
            type Ok = ();
            type Error = Unknown;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unknown> {
                self.element(value)
            }
            fn end(self) -> Result<(), Unknown> {
                self.close();
                Ok(())
            }
        }
    )*};
}

list!(SerializeSeq serialize_element, SerializeTuple serialize_element, SerializeTupleStruct serialize_field);

impl ser::SerializeStruct for Object<'_> {
    type Ok = ();
    type Error = Unknown;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Unknown> {
        self.key(key)?;
        self.value(value)
    }

    fn end(self) -> Result<(), Unknown> {
        self.close()
    }
}

impl ser::SerializeMap for Object<'_> {
    type Ok = ();
    type Error = Unknown;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unknown> {
        // A key is a text as its type writes it; a number, which would need quotes, is left to the reference writer.
        let begin = self.writer.out.len();
        key.serialize(&mut *self.writer)?;
        let written = &self.writer.out[begin..];
        let text = written.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).ok_or(Unknown)?;
        let text = std::str::from_utf8(text).map_err(|_| Unknown)?.to_owned();
        self.writer.out.truncate(begin);
        self.key(&text)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unknown> {
        self.value(value)
    }

    fn end(self) -> Result<(), Unknown> {
        self.close()
    }
}
