//! The agent's queue altered on the disk, again and again.

use end_to_end::blocking;
use end_to_end::crash::course;
use end_to_end::crash::damage::{Damage, Mended};
use end_to_end::crash::stage::Stage;
use end_to_end::platform::Random;

/// Alters it so often; a sentence for everything that is not as it must be.
pub(crate) fn damage(times: u32, seed: u64) -> Vec<String> {
    blocking::run(all(times, seed)).unwrap_or_else(|error| vec![format!("damage: {error:#}")])
}

async fn all(times: u32, seed: u64) -> anyhow::Result<Vec<String>> {
    let mut stage = Stage::set(course::COURSES[1]).await?;
    let length = stage.queue()?;
    let mut random = Random::new(seed);
    let (mut unnoticed, mut mended, mut told, mut found) = (0, 0, 0, Vec::new());
    for _ in 0..times {
        match stage.damage(Damage::any(&mut random, length)).await {
            Ok(Mended::Unnoticed) => unnoticed += 1,
            Ok(Mended::ByItself) => mended += 1,
            Ok(Mended::ByAdvice) => told += 1,
            Err(error) => found.push(format!("{error:#}")),
        }
    }
    println!(
        "damage, seed {seed}: {times} bytes flipped or files cut short of {length} bytes: {unnoticed} without a consequence, \
         {mended} mended by the next cycles, {told} after what the agent asked for; {} faults",
        found.len()
    );
    Ok(found)
}
