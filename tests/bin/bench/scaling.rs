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
        let points: Vec<(f64, f64)> = SIZES.into_iter().map(f64::from).zip(walls).collect();
        let slope = slope(&points);
        println!("{}: {}; slope {slope:.3}, {}", engine.name(), times.join(", "), judged(slope, 1.2, 1.2));
    }
    Ok(complete)
}

/// The slope of the least-squares line through the logarithms of sizes and times: 1 where time is proportional to size.
pub(crate) fn slope(points: &[(f64, f64)]) -> f64 {
    let logarithms: Vec<(f64, f64)> = points.iter().map(|(size, time)| (size.ln(), time.ln())).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| logarithms.iter().map(of).sum::<f64>() / logarithms.len() as f64;
    let (size, time) = (mean(|point| point.0), mean(|point| point.1));
    let sum = |of: &dyn Fn(f64, f64) -> f64| logarithms.iter().map(|(x, y)| of(x - size, y - time)).sum::<f64>();
    sum(&|x, y| x * y) / sum(&|x, _| x * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slope_is_that_of_the_line_nearest_to_all_points() {
        let close = |points: &[(f64, f64)], expected: f64| (slope(points) - expected).abs() < 1e-12;
        assert!(close(&[(1e4, 2.0), (1e5, 20.0), (1e6, 200.0)], 1.0));
        assert!(close(&[(1e4, 1.0), (1e5, 100.0), (1e6, 1e4)], 2.0));
        assert!(
            close(&[(1.0, 1.0), (10.0, 10.0), (1e3, 10.0)], 2.0 / 7.0),
            "the middle counts where it is not half way"
        );
    }
}
