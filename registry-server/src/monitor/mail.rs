//! Messages by mail: of alarms, to units' readers after each quarter, and about requests.
//!
//! Promises: of an alarm, to the sender's contacts that it concerns, else to the register's staff; a name or address cannot add a line to the
//! message's head; the same message sent again bears the same Message-ID, so that a receiver can tell.

use std::time::Duration;

use jiff::Timestamp;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MessageBuilder};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::notice::Letter;
use super::{letter, message};
use crate::config::{AlarmMail, Config};
use crate::direction::turns;
use crate::failure::Failure;
use crate::store::alarm::{AlarmKind, Contact, ContactRole, Notice};
use crate::store::quarter::QuarterMail;
use crate::store::request_mail::RequestMail;

/// Longest wait for a step of the mail server.
const PATIENCE: Duration = Duration::from_secs(20);

/// The way to a mail server.
#[derive(Debug, Clone)]
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    staff: Mailbox,
    page: Option<String>,
}

/// The way that the configuration names; nothing where it names none.
///
/// # Errors
/// An address that is none (78).
pub fn of(config: &Config) -> Result<Option<Mail>, Failure> {
    let page = config.web.as_ref().and_then(|web| web.base_url.clone());
    config.alarms.as_ref().map(|settings| Mail::new(settings, page)).transpose()
}

impl Mail {
    /// The way that the configuration names; `page` is where the register's pages are.
    ///
    /// # Errors
    /// An address that is none (78).
    pub fn new(settings: &AlarmMail, page: Option<String>) -> Result<Self, Failure> {
        let mailbox = |key: &str, text: &str| {
            let address = text.parse::<Mailbox>();
            address
                .map_err(|_| Failure::config(format!("[alarms] {key} is a mail address such as register@example.se")))
        };
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&settings.smtp).map_err(|_| {
            Failure::config("[alarms] smtp is an address such as smtps://user:password@mail.example.se")
        })?;
        Ok(Self {
            transport: transport.timeout(Some(PATIENCE)).build(),
            from: mailbox("from", &settings.from)?,
            staff: mailbox("staff", &settings.staff)?,
            page,
        })
    }

    /// Sends a message to those of a sender's contacts whom it concerns.
    ///
    /// # Errors
    /// What the mail server or the line to it said.
    pub async fn send(&self, notice: &Notice, contacts: &[Contact], now: Timestamp) -> Result<(), String> {
        self.deliver(self.message(notice, contacts, now)?).await
    }

    /// Sends a quarter's mail to whom it is for; it points to the register's pages.
    ///
    /// # Errors
    /// An address that is none, pages that are nowhere, and what the mail server or the line to it said.
    pub async fn send_quarter(&self, mail: &QuarterMail, to: &str, now: Timestamp) -> Result<(), String> {
        let QuarterMail { person, quarter } = mail;
        let to = to.parse::<Address>().map_err(|_| "the address is none".to_owned())?;
        let page = self.page().ok_or("the configuration does not say where the pages are")?;
        let id = format!("<quarter-{quarter}-{person}@{}>", self.from.email.domain());
        let head = Message::builder().from(self.from.clone()).date(now.into()).message_id(Some(id));
        let head = head.to(Mailbox::new(None, to)).subject(letter::SUBJECT).header(ContentType::TEXT_PLAIN);
        self.deliver(head.body(letter::body(quarter, page)).map_err(|error| error.to_string())?).await
    }

    /// Sends the mail about a step of a request to whom it is for.
    ///
    /// # Errors
    /// An address that is none, and what the mail server or the line to it said.
    pub(super) async fn send_step(
        &self,
        (mail, letter): (RequestMail, &Letter),
        to: &str,
        now: Timestamp,
    ) -> Result<(), String> {
        let RequestMail { step, person } = mail;
        let to = to.parse::<Address>().map_err(|_| "the address is none".to_owned())?;
        let domain = self.from.email.domain();
        let id = format!("<request-{}-{}-{person}@{domain}>", step.request, step.place);
        let head = Message::builder().from(self.from.clone()).date(now.into()).message_id(Some(id));
        let head = head.to(Mailbox::new(None, to)).subject(letter.subject()).header(ContentType::TEXT_PLAIN);
        self.deliver(head.body(letter.body(self.page())).map_err(|error| error.to_string())?).await
    }

    /// Where the register's pages are, when the configuration says it.
    #[must_use]
    pub fn page(&self) -> Option<&str> {
        self.page.as_deref()
    }

    async fn deliver(&self, message: Message) -> Result<(), String> {
        // The text of a server is shown with its control characters escaped.
        self.transport.send(message).await.map(|_| ()).map_err(|error| format!("{error:?}"))
    }

    fn message(&self, notice: &Notice, contacts: &[Contact], now: Timestamp) -> Result<Message, String> {
        let mut receivers: Vec<Mailbox> = contacts.iter().filter(|c| concerns(notice, c)).filter_map(mailbox).collect();
        if receivers.is_empty() {
            receivers.push(self.staff.clone());
        }
        let (number, step) = (notice.alarm.number, notice.step.word());
        let raised = notice.alarm.raised_at.replace(':', "");
        let id = format!("<alarm-{number}-{step}-{raised}@{}>", self.from.email.domain());
        let head = Message::builder().from(self.from.clone()).date(now.into()).message_id(Some(id));
        let head = receivers.into_iter().fold(head, MessageBuilder::to).subject(message::subject(notice));
        let body = message::body(notice, self.page.as_deref());
        head.header(ContentType::TEXT_PLAIN).body(body).map_err(|error| error.to_string())
    }
}

/// Whether a contact should know of it.
fn concerns(notice: &Notice, contact: &Contact) -> bool {
    let condition = &notice.alarm.condition;
    contact.sender == condition.sender
        && match condition.kind {
            AlarmKind::Silent | AlarmKind::VolumeDrop => contact.role != ContactRole::DataProtection,
            AlarmKind::ContactUnconfirmed => true,
            _ => contact.role == ContactRole::Technical,
        }
}

/// A contact as a receiver; nothing when its address is none. A control character in a name cannot be written into a head, and the library
/// would end the program over it; a mark that turns the direction of writing would have the address beside it read backwards.
fn mailbox(contact: &Contact) -> Option<Mailbox> {
    let name = contact.name.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    Some(Mailbox::new(Some(name), contact.email.parse::<Address>().ok()?))
}

#[cfg(test)]
pub(super) mod tests;
