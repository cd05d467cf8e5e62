//! Which columns stand where, and what is said of a file that lacks one.

use super::*;
use crate::setup::Setup;

#[tokio::test]
async fn headers_are_found_in_any_case_with_space_quotation_marks_and_a_byte_order_mark() {
    let export = Export::good("");
    let text = treatments(&[("M-1", 1)]).replace(
        TREATMENT_HEADER,
        "\"Treatment_ID\"; PERSON_ID ;unit_id;kommentar;programme;status;started_on;ended_on",
    );
    let text = text.replace("-E001;", "-E001;\"en; två\";");
    export.write("moment.csv", [b"\xEF\xBB\xBF", text.as_bytes()].concat());
    let rows = export.treatments().await;
    let who = person(1);
    let expected = ["M-1", &who, "SE9990120000-E001", "Depressionshjälpen", "2024-03-20"].map(Some);
    assert_eq!(cells(&rows[0], ["treatment_id", "person_id", "unit_id", "programme", "ended_on"]), expected);
}

#[tokio::test]
async fn local_headers_are_named_in_the_configuration_and_come_first() {
    let export = Export::with(
        "[source.columns.treatments]\n\"Moment-ID\" = \"treatment_id\"\n\"Slutstatus\" = \"status\"\n[source.columns.measurements]\n\"Poäng\" = \"score\"",
    );
    let text = treatments(&[("M-1", 1)])
        .replace("treatment_id;", "moment-id;")
        .replace(";ended_on\n", ";ended_on;slutstatus\n");
    export.write("moment.csv", text.replace("2024-03-20\n", "2024-03-20;avbruten\n"));
    export.write("svar.csv", answers(&[("M-1", "pre", "7")]).replace("score", "POÄNG"));
    assert_eq!(cells(&export.treatments().await[0], ["treatment_id", "status"]), ["M-1", "avbruten"].map(Some));
    assert_eq!(export.answers().await[0].get("score"), Some("7"));
}

#[tokio::test]
async fn a_header_that_is_named_as_another_column_is_no_longer_the_one_that_it_is_called() {
    let export = Export::good("[source.columns.treatments]\nsex = \"end_reason\"");
    export.write(
        "moment.csv",
        treatments(&[("M-1", 1)]).replace("ended_on\n", "ended_on;Sex\n").replace("20\n", "20;x\n"),
    );
    assert_eq!(cells(&export.treatments().await[0], ["sex", "end_reason"]), [None, Some("x")]);
}

#[tokio::test]
async fn a_header_that_cannot_be_used_is_told_with_file_and_name() {
    let local = "[source.columns.treatments]\n";
    for (keys, header, told) in [
        ("", TREATMENT_HEADER.replace("started_on;", ""), "moment.csv has no column started_on"),
        ("", TREATMENT_HEADER.replace("unit_id", "status"), "moment.csv has two columns status"),
        ("", format!("{TREATMENT_HEADER};Sex;SEX"), "moment.csv has two columns Sex"),
        (
            &format!("{local}\"kön\" = \"sex\"\nsexus = \"sex\""),
            format!("{TREATMENT_HEADER};kön;sexus"),
            "has two columns sex",
        ),
        (&format!("{local}\"kön\" = \"sax\""), format!("{TREATMENT_HEADER};kön"), "there is no column sax"),
        (&format!("{local}\"kön\" = \"sex\""), TREATMENT_HEADER.into(), "no file has a column kön"),
        ("encoding = \"utf-8\"", format!("{TREATMENT_HEADER};k\u{1}n"), "characters that cannot be read"),
        ("", "\u{2}".into(), "UTF-16"),
    ] {
        let export = Export::good(keys);
        let bytes: Vec<u8> = header
            .bytes()
            .flat_map(|byte| match byte {
                1 => vec![0xF6],
                2 => vec![0xFF, 0xFE],
                other => vec![other],
            })
            .collect();
        export.write("moment.csv", [&bytes[..], b"\n"].concat());
        let (kind, sentence) = export.refused().await;
        assert_eq!(kind, "query", "{sentence}");
        assert!(sentence.contains(told), "{sentence}");
    }
}

#[tokio::test]
async fn two_columns_that_nobody_reads_may_share_their_name() {
    let export = Export::good("");
    export.write(
        "moment.csv",
        treatments(&[("M-1", 1)]).replace("ended_on\n", "ended_on;Anm;Anm\n").replace("20\n", "20;a;b\n"),
    );
    assert_eq!(export.treatments().await[0].get("ended_on"), Some("2024-03-20"));
}

#[tokio::test]
async fn every_file_of_a_pattern_needs_its_columns() {
    let export = Export::good("");
    export.write("moment2.csv", "treatment_id;person_id\n");
    let (kind, sentence) = export.refused().await;
    assert_eq!(kind, "query");
    assert!(sentence.contains("moment2.csv has no column unit_id, programme"), "{sentence}");
}

#[test]
fn a_key_of_the_other_kind_and_two_keys_that_contradict_are_told_in_one_sentence() {
    let setup = |alter: &dyn Fn(String) -> String| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("agent.toml");
        std::fs::write(&path, alter(config::SAMPLE.to_owned())).unwrap();
        let mut config = config::Config::read(&path, []).unwrap();
        config.pseudonym.key_file = Some("none".into());
        config.source.check().map(|()| drop(Setup::read(config))).err().map(|error| error.0)
    };
    let csv = "kind = \"csv\"\ndir = \"export\"\n";
    for (old, new, told) in [
        (
            "kind         = \"sql\"",
            "kind = \"sql\"\ndelimiter = \";\"".to_owned(),
            "delimiter belongs to kind = \"csv\"",
        ),
        ("kind         = \"sql\"", "kind = \"csv\"\ndir = \"x\"".into(), "url belongs to kind = \"sql\""),
        ("kind         = \"sql\"\nurl          =", "kind = \"csv\"\nname =".into(), "dir is needed"),
        (
            "kind         = \"sql\"\nurl          =",
            format!("{csv}settle = \"5s\"\ndone_marker = \"*.ok\"\nname ="),
            "write one of them",
        ),
        ("measurements =", "units =".into(), "measurements is needed"),
    ] {
        let sentence = setup(&|text| text.replace(old, &new).replace("\noverlap      = \"3d\"", "")).expect(told);
        assert!(sentence.contains(told), "{sentence}");
    }
    assert_eq!(setup(&|text| text), None);
}
