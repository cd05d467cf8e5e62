//! Exported files as a source, from the folder to the records that would be sent.

use super::*;
use crate::tests::Region;

#[tokio::test]
async fn a_folder_without_a_file_is_unreachable_and_never_an_empty_source() {
    let region = Region::with(|text| text.replace("kind = \"sql\"\nurl = \"sqlite://source.db\"", "kind = \"csv\"\ndir = \"export\"")).await;
    std::fs::create_dir(region.path("export")).unwrap();
    let opened = CsvSource::open(&region.setup.places[0], Timestamp::UNIX_EPOCH).await;
    assert!(matches!(opened, Err(SourceError::Unreachable(sentence)) if sentence.contains("there is no file")));
}
