#[test_only]
/// What events tell, where nothing else shows it.
module daas::events_tests;

use daas::administration;
use daas::cluster::ClusterUpdated;
use daas::world;
use std::bcs;
use std::unit_test::assert_eq;
use sui::event;

/// What each act of an administrator says that it was: the byte after the cluster's id.
fun acts(): vector<u8> {
    event::events_by_type<ClusterUpdated>().map!(|update| bcs::to_bytes(&update)[32])
}

#[test]
fun an_administrators_acts_say_what_they_are() {
    let mut w = world::begin();
    w.administrate_at!(|cluster, cap, clock| {
        administration::set_minimums(cluster, cap, vector[1, 1, 1], vector[0, 0, 0], 0);
        administration::set_slash_bps(cluster, cap, 1);
        administration::set_treasury(cluster, cap, @0x7);
        administration::set_tiers(cluster, cap, vector[], vector[]);
        administration::set_ttls(cluster, cap, vector[1, 1, 1, 1], vector[1, 1, 1, 1], 1, 1);
        administration::set_paused(cluster, cap, false);
        administration::set_verb_minimum(cluster, cap, b"get".to_string(), 1);
        administration::set_unbonding(cluster, cap, 1);
        administration::set_key_overlap(cluster, cap, 1);
        administration::revoke_seals_before(cluster, cap, 0, clock);
        assert_eq!(acts(), vector[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    });
    w.end();
}
