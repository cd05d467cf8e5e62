//! Flipped bits in the agent's queue, and a queue cut short (R5): never sent wrongly, told, and mended from the source.

use end_to_end::crash::course::named;
use end_to_end::crash::damage::{Damage, Mended};
use end_to_end::crash::stage::Stage;
use end_to_end::platform::Random;

/// `cargo run -p end-to-end --bin faults -- --all` takes 500.
const DAMAGES: usize = 24;
const SEED: u64 = 1;

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_queue_sends_nothing_wrong_and_is_equal_again_after_what_it_asks_for() {
    let mut stage = Stage::set(named("cycle").unwrap()).await.unwrap();
    let length = stage.queue().unwrap();
    let mut random = Random::new(SEED);
    let (cut, first_page) = (Damage::Cut { to: length / 2 }, Damage::Flip { at: 0, bit: 0 });
    assert_eq!(stage.damage(cut).await.unwrap(), Mended::ByAdvice);
    assert_eq!(stage.damage(first_page).await.unwrap(), Mended::ByAdvice);
    let mut counts = [0; 3];
    for _ in 0..DAMAGES {
        counts[stage.damage(Damage::any(&mut random, length)).await.unwrap() as usize] += 1;
    }
    println!(
        "seed {SEED}: of {DAMAGES} damages {} were unnoticed, {} mended, {} told",
        counts[0], counts[1], counts[2]
    );
}
