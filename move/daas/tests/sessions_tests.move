#[test_only]
module daas::sessions_tests;

use daas::sessions;
use daas::world::{Self, World};
use std::unit_test::assert_eq;

use fun daas::world_gateway::end_session as World.end_session;

const REQUEST: address = @0x4E0;

use fun ends as World.ends;

fun ends(w: &mut World, bytes: u64, reason: u8) {
    w.end_session(REQUEST.to_id(), world::bytes(bytes), reason)
}

#[test]
fun a_session_leaves_its_end() {
    let mut w = world::begin();
    w.ends(16, 0);
    assert_eq!(w.events(), 1);
    w.ends(16, 7);
    assert_eq!(w.events(), 1);
    w.end();
}

#[test, expected_failure(abort_code = sessions::E_INVALID_REQUEST_ID)]
fun the_end_of_a_session_names_its_request() {
    let mut w = world::begin();
    w.ends(15, 0);
    abort
}

#[test, expected_failure(abort_code = sessions::E_INVALID_REQUEST_ID)]
fun no_request_has_a_longer_id() {
    let mut w = world::begin();
    w.ends(17, 0);
    abort
}

#[test, expected_failure(abort_code = sessions::E_INVALID_REASON)]
fun a_session_ends_for_a_known_reason() {
    let mut w = world::begin();
    w.ends(16, 8);
    abort
}

#[test, expected_failure(abort_code = daas::cluster::E_WRONG_CAP)]
fun only_the_listener_of_the_cluster_ends_sessions() {
    let mut w = world::begin();
    let cluster = w.cluster_id();
    w.create_cluster();
    w.set_cluster(cluster);
    w.ends(16, 0);
    abort
}
