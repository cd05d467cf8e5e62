//! What the readers waited, page by page, and the limits beside it.

use std::collections::BTreeMap;
use std::time::Duration;

/// Issue 7: the longest that 95 of 100 requests may take, milliseconds, and what a page may weigh with its files, bytes.
const LIMIT: f64 = 200.0;
const WEIGHT: usize = 150_000;
/// A page without figures, which says what the way alone costs.
const PEER: &str = "/accessibility";

/// What was going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Round {
    /// Nothing was delivered.
    Quiet,
    /// Batches came one after the other.
    Ingest,
}

/// Kind of role, and address.
pub(super) type Page = (String, String);

/// One answer.
pub(super) struct Sample {
    /// Of which page.
    pub(super) page: Page,
    /// From the request to the last byte.
    pub(super) took: Duration,
    /// Whether it was what was asked for.
    pub(super) is_right: bool,
}

/// Everything that was waited.
#[derive(Debug, Default)]
pub(super) struct Times {
    pages: BTreeMap<Page, Waits>,
    /// How long each round was.
    rounds: [Duration; 2],
    wrong: usize,
}

#[derive(Debug, Default)]
struct Waits {
    first: f64,
    weight: usize,
    quiet: Vec<f64>,
    ingest: Vec<f64>,
}

impl Times {
    /// Notes the first look at a page and its weight; the longest and heaviest of a role's readers count.
    pub(super) fn first(&mut self, page: Page, (took, weight): (Duration, usize), is_right: bool) {
        let waits = self.pages.entry(page).or_default();
        waits.first = waits.first.max(milliseconds(took));
        waits.weight = waits.weight.max(weight);
        self.wrong += usize::from(!is_right);
    }

    /// Notes the answers that one reader got.
    pub(super) fn add(&mut self, round: Round, samples: Vec<Sample>) {
        for Sample { page, took, is_right } in samples {
            let waits = self.pages.entry(page).or_default();
            match round {
                Round::Quiet => waits.quiet.push(milliseconds(took)),
                Round::Ingest => waits.ingest.push(milliseconds(took)),
            }
            self.wrong += usize::from(!is_right);
        }
    }

    /// Notes how long a round was.
    pub(super) fn during(&mut self, round: Round, time: Duration) {
        self.rounds[usize::from(round == Round::Ingest)] = time;
    }

    /// Whether every answer was what was asked for.
    pub(super) fn all_right(&self) -> bool {
        self.wrong == 0
    }

    /// Prints each page, then all.
    pub(super) fn print(&self, readers: usize) {
        println!(
            "\n{:<68} {:>8} {:>24} {:>30} {:>8}",
            "", "first", "nothing delivered, ms", "while batches come, ms", "weight"
        );
        println!(
            "{:<68} {:>8} {:>7} {:>7} {:>8} {:>5} {:>7} {:>7} {:>8} {:>8}",
            "page", "ms", "p50", "p95", "max", "n", "p50", "p95", "max", "kB"
        );
        for ((role, address), waits) in &self.pages {
            let [quiet, ingest] =
                [&waits.quiet, &waits.ingest].map(|times| [0.5, 0.95, 1.0].map(|part| quantile(times, part)));
            println!(
                "{:<68} {:>8.0} {:>7.1} {:>7.1} {:>8.1} {:>5} {:>7.1} {:>7.1} {:>8.1} {:>8.1}",
                format!("{role} {address}"),
                waits.first,
                quiet[0],
                quiet[1],
                quiet[2],
                waits.ingest.len(),
                ingest[0],
                ingest[1],
                ingest[2],
                waits.weight as f64 / 1e3
            );
        }
        self.print_round(Round::Quiet, readers);
        self.print_round(Round::Ingest, readers);
        self.print_heaviest();
    }

    /// Prints what the readers waited in one round.
    pub(super) fn print_round(&self, round: Round, readers: usize) {
        let (name, of, during): (_, fn(&Waits) -> &Vec<f64>, _) = match round {
            Round::Quiet => ("nothing delivered", |waits| &waits.quiet, self.rounds[0]),
            Round::Ingest => ("while batches come", |waits| &waits.ingest, self.rounds[1]),
        };
        let all: Vec<f64> = self.pages.values().flat_map(of).copied().collect();
        let peers = self.pages.iter().filter(|((_, address), _)| address == PEER);
        let peer: Vec<f64> = peers.flat_map(|(_, waits)| of(waits)).copied().collect();
        let [p50, p95, p99, max] = [0.5, 0.95, 0.99, 1.0].map(|part| quantile(&all, part));
        println!(
            "{readers} readers, {name}: {} answers, {:.1} a second, p50 {p50:.1}, p95 {p95:.1} ms of limit {LIMIT}, p99 {p99:.1}, longest {max:.1} ms; p95 of {PEER} {:.1} ms",
            all.len(),
            all.len() as f64 / during.as_secs_f64().max(1e-9),
            quantile(&peer, 0.95)
        );
    }

    fn print_heaviest(&self) {
        let heaviest = self
            .pages
            .iter()
            .filter(|((_, address), _)| !address.contains(".csv"))
            .max_by_key(|(_, waits)| waits.weight);
        if let Some(((role, address), waits)) = heaviest {
            println!(
                "heaviest page with its files: {role} {address}, {:.1} kB of limit {}",
                waits.weight as f64 / 1e3,
                WEIGHT / 1_000
            );
        }
        println!("answers that were not what was asked for: {}", self.wrong);
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The smallest number that so large a part of them does not exceed; 0 of none.
fn quantile(numbers: &[f64], part: f64) -> f64 {
    let mut numbers = numbers.to_vec();
    numbers.sort_by(f64::total_cmp);
    let place = numbers.iter().enumerate().find(|(place, _)| (*place + 1) as f64 >= part * numbers.len() as f64);
    place.map_or(0.0, |(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_five_of_a_hundred_do_not_exceed_the_quantile() {
        let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        let told = [0.5, 0.95, 1.0].map(|part| format!("{:.0}", quantile(&hundred, part)));
        assert_eq!(told, ["50", "95", "100"]);
        assert_eq!((quantile(&[7.0], 0.95), quantile(&[], 0.95)), (7.0, 0.0));
    }

    #[test]
    fn a_wrong_answer_makes_the_run_wrong() {
        let mut times = Times::default();
        let page = || ("staff".to_owned(), "/".to_owned());
        times.first(page(), (Duration::from_millis(5), 10), true);
        times.add(Round::Ingest, vec![Sample { page: page(), took: Duration::from_millis(7), is_right: true }]);
        assert!(times.all_right());
        times.add(Round::Quiet, vec![Sample { page: page(), took: Duration::from_millis(7), is_right: false }]);
        assert!(!times.all_right());
    }
}
