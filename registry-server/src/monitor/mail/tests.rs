//! Messages as a real mail server receives them.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command};

use jiff::{Span, Timestamp};
use zeroize::Zeroizing;

use super::*;
use crate::monitor::watch::tell;
use crate::store::alarm::{Channel, Condition};
use crate::store::contract::alarm::mark;
use crate::store::contract::{at, enrol};
use crate::store::sqlite;

/// A mail server that puts every message into a file of its own.
pub(in crate::monitor) struct Server {
    process: Child,
    pub(in crate::monitor) address: SocketAddr,
    folder: tempfile::TempDir,
}

impl Server {
    pub(in crate::monitor) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        Self { process: serve(address, &folder.path().join("mail")).await, address, folder }
    }

    /// Every message that came, in the order of coming.
    pub(in crate::monitor) fn received(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.folder.path().join("mail/new")).unwrap();
        let mut mails: Vec<String> = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
        mails.sort_unstable_by_key(|mail| head(mail, "Message-ID"));
        mails
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn serve(address: SocketAddr, folder: &Path) -> Child {
    let listen = address.to_string();
    let arguments = ["-n", "-l", &listen, "-c", "aiosmtpd.handlers.Mailbox"];
    let process = Command::new("aiosmtpd").args(arguments).arg(folder).spawn().unwrap();
    let listens = async {
        while tokio::net::TcpStream::connect(address).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_mins(2), listens).await.expect("the mail server does not listen");
    process
}

/// A line of a message's head.
pub(in crate::monitor) fn head(mail: &str, name: &str) -> String {
    let line = mail.lines().take_while(|line| !line.is_empty()).find(|line| line.starts_with(name));
    line.unwrap_or_default().to_owned()
}

pub(in crate::monitor) fn way(address: SocketAddr) -> Mail {
    way_to(address, Some("https://register.example.se".to_owned()))
}

/// A way without an address to point to.
pub(in crate::monitor) fn way_without_pages(address: SocketAddr) -> Mail {
    way_to(address, None)
}

fn way_to(address: SocketAddr, page: Option<String>) -> Mail {
    let settings = AlarmMail {
        smtp: Zeroizing::new(format!("smtp://{address}")),
        from: "Registret <register@example.se>".to_owned(),
        staff: "staff@example.se".to_owned(),
    };
    Mail::new(&settings, page).unwrap()
}

fn contact(role: ContactRole, name: &str, email: &str) -> Contact {
    Contact {
        number: 0,
        sender: "12".parse().unwrap(),
        role,
        name: name.to_owned(),
        email: email.to_owned(),
        deputy_of: None,
        confirmed_at: at(),
        confirmed_by: None,
    }
}

fn late(sender: &str) -> Condition {
    Condition { sender: sender.parse().unwrap(), kind: AlarmKind::Late, since: at() }
}

fn minutes(minutes: i64) -> Timestamp {
    at() + Span::new().minutes(minutes)
}

#[tokio::test]
async fn an_alarm_and_its_end_reach_the_sender_s_contacts_or_the_staff_once_also_over_a_restart() {
    let (server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    let path = folder.path().join("register.db");
    let store = sqlite::tests::fresh(&path).await;
    for code in ["12", "01"] {
        enrol(&*store, code).await;
    }
    store.add_contact(&contact(ContactRole::Technical, "Åsa Öst", "asa@example.se"), mark(1)).await.unwrap();
    store.add_contact(&contact(ContactRole::DataProtection, "Bo", "bo@example.se"), mark(2)).await.unwrap();
    store.set_alarms(&[late("12"), late("01")], at()).await.unwrap();
    store.close().await;
    // The program ended before it had sent anything.
    let store = sqlite::tests::fresh(&path).await;
    let mail = way(server.address);
    assert_eq!(tell(&*store, (Some(&mail), None), minutes(1)).await.unwrap(), 2);
    assert_eq!(tell(&*store, (Some(&mail), None), minutes(30)).await.unwrap(), 0);
    store.set_alarms(&[late("01")], minutes(31)).await.unwrap();
    assert_eq!(tell(&*store, (Some(&mail), None), minutes(31)).await.unwrap(), 1);
    store.close().await;

    let mails = server.received();
    let to: Vec<String> = mails.iter().map(|mail| head(mail, "To:")).collect();
    assert_eq!(mails.len(), 3);
    assert!(to[0].ends_with("<asa@example.se>") && !to[0].contains("bo@"), "{to:?}");
    assert!(to[1].ends_with("<asa@example.se>") && to[2] == "To: staff@example.se", "{to:?}");
    assert_eq!(head(&mails[0], "Message-ID"), "Message-ID: <alarm-1-cleared-2026-11-01T120000Z@example.se>");
    let ids: Vec<String> = mails.iter().map(|mail| head(mail, "Message-ID")).collect();
    assert!(ids[1].contains("alarm-1-raised") && ids[2].contains("alarm-2-raised"), "{ids:?}");
    assert_eq!(head(&mails[2], "Subject"), "Subject: Registret, 01: leverans sen");
}

#[tokio::test]
async fn a_mail_server_that_is_away_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite::tests::fresh(&folder.path().join("register.db")).await;
    enrol(&*store, "12").await;
    store.set_alarms(&[late("12")], at()).await.unwrap();
    let nowhere = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(tell(&*store, (Some(&way(nowhere)), None), at()).await.unwrap(), 0);
    let server = Server::start().await;
    assert_eq!(tell(&*store, (Some(&way(server.address)), None), minutes(4)).await.unwrap(), 0, "not due yet");
    assert_eq!(tell(&*store, (Some(&way(server.address)), None), minutes(5)).await.unwrap(), 1);
    assert_eq!(server.received().len(), 1);
    store.close().await;
}

#[tokio::test]
async fn a_name_or_an_address_adds_no_line_to_a_message_s_head() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite::tests::fresh(&folder.path().join("register.db")).await;
    enrol(&*store, "12").await;
    store.set_alarms(&[late("12")], at()).await.unwrap();
    let notice = store.take_notice(Channel::Mail, at()).await.unwrap().unwrap();
    store.close().await;
    let mail = way("127.0.0.1:25".parse().unwrap());
    let written = |name: &str, email: &str| {
        let message = mail.message(&notice, &[contact(ContactRole::Technical, name, email)], at()).unwrap();
        String::from_utf8(message.formatted()).unwrap()
    };
    for name in ["A\r\nBcc: c@example.se", "A\nBcc: c@example.se", "A\" <c@example.se>, \"B", "=?utf-8?q?a=0ABcc:?="] {
        let text = written(name, "a@example.se");
        assert_eq!(head(&text, "Bcc"), "", "{text}");
        assert!(text.contains("<a@example.se>") && text.lines().filter(|line| line.starts_with("To:")).count() == 1);
    }
    let text = written("A", "a@example.se\r\nBcc: c@example.se");
    assert!(text.contains("To: staff@example.se") && !text.contains("Bcc"), "{text}");
}
