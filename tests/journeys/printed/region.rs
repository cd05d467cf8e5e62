//! A region with every fault, the same on every machine: invented from one seed, under a key that is no secret.

use agent::pseudonymise::Keys;
use end_to_end::world::{Region, World};

/// With 60 treatments every fault stands in it once.
const TREATMENTS: usize = 60;
/// Runs are far apart, so that every one of them reads everything, on whatever day this is asked.
const SCHEDULE: &str = "\n[schedule]\ncron = \"0 3 29 2 *\"\n";

/// The register and the region.
pub(super) async fn region() -> (World, Region) {
    let world = World::start("").unwrap();
    let region = world.invent(7, (0, "12"), TREATMENTS).await.unwrap();
    let key = region.site.folder.join("pseudonym.key");
    std::fs::remove_file(&key).unwrap();
    Keys::generate(&"r12-g1".parse().unwrap(), |bytes| bytes.fill(7)).unwrap().write_new(&key).unwrap();
    let text = std::fs::read_to_string(region.site.config()).unwrap();
    std::fs::write(region.site.config(), text + SCHEDULE).unwrap();
    (world, region)
}
