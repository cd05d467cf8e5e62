//! The plan in the manifest, and the notes beside it.

use schemas::contact::Pause;

use super::*;

#[tokio::test]
async fn a_manifest_tells_the_plan_and_one_of_an_older_agent_s_queue_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    queue(&mut outbox, &[("rec1.12.a", "{\"a\":1}")]).await;
    let (manifest, _) = arrived(&outbox.next(&sender()).await.unwrap().unwrap());
    assert_eq!(
        (manifest.schedule.as_deref(), manifest.timezone.as_deref()),
        (Some("15 2 * * *"), Some("Europe/Stockholm"))
    );

    sqlx::query("UPDATE cycle SET schedule = NULL, timezone = NULL").execute(&mut outbox.connection).await.unwrap();
    let older = outbox.next(&sender()).await.unwrap().unwrap();
    let text = String::from_utf8(older.plain).unwrap();
    assert!(!text.contains("schedule") && !text.contains("timezone"), "its address would be another: {text}");
}

#[tokio::test]
async fn a_note_is_written_beside_a_run_that_holds_the_directory_and_read_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let mut notes = Outbox::open_for_notes(&state).await.unwrap();
    assert_eq!((notes.run_note().await.unwrap(), notes.pause_note().await.unwrap()), (None, None));
    let _running = Outbox::open(&state).await.unwrap();
    assert!(matches!(Outbox::open(&state).await, Err(OutboxError::Locked(_))), "the directory is held");

    let mut notes = Outbox::open_for_notes(&state).await.unwrap();
    let run = RunNote {
        plan: "15 2 * * * Europe/Stockholm".into(),
        planned: moment("2024-06-01T00:15:00Z"),
        attempts: 2,
        tried_at: Some(moment("2024-06-01T00:20:00Z")),
        finished_at: None,
    };
    let pause = Some(Pause { until: "2026-12-24".parse().unwrap(), reason: "byte av system".into() });
    let pause = PauseNote { pause, told: Told::NotYet };
    notes.set_run_note(&run).await.unwrap();
    notes.set_pause_note(&pause).await.unwrap();
    drop(notes);
    let mut notes = Outbox::open_for_notes(&state).await.unwrap();
    assert_eq!((notes.run_note().await.unwrap(), notes.pause_note().await.unwrap()), (Some(run), Some(pause)));
    assert_eq!(notes.generation().await.unwrap(), None, "a note is no first contact");
}

#[tokio::test]
async fn a_state_directory_of_an_older_version_is_told_as_such_until_a_run_has_brought_it_to_this_one() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let mut outbox = Outbox::open(&state).await.unwrap();
    sqlx::query("ALTER TABLE held RENAME COLUMN word TO as_it_was").execute(&mut outbox.connection).await.unwrap();
    let mut reader = Outbox::open_to_read(&state).await.unwrap().unwrap();
    let error = reader.held_ones(None).await.unwrap_err();
    assert!(matches!(error, OutboxError::Older) && error.to_string().contains("run `registry-agent once`"), "{error}");
}

#[test]
fn a_lock_that_the_file_system_refuses_is_not_told_as_another_run() {
    let (path, refused) = (Path::new("state/lock"), std::io::Error::other("no locks available"));
    assert!(matches!(OutboxError::of_lock(path, TryLockError::WouldBlock), OutboxError::Locked(_)));
    let sentence = OutboxError::of_lock(path, TryLockError::Error(refused)).to_string();
    assert!(sentence.contains("state/lock") && sentence.contains("no locks available"), "{sentence}");
}

#[tokio::test]
async fn a_first_run_that_was_killed_before_its_tables_stood_left_no_state_and_the_next_one_makes_them() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("outbox.db"), "").unwrap();
    assert!(Outbox::open_to_read(folder.path()).await.unwrap().is_none());
    assert_eq!(Outbox::open_for_notes(folder.path()).await.unwrap().run_note().await.unwrap(), None);
    assert!(Outbox::open_to_read(folder.path()).await.unwrap().is_some());
}
