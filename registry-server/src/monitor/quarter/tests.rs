//! Mails of a quarter as a real mail server receives them, over a quarter's end and a restart.

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::environment::Stamp;
use crate::monitor::mail::tests::{Server, head, way, way_without_pages};
use crate::store::contract::users::somebody;
use crate::store::{UserStep, sqlite};

/// What a person reads of a mail whose letters travel as quoted-printable or base64.
pub(in crate::monitor) fn text(mail: &str) -> String {
    let (_, body) = mail.split_once("\n\n").unwrap();
    let bytes = if head(mail, "Content-Transfer-Encoding").ends_with(": base64") {
        STANDARD.decode(body.split_whitespace().collect::<String>()).unwrap()
    } else {
        let body = body.replace("=\n", "");
        let (first, rest) = body.split_once('=').unwrap_or((&body, ""));
        let mut bytes = first.as_bytes().to_vec();
        for part in rest.split('=') {
            bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
            bytes.extend_from_slice(&part.as_bytes()[2..]);
        }
        bytes
    };
    String::from_utf8(bytes).unwrap()
}

/// A moment of local time in Sweden.
fn at(local: &str) -> Timestamp {
    let local: jiff::civil::DateTime = local.parse().unwrap();
    local.to_zoned(TimeZone::get("Europe/Stockholm").unwrap()).unwrap().timestamp()
}

async fn opened(path: &Path) -> Arc<dyn Store> {
    sqlite::tests::fresh(path).await
}

async fn step(store: &dyn Store, step: UserStep, salt: u8) {
    let stamp = Stamp { at: at("2026-10-01T10:00:00"), salt: [salt; 32] };
    assert!(store.set_user(&step, stamp).await.unwrap().is_some());
}

#[test]
fn a_quarter_is_told_of_from_the_fifth_of_the_next_at_eight_and_for_a_month() {
    for (local, expected) in [
        ("2026-09-30T12:00:00", None),
        ("2026-10-01T12:00:00", None),
        ("2026-10-04T23:59:59", None),
        ("2026-10-05T07:59:59", None),
        ("2026-10-05T08:00:00", Some("2026Q3")),
        ("2026-11-01T23:00:00", Some("2026Q3")),
        ("2026-11-02T12:00:00", None),
        ("2027-01-05T08:00:00", Some("2026Q4")),
        ("2027-04-05T08:00:00", Some("2027Q1")),
        ("2027-07-20T08:00:00", Some("2027Q2")),
    ] {
        assert_eq!(over(at(local)).as_deref(), expected, "{local}");
    }
}

#[tokio::test]
async fn each_reader_of_a_unit_gets_one_mail_a_quarter_without_a_figure_also_over_a_restart() {
    let (server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    let path = folder.path().join("register.db");
    let (mail, store) = (way(server.address), opened(&path).await);
    for (number, email, role) in [
        (1, "a@example.se", "unit:SE9990120000-E001"),
        (2, "b@example.se", "unit:SE9990120000-E001,SE9990120000-E002"),
        (3, "staff@example.se", "staff"),
        (4, "gone@example.se", "unit:SE9990120000-E001"),
        (5, "no@example.se", "unit:SE9990120000-E001"),
    ] {
        somebody(&*store, (number, email, role)).await;
    }
    step(&*store, UserStep::Remove { email: "gone@example.se".to_owned() }, 200).await;
    store.choose_mail(5, Choice::Declined, at("2026-10-01T10:00:00")).await.unwrap();
    for (early, way) in [("2026-09-30T23:00:00", &mail), ("2026-10-05T09:00:00", &way_without_pages(server.address))] {
        assert_eq!(tell(&*store, Some(way), at(early)).await.unwrap(), 0, "{early}");
    }
    assert_eq!(tell(&*store, None, at("2026-10-05T09:00:00")).await.unwrap(), 0, "there is no mail server");
    assert_eq!(tell(&*store, Some(&mail), at("2026-10-05T09:01:00")).await.unwrap(), 2);
    store.close().await;
    let store = opened(&path).await;
    for later in ["2026-10-05T09:02:00", "2026-10-06T09:00:00", "2026-10-31T09:00:00", "2026-12-31T09:00:00"] {
        assert_eq!(tell(&*store, Some(&mail), at(later)).await.unwrap(), 0, "{later}");
    }
    assert_eq!(tell(&*store, Some(&mail), at("2027-01-05T08:00:00")).await.unwrap(), 2, "the next quarter");
    store.close().await;

    let mails = server.received();
    let heads = |name: &str| mails.iter().map(|mail| head(mail, name)).collect::<Vec<_>>();
    let to = ["To: a@example.se", "To: b@example.se"];
    assert_eq!(heads("To:"), [to[0], to[1], to[0], to[1]]);
    let ids = [("2026Q3", 1), ("2026Q3", 2), ("2026Q4", 1), ("2026Q4", 2)];
    assert_eq!(
        heads("Message-ID"),
        ids.map(|(quarter, person)| format!("Message-ID: <quarter-{quarter}-{person}@example.se>"))
    );
    for (mail, quarter) in mails.iter().zip(["kvartal 3 2026", "kvartal 3 2026", "kvartal 4 2026", "kvartal 4 2026"]) {
        let body = &text(mail);
        assert!(body.contains(quarter) && body.contains("https://register.example.se/"), "{body}");
        assert!(!head(mail, "Subject").contains(|c: char| c.is_ascii_digit()), "{mail}");
        let number = quarter.split(' ').nth(1).unwrap();
        let rest = body.replace("2026", "").replace(number, "");
        assert!(!rest.contains(|c: char| c.is_ascii_digit()) && !body.contains("SE999"), "{body}");
        assert!(
            body.contains("https://register.example.se/account")
                && body.contains("the third quarter") == (number == "3")
        );
    }
}

#[tokio::test]
async fn a_mail_server_that_is_away_loses_no_mail_and_whoever_declines_meanwhile_gets_none() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(&folder.path().join("register.db")).await;
    for (number, email) in [(1, "a@example.se"), (2, "b@example.se")] {
        somebody(&*store, (number, email, "unit:SE9990120000-E001")).await;
    }
    let nowhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(tell(&*store, Some(&way(nowhere)), at("2026-10-05T09:00:00")).await.unwrap(), 0);
    store.choose_mail(2, Choice::Declined, at("2026-10-06T09:00:00")).await.unwrap();
    let server = Server::start().await;
    // Both were due on the fifth; they are taken when the server is back, days later.
    assert_eq!(tell(&*store, Some(&way(server.address)), at("2026-10-09T09:00:00")).await.unwrap(), 1);
    assert_eq!(tell(&*store, Some(&way(server.address)), at("2026-10-20T09:00:00")).await.unwrap(), 0);
    let mails = server.received();
    assert_eq!(mails.iter().map(|mail| head(mail, "To:")).collect::<Vec<_>>(), ["To: a@example.se"]);
    store.close().await;
}
