//! Runs that failed, and runs that were planned and did not come about.

use jiff::{SignedDuration, ToSpan as _};
use rcgen::string::Ia5String;

use super::*;
use crate::outbox::{FailureNote, PauseNote, RunNote};
use crate::schedule::Plan;

/// A region that delivered one treatment at [`NOW`], with nothing to warn of.
async fn delivered() -> Region {
    let region = Region::new().await;
    let mut certificate = rcgen::CertificateParams::default();
    let sender = schemas::id::sender_uri("test", &region.setup.config.agent.region);
    certificate.subject_alt_names.push(rcgen::SanType::URI(Ia5String::try_from(sender).unwrap()));
    let certificate = certificate.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
    std::fs::write(region.path("region.pem"), certificate.pem()).unwrap();
    region.treatment("M-1", 1, &[]).await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    region.deliver(&mut outbox).await;
    assert_eq!(seen(&region, NOW).await.notes, [""; 0]);
    region
}

fn failure() -> FailureNote {
    let sentence = "the register does not answer".into();
    FailureNote { at: "2024-06-01T11:00:00Z".parse().unwrap(), exit: 69, sentence }
}

#[tokio::test]
async fn a_run_that_failed_is_a_warning_with_its_sentence_until_one_comes_to_its_end() {
    let region = delivered().await;
    let mut outbox = region.outbox().await;
    outbox.set_failure_note(Some(&failure())).await.unwrap();
    let status = seen(&region, "2024-06-01T12:00:00Z").await;
    assert_eq!((status.verdict, status.exit()), ("warning", Exit::Warnings));
    assert_eq!(status.notes, ["the newest run ended with 69: the register does not answer"]);
    let told = serde_json::to_value(status.last_failure).unwrap();
    let sentence = "the register does not answer";
    let expected =
        serde_json::json!({ "at": "2024-06-01T11:00:00Z", "exit": 69, "sentence": sentence, "retry_at": null });
    assert_eq!(told, expected, "`once` is not tried again by itself");

    outbox.set_failure_note(None).await.unwrap();
    let status = seen(&region, "2024-06-01T12:00:00Z").await;
    assert!(status.verdict == "ok" && status.last_failure.is_none(), "{:?}", status.notes);
}

#[tokio::test]
async fn a_failed_run_of_the_daemon_tells_when_it_is_tried_again() {
    let region = delivered().await;
    let config = &region.setup.config;
    let plan = Plan::of(&config.agent.region, &config.schedule).unwrap();
    let tried_at = failure().at;
    let mut outbox = region.outbox().await;
    outbox.set_failure_note(Some(&failure())).await.unwrap();
    for (attempts, minutes) in [(1, Some(5)), (2, Some(15)), (3, Some(45)), (0, None)] {
        let run = RunNote {
            plan: plan.text().to_owned(),
            planned: plan.planned_by(tried_at),
            attempts,
            tried_at: Some(tried_at),
            finished_at: None,
        };
        outbox.set_run_note(&run).await.unwrap();
        let expected = minutes.map(|minutes| (tried_at + SignedDuration::from_mins(minutes)).to_string());
        let status = seen(&region, "2024-06-01T11:01:00Z").await;
        assert_eq!(status.last_failure.unwrap().retry_at, expected, "after {attempts} attempts");
    }
}

#[tokio::test]
async fn two_planned_runs_that_did_not_come_about_are_a_warning_unless_they_fell_into_a_silence() {
    let region = delivered().await;
    let config = &region.setup.config;
    let planned = Plan::of(&config.agent.region, &config.schedule).unwrap().runs(NOW.parse().unwrap(), None, 2);
    let before = |at: Timestamp| (at - 1.second()).to_string();
    assert_eq!(seen(&region, &before(planned[1].at)).await.verdict, "ok");
    let status = seen(&region, &planned[1].at.to_string()).await;
    assert_eq!((status.verdict, status.notes.len()), ("warning", 1));
    let begin = "no run has come to its end since 2024-06-01 12:00 +02:00, and two or more were planned since; ";
    assert!(status.notes[0].starts_with(begin), "{:?}", status.notes);

    let pause = schemas::contact::Pause { until: "2024-06-10".parse().unwrap(), reason: "nya servrar".into() };
    let note = PauseNote { pause: Some(pause), told: crate::outbox::Told::Yes };
    region.outbox().await.set_pause_note(&note).await.unwrap();
    for (now, verdict) in [("2024-06-09", "ok"), ("2024-06-10", "ok"), ("2024-06-11", "warning")] {
        let status = seen(&region, &format!("{now}T10:00:00Z")).await;
        assert_eq!(status.verdict, verdict, "{now} {:?}", status.notes);
    }
}
