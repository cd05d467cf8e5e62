//! Many rows, as PostgreSQL copies them out in its binary form: half the work of a query's rows, on both ends.
//!
//! Promises: every row has as many fields as it is read by, each of the type that it is read as, or the reading ends with an error that
//! names no value.

use bytes::{Buf as _, BytesMut};
use futures_util::TryStreamExt as _;
use sqlx::PgConnection;

use super::fault::fault;
use crate::store::StoreError;

/// What a copy begins with: eleven bytes that name the form, and two numbers.
const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";
const HEADER: usize = SIGNATURE.len() + 8;

/// The fields of one row that were not read yet.
pub(super) struct Fields<'b>(&'b [u8]);

/// Reads what a `COPY ... TO STDOUT (FORMAT BINARY)` gives, row by row.
pub(super) async fn copied(
    connection: &mut PgConnection,
    statement: &'static str,
    mut row: impl FnMut(&mut Fields<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut chunks = connection.copy_out_raw(statement).await.map_err(fault)?;
    let (mut waiting, mut begun) = (BytesMut::new(), false);
    while let Some(chunk) = chunks.try_next().await.map_err(fault)? {
        waiting.extend_from_slice(&chunk);
        if !begun && waiting.len() >= HEADER {
            begun = true;
            if !waiting.starts_with(SIGNATURE) {
                return Err(torn());
            }
            waiting.advance(HEADER);
        }
        let read = if begun { whole_rows(&waiting, &mut row)? } else { 0 };
        waiting.advance(read);
    }
    if waiting.is_empty() { Ok(()) } else { Err(torn()) }
}

/// Reads the rows that have come whole; gives their length.
fn whole_rows(
    bytes: &[u8],
    row: &mut impl FnMut(&mut Fields<'_>) -> Result<(), StoreError>,
) -> Result<usize, StoreError> {
    let mut read = 0;
    // Ends with the bytes that have come.
    while let Some(length) = length_of_row(&bytes[read..]) {
        let whole = &bytes[read..read + length];
        // Two bytes that count the fields, which are -1 behind the last row.
        if whole.len() > 2 {
            let mut fields = Fields(&whole[2..]);
            row(&mut fields)?;
            if !fields.0.is_empty() {
                return Err(torn());
            }
        }
        read += length;
    }
    Ok(read)
}

fn length_of_row(bytes: &[u8]) -> Option<usize> {
    let fields = i16::from_be_bytes(*bytes.first_chunk()?);
    let mut length = 2;
    for _ in 0..fields {
        let field = i32::from_be_bytes(*bytes.get(length..)?.first_chunk()?);
        length += 4 + usize::try_from(field).unwrap_or(0);
    }
    (length <= bytes.len()).then_some(length)
}

impl<'b> Fields<'b> {
    /// The next field; nothing where it is NULL.
    fn next(&mut self) -> Result<Option<&'b [u8]>, StoreError> {
        let (length, rest) = self.0.split_first_chunk().ok_or_else(torn)?;
        let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
            self.0 = rest;
            return Ok(None);
        };
        let (field, rest) = rest.split_at_checked(length).ok_or_else(torn)?;
        self.0 = rest;
        Ok(Some(field))
    }

    fn exactly<const N: usize>(&mut self) -> Result<Option<[u8; N]>, StoreError> {
        self.next()?.map(|field| field.try_into().map_err(|_| torn())).transpose()
    }

    /// A `BIGINT` that is never NULL.
    pub(super) fn number(&mut self) -> Result<i64, StoreError> {
        self.exactly()?.map(i64::from_be_bytes).ok_or_else(torn)
    }

    /// A `SMALLINT`.
    pub(super) fn small(&mut self) -> Result<Option<i16>, StoreError> {
        Ok(self.exactly()?.map(i16::from_be_bytes))
    }

    /// A `DOUBLE PRECISION`.
    pub(super) fn score(&mut self) -> Result<Option<f64>, StoreError> {
        Ok(self.exactly()?.map(f64::from_be_bytes))
    }

    /// A `TEXT`.
    pub(super) fn maybe(&mut self) -> Result<Option<&'b str>, StoreError> {
        self.next()?.map(|field| str::from_utf8(field).map_err(|_| torn())).transpose()
    }

    /// A `TEXT` that is never NULL.
    pub(super) fn text(&mut self) -> Result<&'b str, StoreError> {
        self.maybe()?.ok_or_else(torn)
    }
}

/// What no PostgreSQL of a version that the register knows sends.
fn torn() -> StoreError {
    StoreError::Statement("a copy of rows is not in the form that was asked for".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = (i64, Option<String>);

    fn rows(bytes: &[u8]) -> (Vec<Read>, Result<usize, StoreError>) {
        let mut rows = Vec::new();
        let read = whole_rows(bytes, &mut |fields| {
            rows.push((fields.number()?, fields.maybe()?.map(str::to_owned)));
            Ok(())
        });
        (rows, read)
    }

    #[test]
    fn rows_are_read_as_they_come_whole_and_what_is_not_as_asked_for_is_told() {
        let one = [&[0, 2, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 2][..], b"ok"].concat();
        let null = [0, 2, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 9, 255, 255, 255, 255];
        let bytes = [&one[..], &null, &[255, 255]].concat();
        let expected = vec![(7, Some("ok".to_owned())), (9, None)];
        assert_eq!(rows(&bytes), (expected.clone(), Ok(bytes.len())));
        for cut in 0..bytes.len() {
            let (first, read) = rows(&bytes[..cut]);
            let (rest, _) = rows(&bytes[read.unwrap()..]);
            assert_eq!([first, rest].concat(), expected, "{cut}");
        }
        let more = [0, 3, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 9, 255, 255, 255, 255, 255, 255, 255, 255];
        assert!(rows(&more).1.is_err(), "a field too many");
        let other = [0, 2, 0, 0, 0, 2, 0, 7, 255, 255, 255, 255];
        assert!(rows(&other).1.is_err(), "a number of another size");
    }
}
