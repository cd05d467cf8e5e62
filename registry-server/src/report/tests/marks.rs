//! A true zero, an undefined and a hidden figure in every written form, to the letter.

use std::collections::BTreeMap;

use schemas::language::Language;

use crate::aggregate::dimension::Dimension;
use crate::figure::Figure;
use crate::report::{Report, render};

/// Three regions: nobody of ten, nobody of nobody, and somebody whom nobody may see.
fn made() -> Report {
    let share = |region: &str, n: Figure, d: Figure, p: Figure| {
        vec![Figure::text("ALL"), Figure::text(region), n, d, p.clone(), p]
    };
    Report {
        schema: "registry-report/1",
        report: "outcomes",
        definition_version: 1,
        as_of: "2026-01-01T00:00:00Z".parse().unwrap(),
        parameters: vec![("by", Some("region".to_owned())), ("from", None)],
        columns: ["period", "region", "recovery_n", "recovery_d", "recovery_p", "mean_change"]
            .map(str::to_owned)
            .to_vec(),
        keys: 2,
        rows: vec![
            share("01", Figure::Count(0), Figure::Count(10), Figure::Number(0.0)),
            share("03", Figure::Count(0), Figure::Count(0), Figure::Undefined),
            share("04", Figure::Hidden, Figure::Hidden, Figure::Hidden),
        ],
        notes: Vec::new(),
        on_screen: &["recovery_n", "recovery_p", "mean_change"],
        labels: BTreeMap::new(),
    }
}

#[test]
fn zero_undefined_and_hidden_read_as_this_in_csv() {
    let expected = "period,region,recovery_n,recovery_d,recovery_p,mean_change\n\
                    ALL,01,0,10,0,0\nALL,03,0,0,,\nALL,04,*,*,*,*\n";
    assert_eq!(render::csv(&made()).unwrap(), expected);
}

#[test]
fn zero_undefined_and_hidden_read_as_this_in_json() {
    let document: serde_json::Value = serde_json::from_str(&render::json(&made()).unwrap()).unwrap();
    let hidden = || serde_json::json!({ "hidden": true });
    let figures =
        |row: usize| ["recovery_n", "recovery_p", "mean_change"].map(|name| document["rows"][row][name].clone());
    assert_eq!(figures(0), [serde_json::json!(0), serde_json::json!(0.0), serde_json::json!(0.0)]);
    assert_eq!(figures(1), [serde_json::json!(0), serde_json::Value::Null, serde_json::Value::Null]);
    assert_eq!(figures(2), [hidden(), hidden(), hidden()]);
}

#[test]
fn zero_undefined_and_hidden_read_as_this_line_by_line() {
    let expected = "period,group,measure,value,status\n\
                    ALL,01,outcomes.recovery_n,0,shown\nALL,01,outcomes.recovery_d,10,shown\n\
                    ALL,01,outcomes.recovery_p,0,shown\nALL,01,outcomes.mean_change,0,shown\n\
                    ALL,03,outcomes.recovery_n,0,shown\nALL,03,outcomes.recovery_d,0,shown\n\
                    ALL,03,outcomes.recovery_p,,undefined\nALL,03,outcomes.mean_change,,undefined\n\
                    ALL,04,outcomes.recovery_n,,hidden\nALL,04,outcomes.recovery_d,,hidden\n\
                    ALL,04,outcomes.recovery_p,,hidden\nALL,04,outcomes.mean_change,,hidden\n";
    assert_eq!(render::indicators(&made(), &[Dimension::Region]).unwrap(), expected);
}

#[test]
fn zero_undefined_and_hidden_read_as_this_on_a_terminal_and_on_a_page() {
    for language in [Language::Sv, Language::En] {
        let table = render::table(&made(), language);
        let rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        let rows: Vec<String> = rows.filter(|line| line.starts_with("│ 0")).collect();
        assert_eq!(rows, ["│ 01 0 0 0 │", "│ 03 0 │", "│ 04 * * * │"], "{table}");
        let page = render::html(&made(), language);
        for row in [
            "01</th><td class=\"n\">0</td><td class=\"n\">10</td><td class=\"n\">0</td><td class=\"n\">0</td></tr>",
            "03</th><td class=\"n\">0</td><td class=\"n\">0</td><td class=\"n\"></td><td class=\"n\"></td></tr>",
            "04</th><td class=\"n\">*</td><td class=\"n\">*</td><td class=\"n\">*</td><td class=\"n\">*</td></tr>",
        ] {
            assert!(page.contains(row), "{page}");
        }
    }
}
