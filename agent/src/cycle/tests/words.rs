//! What the mapping file and the code lists make of a source's words, from row to queue.

use std::io::Write as _;

use super::*;
use crate::setup::Setup;

/// Reads the setup again as the next run does, with this mapping file.
fn with_mapping(region: &mut Region, rows: &str) -> Result<(), String> {
    std::fs::write(region.path("mapping.csv"), rows).unwrap();
    let mut config = region.setup.config.clone();
    config.map = crate::config::Maps { file: Some("mapping.csv".into()), ..Default::default() };
    region.setup = Setup::read(config).map_err(|error| error.to_string())?;
    Ok(())
}

#[tokio::test]
async fn a_row_of_the_mapping_file_lets_held_rows_of_every_kind_go_at_the_next_run() {
    let mut region = Region::new().await;
    let words = [
        ("unit_id", "VC Norr"),
        ("status", "Klar"),
        ("programme", "Depp lokal"),
        ("sex", "tjej"),
        ("end_reason", "Flytt"),
    ];
    region.treatment("M-1", 1, &words).await;
    region.answer("M-1", "Mätning 1", "9", &[("instrument", "PHQ lokal")]).await;
    region.treatment("M-9", 9, &[("updated_at", "2024-05-20T00:00:00Z")]).await;
    region.unit(&[("unit_id", "VC Norr"), ("name", "N"), ("care_level", "VC"), ("ownership", "Bolag")]).await;
    let mut outbox = region.outbox().await;
    let first = counted(&region.cycle(&mut outbox).await);
    assert_eq!((first["held status-unknown"], first["answer-held instrument-unknown"]), (1, 1), "{first:?}");
    delivered(&region, &mut outbox).await;

    let rows = "kind;local_value;code\nunit;VC Norr;SE9990120000-E001\nstatus;klar;completed\nprogramme;DEPP LOKAL;depressionshjalpen\n\
                sex;tjej;F\nend_reason;flytt;moved\ntimepoint;mätning 1;pre\ninstrument;PHQ lokal;PHQ-9\ncare_level;vc;primary\n\
                ownership;bolag;private\n";
    with_mapping(&mut region, rows).unwrap();
    let second = region.cycle(&mut outbox).await;
    assert_eq!(counted(&second), counts([("found", 2), ("queued", 1), ("unchanged", 1)]));
    let records = delivered(&region, &mut outbox).await;
    let (unit, treatment) = (&records[0].1, &records[1].1);
    assert_eq!((&unit["care_level"], &unit["ownership"]), (&"primary".into(), &"private".into()));
    for (field, code) in [
        ("unit", "SE9990120000-E001"),
        ("status", "completed"),
        ("programme", "depressionshjalpen"),
        ("sex", "F"),
        ("end_reason", "moved"),
    ] {
        assert_eq!(treatment[field], code, "{field}");
    }
    let answer = &treatment["measurements"][0];
    assert_eq!((&answer["instrument"], &answer["timepoint"]), (&"PHQ-9".into(), &"pre".into()));
    assert!(outbox.held("12").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_word_without_a_code_is_held_or_left_out_under_a_rule_of_its_own() {
    for (column, rule) in [
        ("programme", "held programme-unknown"),
        ("status", "held status-unknown"),
        ("unit_id", "held unit-form"),
        ("unit_id_end", "warning unit-end-form"),
        ("end_reason", "warning end-reason-unknown"),
        ("sex", "warning sex-unknown"),
    ] {
        let region = Region::new().await;
        region.treatment("M-1", 1, &[(column, "Något annat")]).await;
        let found = counted(&region.cycle(&mut region.outbox().await).await);
        assert_eq!(found.get(rule), Some(&1), "{column}: {found:?}");
    }
    for (column, rule) in
        [("instrument", "answer-held instrument-unknown"), ("timepoint", "answer-held timepoint-unknown")]
    {
        let region = Region::new().await;
        region.treatment("M-1", 1, &[]).await;
        region.answer("M-1", "pre", "9", &[(column, "Något annat")]).await;
        let found = counted(&region.cycle(&mut region.outbox().await).await);
        assert_eq!(found.get(rule), Some(&1), "{column}: {found:?}");
    }
    for (column, rule) in [("care_level", "warning care-level-unknown"), ("ownership", "warning ownership-unknown")] {
        let region = Region::new().await;
        let good =
            [("unit_id", "SE9990120000-E001"), ("name", "N"), ("care_level", "primary"), ("ownership", "public")];
        let kept = good.into_iter().filter(|(name, _)| *name != column);
        region.unit(&kept.chain([(column, "Något annat")]).collect::<Vec<_>>()).await;
        let found = counted(&region.cycle(&mut region.outbox().await).await);
        assert_eq!(found.get(rule), Some(&1), "{column}: {found:?}");
    }
}

#[tokio::test]
async fn a_faulty_mapping_file_stops_the_cycle_before_anything_is_read() {
    let mut region = Region::new().await;
    region.treatment("M-1", 1, &[]).await;
    with_mapping(&mut region, "kind,local_value,code\nprogramme,Depp,depressionshjälp\n").unwrap();
    let mut outbox = region.outbox().await;
    let now: Timestamp = NOW.parse().unwrap();
    let surroundings = Surroundings { now: &move || now, chance: &|| 0.5, random: [7; 16], progress: &|_| () };
    let error = read_and_queue(&region.setup, Extent::Planned, &mut outbox, &surroundings).await.unwrap_err();
    assert!(error.to_string().contains("mapping.csv, line 2: depressionshjälp is no programme"), "{error}");
    assert!(outbox.last_cycle().await.unwrap().is_none());
    let wanted = Shown { limit: 10, treatment: None, full: false };
    assert!(preview(&region.setup, &wanted, &surroundings).await.is_err(), "a preview used a faulty file");

    let error = with_mapping(&mut region, "kind,local_value,code\nprogram,Depp,depressionshjalpen\n").unwrap_err();
    assert!(error.contains("mapping.csv, line 2: \"program\" is no kind of value"), "{error}");
}

#[tokio::test]
async fn a_programme_is_judged_at_the_treatments_start_and_followed_to_what_took_over() {
    let mut list = tempfile::NamedTempFile::new().unwrap();
    list.write_all(
        "code,name,kind,condition,valid_from,valid_to,successor\ngamla,Gamla,treatment,worry,,2024-01-31,nya\n\
         nya,Nya,treatment,worry,2024-02-01,,\nslut,Slut,treatment,worry,,2024-01-31,\n\
         blev-stod,Blev stöd,treatment,worry,,2024-01-31,stod\nstod,Stöd,support,worry,,,\n"
            .as_bytes(),
    )
    .unwrap();
    let lists = format!("[codelists]\nprogrammes = \"{}\"\n", list.path().display());
    let region = Region::with(|text| text + &lists).await;
    let on = |day: &'static str| ("started_on", day);
    for (number, (programme, started_on)) in [
        ("Gamla", on("2024-01-31")),
        ("Gamla", on("2024-02-01")),
        ("Nya", on("2024-01-31")),
        ("Slut", on("2024-01-31")),
        ("Slut", on("2024-02-01")),
        ("Blev stöd", on("2024-01-31")),
        ("Blev stöd", on("2024-02-01")),
    ]
    .into_iter()
    .enumerate()
    {
        region.treatment(&format!("M-{number}"), number, &[("programme", programme), started_on]).await;
    }
    let mut outbox = region.outbox().await;
    let queued = counted(&region.cycle(&mut outbox).await);
    assert_eq!(
        queued,
        counts([("found", 7), ("queued", 4), ("held programme-not-in-use", 2), ("excluded programme-support", 1)])
    );
    let mut sent: Vec<(String, String)> = delivered(&region, &mut outbox)
        .await
        .into_iter()
        .map(|(_, t)| (t["programme"].as_str().unwrap().to_owned(), t["started_on"].as_str().unwrap().to_owned()))
        .collect();
    sent.sort();
    let expected =
        [("blev-stod", "2024-01-31"), ("gamla", "2024-01-31"), ("nya", "2024-02-01"), ("slut", "2024-01-31")];
    assert_eq!(sent, expected.map(|(code, day)| (code.to_owned(), day.to_owned())));
}
