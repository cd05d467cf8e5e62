//! How the time grows with the source.

use super::path;
use super::register::Engine;
use super::table::{judged, seconds};

const SIZES: [u32; 3] = [10_000, 100_000, 1_000_000];

/// Delivers sources of three sizes; prints the slope of log time over log size. Tells whether every count was right.
pub(crate) fn run(engines: &[Engine]) -> anyhow::Result<bool> {
    let mut walls = vec![Vec::new(); engines.len()];
    let mut complete = true;
    for size in SIZES {
        let measured = path::measure(size, engines, 1)?;
        complete &= measured.complete;
        println!("{}", super::table::comparison(&measured));
        for (walls, delivery) in walls.iter_mut().zip(&measured.rounds[0].deliveries) {
            walls.push(delivery.agent.wall.as_secs_f64());
        }
    }
    for (engine, walls) in engines.iter().zip(walls) {
        let times: Vec<String> = walls.iter().map(|wall| seconds(*wall)).collect();
        let slope = slope(&walls);
        println!("{}: {}; slope {slope:.3}, {}", engine.name(), times.join(", "), judged(slope, 1.2, 1.2));
    }
    Ok(complete)
}

/// Least squares over the logarithms; sizes are powers of ten.
fn slope(walls: &[f64]) -> f64 {
    let (first, last) = (walls[0], walls[walls.len() - 1]);
    (last / first).log10() / (walls.len() - 1) as f64
}
