//! Monthly counts in files of their own.

use super::*;

const SOURCE: &str =
    "activity = \"aktivitet*.csv\"\n[source.columns.activity]\n\"Månad\" = \"month\"\n\"Enhet\" = \"unit_id\"";

fn counts(rows: &[&str]) -> String {
    format!("Månad;Enhet;programme;started;ended;ongoing\n{}\n", rows.join("\n"))
}

/// Month, started, ended and ongoing of every count that is delivered.
async fn told(export: &Export) -> Vec<String> {
    let mut outbox = export.region.outbox().await;
    export.region.cycle(&mut outbox).await;
    let lines = export.region.deliver_all(&mut outbox).await.into_iter();
    let lines = lines.map(|line| serde_json::from_str::<serde_json::Value>(&line).unwrap());
    let counts = lines.filter(|line| line["kind"] == "activity").map(|line| line["content"].clone());
    counts
        .map(|c| format!("{} {} {} {}", c["month"].as_str().unwrap(), c["started"], c["ended"], c["ongoing"]))
        .collect()
}

#[tokio::test]
async fn the_last_file_that_has_a_row_stands_and_rows_of_one_file_that_mean_the_same_add_up() {
    let export = Export::good(SOURCE);
    let (old, new) = ("Depressionshjälpen 1.0", "Depressionshjälpen 2.0");
    let row = |month: &str, programme: &str, numbers: &str| format!("{month};SE9990120000-E001;{programme};{numbers}");
    let rows = [row("2024-01", old, "1;0;1"), row("2024-01", new, "3;1;2"), row("2024-02", new, "5;5;5")];
    export.write("aktivitet_1.csv", counts(&rows.each_ref().map(String::as_str)));
    export.write(
        "aktivitet_2.csv",
        counts(&[&row("2024-02", new, "4;0;6"), "2024-13;SE9990120000-E001;Oroshjälpen;1;1;1"]),
    );
    assert_eq!(told(&export).await, ["2024-01 4 1 3", "2024-02 4 0 6"]);
    assert_eq!(told(&export).await, [""; 0], "nothing changed");
    // A month that no file has any more is nothing's.
    export.write("aktivitet_1.csv", counts(&[]));
    assert_eq!(told(&export).await, ["2024-01 0 0 0"]);
}

#[tokio::test]
async fn files_of_changes_are_not_counted_and_a_missing_column_is_named() {
    let export = Export::good("content = \"delta\"");
    assert_eq!(told(&export).await, [""; 0]);
    let export = Export::good("activity = \"aktivitet.csv\"");
    export.write("aktivitet.csv", "month;unit_id;programme;started;ended\n");
    let (kind, sentence) = export.refused().await;
    assert!(kind == "query" && sentence.contains("ongoing"), "{kind} {sentence}");
}
