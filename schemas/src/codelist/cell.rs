//! From the cells of one CSV line to a typed line, so that a fault knows its column.
//!
//! Promises: an empty cell is an absent value, never a zero; a message says what must stand there, not how serde sees it.
//! Must not know: which list it reads.

use std::fmt;

use serde::de::value::MapDeserializer;
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

/// A cell that cannot be read.
#[derive(Debug)]
pub(crate) struct CellError {
    pub(crate) column: Option<String>,
    pub(crate) message: String,
}

/// Reads a line from pairs of column name and cell.
pub(crate) fn read_cells<'a, T: DeserializeOwned>(
    cells: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<T, CellError> {
    T::deserialize(MapDeserializer::new(cells.map(|(column, text)| (column, Cell { column, text }))))
}

struct Cell<'a> {
    column: &'a str,
    text: &'a str,
}

impl Cell<'_> {
    fn must_be(&self, what: &str) -> CellError {
        CellError { column: Some(self.column.to_owned()), message: format!("must be {what}") }
    }
}

/// Numbers are read by their own type, so that its bounds hold.
macro_rules! read_number {
    ($($method:ident $visit:ident $what:literal)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
            visitor.$visit(self.text.parse().map_err(|_| self.must_be($what))?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Cell<'de> {
    type Error = CellError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        visitor.visit_borrowed_str(self.text).map_err(|error: CellError| error.in_column(self.column))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        visitor.visit_bool(self.text.parse().map_err(|_| self.must_be("true or false"))?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        if self.text.is_empty() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CellError> {
        visitor.visit_enum(self.text.into_deserializer()).map_err(|error: CellError| error.in_column(self.column))
    }

    read_number! {
        deserialize_u8 visit_u8 "a whole number from 0 to 255"
        deserialize_u16 visit_u16 "a whole number from 0 to 65535"
        deserialize_u64 visit_u64 "a whole number that is not negative"
        deserialize_i16 visit_i16 "a whole number"
        deserialize_f64 visit_f64 "a number with a decimal point"
    }

    forward_to_deserialize_any! {
        i8 i32 i64 i128 u32 u128 f32 char str string bytes byte_buf unit unit_struct newtype_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, CellError> for Cell<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl CellError {
    fn in_column(self, column: &str) -> Self {
        Self { column: self.column.or_else(|| Some(column.to_owned())), ..self }
    }
}

impl fmt::Display for CellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CellError {}

impl de::Error for CellError {
    fn custom<M: fmt::Display>(message: M) -> Self {
        Self { column: None, message: message.to_string() }
    }

    fn unknown_variant(_variant: &str, expected: &'static [&'static str]) -> Self {
        Self::custom(format!("must be one of {}", expected.join(", ")))
    }

    fn missing_field(field: &'static str) -> Self {
        Self { column: Some(field.to_owned()), message: "is needed; add the column".to_owned() }
    }
}
