//! When files are whole.

use super::*;
use crate::cycle::{CycleError, Extent, Surroundings, read_and_queue};

#[tokio::test]
async fn no_file_and_no_folder_are_unreachable_and_never_an_empty_source() {
    let export = Export::with("");
    let (kind, sentence) = export.refused().await;
    assert_eq!(kind, "unreachable");
    assert!(sentence.contains("there is no file moment*.csv"), "{sentence}");
    export.write("moment.csv", treatments(&[]));
    let (kind, sentence) = export.refused().await;
    assert_eq!(kind, "unreachable");
    assert!(sentence.contains("svar*.csv"), "{sentence}");
    std::fs::remove_dir_all(export.region.path("export")).unwrap();
    let (kind, sentence) = export.refused().await;
    assert_eq!(kind, "unreachable");
    assert!(sentence.contains("cannot read the folder"), "{sentence}");
}

#[tokio::test]
async fn a_file_whose_name_is_not_utf_8_is_told_and_never_passed_over() {
    use std::os::unix::ffi::OsStrExt as _;
    let export = Export::good("");
    let folder = export.region.path("export");
    std::fs::write(folder.join(std::ffi::OsStr::from_bytes(b"bild\xe5.png")), "of no pattern").unwrap();
    assert_eq!(export.treatments().await.len(), 2);
    std::fs::write(folder.join(std::ffi::OsStr::from_bytes(b"moment_\xe5.csv")), treatments(&[])).unwrap();
    let (kind, sentence) = export.refused().await;
    assert_eq!(kind, "unreachable");
    assert!(sentence.contains("moment_\u{FFFD}.csv") && sentence.contains("rename it"), "{sentence}");
}

#[test]
fn what_is_closed_to_the_agent_is_told_apart_from_what_is_not_there() {
    for (kind, expected) in [
        (std::io::ErrorKind::PermissionDenied, "not allowed"),
        (std::io::ErrorKind::NotFound, "unreachable"),
        (std::io::ErrorKind::StaleNetworkFileHandle, "unreachable"),
    ] {
        let (told, sentence) = told(folder::unreadable("the folder ", Path::new("/srv/export"), &kind.into()));
        assert_eq!(told, expected, "{sentence}");
        assert!(sentence.starts_with("cannot read the folder /srv/export ("), "{sentence}");
    }
}

#[tokio::test]
async fn a_file_without_even_a_header_is_one_that_was_not_written_to_its_end() {
    let export = Export::good("");
    export.write("svar2.csv", "\r\n");
    let (kind, sentence) = export.refused().await;
    assert_eq!(kind, "unreachable");
    assert!(sentence.contains("svar2.csv is empty"), "{sentence}");
}

#[tokio::test]
async fn a_header_alone_is_a_table_without_rows() {
    let export = Export::good("");
    export.write("svar.csv", answers(&[]));
    assert!(export.answers().await.is_empty());
    assert_eq!(export.treatments().await.len(), 2);
}

#[tokio::test]
async fn one_file_that_changed_within_settle_keeps_the_whole_source_waiting() {
    let export = Export::good("settle = \"10m\"");
    export.touch("svar.csv", "2024-06-01T09:50:01Z");
    let (kind, sentence) = export.refused().await;
    assert_eq!(kind, "unreachable");
    assert!(sentence.contains("not settled") && sentence.contains("svar.csv changed 599 s ago"), "{sentence}");
    export.touch("svar.csv", "2024-06-01T09:50:00Z");
    assert!(export.open_at(NOW).await.is_ok());
    export.touch("svar.csv", "2024-06-01T10:00:05Z");
    let (kind, sentence) = export.refused().await;
    assert_eq!(kind, "unreachable");
    assert!(sentence.contains("compare the clocks"), "{sentence}");
}

#[tokio::test]
async fn without_a_word_a_file_settles_for_a_minute() {
    let export = Export::good("");
    export.touch("moment.csv", "2024-06-01T09:59:01Z");
    assert_eq!(export.refused().await.0, "unreachable");
    export.touch("moment.csv", "2024-06-01T09:59:00Z");
    assert!(export.open_at(NOW).await.is_ok());
}

#[tokio::test]
async fn a_file_waits_for_its_marker_with_or_without_its_own_ending() {
    let export = Export::good("done_marker = \"*.klar\"");
    let (kind, sentence) = export.refused().await;
    assert_eq!(kind, "unreachable");
    assert!(sentence.contains("has no marker moment.klar or moment.csv.klar yet"), "{sentence}");
    export.touch("moment.klar", WRITTEN);
    assert!(export.refused().await.1.contains("svar.csv"));
    export.touch("svar.csv.klar", WRITTEN);
    // A marker says that the file is whole now, however new it is.
    assert!(export.open_at(WRITTEN).await.is_ok());
}

#[tokio::test]
async fn a_marker_older_than_its_file_is_of_an_earlier_export() {
    let export = Export::good("done_marker = \"KLART\"");
    export.touch("KLART", "2024-06-01T08:59:59Z");
    let (kind, sentence) = export.refused().await;
    assert_eq!(kind, "unreachable");
    assert!(sentence.contains("newer than its marker KLART"), "{sentence}");
    export.touch("KLART", WRITTEN);
    assert!(export.open_at(NOW).await.is_ok());
}

#[tokio::test]
async fn a_file_that_changes_between_opening_and_reading_gives_an_error_and_no_row() {
    let export = Export::good("");
    let mut source = export.open_at(NOW).await.unwrap();
    export.write("moment.csv", treatments(&[("M-3", 3)]));
    let pages: Vec<_> = source.treatments(EVERYTHING).collect().await;
    assert_eq!(pages.len(), 1);
    let (kind, sentence) = told(pages.into_iter().next().unwrap().err().unwrap());
    assert_eq!(kind, "unreachable");
    assert!(sentence.contains("moment.csv changed while it was read"), "{sentence}");
}

#[tokio::test]
async fn a_file_that_grows_while_it_is_read_ends_the_cycle_and_nothing_is_kept() {
    let export = Export::good("");
    let mut outbox = export.region.outbox().await;
    let now: Timestamp = NOW.parse().unwrap();
    // The first rows are told as read after the whole of treatments was; the answers come then.
    let progress = |_| export.write("svar.csv", answers(&[("M-1", "pre", "14")]));
    let surroundings = Surroundings { now: &move || now, chance: &|| 0.5, random: [7; 16], progress: &progress };
    let ended = read_and_queue(&export.region.setup, Extent::Planned, &mut outbox, &surroundings).await;
    assert!(matches!(ended, Err(CycleError::Source(SourceError::Unreachable(_)))), "{ended:?}");
    assert_eq!(outbox.depth().await.unwrap().0, 0);
    drop(outbox);
    assert_eq!(export.queued().await.counts.values().sum::<u64>(), 4, "two found and queued: the next run reads it");
}

#[tokio::test]
async fn the_newest_file_that_is_too_old_is_told() {
    let export = Export::good("stale_after = \"8 days\"");
    let place = &export.region.setup.places[0];
    let at = |now: &str| stale(&place.config, (&place.folder, now.parse().unwrap()), Language::En);
    export.touch("svar.csv", "2024-05-20T09:00:00Z");
    assert_eq!(at("2024-06-09T09:00:00Z"), None);
    let sentence = at("2024-06-09T09:00:01Z").unwrap();
    assert!(sentence.contains("moment.csv, 8 days old"), "{sentence}");
    let silent = Export::good("");
    let place = &silent.region.setup.places[0];
    assert_eq!(stale(&place.config, (&place.folder, "2034-06-09T09:00:01Z".parse().unwrap()), Language::En), None);
}

#[tokio::test]
async fn status_tells_of_an_export_that_stopped_and_check_of_what_cannot_be_read_but_not_of_a_file_that_is_being_written()
 {
    let export = Export::good("stale_after = \"8 days\"");
    let config = &export.region.setup.config;
    for (now, told) in [("2024-06-09T09:00:00Z", false), ("2024-06-10T09:00:00Z", true)] {
        let status = crate::status::status(config, now.parse().unwrap(), Language::En).await.unwrap();
        assert_eq!(
            status.notes.iter().any(|note| note.contains("8 days old") || note.contains("9 days old")),
            told,
            "{now}"
        );
    }
    let check = || async { crate::check::check(config, NOW.parse().unwrap()).await.map_err(|error| error.to_string()) };
    export.touch("svar.csv", NOW);
    assert!(check().await.is_ok());
    export.write("svar.csv", "treatment_id\n");
    assert!(check().await.unwrap_err().contains("svar.csv has no column instrument"));
}
