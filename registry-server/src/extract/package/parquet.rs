//! A table as columns of text: a mark stays a mark, so that no program takes a hidden figure for a number.
//!
//! Promises: the cells of the CSV file, column by column, none empty.

use std::sync::Arc;

use parquet::basic::{ConvertedType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use crate::extract::sheet::Sheet;

/// The file's bytes.
pub(super) fn table(sheet: &Sheet) -> Result<Vec<u8>, ParquetError> {
    let names: Vec<&str> = sheet.columns.iter().map(|one| one.name.as_str()).collect();
    columns(&names, |column| sheet.rows.iter().map(|row| row[column].text()).collect())
}

/// Columns of texts, each by its place.
pub(in crate::extract) fn columns(
    names: &[&str],
    texts: impl Fn(usize) -> Vec<String>,
) -> Result<Vec<u8>, ParquetError> {
    let column = |name: &&str| {
        let text = Type::primitive_type_builder(name, Physical::BYTE_ARRAY);
        text.with_repetition(Repetition::REQUIRED).with_converted_type(ConvertedType::UTF8).build().map(Arc::new)
    };
    let columns = names.iter().map(column).collect::<Result<_, _>>()?;
    let schema = Arc::new(Type::group_type_builder("table").with_fields(columns).build()?);
    let properties = WriterProperties::builder().set_created_by("registry-server".to_owned()).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    let mut rows = writer.next_row_group()?;
    let mut place = 0;
    while let Some(mut column) = rows.next_column()? {
        let cells: Vec<ByteArray> = texts(place).iter().map(|text| ByteArray::from(text.as_str())).collect();
        column.typed::<ByteArrayType>().write_batch(&cells, None, None)?;
        column.close()?;
        place += 1;
    }
    rows.close()?;
    writer.into_inner()
}
