#[test_only]
module daas::terms_tests;

use daas::administration;
use daas::cluster::Cluster;
use daas::terms;
use daas::world::{Self, World};

/// Locks of 1, 2 and 3 ms for node, user and administrator; 4 ms of unbonding; 5/10000.
fun with_terms(): World {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| {
        administration::set_minimums(cluster, cap, vector[1, 1, 1], vector[1, 2, 3], 0);
        administration::set_unbonding(cluster, cap, 4);
        administration::set_slash_bps(cluster, cap, 5);
    });
    w
}

fun accept(stake_type: u8, lock_ms: u64, unbonding_ms: u64, slash_bps: u64) {
    let w = with_terms();
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        terms::assert_terms(cluster, stake_type, lock_ms, unbonding_ms, slash_bps)
    });
    w.end();
}

#[test]
fun the_very_terms_are_accepted() {
    accept(0, 1, 4, 5);
    accept(1, 2, 4, 5);
    accept(2, 3, 4, 5);
}

#[test]
fun better_terms_are_accepted() {
    accept(2, 4, 5, 6);
}

#[test, expected_failure(abort_code = terms::E_LOCKED_LONGER)]
fun a_longer_lock_is_refused() {
    accept(1, 1, 4, 5);
}

#[test, expected_failure(abort_code = terms::E_UNBONDING_LONGER)]
fun a_longer_unbonding_is_refused() {
    accept(0, 1, 3, 5);
}

#[test, expected_failure(abort_code = terms::E_SLASHED_MORE)]
fun a_larger_slash_is_refused() {
    accept(0, 1, 4, 4);
}

#[test, expected_failure(abort_code = daas::cluster::E_WRONG_VERSION)]
fun terms_of_another_version_are_not_judged() {
    let mut w = with_terms();
    w.administrate!(|cluster, _| cluster.set_version_for_testing(2));
    w.look!<Cluster>(w.cluster_id(), |cluster| terms::assert_terms(cluster, 0, 1, 4, 5));
    abort
}
