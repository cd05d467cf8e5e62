//! A year's figures from data stop to publication: each sender signs with the key of its certificate, and nobody else can.

use agent::attest::sign;
use agent::config::Config;
use agent::push::{Client, ClientError};
use end_to_end::site::Site;
use end_to_end::world::World;
use schemas::attestation::{Attestation, Statement};
use schemas::problem::ProblemType;

use super::{json, printed};

fn client(site: &Site) -> (Client, std::path::PathBuf) {
    let config = Config::read(&site.config(), std::iter::empty()).unwrap();
    (Client::new(&config).unwrap(), config.path(&config.server.key))
}

async fn refused(client: &Client, attestation: &Attestation) {
    match client.attest(attestation).await {
        Err(ClientError::Problem(problem)) => assert_eq!(problem.kind, ProblemType::BadRequest, "{problem:?}"),
        other => panic!("{other:?} instead of a refusal"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sender_signs_its_exact_part_with_its_own_key_and_what_is_missing_stands_below_every_report() {
    let world = World::start("").unwrap();
    let first = world.invent(11, (0, "01"), 30).await.unwrap();
    let second = world.invent(12, (1, "12"), 30).await.unwrap();
    for region in [&first, &second] {
        region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
    }
    let none = first.site.agent(&["attest", "2025"]).unwrap().expect(&[2]).unwrap();
    assert!(none.stderr.contains("no frozen data of 2025"), "{}", none.stderr);
    let year = ["cut", "create", "year 2025", "--year", "2025", "--stop"];
    let future = world.registry(&[&year[..], &["2999-01-01", "--comments-days", "30"]].concat()).unwrap();
    assert!(future.expect(&[2]).unwrap().stderr.contains("make the cut on a day after it"));
    let cut = json(&world, &[&year[..], &["2026-01-31", "--comments-days", "30"]].concat())["cut"].clone();

    let shown = first.site.agent(&["attest", "2025", "--json"]).unwrap().expect(&[0]).unwrap().json().unwrap();
    assert_eq!((&shown["statement"]["hash"], &shown["signed_by"]), (&cut["hash"], &serde_json::Value::Null));
    assert_eq!(shown["statement"]["treatments"], cut["shares"][0]["treatments"]);
    let statement: Statement = serde_json::from_value(shown["statement"].clone()).unwrap();
    let ((client, own), (_, other)) = (client(&first.site), client(&second.site));
    refused(&client, &sign(statement.clone(), "A. Andersson", &other).unwrap()).await;
    for altered in [
        Statement { year: 2024, ..statement.clone() },
        Statement { treatments: statement.treatments + 1, ..statement.clone() },
        Statement { share: "0".repeat(64), ..statement.clone() },
        Statement { sender: "12".parse().unwrap(), ..statement.clone() },
    ] {
        match client.attest(&sign(altered, "A. Andersson", &own).unwrap()).await {
            Err(ClientError::Problem(_)) => {}
            other => panic!("{other:?} instead of a refusal"),
        }
    }
    let honest = sign(statement, "A. Andersson", &own).unwrap();
    refused(&client, &Attestation { signed_by: "B. Berg".to_owned(), ..honest.clone() }).await;
    assert!(json(&world, &["cut", "list"])["cuts"][0]["signatures"].as_array().unwrap().is_empty());

    let signed = first.site.agent(&["attest", "2025", "--name", "A. Andersson"]).unwrap().expect(&[0]).unwrap();
    assert!(signed.stdout.contains("signed by A. Andersson"), "{}", signed.stdout);
    let listed = json(&world, &["cut", "list"])["cuts"][0].clone();
    assert_eq!(listed["signatures"][0]["sender"], "01");

    let early = world.registry(&["cut", "publish", "c1"]).unwrap().expect(&[2]).unwrap();
    assert!(early.stderr.contains("comments on c1 are taken until"), "{}", early.stderr);
    world
        .registry(&["cut", "comment", "c1", "--sender", "12", "--text", "two units merged"])
        .unwrap()
        .expect(&[0])
        .unwrap();
    let report = printed(&world, "groups", &["--cut", "c1", "--format", "json"]);
    for note in ["Not published.", "Not signed by: 12.", "Comment by 12: two units merged"] {
        assert!(report.contains(note), "{note}");
    }
    let anyway = ["cut", "publish", "c1", "--anyway", "--reason", "asked for by the ministry"];
    world.registry(&anyway).unwrap().expect(&[0]).unwrap();
    let report = printed(&world, "groups", &["--cut", "c1", "--format", "json"]);
    assert!(report.contains("(asked for by the ministry)") && !report.contains("Not published."));
    world.registry(&["cut", "publish", "c1"]).unwrap().expect(&[2]).unwrap();
    world.registry(&["cut", "comment", "c1", "--sender", "12", "--text", "late"]).unwrap().expect(&[2]).unwrap();
}
