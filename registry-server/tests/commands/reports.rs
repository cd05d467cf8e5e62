//! Reports that are asked for as they cannot be made, and threshold sets: one sentence that names the choices or the place of the fault.

use super::Place;

fn sentence((code, text): (i32, String), expected: i32, parts: &[&str]) {
    assert_eq!(code, expected, "{text}");
    assert!(text.lines().count() == 1 && text.starts_with("registry-server: "), "{text}");
    for part in parts {
        assert!(text.contains(part), "`{text}` does not hold `{part}`");
    }
}

#[test]
fn what_no_report_can_be_asked_for_is_one_sentence_that_names_the_choices() {
    let place = Place::new();
    for (name, option, value, says) in [
        ("wishes", "--by", "region", &["outcomes, groups, composite, funnel, coverage", "usage"][..]),
        ("groups", "--by", "regoin", &["region, unit, programme", "end_reason"]),
        ("groups", "--by", "sex,sex", &["sex twice"]),
        ("outcomes", "--instrument", "PHQ9", &["PHQ-9"]),
        ("outcomes", "--comparison", "best", &["paired", "first_last", "locf", "followup-"]),
        ("outcomes", "--cohort", "all", &["started, ended"]),
        ("growth", "--period", "week", &["year, half, quarter, month, all, rolling12, rolling36"]),
        ("rates", "--from", "2024-02-30", &["--from is a date such as"]),
        ("rates", "--to", "yesterday", &["--to is a date such as"]),
        ("groups", "--attribution", "middle", &["start, end"]),
        ("groups", "--structure", "then", &["as-was, current"]),
        ("groups", "--audience", "everybody", &["internal, research, public"]),
        ("groups", "--programme", "depresionshjalpen", &["no such programme", "depressionshjalpen"]),
        ("outcomes", "--age-group", "18-25", &["no such age_group", "18-24"]),
        ("coverage", "--sex", "F", &["cannot be narrowed by sex", "region, unit, programme"]),
    ] {
        let audience = ["--audience", "internal"];
        let others = if option == "--audience" { &[][..] } else { &audience[..] };
        sentence(place.fails(&[&["report", name, option, value], others].concat()), 2, says);
    }
    let reversed = ["report", "rates", "--audience", "internal", "--from", "2025-01-02", "--to", "2025-01-01"];
    sentence(place.fails(&reversed), 2, &["--from is after --to"]);
}

const HEADER: &str =
    "instrument,lowest,highest,integer,higher_is_better,caseness_from,remission_to,reliable_change,reliability";

#[test]
fn a_threshold_set_with_a_fault_is_told_with_line_and_column_and_a_good_one_is_named_in_the_report() {
    let place = Place::new();
    let file = place.path("other-2025.csv");
    let report = ["report", "outcomes", "--audience", "internal", "--format", "json", "--thresholds"];
    let asked = [&report[..], &[file.to_str().unwrap()]].concat();
    sentence(place.fails(&asked), 78, &["--thresholds", "other-2025.csv cannot be read"]);
    let good = "PHQ-9,0,27,true,false,12,6,5,0.8";
    let without = HEADER.replace(",remission_to", "");
    for (text, says) in [
        (format!("{HEADER}\n{good}\nPHQ9,0,27,true,false,12,6,5,0.8\n"), ["line 3", "column instrument"]),
        (format!("{HEADER}\nPHQ-9,0,27,true,false,many,6,5,0.8\n"), ["line 2", "column caseness_from"]),
        (format!("{HEADER}\nPHQ-9,0,24,true,false,12,6,5,0.8\n"), ["line 2", "column lowest"]),
        (format!("{without}\nPHQ-9,0,27,true,false,12,5,0.8\n"), ["line 1", "column remission_to"]),
        (format!("{HEADER},colour\n{good},red\n"), ["line 1", "column colour"]),
        (format!("response_share,{HEADER}\nmost,{good}\n"), ["line 2", "column response_share"]),
        (format!("{HEADER}\nPHQ-9,0,27\n"), ["line 2", "fields"]),
    ] {
        std::fs::write(&file, text).unwrap();
        sentence(place.fails(&asked), 78, &["other-2025.csv", says[0], says[1]]);
    }
    std::fs::write(&file, format!("{HEADER}\n{good}\n")).unwrap();
    place.succeeds(&["migrate"]);
    assert!(place.succeeds(&asked).contains("\"thresholds\": \"other-2025\""));
}
