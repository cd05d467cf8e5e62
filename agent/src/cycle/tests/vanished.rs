//! Rows that a whole reading has not met: forgotten, taken back, or waiting for a person.

use jiff::Timestamp;

use super::*;
use crate::tests::{born, person};
use crate::vanished::{Listed, State};

/// A region with so many treatments of unit E001, accepted by the register, and what is altered in its configuration.
async fn delivered_with(number: usize, alter: impl FnOnce(String) -> String) -> (Region, Outbox) {
    let region = Region::with(alter).await;
    let bearer = person(1);
    region
        .sql(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number})
             INSERT INTO treatments (treatment_id, person_id, unit_id, programme, status, started_on, ended_on, updated_at)
             SELECT 'M-' || i, '{bearer}', 'SE9990120000-E001', 'Depressionshjälpen', 'completed', '2024-01-10', '2024-03-20',
                 '2024-03-21T08:00:00Z' FROM n"
        ))
        .await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    region.deliver(&mut outbox).await;
    (region, outbox)
}

async fn delivered_many(number: usize) -> (Region, Outbox) {
    delivered_with(number, |text| text).await
}

async fn sweep(region: &Region, outbox: &mut Outbox) -> Queued {
    let now: Timestamp = NOW.parse().unwrap();
    let surroundings = Surroundings { now: &move || now, chance: &|| 0.5, random: [7; 16], progress: &|_| () };
    let queued = read_and_queue(&region.setup, Extent::Full, outbox, &surroundings).await.unwrap();
    let account = &outbox.accounts().await.unwrap()[0];
    assert!(account.balances(), "{account:?}");
    queued
}

/// Sweeps and delivers; the reasons of what was taken back.
async fn taken_back(region: &Region, outbox: &mut Outbox) -> Vec<String> {
    sweep(region, outbox).await;
    let records = super::delivered(region, outbox).await;
    outbox.forget_taken_back("12").await.unwrap();
    let retractions = records.into_iter().filter(|(kind, _)| kind == "retraction");
    retractions.map(|(_, content)| content["reason"].as_str().unwrap().to_owned()).collect()
}

async fn listed(outbox: &mut Outbox) -> Vec<(String, State)> {
    let rows: Vec<Listed> = outbox.vanished(None).await.unwrap();
    rows.into_iter().map(|row| (row.treatment, row.state)).collect()
}

async fn delete(region: &Region, ids: &str) {
    region.sql(&format!("DELETE FROM treatments WHERE treatment_id IN ({ids})")).await;
}

#[tokio::test]
async fn a_row_that_vanished_is_taken_back_by_the_same_sweep_and_comes_back_as_a_later_version() {
    let (region, mut outbox) = delivered_many(200).await;
    delete(&region, "'M-7', 'M-20'").await;
    // The next cycle then reads everything.
    outbox.try_again(None).await.unwrap();
    let before = shown(&region).await;
    assert_eq!((before.retracted["vanished"], before.records.len()), (2, 2));
    let queued = sweep(&region, &mut outbox).await;
    assert_eq!(queued.payload_sha256, before.payload_sha256);
    assert_eq!(counted(&queued), counts([("found", 198), ("unchanged", 198), ("retracted vanished", 2)]));
    assert_eq!(outbox.vanished(Some(State::Retract)).await.unwrap().len(), 2);
    let records = super::delivered(&region, &mut outbox).await;
    assert_eq!(records, vec![("retraction".to_owned(), serde_json::json!({ "reason": "vanished" })); 2]);
    outbox.forget_taken_back("12").await.unwrap();
    assert_eq!((listed(&mut outbox).await, outbox.at_register().await.unwrap()), (vec![], 198));
    assert_eq!(taken_back(&region, &mut outbox).await, [""; 0], "it was taken back twice");

    region.treatment("M-7", 1, &[]).await;
    sweep(&region, &mut outbox).await;
    assert_eq!(super::delivered(&region, &mut outbox).await[0].0, "treatment");
    assert_eq!(outbox.at_register().await.unwrap(), 199);
}

#[tokio::test]
async fn an_increment_misses_nothing() {
    let (region, mut outbox) = delivered_many(200).await;
    delete(&region, "'M-7'").await;
    region.cycle(&mut outbox).await;
    assert!(super::delivered(&region, &mut outbox).await.is_empty());
    assert_eq!(listed(&mut outbox).await, []);
}

#[tokio::test]
async fn what_the_register_never_had_is_forgotten_with_its_rejection() {
    let (region, mut outbox) = delivered_many(3).await;
    region.treatment("M-held", 2, &[("unit_id", "VC Norr")]).await;
    region.treatment("M-out", 3, &[("status", "ongoing"), ("ended_on", "")]).await;
    sweep(&region, &mut outbox).await;
    delete(&region, "'M-held', 'M-out'").await;
    sweep(&region, &mut outbox).await;
    assert_eq!(listed(&mut outbox).await, []);
    assert_eq!(outbox.accounts().await.unwrap()[0].sum(schemas::record::Counted::Treatments).terms.found, 3);
    assert!(outbox.held("12").await.unwrap().is_empty());
}

#[tokio::test]
async fn too_much_at_once_waits_until_a_person_decides_on_each() {
    let (region, mut outbox) = delivered_many(300).await;
    delete(&region, "'M-1', 'M-2', 'M-3', 'M-4'").await;
    assert_eq!(taken_back(&region, &mut outbox).await, [""; 0]);
    let waiting = outbox.vanished(Some(State::Waiting)).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].since.as_str(), waiting[0].cell.month.as_str()), (4, NOW, "2024-03"));
    let id = |name: &str| waiting.iter().find(|row| row.treatment == name).unwrap().id;

    // One comes back by itself, one is kept, one is to be taken back, one waits on.
    region.treatment("M-1", 1, &[]).await;
    assert_eq!(outbox.decide_vanished("12", Some(id("M-2")), State::Keep).await.unwrap(), 1);
    assert_eq!(outbox.decide_vanished("12", Some(id("M-3")), State::Retract).await.unwrap(), 1);
    assert_eq!(outbox.decide_vanished("12", Some(99), State::Retract).await.unwrap(), 0);
    assert_eq!(taken_back(&region, &mut outbox).await, ["vanished"]);
    let kept = ("M-2".to_owned(), State::Keep);
    assert_eq!(listed(&mut outbox).await, [("M-4".to_owned(), State::Waiting), kept.clone()]);
    assert_eq!(outbox.at_register().await.unwrap(), 299);
    assert_eq!(outbox.decide_vanished("12", None, State::Retract).await.unwrap(), 1, "--all means those that wait");
    // Also an increment sends what was decided.
    region.cycle(&mut outbox).await;
    assert_eq!(super::delivered(&region, &mut outbox).await.len(), 1);
    outbox.forget_taken_back("12").await.unwrap();
    assert_eq!(listed(&mut outbox).await, [kept]);

    region.treatment("M-2", 1, &[]).await;
    sweep(&region, &mut outbox).await;
    assert_eq!(listed(&mut outbox).await, []);
}

#[tokio::test]
async fn an_empty_source_and_a_unit_wholly_gone_take_nothing_back() {
    let (region, mut outbox) = delivered_many(200).await;
    region.treatment("M-E2", 2, &[("unit_id", "SE9990120000-E002")]).await;
    sweep(&region, &mut outbox).await;
    super::delivered(&region, &mut outbox).await;
    delete(&region, "'M-E2', 'M-1'").await;
    assert_eq!(taken_back(&region, &mut outbox).await, [""; 0]);
    assert_eq!(listed(&mut outbox).await.len(), 2);
    region.sql("DELETE FROM treatments").await;
    assert_eq!(taken_back(&region, &mut outbox).await, [""; 0]);
    assert_eq!((listed(&mut outbox).await.len(), outbox.at_register().await.unwrap()), (201, 201));
}

#[tokio::test]
async fn what_has_left_the_source_s_window_is_never_taken_back_and_its_record_stays() {
    let keeps = |text: String| text.replace("kind = \"sql\"", "kind = \"sql\"\nkeeps = \"12 months\"");
    let (region, mut outbox) = delivered_with(200, keeps).await;
    for (id, ended_on) in [("M-old", "2023-06-30"), ("M-young", "2023-07-01")] {
        region.treatment(id, 2, &[("started_on", "2023-01-01"), ("ended_on", ended_on)]).await;
    }
    sweep(&region, &mut outbox).await;
    super::delivered(&region, &mut outbox).await;
    delete(&region, "'M-old', 'M-young'").await;
    assert_eq!(taken_back(&region, &mut outbox).await, ["vanished"], "the young one");
    assert_eq!((listed(&mut outbox).await, outbox.at_register().await.unwrap()), (vec![], 201));
    // It may come back, and is then what it was.
    region.treatment("M-old", 2, &[("started_on", "2023-01-01"), ("ended_on", "2023-06-30")]).await;
    assert_eq!(counted(&sweep(&region, &mut outbox).await), counts([("found", 201), ("unchanged", 201)]));
}

#[tokio::test]
async fn a_retraction_that_is_lost_on_the_way_is_queued_again() {
    let (region, mut outbox) = delivered_many(200).await;
    delete(&region, "'M-7'").await;
    sweep(&region, &mut outbox).await;
    let lost = outbox.next(&region.setup.config.agent.region).await.unwrap().unwrap();
    assert_eq!(outbox.decide_vanished("12", None, State::Keep).await.unwrap(), 0);
    outbox.drop_damaged(lost.id).await.unwrap();
    outbox.forget_taken_back("12").await.unwrap();
    assert_eq!(taken_back(&region, &mut outbox).await, ["vanished"]);
    assert_eq!(outbox.at_register().await.unwrap(), 199);
}

#[tokio::test]
async fn a_treatment_whose_answers_stay_behind_is_taken_back_once_and_they_are_held() {
    let (region, mut outbox) = delivered_many(200).await;
    region.answer("M-7", "pre", "12", &[]).await;
    sweep(&region, &mut outbox).await;
    super::delivered(&region, &mut outbox).await;
    delete(&region, "'M-7'").await;
    assert_eq!(taken_back(&region, &mut outbox).await, ["vanished"]);
    assert_eq!(taken_back(&region, &mut outbox).await, [""; 0]);
    assert_eq!(outbox.held("12").await.unwrap()[0].rule, "answer-without-treatment");
}

/// Two files of treatments of one person each, all at the register.
struct Folder(Region);

impl Folder {
    fn new(alter: impl FnOnce(String) -> String) -> Self {
        Self(Region::bare(|text| {
            let (head, rest) = text.split_once("kind = \"sql\"").unwrap();
            let source =
                "kind = \"csv\"\ndir = \".\"\ntreatments = \"moment*.csv\"\nmeasurements = \"svar*.csv\"\n[pseudonym]";
            alter(format!("{head}{source}{}", rest.split_once("[pseudonym]").unwrap().1))
        }))
    }

    fn write(&self, name: &str, rows: impl Iterator<Item = usize>) {
        let head = "treatment_id;person_id;unit_id;programme;status;started_on;ended_on\n";
        let bearer = born("800101", 4);
        let row = |id| format!("M-{id};{bearer};SE9990120000-E001;sovhjalpen;completed;2024-01-10;2024-03-20\n");
        self.write_text(name, &(head.to_owned() + &rows.map(row).collect::<String>()));
    }

    fn write_text(&self, name: &str, text: &str) {
        std::fs::write(self.0.path(name), text).unwrap();
        let written: Timestamp = "2024-06-01T09:00:00Z".parse().unwrap();
        let file = std::fs::File::options().append(true).open(self.0.path(name)).unwrap();
        file.set_modified(std::time::SystemTime::from(written)).unwrap();
    }

    /// Three hundred treatments in two files, accepted by the register.
    async fn delivered(self) -> (Self, Outbox) {
        self.write_text("svar.csv", "treatment_id;instrument;timepoint;answered_on;score\n");
        self.write("moment-1.csv", 0..298);
        self.write("moment-2.csv", 298..300);
        let mut outbox = self.0.outbox().await;
        sweep(&self.0, &mut outbox).await;
        self.0.deliver(&mut outbox).await;
        (self, outbox)
    }
}

#[tokio::test]
async fn a_file_that_is_missing_or_empty_takes_nothing_back_while_a_deleted_line_does() {
    let (folder, mut outbox) = Folder::new(|text| text).delivered().await;
    std::fs::remove_file(folder.0.path("moment-2.csv")).unwrap();
    assert_eq!(taken_back(&folder.0, &mut outbox).await, [""; 0]);
    assert_eq!(listed(&mut outbox).await.len(), 2);
    folder.write("moment-2.csv", 298..300);
    sweep(&folder.0, &mut outbox).await;
    assert_eq!(listed(&mut outbox).await, [], "the rows came back");
    folder.write("moment-2.csv", 0..0);
    assert_eq!(taken_back(&folder.0, &mut outbox).await, [""; 0]);
    folder.write("moment-2.csv", 298..299);
    assert_eq!(taken_back(&folder.0, &mut outbox).await, [""; 0], "what waits goes on waiting");
    assert_eq!(listed(&mut outbox).await, [("M-299".to_owned(), State::Waiting)]);
    folder.write("moment-1.csv", 1..298);
    assert_eq!(taken_back(&folder.0, &mut outbox).await, ["vanished"]);
}

#[tokio::test]
async fn files_that_hold_changes_only_miss_nothing() {
    let delta = |text: String| text.replace("kind = \"csv\"", "kind = \"csv\"\ncontent = \"delta\"");
    let (folder, mut outbox) = Folder::new(delta).delivered().await;
    folder.write("moment-2.csv", 298..299);
    assert_eq!(taken_back(&folder.0, &mut outbox).await, [""; 0]);
    assert_eq!((listed(&mut outbox).await, outbox.at_register().await.unwrap()), (vec![], 300));
}
