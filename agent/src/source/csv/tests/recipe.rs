//! The README's recipe for a region whose warehouse is SQL Server, word for word.

use std::path::Path;

use super::*;
use crate::config::Config;
use crate::outbox::Term;
use crate::setup::Setup;

const RECIPE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/recipes/sqlserver-csv");

/// A region with the recipe's configuration and its sample export; the overrides stand for paths of the recipe's host.
fn region() -> Region {
    let mut region = Region::bare(|text| text);
    std::fs::create_dir(region.path("sob-export")).unwrap();
    for name in ["enhet.csv", "moment.csv", "svar.csv"] {
        let bytes = std::fs::read(Path::new(RECIPE).join("export").join(name)).unwrap();
        write(&region, name, &bytes, "2024-06-01T02:00:00Z");
    }
    let file = Path::new(RECIPE).join("agent.toml");
    let path = |name: &str| region.path(name).display().to_string();
    let overrides = [
        ("AGENT_AGENT__STATE_DIR", path("state")),
        ("AGENT_SOURCE__DIR", path("sob-export")),
        ("AGENT_PSEUDONYM__KEY_FILE", path("pseudonym.key")),
        ("AGENT_PSEUDONYM__ALLOW_TEST_IDENTITIES", "true".into()),
    ];
    let config = Config::read(&file, overrides.map(|(name, value)| (name.to_owned(), value))).unwrap();
    region.setup = Setup::read(config).unwrap();
    region
}

fn write(region: &Region, name: &str, bytes: &[u8], at: &str) {
    let path = region.path("sob-export").join(name);
    std::fs::write(&path, bytes).unwrap();
    let at: Timestamp = at.parse().unwrap();
    std::fs::File::options().append(true).open(path).unwrap().set_modified(SystemTime::from(at)).unwrap();
}

#[tokio::test]
async fn the_recipe_for_sql_server_waits_for_the_marker_and_delivers_its_sample() {
    let region = region();
    let open = |now: &str| {
        let now = now.parse().unwrap();
        let place = region.setup.places[0].clone();
        async move { Source::open(&place, now).await.err().map(told) }
    };
    let (kind, sentence) = open(NOW).await.expect("the marker is missing");
    assert_eq!(kind, "unreachable");
    assert!(sentence.contains("KLART"), "{sentence}");
    write(&region, "KLART", b"", "2024-06-01T02:00:01Z");
    assert_eq!(open(NOW).await, None);

    let mut outbox = region.outbox().await;
    let queued = region.cycle(&mut outbox).await;
    let count = |term: Term| queued.counts.iter().filter(|((other, _), _)| *other == term).map(|(_, n)| n).sum::<u64>();
    assert_eq!([Term::Found, Term::Queued, Term::Excluded, Term::Held].map(count), [6, 3, 3, 0], "{:?}", queued.counts);
    assert_eq!(count(Term::Warning) + count(Term::AnswerHeld), 0, "{:?}", queued.counts);
}
