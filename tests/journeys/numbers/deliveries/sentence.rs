//! The sentence on coverage below other reports beside the rows of a recount.

use end_to_end::world::World;
use recount::Table;
use schemas::codelist::CodeLists;

use super::printed;

/// Reports that are made in different ways: from cells, from treatments, in a selection of their own.
pub(super) const REPORTS: [&str; 4] = ["outcomes", "groups", "funnel", "participation"];

/// What the reports do not say of the regions that the recount has counted, in the order of the code list.
pub(super) fn missing(world: &World, coverage: &Table) -> Vec<String> {
    let lists = CodeLists::builtin();
    let said = REPORTS.map(|report| {
        let report: serde_json::Value = serde_json::from_str(&printed(world, &[report], "json")).unwrap();
        let notes = report["notes"].as_array().unwrap().iter().filter_map(|note| note.as_str());
        notes.filter(|note| note.starts_with("Coverage")).map(str::to_owned).collect::<Vec<_>>()
    });
    let at =
        |row: &Vec<String>, name: &str| row[coverage.columns.iter().position(|column| column == name).unwrap()].clone();
    let mut told = 0;
    let mut missing = Vec::new();
    for row in coverage.rows.iter().filter(|row| at(row, "region") != "ALL" && at(row, "accepted") != "0") {
        let name = &lists.region(&at(row, "region")).unwrap().name;
        let per_cent = |column: &str| format!("{:.1}", at(row, column).parse::<f64>().unwrap() * 100.0);
        let expected = if at(row, "coverage_p").is_empty() {
            assert_eq!(at(row, "source"), "no outside source");
            format!("No outside source: {name}.")
        } else {
            told += 1;
            let (low, high) = (per_cent("coverage_lo"), per_cent("coverage_hi"));
            let [n, d] = ["coverage_n", "coverage_d"].map(|column| at(row, column));
            format!("{name} {} % ({n} of {d}, 95 % interval {low}–{high} %)", per_cent("coverage_p"))
        };
        for (report, said) in
            REPORTS.iter().zip(&said).filter(|(_, said)| !said.iter().any(|one| one.contains(&expected)))
        {
            missing.push(format!("{report}: {expected} in {said:?}"));
        }
    }
    assert_eq!(told, 2, "one region is told by the month and one by unit and programme");
    missing
}
