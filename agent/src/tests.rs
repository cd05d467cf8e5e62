//! What the agent's tests share: invented persons, rows of text, and a region with a source database and keys but no network.
//!
//! Promises: every person has a test number (serial 980 to 999); nothing stays on the disk.

mod region;

pub(crate) use region::{NOW, Region};

use jiff::tz::TimeZone;
use schemas::codelist::CodeLists;
use schemas::id::SenderCode;

use crate::config::Maps;
use crate::identity::TestIdentities;
use crate::map::{Context, Words};

/// The invented person with a number from 0 to 19, born in 1980; even numbers are women.
pub(crate) fn person(number: usize) -> String {
    born("800101", number)
}

/// An invented person born on a day `YYMMDD` of the 1900s.
pub(crate) fn born(day: &str, number: usize) -> String {
    let nine = format!("{day}{}", 980 + number);
    let sum: u32 = nine
        .bytes()
        .enumerate()
        .map(|(place, digit)| u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 })
        .map(|product| product / 10 + product % 10)
        .sum();
    format!("19{nine}{}", (10 - sum % 10) % 10)
}

/// What mapping needs, on 1 June 2024 in Skåne.
pub(crate) struct Mapping {
    lists: CodeLists,
    sender: SenderCode,
    maps: Maps,
    tests: TestIdentities,
}

impl Mapping {
    pub(crate) fn of(sender: &str, maps: Maps) -> Self {
        let sender = sender.parse().unwrap();
        Self { lists: CodeLists::builtin(), sender, maps, tests: TestIdentities::Allow }
    }

    pub(crate) fn refusing_test_identities(mut self) -> Self {
        self.tests = TestIdentities::Refuse;
        self
    }

    pub(crate) fn words(&self) -> Words<'_> {
        Words::new(&self.lists, &self.maps)
    }

    pub(crate) fn context(&self) -> Context<'_> {
        Context {
            lists: &self.lists,
            zone: TimeZone::get("Europe/Stockholm").unwrap(),
            today: "2024-06-01".parse().unwrap(),
            sender: &self.sender,
            test_identities: self.tests,
        }
    }
}

impl Default for Mapping {
    fn default() -> Self {
        Self::of("12", Maps::default())
    }
}
