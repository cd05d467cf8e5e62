//! The figures as a table: medians over the rounds, ratios within a round.

use std::fmt::Write as _;
use std::time::Duration;

use super::path::{Delivery, Measured, Round};

/// Everything that was measured.
pub(crate) fn comparison(measured: &Measured) -> String {
    let rows = measured.source.holds.scores as f64;
    let rounds = &measured.rounds;
    let copy = median(rounds.iter().map(|round| round.copy.wall.as_secs_f64()));
    let mut text = format!("\n{:<58} {:>12} {:>9}  {}\n", "what", "figure", "of COPY", "");
    let mut line = |what: &str, figure: String, of_copy: Option<f64>, verdict: &str| {
        let ratio = of_copy.map_or(String::new(), |ratio| format!("{ratio:.2}"));
        writeln!(text, "{what:<58} {figure:>12} {ratio:>9}  {verdict}").ok();
    };
    line("COPY, server-side, table with a primary key (the limit)", seconds(copy), Some(1.0), &rate(rows / copy));
    let pipe = median(rounds.iter().map(|round| round.pipe.wall.as_secs_f64()));
    let ratio = median(rounds.iter().map(|round| over(round.pipe.wall, round.copy.wall)));
    line("sqlite3 -csv | psql \\copy", seconds(pipe), Some(ratio), &rate(rows / pipe));
    for (at, first) in rounds[0].deliveries.iter().enumerate() {
        let all = || rounds.iter().map(move |round| (round, &round.deliveries[at]));
        let figure = |of: fn(&Round, &Delivery) -> f64| median(all().map(|(round, delivery)| of(round, delivery)));
        let wall = figure(|_, d| d.agent.wall.as_secs_f64());
        let ratio = figure(|r, d| over(d.agent.wall, r.copy.wall));
        let name = first.engine.name();
        let verdict = format!("{}; {}", judged(ratio, 3.0, 1.5), rate(rows / wall));
        line(&format!("once, register on {name}"), seconds(wall), Some(ratio), &verdict);
        let agent = figure(|_, d| d.agent.cpu.as_secs_f64());
        let server = figure(|_, d| d.server.cpu.as_secs_f64());
        let postgres = figure(|_, d| d.postgres.as_secs_f64());
        line("  CPU of the agent", seconds(agent), Some(agent / copy), "");
        line("  CPU of the register", seconds(server), Some(server / copy), "");
        if postgres > 0.0 {
            line("  CPU of PostgreSQL", seconds(postgres), Some(postgres / copy), "");
        }
        let memory = figure(|_, d| d.agent.memory as f64) / 1e6;
        line("  highest RssAnon of the agent", format!("{memory:.1} MB"), None, &judged(memory, 100.0, 100.0));
        let memory = figure(|_, d| d.server.memory as f64) / 1e6;
        line("  highest RssAnon of the register", format!("{memory:.1} MB"), None, &judged(memory, 512.0, 512.0));
        let wire = figure(|_, d| d.wire as f64);
        line(
            "  on the wire, both ways",
            format!("{:.1} MB", wire / 1e6),
            None,
            &format!("{:.1} bytes a score", wire / rows),
        );
        let again = figure(|_, d| over(d.again_since, d.agent.wall));
        line("  again, nothing changed, :since", percent(again), None, &judged(again, 0.05, 0.05));
        let again = figure(|_, d| over(d.again_all, d.agent.wall));
        line("  again, nothing changed, without :since", percent(again), None, &judged(again, 0.6, 0.6));
        let swept = percent(figure(|_, d| over(d.swept, d.agent.wall)));
        line("  a planned sweep: all is read, both ends compared", swept, None, "");
    }
    text + if measured.complete { "every register held exactly what the source has\n" } else { "COUNTS DIFFER\n" }
}

/// The middle of some numbers.
pub(crate) fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    if numbers.len() % 2 == 1 { numbers[middle] } else { f64::midpoint(numbers[middle - 1], numbers[middle]) }
}

/// What a figure is against what is promised and what is aimed at.
pub(crate) fn judged(figure: f64, promised: f64, aim: f64) -> String {
    let word = if figure <= aim {
        "reaches the aim"
    } else if figure <= promised {
        "keeps the promise"
    } else {
        "MISSES"
    };
    if aim < promised { format!("{word} (<= {promised}, aim {aim})") } else { format!("{word} (<= {promised})") }
}

pub(crate) fn seconds(seconds: f64) -> String {
    format!("{seconds:.2} s")
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn rate(rows: f64) -> String {
    format!("{:.0} 000 scores/s", rows / 1e3)
}

fn over(time: Duration, of: Duration) -> f64 {
    time.as_secs_f64() / of.as_secs_f64()
}
