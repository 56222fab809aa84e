#[test_only]
/// How far an administrator may go.
module daas::limits_tests;

use daas::administration;
use daas::cluster::Cluster;
use daas::settings;
use daas::world;

use fun administration::set_minimums as Cluster.set_minimums;
use fun administration::set_verb_minimum as Cluster.set_verb_minimum;
use fun administration::set_unbonding as Cluster.set_unbonding;
use fun administration::set_treasury as Cluster.set_treasury;
use fun administration::set_tiers as Cluster.set_tiers;
use fun administration::set_ttls as Cluster.set_ttls;
use fun administration::set_key_overlap as Cluster.set_key_overlap;

const DAY: u64 = 86_400_000;

#[test]
fun the_largest_limits() {
    let mut w = world::begin();
    let hour = 3_600_000;
    w.administrate!(|cluster, cap| {
        cluster.set_minimums(cap, vector[1, 1, 1], vector[365 * DAY, 365 * DAY, 365 * DAY], 0);
        let (requests, answers) = (vector[hour, hour, hour, hour], vector::tabulate!(4, |_| 7 * DAY));
        cluster.set_ttls(cap, requests, answers, 365 * DAY, 131_072);
    });
    w.end();
}

#[test, expected_failure(abort_code = settings::E_LIMIT_TOO_LARGE)]
fun a_lock_of_more_than_a_year_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_minimums(cap, vector[1, 1, 1], vector[0, 0, 365 * DAY + 1], 0));
    abort
}

#[test, expected_failure(abort_code = settings::E_LIMIT_TOO_LARGE)]
fun unbonding_of_more_than_a_month_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_unbonding(cap, 30 * DAY + 1));
    abort
}

#[test, expected_failure(abort_code = settings::E_LIMIT_TOO_LARGE)]
fun an_overlap_of_more_than_a_week_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_key_overlap(cap, 7 * DAY + 1));
    abort
}

#[test, expected_failure(abort_code = settings::E_LIMIT_TOO_LARGE)]
fun requests_of_more_than_an_hour_are_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_ttls(cap, vector[1, 1, 1, 3_600_001], vector[1, 1, 1, 1], 1, 1));
    abort
}

#[test, expected_failure(abort_code = settings::E_LIMIT_TOO_LARGE)]
fun answers_of_more_than_a_week_are_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_ttls(cap, vector[1, 1, 1, 1], vector[1, 1, 1, 7 * DAY + 1], 1, 1));
    abort
}

#[test, expected_failure(abort_code = settings::E_LIMIT_TOO_LARGE)]
fun seals_of_more_than_a_year_are_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| {
        cluster.set_ttls(cap, vector[1, 1, 1, 1], vector[1, 1, 1, 1], 365 * DAY + 1, 1)
    });
    abort
}

#[test, expected_failure(abort_code = settings::E_LIMIT_TOO_LARGE)]
fun an_envelope_above_128_kib_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_ttls(cap, vector[1, 1, 1, 1], vector[1, 1, 1, 1], 1, 131_073));
    abort
}

#[test, expected_failure(abort_code = settings::E_INVALID_PERMISSION)]
fun a_tier_with_a_malformed_permission_is_refused() {
    let mut w = world::begin();
    let permissions = vector[b"get:pods".to_string(), b"pods".to_string()];
    w.administrate!(|cluster, cap| cluster.set_tiers(cap, vector[1], vector[permissions]));
    abort
}

#[test, expected_failure(abort_code = settings::E_INVALID_VERB)]
fun a_malformed_verb_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_verb_minimum(cap, b"*".to_string(), 1));
    abort
}

fun set_many_verbs(w: &mut world::World, n: u8) {
    w.administrate!(|cluster, cap| n.do!(|i| cluster.set_verb_minimum(cap, vector[97 + i].to_string(), 1)));
}

#[test]
fun sixteen_verbs() {
    let mut w = world::begin();
    set_many_verbs(&mut w, 16);
    set_many_verbs(&mut w, 16);
    w.end();
}

#[test, expected_failure(abort_code = settings::E_INVALID_VERB)]
fun seventeen_verbs_are_refused() {
    let mut w = world::begin();
    set_many_verbs(&mut w, 17);
    abort
}

#[test, expected_failure(abort_code = settings::E_INVALID_TREASURY)]
fun nobody_is_no_treasury() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_treasury(cap, @0x0));
    abort
}
