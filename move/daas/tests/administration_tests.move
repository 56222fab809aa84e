#[test_only]
module daas::administration_tests;

use daas::administration;
use daas::cluster::{Self, Cluster};
use daas::settings;
use daas::world;
use std::unit_test::assert_eq;

use fun administration::set_minimums as Cluster.set_minimums;
use fun administration::set_verb_minimum as Cluster.set_verb_minimum;
use fun administration::set_unbonding as Cluster.set_unbonding;
use fun administration::set_slash_bps as Cluster.set_slash_bps;
use fun administration::set_treasury as Cluster.set_treasury;
use fun administration::set_tiers as Cluster.set_tiers;
use fun administration::set_ttls as Cluster.set_ttls;
use fun administration::set_key_overlap as Cluster.set_key_overlap;
use fun administration::set_paused as Cluster.set_paused;
use fun administration::revoke_seals_before as Cluster.revoke_seals_before;

const SEAL: address = @0x5EA1;
const DAY: u64 = 86_400_000;

fun with_wrong_cap(): world::World {
    let mut w = world::begin();
    let first = w.admin_cap_id();
    w.create_cluster();
    w.set_admin_cap(first);
    w
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_set_minimums() {
    let mut w = with_wrong_cap();
    w.administrate!(|cluster, cap| cluster.set_minimums(cap, vector[1, 1, 1], vector[0, 0, 0], 0));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_set_the_treasury() {
    let mut w = with_wrong_cap();
    w.administrate!(|cluster, cap| cluster.set_treasury(cap, SEAL));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_set_tiers() {
    let mut w = with_wrong_cap();
    w.administrate!(|cluster, cap| cluster.set_tiers(cap, vector[], vector[]));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_set_ttls() {
    let mut w = with_wrong_cap();
    w.administrate!(|cluster, cap| cluster.set_ttls(cap, vector[1, 1, 1, 1], vector[1, 1, 1, 1], 1, 1));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_pause() {
    let mut w = with_wrong_cap();
    w.administrate!(|cluster, cap| cluster.set_paused(cap, true));
    abort
}

#[test]
fun settings_are_set() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| {
        cluster.set_minimums(cap, vector[1, 2, 3], vector[4, 5, 6], 7);
        cluster.set_slash_bps(cap, 10_000);
        cluster.set_treasury(cap, SEAL);
        cluster.set_tiers(cap, vector[1], vector[vector[b"get:pods".to_string()]]);
        cluster.set_ttls(cap, vector[1, 2, 3, 4], vector[5, 6, 7, 8], 9, 10);
        cluster.set_paused(cap, true);
    });
    assert_eq!(w.events(), 6);
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        assert_eq!(cluster.settings().min_stake(2), 3);
        assert_eq!(cluster.settings().lock_ms(1), 5);
        assert_eq!(cluster.settings().write_min_stake(), 7);
        assert_eq!(cluster.settings().slash_bps(), 10_000);
        assert_eq!(cluster.settings().treasury(), SEAL);
        assert_eq!(cluster.settings().tiers().length(), 1);
        assert_eq!(cluster.settings().request_ttl_ms(1), 2);
        assert_eq!(cluster.settings().response_ttl_ms(2), 7);
        assert_eq!(cluster.settings().max_seal_ttl_ms(), 9);
        assert_eq!(cluster.settings().max_envelope_bytes(), 10);
        assert!(cluster.is_paused());
    });
    w.end();
}

#[test, expected_failure(abort_code = settings::E_WRONG_LENGTH)]
fun two_minimums_are_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_minimums(cap, vector[1, 1], vector[0, 0, 0], 0));
    abort
}

#[test, expected_failure(abort_code = settings::E_WRONG_LENGTH)]
fun four_locks_are_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_minimums(cap, vector[1, 1, 1], vector[0, 0, 0, 0], 0));
    abort
}

#[test, expected_failure(abort_code = settings::E_ZERO_MINIMUM)]
fun a_minimum_of_zero_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_minimums(cap, vector[1, 0, 1], vector[0, 0, 0], 0));
    abort
}

#[test, expected_failure(abort_code = settings::E_WRONG_LENGTH)]
fun a_tier_without_permissions_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_tiers(cap, vector[1], vector[]));
    abort
}

#[test, expected_failure(abort_code = settings::E_INVALID_TIERS)]
fun equal_tiers_are_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_tiers(cap, vector[1, 1], vector[vector[], vector[]]));
    abort
}

#[test]
fun sixteen_tiers_of_64_permissions() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| {
        let many = vector::tabulate!(64, |_| b"get:pods".to_string());
        cluster.set_tiers(cap, vector::tabulate!(16, |i| i), vector::tabulate!(16, |_| many))
    });
    w.end();
}

#[test, expected_failure(abort_code = settings::E_INVALID_TIERS)]
fun seventeen_tiers_are_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| {
        cluster.set_tiers(cap, vector::tabulate!(17, |i| i), vector::tabulate!(17, |_| vector[]))
    });
    abort
}

#[test, expected_failure(abort_code = settings::E_INVALID_TIERS)]
fun sixty_five_permissions_are_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| {
        cluster.set_tiers(cap, vector[1], vector[vector::tabulate!(65, |_| b"get:pods".to_string())])
    });
    abort
}

#[test, expected_failure(abort_code = settings::E_WRONG_LENGTH)]
fun three_request_ttls_are_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_ttls(cap, vector[1, 1, 1], vector[1, 1, 1, 1], 1, 1));
    abort
}

#[test, expected_failure(abort_code = settings::E_ZERO_LIMIT)]
fun a_ttl_of_zero_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_ttls(cap, vector[1, 1, 1, 1], vector[1, 1, 1, 0], 1, 1));
    abort
}

#[test, expected_failure(abort_code = settings::E_ZERO_LIMIT)]
fun a_request_that_is_over_at_once_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_ttls(cap, vector[1, 1, 0, 1], vector[1, 1, 1, 1], 1, 1));
    abort
}

#[test, expected_failure(abort_code = settings::E_ZERO_LIMIT)]
fun an_envelope_of_zero_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_ttls(cap, vector[1, 1, 1, 1], vector[1, 1, 1, 1], 1, 0));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_set_the_slash_share() {
    let mut w = with_wrong_cap();
    w.administrate!(|cluster, cap| cluster.set_slash_bps(cap, 1));
    abort
}

#[test, expected_failure(abort_code = settings::E_INVALID_BPS)]
fun a_share_of_zero_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_slash_bps(cap, 0));
    abort
}

#[test, expected_failure(abort_code = settings::E_INVALID_BPS)]
fun a_share_above_all_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_slash_bps(cap, 10_001));
    abort
}

#[test]
fun the_other_settings_are_set() {
    let mut w = world::begin();
    w.advance(100);
    let clock = w.clock();
    let (delete, get) = (b"delete".to_string(), b"get".to_string());
    w.administrate!(|cluster, cap| {
        cluster.set_unbonding(cap, 30 * DAY);
        cluster.set_key_overlap(cap, 7 * DAY);
        cluster.set_verb_minimum(cap, delete, 5 * world::sui());
        cluster.set_verb_minimum(cap, get, 2 * world::sui());
        cluster.revoke_seals_before(cap, 100, &clock);
        cluster.revoke_seals_before(cap, 99, &clock);
        sui::test_scenario::return_shared(clock);
    });
    assert_eq!(w.events(), 6);
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        let settings = cluster.settings();
        assert_eq!(settings::unbonding_ms(settings), 30 * DAY);
        assert_eq!(settings::key_overlap_ms(settings), 7 * DAY);
        assert_eq!(settings::seals_valid_from_ms(settings), 100);
        assert_eq!(settings.verb_min_stake(&delete), 5 * world::sui());
        assert_eq!(settings.verb_min_stake(&b"list".to_string()), 0);
        assert_eq!(settings.needed_stake(1, &get), 2 * world::sui());
        assert_eq!(settings.needed_stake(1, &delete), 5 * world::sui());
        assert_eq!(settings.needed_stake(1, &b"patch".to_string()), world::sui());
        assert!(!settings::paused(settings));
    });
    w.quiet();
    w.administrate!(|cluster, cap| cluster.set_verb_minimum(cap, delete, 0));
    w.look!<Cluster>(w.cluster_id(), |cluster| assert_eq!(cluster.settings().verb_min_stake(&delete), 0));
    w.end();
}

#[test, expected_failure(abort_code = administration::E_IN_THE_FUTURE)]
fun seals_to_come_are_not_revoked() {
    let mut w = world::begin();
    let clock = w.clock();
    w.administrate!(|cluster, cap| {
        cluster.revoke_seals_before(cap, 1, &clock);
        sui::test_scenario::return_shared(clock);
    });
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_revoke_all_seals() {
    let mut w = with_wrong_cap();
    let clock = w.clock();
    w.administrate!(|cluster, cap| {
        cluster.revoke_seals_before(cap, 0, &clock);
        sui::test_scenario::return_shared(clock);
    });
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_set_a_verb() {
    let mut w = with_wrong_cap();
    w.administrate!(|cluster, cap| cluster.set_verb_minimum(cap, b"get".to_string(), 1));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_set_unbonding() {
    let mut w = with_wrong_cap();
    w.administrate!(|cluster, cap| cluster.set_unbonding(cap, 1));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_set_the_overlap() {
    let mut w = with_wrong_cap();
    w.administrate!(|cluster, cap| cluster.set_key_overlap(cap, 1));
    abort
}
