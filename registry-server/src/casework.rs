//! Steps taken with requests for extracts: one way for the pages and for the command line.
//!
//! Promises: every step is looked at under the one set of rules before it is kept, and is kept whole or not at all; what is handed in
//! lacks nothing. Must not know: HTTP, arguments of a command, how a request is shown.

use schemas::codelist::CodeLists;
use schemas::rule::today;
use schemas::signed::SigningKey;

use crate::environment::Stamp;
use crate::extract::asked::asked;
use crate::extract::build::{Source, Told};
use crate::extract::deliver::{Undelivered, deliver};
use crate::request::difference::Difference;
use crate::request::form::{Fault, Table};
use crate::request::{Form, Refusal, Request, Said, Step, Taken, quota};
use crate::store::alarm::Mark;
use crate::store::job::NewJob;
use crate::store::release::Package;
use crate::store::request::HandedIn;
use crate::store::{Cut, Store, StoreError, User};
use crate::subject::Pepper;

/// Somebody about to take a step.
#[derive(Clone, Copy)]
pub struct Caseworker<'a> {
    /// Where requests are kept.
    pub store: &'a dyn Store,
    /// The code lists in force.
    pub lists: &'a CodeLists,
    /// Whose step it is.
    pub person: &'a User,
    /// How many requests they may hand in in twelve months.
    pub quota: u32,
    /// When, and whether that person is signed in.
    pub mark: Mark,
}

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// The rules say no.
    #[error("the step is against the rules of requests")]
    Refused(Refusal),
    /// The form is not such that it can be kept, or handed in.
    #[error("the form has faults")]
    Faults(Vec<Fault>),
    /// There is no such request.
    #[error("there is no such request")]
    Unknown,
    /// Somebody took another step at the same moment.
    #[error("somebody was faster")]
    Overtaken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody is building its tables.
    #[error("its tables are being built")]
    Building,
    /// There is no frozen data set to build from.
    #[error("there is no frozen data set yet")]
    NoCut,
    /// Its tables could not be built.
    #[error(transparent)]
    Undelivered(#[from] Undelivered),
}

/// What tables are built with.
pub struct Workshop<'a> {
    /// What the key over tables is derived from.
    pub pepper: &'a Pepper,
    /// The key that signs.
    pub key: &'a SigningKey,
    /// The cut, by number or name; the newest where none is named.
    pub cut: Option<&'a str>,
    /// Where it is told how far they have come.
    pub told: Told<'a>,
}

impl From<Refusal> for NotTaken {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Caseworker<'_> {
    /// Writes a new request down; gives its number.
    ///
    /// # Errors
    /// What the rules say against it, what of the form cannot be written down, and a store that fails.
    pub async fn draft(&self, form: Form) -> Result<u32, NotTaken> {
        self.begin(Form { amends: None, ..form }).await
    }

    /// Writes down a request that is to take the place of another of the same person's; gives its number.
    ///
    /// # Errors
    /// As for a new one, and why that other cannot be amended.
    pub async fn amend(&self, number: u32, form: Form) -> Result<u32, NotTaken> {
        let amended = self.store.request(number).await?.ok_or(NotTaken::Unknown)?;
        amended.may_amend((self.person.number, &self.person.role), self.mark.stamp.at)?;
        self.in_use(&amended).await?;
        self.begin(Form { amends: Some(number), ..form }).await
    }

    async fn begin(&self, form: Form) -> Result<u32, NotTaken> {
        let nothing = Request { number: 0, steps: Vec::new() };
        self.allowed(&nothing, (Step::Drafted, &Said::default()))?;
        writable(&form)?;
        let first = self.taken((Step::Drafted, Said::default()), Some(form));
        Ok(self.store.add_request(&first, self.mark).await?)
    }

    /// Takes a step with a request; `form` is what it states from then on, where it is written anew. Gives the request as it is then.
    ///
    /// # Errors
    /// What the rules say against it, what the form lacks, and a store that fails.
    pub async fn take(&self, number: u32, (step, said): (Step, Said), form: Option<Form>) -> Result<Request, NotTaken> {
        let mut request = self.store.request(number).await?.ok_or(NotTaken::Unknown)?;
        self.allowed(&request, (step, &said))?;
        if step == Step::Built && self.store.package(number).await?.is_none() {
            return Err(Refusal::NotMade.into());
        }
        self.amending(&request, step).await?;
        let amends = request.form().and_then(|form| form.amends);
        let form = form.map(|form| Form { amends, ..form });
        form.as_ref().map_or(Ok(()), writable)?;
        if step == Step::Submitted {
            let form = request.form().cloned().unwrap_or_default();
            let mut faults = self.faults(&form);
            if let Some(amended) = amends {
                let before = self.store.request(amended).await?;
                let before = before.as_ref().and_then(Request::form).cloned().unwrap_or_default();
                faults.extend(Difference::of(&before, &form).is_empty().then(Fault::no_difference));
            }
            faults.is_empty().then_some(()).ok_or(NotTaken::Faults(faults))?;
        }
        let taken = self.taken((step, said), form);
        self.keep(&request, &taken).await?;
        request.steps.push(taken);
        Ok(request)
    }

    /// Asks for the tables of an approved request to be built; `holder` is the process that is at it at once.
    ///
    /// # Errors
    /// What the rules say against it, no such cut, somebody who is at it already, and a store that fails.
    pub async fn ask_to_build(
        &self,
        number: u32,
        (cut, holder): (Option<&str>, Option<&str>),
    ) -> Result<NewJob, NotTaken> {
        let request = self.store.request(number).await?.ok_or(NotTaken::Unknown)?;
        self.allowed(&request, (Step::Built, &Said::default()))?;
        self.in_use(&request).await?;
        self.cut(cut).await?;
        let (person, own) = (self.person.number, |text: &str| text.to_owned());
        let job = NewJob { request: number, person, cut: cut.map(own), holder: holder.map(own) };
        if self.store.queue_job(&job, self.mark).await? { Ok(job) } else { Err(NotTaken::Building) }
    }

    /// Builds the tables of an approved request and keeps their files; gives the request as it is then, built.
    ///
    /// # Errors
    /// What the rules say against it, no table that may leave, and a store that fails.
    pub async fn build(
        &self,
        number: u32,
        with: &Workshop<'_>,
        stamp: impl Fn() -> Stamp,
    ) -> Result<(Request, Package), NotTaken> {
        let request = self.store.request(number).await?.ok_or(NotTaken::Unknown)?;
        self.allowed(&request, (Step::Built, &Said::default()))?;
        self.in_use(&request).await?;
        let form = request.form().cloned().unwrap_or_default();
        let cut = self.cut(with.cut).await?;
        let source = Source { store: self.store, cut: &cut, lists: self.lists, pepper: with.pepper };
        let package = deliver(&source, (number, &form), (with.key, with.told), &stamp).await?;
        if !self.store.keep_package(&package, request.steps.len(), stamp()).await? {
            return Err(NotTaken::Overtaken);
        }
        // It is built now, not when the work began.
        let now = Self { mark: Mark { stamp: stamp(), ..self.mark }, ..*self };
        Ok((now.take(number, (Step::Built, Said::default()), None).await?, package))
    }

    /// The files of a request for this person: whoever asked, once they are released and while they can be fetched; whoever decides,
    /// once they are built.
    ///
    /// # Errors
    /// What the rules say against it.
    pub async fn files(&self, number: u32) -> Result<Package, NotTaken> {
        let request = self.store.request(number).await?.ok_or(NotTaken::Unknown)?;
        request.may_fetch((self.person.number, &self.person.role), self.mark.stamp.at)?;
        self.store.package(number).await?.ok_or_else(|| Refusal::NotMade.into())
    }

    /// Everything that keeps a form from being handed in now.
    #[must_use]
    pub fn faults(&self, form: &Form) -> Vec<Fault> {
        let given = |table: &Table| asked(table, self.lists).map(|_| ());
        let mut faults = form.unwritable();
        for fault in form.faults(today(self.mark.stamp.at), given) {
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
        faults
    }

    /// Whether no other request has taken its place.
    ///
    /// # Errors
    /// Which has, and a store that fails.
    pub async fn in_use(&self, request: &Request) -> Result<(), NotTaken> {
        match request.replaced_by(&self.store.requests().await?, self.mark.stamp.at) {
            Some(other) => Err(Refusal::Replaced(other).into()),
            None => Ok(()),
        }
    }

    /// How many more requests they may hand in now.
    ///
    /// # Errors
    /// From when on another, and a store that fails.
    pub async fn left(&self) -> Result<u32, NotTaken> {
        let requests = self.store.requests().await?;
        Ok(quota::left(self.quota, quota::of(self.person.number, &requests), self.mark.stamp.at)?)
    }

    /// Whether an amendment and what it amends are still such that a step may be taken.
    async fn amending(&self, request: &Request, step: Step) -> Result<(), NotTaken> {
        let amended = request.form().and_then(|form| form.amends);
        match (step, amended) {
            (Step::Built | Step::Released, _) => self.in_use(request).await,
            (Step::Submitted | Step::Approved, Some(amended)) => {
                let amended = self.store.request(amended).await?.ok_or(NotTaken::Unknown)?;
                let all = self.store.requests().await?;
                Ok(request.still_amends(&amended, (&all, self.mark.stamp.at))?)
            }
            _ => Ok(()),
        }
    }

    async fn keep(&self, request: &Request, taken: &Taken) -> Result<(), NotTaken> {
        let place = (request.number, request.steps.len());
        let is_kept = if taken.step == Step::Submitted {
            match self.store.hand_in(place, taken, self.quota, self.mark).await? {
                HandedIn::Kept => true,
                HandedIn::Overtaken => false,
                HandedIn::Full(why) => return Err(why.into()),
            }
        } else {
            self.store.take_step(place.0, place.1, taken, self.mark).await?
        };
        if is_kept { Ok(()) } else { Err(NotTaken::Overtaken) }
    }

    /// The cut of a number or name; the newest where none is named.
    async fn cut(&self, word: Option<&str>) -> Result<Cut, NotTaken> {
        let mut cuts = self.store.cuts().await?;
        let found = match word {
            Some(word) => cuts.into_iter().find(|cut| cut.is_called(word)),
            None => cuts.pop(),
        };
        found.ok_or(NotTaken::NoCut)
    }

    fn allowed(&self, request: &Request, step: (Step, &Said)) -> Result<(), Refusal> {
        request.may(step, (self.person.number, &self.person.role), self.mark.stamp.at)
    }

    fn taken(&self, (step, said): (Step, Said), form: Option<Form>) -> Taken {
        Taken { step, at: self.mark.stamp.at, person: self.person.number, said, form }
    }
}

fn writable(form: &Form) -> Result<(), NotTaken> {
    let faults = form.unwritable();
    if faults.is_empty() { Ok(()) } else { Err(NotTaken::Faults(faults)) }
}
