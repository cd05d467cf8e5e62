//! Texts that mean harm in what alarms are made of, and what a mail server and another program receive of them.

use tokio::net::TcpListener;

use super::mail::tests::{Server, head, way};
use super::watch::tell;
use super::webhook::tests::{take, way as hook_to};
use crate::direction::turns;
use crate::store::alarm::{Acknowledged, AlarmKind, Condition, Contact, ContactRole};
use crate::store::contract::alarm::mark;
use crate::store::contract::{at, enrol};
use crate::store::sqlite;

/// Markup, a formula, a line of a head, and a turn of the direction of writing.
const PAYLOADS: [&str; 4] = [
    "Gul<script>alert(1)</script><img src=x onerror=alert(2)>\"'>{{7*7}}",
    "=HYPERLINK(\"https://foreign.example/\",\"Gul\")",
    "Gul\r\nBcc: foreign@example.se\r\n\r\nGul",
    "Gul\u{202e}gnp.exe",
];

fn contact(name: &str, email: &str) -> Contact {
    Contact {
        number: 0,
        sender: "12".parse().unwrap(),
        role: ContactRole::Technical,
        name: name.to_owned(),
        email: email.to_owned(),
        deputy_of: None,
        confirmed_at: at(),
        confirmed_by: Some(name.to_owned()),
    }
}

/// A message's head as its reader sees it, and its body; long lines of a head are folded.
fn parts(mail: &str) -> (String, String) {
    let (head, body) =
        mail.replace("\r\n", "\n").split_once("\n\n").map(|(h, b)| (h.to_owned(), b.to_owned())).unwrap();
    (head.replace("\n ", " "), body)
}

#[tokio::test]
async fn texts_that_mean_harm_add_nothing_to_a_mail_and_stand_in_no_message_to_another_program() {
    let (server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    let store = sqlite::tests::fresh(&folder.path().join("register.db")).await;
    enrol(&*store, "12").await;
    for (number, text) in (1..).zip(PAYLOADS) {
        store.add_contact(&contact(text, &format!("a{number}@example.se")), mark(number)).await.unwrap();
        store.add_contact(&contact("A", text), mark(10 + number)).await.unwrap();
    }
    let late = Condition { sender: "12".parse().unwrap(), kind: AlarmKind::Late, since: at() };
    store.set_alarms(&[late], at()).await.unwrap();
    let all = PAYLOADS.concat();
    let seen = Acknowledged { at: at().to_string(), by: all.clone(), note: all };
    assert!(store.acknowledge_alarm(1, &seen, mark(20)).await.unwrap());

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (mail, hook) = (way(server.address), hook_to(listener.local_addr().unwrap()));
    let mut documents = Vec::new();
    for step in ["raised", "cleared"] {
        if step == "cleared" {
            store.set_alarms(&[], at()).await.unwrap();
        }
        let (sent, (_, document)) =
            tokio::join!(tell(&*store, (Some(&mail), Some(&hook)), at()), take(&listener, "204 No Content"));
        assert_eq!(sent.unwrap(), 2, "{step}");
        documents.push(document);
    }
    store.close().await;
    for document in documents {
        assert!(document.contains("\"sender\":\"12\"") && !document.contains("Gul"), "{document}");
    }
    let mails = server.received();
    assert_eq!(mails.len(), 2);
    for mail in mails {
        let (over, body) = parts(&mail);
        assert_eq!(head(&over, "Bcc"), "", "{mail}");
        let to: Vec<&str> = over.lines().filter(|line| line.starts_with("To: ")).collect();
        assert_eq!(to.len(), 1, "{mail}");
        let told = head(&over, "X-RcptTo");
        let receivers: Vec<&str> = told.trim_start_matches("X-RcptTo: ").split(", ").collect();
        assert_eq!(receivers, ["a1@example.se", "a2@example.se", "a3@example.se", "a4@example.se"], "{mail}");
        assert!(to[0].contains("Gulgnp.exe"), "a name without the mark that turns it: {mail}");
        assert!(!body.contains("Gul") && !mail.contains(turns), "{mail}");
    }
}
