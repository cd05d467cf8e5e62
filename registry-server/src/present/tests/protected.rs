//! Exact figures beside published ones: for staff, as they are and as they leave.

use axum::http::StatusCode;

use super::world::World;
use super::years::frozen;
use crate::store::CutStep;

/// A table's lines by their grouping columns, each with its cells by column.
fn cells(text: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|line| line.unwrap()).collect()
}

async fn file(world: &World, cookie: &str, path: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let seen = world.get(path, cookie).await;
    assert_eq!(seen.status, StatusCode::OK, "{path}: {}", seen.text);
    cells(&seen.text)
}

#[tokio::test]
async fn staff_see_each_figure_exactly_beside_the_published_one_and_what_is_hidden_is_marked() {
    let world = frozen().await;
    let publish = CutStep::Publish { reason: Some("in the test".into()) };
    world.registry.store.step_cut(1, &publish, world.registry.environment.stamp()).await.unwrap();
    let (staff, researcher) = (world.signed_in("staff").await, world.signed_in("researcher").await);
    for (report, asked) in
        [("groups", "by=programme&period=year"), ("outcomes", "by=region&period=year&instrument=PHQ-9")]
    {
        let beside = file(&world, &staff, &format!("/years/c1/protected.csv?report={report}&{asked}")).await;
        let page = if report == "groups" { "/units" } else { "/outcomes" };
        let published = file(&world, &researcher, &format!("{page}.csv?{asked}")).await;
        let exact = file(&world, &staff, &format!("{page}.csv?{asked}")).await;
        let names: Vec<String> =
            beside[0].keys().filter_map(|name| Some(name.strip_suffix("_published")?.to_owned())).collect();
        assert!(names.len() > 5, "{names:?}");
        let keys = ["period", "region", "programme", "instrument", "comparison"];
        let is_same = |one: &std::collections::BTreeMap<String, String>,
                       other: &std::collections::BTreeMap<String, String>| {
            keys.iter().all(|key| one.get(*key) == other.get(*key))
        };
        let (mut hidden, mut shown) = (0, 0);
        for line in &beside {
            let theirs = published.iter().find(|one| is_same(one, line)).unwrap_or_else(|| panic!("{line:?}"));
            // What counts now is what was frozen: nothing was delivered since. Units have no table of their own among the exact ones.
            let own = exact.iter().find(|one| is_same(one, line));
            for name in &names {
                let told = &line[&format!("{name}_published")];
                assert_eq!(told, &theirs[name], "{report} {name}: {line:?}");
                assert!(own.is_none_or(|own| own[name] == line[name]), "{report} {name}: {line:?}");
                if told == "*" {
                    assert_ne!(line[name], "*", "exact figures are never hidden: {line:?}");
                    hidden += usize::from(!line[name].is_empty());
                } else if !told.is_empty() {
                    assert_eq!(told, &line[name], "what is not hidden is published as it is: {line:?}");
                    shown += 1;
                }
            }
        }
        assert!(hidden > 0 && shown > 0, "{report}: {hidden} hidden, {shown} shown");
        let text = world.get(&format!("/years/c1/protected?report={report}&{asked}&lang=en"), &staff).await.text;
        assert!(text.contains(&format!("exact figures in this table, {hidden} are hidden (*)")), "{hidden}: {text}");
        // The table has fewer columns than what is published, and a figure without an exact one is hidden too.
        let of_report =
            published.iter().flat_map(std::collections::BTreeMap::values).filter(|told| *told == "*").count();
        assert!(of_report > hidden, "the control: {of_report} beside {hidden}");
        let told = format!("{of_report} figures in all columns of the report are hidden (*)");
        assert!(text.contains(&told), "{told}: {text}");
        assert!(text.contains("<td class=\"n\">*</td>") && text.contains(", published"), "{text}");
        assert!(text.contains(&format!("report={report}")) && text.contains("Each figure exactly"), "{text}");
    }
}

#[tokio::test]
async fn a_small_count_stands_beside_its_mark_and_nobody_but_staff_sees_both() {
    let world = frozen().await;
    let staff = world.signed_in("staff").await;
    let lines = file(&world, &staff, "/years/c1/protected.csv?report=groups&by=region&period=year").await;
    let few = |line: &&std::collections::BTreeMap<String, String>| {
        line["n_persons"].parse::<u64>().is_ok_and(|n| (1..5).contains(&n))
    };
    let small: Vec<_> = lines.iter().filter(few).collect();
    assert!(!small.is_empty(), "{lines:?}");
    for line in small {
        assert_eq!(
            (line["n_persons_published"].as_str(), line["n_started_published"].as_str()),
            ("*", "*"),
            "{line:?}"
        );
        assert!(line["n_started"].parse::<u64>().is_ok(), "{line:?}");
    }
    assert!(world.get("/years/c1", &staff).await.text.contains("href=\"/years/c1/protected\""));
    for role in ["approver", "researcher", "auditor", "admin", "region:12", "unit:SE9990120000-E001"] {
        let cookie = world.signed_in(role).await;
        for path in ["/years/c1/protected", "/years/c1/protected.csv"] {
            let seen = world.get(path, &cookie).await;
            assert_eq!(seen.status, StatusCode::FORBIDDEN, "{role} {path}");
        }
        assert!(!world.get("/years/c1", &cookie).await.text.contains("/protected"), "{role}");
    }
    for path in ["/years/c1/protected?by=unit", "/years/c1/protected?report=funnel", "/years/c1/protected?instrument=x"]
    {
        assert_eq!(world.get(path, &staff).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
    assert_eq!(world.get("/years/c9/protected", &staff).await.status, StatusCode::NOT_FOUND);
}
