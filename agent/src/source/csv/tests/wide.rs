//! Files with a column for each answer.

use super::*;

const PHQ: &str = "[[source.wide]]\npattern = \"PHQ9_{timepoint}\"\ninstrument = \"PHQ-9\"\nanswered_on = \"PHQ9_{timepoint}_datum\"\n";

fn told(row: &SourceRow<'static>) -> [Option<&'static str>; 5] {
    cells(row, ["treatment_id", "instrument", "timepoint", "answered_on", "score"])
}

#[tokio::test]
async fn headers_of_a_pattern_become_answers_and_empty_cells_none() {
    let export = Export::good(PHQ);
    export.write(
        "svar.csv",
        "treatment_id;PHQ9_före;PHQ9_före_datum;phq9_efter;PHQ9_efter_datum;updated_at\nM-1;14;2024-01-11;6;2024-03-20;2024-03-21\nM-2;9;2024-01-12; ;;\n",
    );
    let rows = export.answers().await;
    let all: Vec<_> = rows.iter().map(told).collect();
    assert_eq!(
        all,
        [
            ["M-1", "PHQ-9", "före", "2024-01-11", "14"].map(Some),
            ["M-1", "PHQ-9", "efter", "2024-03-20", "6"].map(Some),
            ["M-2", "PHQ-9", "före", "2024-01-12", "9"].map(Some),
        ]
    );
    assert_eq!(rows[1].get("updated_at"), Some("2024-03-21"));
}

#[tokio::test]
async fn a_file_of_treatments_may_hold_its_answers_and_then_no_other_is_needed() {
    let keys = "[[source.wide]]\npattern = \"{instrument} {timepoint}\"\nanswered_on = \"Svarsdag\"\n";
    let export = Export::with(keys);
    let mut setup = export.region.setup.config.clone();
    setup.source.0[0].measurements.clear();
    let mut export = export;
    export.region.setup.places[0].config = setup.source.0[0].clone();
    let text = treatments(&[("M-1", 1)]).replace("ended_on\n", "ended_on;Svarsdag;PHQ-9 pre;PHQ-9 post\n");
    export.write("moment.csv", text.replace("20\n", "20;2024-02-01;14;6\n"));
    let all: Vec<_> = export.answers().await.iter().map(told).collect();
    assert_eq!(
        all,
        [["M-1", "PHQ-9", "pre", "2024-02-01", "14"].map(Some), ["M-1", "PHQ-9", "post", "2024-02-01", "6"].map(Some)]
    );
    assert_eq!(export.treatments().await.len(), 1);
}

#[tokio::test]
async fn a_broken_line_of_a_file_of_treatments_gives_no_answer() {
    let export = Export::good("[[source.wide]]\npattern = \"{instrument} {timepoint}\"\nanswered_on = \"ended_on\"\n");
    let text =
        treatments(&[("M-1", 1), ("M-2", 2)]).replace("ended_on\n", "ended_on;PHQ-9 post\n").replace("20\n", "20;6\n");
    export.write("moment.csv", text.replace("M-1;", "M-1;x;"));
    let ids: Vec<_> = export.answers().await.iter().filter(|row| row.get("score") == Some("6")).map(told).collect();
    assert_eq!(ids, [["M-2", "PHQ-9", "post", "2024-03-20", "6"].map(Some)]);
    assert_eq!(export.treatments().await.len(), 2);
}

#[tokio::test]
async fn a_column_of_the_treatment_may_be_the_day_of_an_answer() {
    let keys = "[[source.wide]]\npattern = \"ISI efter\"\ninstrument = \"ISI\"\ntimepoint = \"post\"\nanswered_on = \"ended_on\"\n";
    let export = Export::good(&format!("{keys}[source.columns.treatments]\nSlut = \"ended_on\"\n"));
    export.write(
        "moment.csv",
        treatments(&[("M-1", 1)]).replace("ended_on\n", "slut;ISI efter\n").replace("20\n", "20;11\n"),
    );
    let rows = export.answers().await;
    assert_eq!(told(&rows[0]), ["M-1", "ISI", "post", "2024-03-20", "11"].map(Some));
    assert_eq!(rows.len(), 3, "and the answers of the other files");
}

#[tokio::test]
async fn a_wide_file_that_cannot_be_used_is_told() {
    for (keys, svar, told) in [
        (PHQ.to_owned(), "treatment_id;PHQ9_pre\n", "svar.csv has no column PHQ9_pre_datum"),
        (
            PHQ.replace("PHQ9", "GAD7"),
            "treatment_id;instrument;timepoint;answered_on;score\n",
            "no file has a column of the pattern",
        ),
        (
            PHQ.into(),
            "treatment_id;instrument;timepoint;answered_on;score;PHQ9_pre;PHQ9_pre_datum\n",
            "the one or the other",
        ),
        (PHQ.into(), "id;PHQ9_pre;PHQ9_pre_datum\n", "svar.csv has no column treatment_id"),
        (PHQ.into(), "treatment_id;PHQ9_pre;PHQ9_pre;PHQ9_pre_datum\n", "two columns PHQ9_pre"),
        (PHQ.replace("instrument =", "timepoint ="), "treatment_id\n", "give the instrument either"),
    ] {
        let export = Export::good(&keys);
        export.write("svar.csv", svar);
        let (kind, sentence) = export.refused().await;
        assert_eq!(kind, "query", "{sentence}");
        assert!(sentence.contains(told), "{sentence}");
    }
}
