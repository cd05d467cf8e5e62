//! From files to what would be sent.

use encoding_rs::WINDOWS_1252;
use schemas::rule::Rule;

use super::*;
use crate::outbox::Outbox;

/// Every line that is queued but the manifests and monthly counts.
async fn lines(region: &Region, mut outbox: Outbox) -> Vec<String> {
    let sealed = outbox.next(&region.setup.config.agent.region).await.unwrap().expect("something is queued");
    let plain = zstd::stream::decode_all(sealed.body.as_slice()).unwrap();
    std::str::from_utf8(&plain)
        .unwrap()
        .lines()
        .skip(1)
        .filter(|line| !line.contains("\"kind\":\"activity\""))
        .map(str::to_owned)
        .collect()
}

async fn sent(region: &Region) -> (String, Vec<String>) {
    let mut outbox = region.outbox().await;
    let queued = region.cycle(&mut outbox).await;
    (queued.payload_sha256, lines(region, outbox).await)
}

const UNIT: [(&str, &str); 4] = [
    ("unit_id", "SE9990120000-E001"),
    ("name", "Vårdcentralen Ängen"),
    ("care_level", "primary"),
    ("ownership", "public"),
];

/// A SQLite source with the good rows of `treatments` and `answers`.
async fn database() -> Region {
    let region = Region::new().await;
    for (id, who) in [("M-1", 1), ("M-2", 2), ("Mö-3", 3)] {
        region.treatment(id, who, &[("updated_at", "")]).await;
        region.answer(id, "pre", "14", &[("updated_at", "")]).await;
        region.answer(id, "post", "6.5", &[("instrument", "MADRS-S"), ("updated_at", "")]).await;
        region.answer(id, "weekly-1", "9", &[("updated_at", "")]).await;
    }
    region.unit(&UNIT).await;
    region.sql("UPDATE treatments SET updated_at = '2024-03-21'").await;
    region.sql("UPDATE measurements SET updated_at = '2024-03-21', score = 6 WHERE timepoint = 'post'").await;
    region.sql("UPDATE measurements SET updated_at = '2024-03-21'").await;
    region
}

fn exported() -> [(&'static str, String); 3] {
    let ids = ["M-1", "M-2", "Mö-3"];
    let three = |id: &str| {
        let answer = |rest: &str| format!("{id};{rest}\n");
        ["PHQ-9;pre;2024-01-11;14,0", "MADRS-S;post;2024-01-11;6", "PHQ-9;weekly-1;2024-01-11;9"].map(answer).concat()
    };
    let header = "treatment_id;instrument;timepoint;answered_on;score";
    [
        ("moment.csv", treatments(&[("M-1", 1), ("M-2", 2), ("Mö-3", 3)])),
        ("svar.csv", format!("{header}\n{}", ids.map(three).concat())),
        (
            "enhet.csv",
            "unit_id;name;care_level;ownership\nSE9990120000-E001;Vårdcentralen Ängen;primary;public\n".into(),
        ),
    ]
}

/// The files' text, as different systems write it.
fn written(number: usize, text: &str) -> Vec<u8> {
    match number {
        0 => text.as_bytes().to_vec(),
        1 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        2 => WINDOWS_1252.encode(&text.replace('\n', "\r\n")).0.into_owned(),
        3 => text.replace(';', "\t").into_bytes(),
        4 => text.replace("14,0", "\"14,0\"").replace(';', ",").into_bytes(),
        _ => WINDOWS_1252.encode(&text.replace('\n', ";\n\n")).0.into_owned(),
    }
}

#[tokio::test]
async fn the_same_clean_data_as_files_in_every_dialect_and_as_a_database_gives_byte_identical_records() {
    let (hash, expected) = sent(&database().await).await;
    assert_eq!(expected.len(), 4);
    for number in 0..6 {
        let export = Export::with("units = \"enhet.csv\"");
        for (name, text) in exported() {
            export.write(name, written(number, &text));
        }
        let (payload, lines) = sent(&export.region).await;
        assert_eq!((payload, lines), (hash.clone(), expected.clone()), "dialect {number}");
    }
}

#[tokio::test]
async fn a_wide_file_gives_the_records_of_a_long_one() {
    let (hash, expected) = sent(&database().await).await;
    let wide = "[[source.wide]]\npattern = \"{instrument} {timepoint}\"\nanswered_on = \"dag\"\n[map.timepoint]\n\"före\" = \"pre\"\n\"vecka 1\" = \"weekly-1\"\n";
    let export = Export::with(&format!("units = \"enhet.csv\"\n{wide}"));
    for (name, text) in exported() {
        export.write(name, text);
    }
    let row = |id: &str| format!("{id};2024-01-11;14;9;6\n");
    export.write(
        "svar.csv",
        format!("treatment_id;dag;PHQ-9 före;PHQ-9 vecka 1;MADRS-S post\n{}{}{}", row("M-1"), row("M-2"), row("Mö-3")),
    );
    assert_eq!(sent(&export.region).await, (hash, expected));
}

#[tokio::test]
async fn a_later_files_row_replaces_an_earlier_one_whatever_its_time_says() {
    let export = Export::with("units = \"enhet*.csv\"");
    let timed = |score: &str, time: &str| {
        let text = answers(&[("M-1", "pre", score)]);
        text.replace("score\n", "score;updated_at\n").replace(&format!("{score}\n"), &format!("{score};{time}\n"))
    };
    export.write("moment_1.csv", treatments(&[("M-1", 1), ("M-2", 2)]));
    export.write("moment_2.csv", treatments(&[("M-1", 1)]).replace("2024-03-20", "2024-03-27"));
    export.write("svar_1.csv", timed("14", "2024-05-01"));
    export.write("svar_2.csv", timed("15", "2024-04-01"));
    for (number, name) in [("1", "Övre"), ("2", "Nedre")] {
        let unit = format!("unit_id;name;care_level;ownership\nSE9990120000-E001;{name};primary;public\n");
        export.write(&format!("enhet_{number}.csv"), unit);
    }
    let (_, lines) = sent(&export.region).await;
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].contains("Nedre"), "{lines:?}");
    let first = lines.iter().find(|line| line.contains("2024-03-27")).unwrap();
    assert!(first.contains("\"score\":15") && !first.contains("\"score\":14"), "{first}");
}

#[tokio::test]
async fn damaged_lines_are_held_by_rule_under_file_and_line_and_nothing_else_is_lost() {
    let export = Export::good("encoding = \"utf-8\"");
    let text = treatments(&[("M-1", 1), ("M-2", 2), ("M-3", 3), ("M-4", 4)]);
    let who = person(5);
    let broken = text.replace("M-2;", "M-2;extra;").replace("M-3;", "M-3;\"").into_bytes();
    let broken =
        [&broken[..], b"M-5;", who.as_bytes(), b";SE9990120000-E001;\xC5ngest;completed;2024-01-10;2024-03-20\n"];
    export.write("moment.csv", broken.concat());
    export.write("svar.csv", answers(&[("M-1", "pre", "14"), ("M-4", "pre", "12;3")]));
    let mut outbox = export.region.outbox().await;
    let queued = export.region.cycle(&mut outbox).await;
    let shape = Rule::RowShape.id();
    assert_eq!(held(&queued), [("held", shape, 2), ("held", Rule::TextUndecodable.id(), 1), ("answer-held", shape, 1)],);
    let sent = lines(&export.region, outbox).await;
    assert_eq!(sent.len(), 2, "M-1 and M-4");
}

#[tokio::test]
async fn an_objection_counts_also_on_a_line_that_cannot_be_decoded() {
    let export = Export::good("encoding = \"utf-8\"");
    let objects = treatments(&[("M-9", 1)]).replace("completed", "opted_out").replace("Depressionshjälpen", "D\u{1}");
    let text = [treatments(&[("M-1", 1), ("M-2", 2)]).into_bytes(), objects.into_bytes()].concat();
    export.write("moment.csv", text.into_iter().map(|byte| if byte == 1 { 0xE5 } else { byte }).collect::<Vec<_>>());
    let queued = export.queued().await;
    let excluded = queued.counts.get(&(crate::outbox::Term::Excluded, Rule::Objection.id().to_owned()));
    assert_eq!(excluded, Some(&2), "{:?}", queued.counts);
}

#[tokio::test]
async fn identity_numbers_that_a_spreadsheet_spoiled_are_read_when_nothing_is_lost_and_held_by_their_rule_otherwise() {
    let whole = person(1);
    for (written, rule) in [
        (whole.clone(), None),
        (whole[2..].to_owned(), None),
        (format!("{}-{}", &whole[2..8], &whole[8..]), None),
        (format!("=\"{whole}\""), None),
        (format!("{whole},0"), Some(Rule::IdentitySpreadsheet)),
        (format!("{whole}.0"), Some(Rule::IdentitySpreadsheet)),
        (whole[3..].to_owned(), Some(Rule::IdentityLostZeros)),
        (whole[4..].to_owned(), Some(Rule::IdentityLostZeros)),
        ("1,98001E+11".to_owned(), Some(Rule::IdentitySpreadsheet)),
        ("1.98001E+11".to_owned(), Some(Rule::IdentitySpreadsheet)),
    ] {
        let export = Export::good("");
        export.write("moment.csv", treatments(&[("M-1", 1)]).replace(&whole, &written));
        let queued = export.queued().await;
        let found: Vec<_> = held(&queued).into_iter().filter(|(term, ..)| *term == "held").collect();
        let expected: Vec<_> = rule.into_iter().map(|rule| ("held", rule.id(), 1)).collect();
        assert_eq!(found, expected, "{}", written.replace(|c: char| c.is_ascii_digit(), "9"));
    }
}
