//! A stop in the middle of a delivery: the batch on its way arrives, the rest waits, and nothing is lost.

use std::time::Duration;

use end_to_end::active::{active_set, half_stored, stored_batches};
use end_to_end::fault::{Fault, FaultProxy};
use rustix::process::Signal;

use super::manager::Managed;
use super::{off_for_years, planned, seldom, status};

const TREATMENTS: usize = 4_000;
/// Bytes of a connection that pass before it is held: more than a handshake and the first questions, less than a batch.
const HELD_AFTER: u64 = 60_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_inside_a_delivery_lets_the_batch_arrive_leaves_the_rest_queued_and_loses_nothing() {
    let (world, region) = planned(TREATMENTS, seldom()).await;
    let mut daemon = Managed::start(&region.site);
    daemon.hears("STATUS=next run ");
    assert_eq!(daemon.stop(Signal::TERM), 143);
    off_for_years(&region).await;
    let proxy = FaultProxy::start(world.server.regions).unwrap();
    let text = std::fs::read_to_string(region.site.config()).unwrap();
    let (direct, through) = (world.server.regions.port().to_string(), proxy.address().port().to_string());
    std::fs::write(region.site.config(), text.replace(&direct, &through)).unwrap();

    proxy.next([Fault::Hold { after: HELD_AFTER }]);
    let mut daemon = Managed::start(&region.site);
    daemon.hears("STATUS=delivering; ");
    daemon.signal(Signal::TERM);
    daemon.hears("STOPPING=1");
    assert!(daemon.running.is_running(), "the batch on its way is held");
    while daemon.running.is_running() {
        proxy.release();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(daemon.running.wait().unwrap(), 143, "{}", daemon.log());
    assert!(daemon.log().contains("the batch on its way is finished first"), "{}", daemon.log());
    let arrived = stored_batches(&world.database()).await.unwrap();
    assert!(arrived >= 1, "{}", daemon.log());
    let waiting = status(&region)["outbox"]["records"].as_i64().unwrap();
    assert!(daemon.log().contains(&format!("stopped; {waiting} waiting")), "{}", daemon.log());
    assert!(waiting > 0, "the stop came before the end of the delivery");

    region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
    let all = active_set(&world.database()).await.unwrap().len();
    assert!(all > TREATMENTS * 9 / 10);
    assert_eq!(half_stored(&world.database()).await.unwrap(), 0);
    let last = region.site.agent(&["once", "--json", "--full"]).unwrap().expect(&[3]).unwrap().json().unwrap();
    assert_eq!(last["records_delivered"], 0);
    assert_eq!(active_set(&world.database()).await.unwrap().len(), all);
}
