#[test_only]
module daas::heartbeat_tests;

use daas::cluster;
use daas::heartbeat;
use daas::world::{Self, World};
use std::unit_test::assert_eq;
use sui::test_scenario as ts;

use fun beat as World.beat;

fun beat(w: &mut World, status: u8) {
    let (cluster, mut cap) = w.take_listener();
    let clock = w.clock();
    heartbeat::beat(&mut cap, &cluster, status, &clock);
    ts::return_shared(clock);
    w.return_listener_all(cluster, cap);
}

fun told(w: &mut World): (u8, u64) {
    let (cluster, cap) = w.take_listener();
    let (status, at_ms) = (cap.listener_cap_status(), cap.listener_cap_last_heartbeat_ms());
    w.return_listener_all(cluster, cap);
    (status, at_ms)
}

#[test]
fun a_listener_that_never_beat_is_unknown() {
    let mut w = world::begin();
    let (status, at_ms) = told(&mut w);
    assert_eq!(status, 0);
    assert_eq!(at_ms, 0);
    w.end();
}

#[test]
fun each_beat_says_how_and_when() {
    let mut w = world::begin();
    vector[1u8, 2, 3, 1].do!(|status| {
        w.advance(7);
        w.beat(status);
        assert_eq!(w.events(), 1);
    });
    let (status, at_ms) = told(&mut w);
    assert_eq!(status, 1);
    assert_eq!(at_ms, 28);
    w.end();
}

#[test]
fun a_listener_beats_while_the_cluster_is_paused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| daas::administration::set_paused(cluster, cap, true));
    w.beat(2);
    assert_eq!(w.events(), 1);
    w.end();
}

#[test, expected_failure(abort_code = heartbeat::E_INVALID_STATUS)]
fun no_beat_says_unknown() {
    let mut w = world::begin();
    w.beat(0);
    abort
}

#[test, expected_failure(abort_code = heartbeat::E_INVALID_STATUS)]
fun no_status_is_above_stopped() {
    let mut w = world::begin();
    w.beat(4);
    abort
}

#[test, expected_failure(abort_code = cluster::E_LISTENER_CAP_REVOKED)]
fun a_revoked_listener_beats_no_more() {
    let mut w = world::begin();
    let revoked = w.listener_cap_id();
    w.administrate!(|cluster, cap| cluster.revoke_listener_cap(cap, revoked));
    w.beat(1);
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun a_listener_beats_for_its_cluster_only() {
    let mut w = world::begin();
    let first = w.listener_cap_id();
    w.create_cluster();
    w.set_listener_cap(first);
    w.beat(1);
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_VERSION)]
fun an_old_package_takes_no_beat() {
    let mut w = world::begin();
    w.administrate!(|cluster, _| cluster.set_version_for_testing(2));
    w.beat(1);
    abort
}
