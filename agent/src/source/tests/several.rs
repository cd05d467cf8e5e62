//! Several sources in one agent, on different engines.

use super::engines::{Engine, SERVERS};
use super::*;
use crate::cycle::{CycleError, Extent, Surroundings, read_and_queue};

/// The second source, with its own system, on a server.
fn second(url: &str) -> String {
    format!(
        "[[source]]\nname = \"nya\"\nsystem = \"new\"\nkind = \"sql\"\nurl = \"{url}\"\n\
         treatments = \"SELECT * FROM new_treatments WHERE updated_at >= :since\"\n\
         measurements = \"SELECT * FROM new_measurements WHERE updated_at >= :since\"\n[pseudonym]\n"
    )
}

/// A region with a SQLite file and a server; the server's tables have one treatment with an id that stands in the file too.
async fn two_sources(engine: Engine) -> (Region, Region) {
    let url = engine.url();
    let both = Region::with(|text| {
        text.replace("[source]\n", "[[source]]\nname = \"gamla\"\n").replace("[pseudonym]\n", &second(&url))
    })
    .await;
    let server = Region::bare(|text| text.replace("sqlite://source.db", &url));
    for columns in [&TREATMENTS, &MEASUREMENTS] {
        let cells: Vec<String> = columns.names.iter().map(|name| format!("{name} TEXT")).collect();
        server.sql(&format!("CREATE TABLE new_{} ({})", columns.query, cells.join(", "))).await;
    }
    both.treatment("M-1", 1, &[]).await;
    both.answer("M-1", "pre", "14", &[]).await;
    server.treatment_in("new_treatments", ("M-1", 2), &[("updated_at", "2024-05-01T00:00:00Z")]).await;
    (both, server)
}

#[tokio::test]
async fn two_engines_at_once_keep_their_own_records_cursors_and_changes() {
    for engine in SERVERS {
        let (both, server) = Box::pin(two_sources(engine)).await;
        let mut outbox = both.outbox().await;
        let first = both.cycle(&mut outbox).await;
        assert_eq!(first.counts.values().sum::<u64>(), 4, "{engine:?} {:?}", first.counts);
        let cursors = [outbox.before("main").await.unwrap().cursor, outbox.before("new").await.unwrap().cursor];
        let newest = ["2024-03-21T08:00:00Z", "2024-05-01T00:00:00Z"].map(|text| Some(text.parse().unwrap()));
        assert_eq!(cursors, newest);

        server.sql("UPDATE new_treatments SET modules_total = '9', updated_at = '2024-05-20T00:00:00Z'").await;
        let second = both.cycle(&mut outbox).await;
        let queued: u64 = second.counts.iter().filter(|((term, _), _)| term.word() == "queued").map(|(_, n)| n).sum();
        assert_eq!(queued, 1, "{engine:?} {:?}", second.counts);
    }
}

#[tokio::test]
async fn a_person_who_objects_in_one_source_is_excluded_in_the_other() {
    for engine in SERVERS {
        let (both, server) = Box::pin(two_sources(engine)).await;
        server.treatment_in("new_treatments", ("M-9", 1), &[("status", "opted_out")]).await;
        let queued = both.cycle(&mut both.outbox().await).await;
        let objections = queued.counts.iter().filter(|((_, rule), _)| rule == "objection");
        assert_eq!(objections.map(|(_, n)| n).sum::<u64>(), 2, "{engine:?} {:?}", queued.counts);
    }
}

#[tokio::test]
async fn one_source_that_does_not_answer_stops_the_cycle_and_nothing_is_queued() {
    for engine in SERVERS {
        let (both, _server) = Box::pin(two_sources(engine)).await;
        let mut both = both;
        let url = both.setup.places[1].url.as_mut().unwrap();
        let (scheme, rest) = url.split_once("://").unwrap();
        let database = rest.rsplit('/').next().unwrap();
        *url = format!("{scheme}://agent:hemligt@127.0.0.1:1/{database}");
        let mut outbox = both.outbox().await;
        let now = NOW.parse().unwrap();
        let surroundings = Surroundings { now: &move || now, chance: &|| 0.5, random: [7; 16], progress: &|_| () };
        let error = read_and_queue(&both.setup, Extent::Planned, &mut outbox, &surroundings).await.unwrap_err();
        let CycleError::Source(SourceError::Unreachable(sentence)) = &error else { panic!("{error}") };
        assert!(
            sentence.starts_with("nya: ") && sentence.contains("127.0.0.1:1") && !sentence.contains("hemligt"),
            "{sentence}"
        );
        assert_eq!(outbox.depth().await.unwrap().1, 0);
        assert_eq!(outbox.before("main").await.unwrap().cursor, None);
    }
}
