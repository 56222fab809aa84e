#[test_only]
module daas::cluster_tests;

use daas::cluster::{Self, Cluster};
use daas::world;
use std::string::String;
use std::unit_test::assert_eq;

const SEAL: address = @0x5EA1;

fun text(n: u64): String { vector::tabulate!(n, |_| 97u8).to_string() }

fun announce(cluster: &mut Cluster, cap: &cluster::ListenerCap, urls: vector<String>, key: u64, pin: u64, ca: u64) {
    let version = b"v1.34.1+k3s1".to_string();
    let (key, pin, ca) = (world::bytes(key), world::bytes(pin), world::bytes(ca));
    cluster.announce_listener(cap, urls, key, pin, b"https://k:6443".to_string(), ca, version)
}

fun one_url(): vector<String> { vector[b"https://127.0.0.1:8443".to_string()] }

#[test]
fun a_cluster_begins_with_its_defaults() {
    let w = world::begin();
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        assert_eq!(*cluster.name(), b"test".to_string());
        assert_eq!(cluster.k3s_version(), b"v1.34.1+k3s1".to_string());
        assert_eq!(cluster.k3s_url(), b"".to_string());
        assert_eq!(cluster.listener_urls(), vector[]);
        assert_eq!(cluster.ca_hash(), b"");
        assert_eq!(cluster.listener_hpke_key(), b"");
        assert_eq!(cluster.listener_tls_pin(), b"");
        assert_eq!(cluster.key_epoch(), 0);
        vector[0u8, 1, 2].do!(|kind| {
            assert_eq!(cluster.min_stake(kind), world::sui());
            assert_eq!(cluster.lock_ms(kind), 0);
        });
        assert_eq!(cluster.write_min_stake(), world::sui());
        assert_eq!(cluster.slash_bps(), 1_000);
        assert_eq!(cluster.treasury(), world::admin());
        assert_eq!(cluster.request_ttl_ms(0), 60_000);
        assert_eq!(cluster.request_ttl_ms(3), 600_000);
        assert_eq!(cluster.response_ttl_ms(3), 600_000);
        assert_eq!(cluster.max_seal_ttl_ms(), 2_592_000_000);
        assert_eq!(cluster.max_envelope_bytes(), 98_304);
        assert_eq!(cluster.tiers().length(), 3);
        assert_eq!(cluster.tiers()[2].tier_min_stake(), 10 * world::sui());
        assert_eq!(*cluster.tiers()[2].tier_permissions(), vector[b"*:*".to_string()]);
        assert!(!cluster.is_paused());
        assert_eq!(cluster.registry(), w.registry_id());
    });
    w.end();
}

#[test]
fun names_of_1_and_63_bytes() {
    let mut w = world::begin();
    w.create_cluster_named(text(1));
    assert_eq!(w.events(), 1);
    w.create_cluster_named(text(63));
    w.end();
}

#[test, expected_failure(abort_code = cluster::E_INVALID_NAME)]
fun an_empty_name_is_refused() {
    let mut w = world::begin();
    w.create_cluster_named(text(0));
    abort
}

#[test, expected_failure(abort_code = cluster::E_INVALID_NAME)]
fun a_long_name_is_refused() {
    let mut w = world::begin();
    w.create_cluster_named(text(64));
    abort
}

#[test]
fun a_listener_announces_itself() {
    let mut w = world::begin();
    let id = w.cluster_id();
    w.listen!(|cluster, cap| {
        assert_eq!(cap.listener_cap_cluster(), id);
        announce(cluster, cap, one_url(), 32, 32, 32);
    });
    assert_eq!(w.events(), 1);
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        assert_eq!(cluster.listener_urls(), one_url());
        assert_eq!(cluster.listener_hpke_key(), world::hash());
        assert_eq!(cluster.listener_tls_pin(), world::hash());
        assert_eq!(cluster.ca_hash(), world::hash());
        assert_eq!(cluster.k3s_url(), b"https://k:6443".to_string());
        assert_eq!(cluster.key_epoch(), 1);
    });
    w.end();
}

#[test]
fun only_a_new_key_is_a_new_epoch() {
    let mut w = world::begin();
    w.listen!(|cluster, cap| {
        announce(cluster, cap, one_url(), 32, 32, 0);
        announce(cluster, cap, vector[text(1), text(512)], 32, 32, 32);
        assert_eq!(cluster.key_epoch(), 1);
        let other = vector::tabulate!(32, |_| 9u8);
        cluster.announce_listener(cap, one_url(), other, other, text(0), b"", text(0));
        assert_eq!(cluster.key_epoch(), 2);
    });
    w.end();
}

#[test, expected_failure(abort_code = cluster::E_INVALID_URLS)]
fun no_url_is_refused() {
    let mut w = world::begin();
    w.listen!(|cluster, cap| announce(cluster, cap, vector[], 32, 32, 32));
    abort
}

#[test, expected_failure(abort_code = cluster::E_INVALID_URLS)]
fun an_empty_url_is_refused() {
    let mut w = world::begin();
    w.listen!(|cluster, cap| announce(cluster, cap, vector[text(0)], 32, 32, 32));
    abort
}

#[test, expected_failure(abort_code = cluster::E_INVALID_URLS)]
fun a_long_url_is_refused() {
    let mut w = world::begin();
    w.listen!(|cluster, cap| announce(cluster, cap, vector[text(513)], 32, 32, 32));
    abort
}

#[test, expected_failure(abort_code = cluster::E_INVALID_URLS)]
fun nine_urls_are_refused() {
    let mut w = world::begin();
    w.listen!(|cluster, cap| announce(cluster, cap, vector::tabulate!(9, |_| text(1)), 32, 32, 32));
    abort
}

#[test, expected_failure(abort_code = cluster::E_INVALID_KEY)]
fun a_short_key_is_refused() {
    let mut w = world::begin();
    w.listen!(|cluster, cap| announce(cluster, cap, one_url(), 31, 32, 32));
    abort
}

#[test, expected_failure(abort_code = cluster::E_INVALID_KEY)]
fun a_long_pin_is_refused() {
    let mut w = world::begin();
    w.listen!(|cluster, cap| announce(cluster, cap, one_url(), 32, 33, 32));
    abort
}

#[test, expected_failure(abort_code = cluster::E_INVALID_KEY)]
fun a_short_ca_hash_is_refused() {
    let mut w = world::begin();
    w.listen!(|cluster, cap| announce(cluster, cap, one_url(), 32, 32, 31));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun the_listener_of_another_cluster_cannot_announce() {
    let mut w = world::begin();
    let first = w.listener_cap_id();
    w.create_cluster();
    w.set_listener_cap(first);
    w.listen!(|cluster, cap| announce(cluster, cap, one_url(), 32, 32, 32));
    abort
}

fun with_wrong_cap(): world::World {
    let mut w = world::begin();
    let first = w.admin_cap_id();
    w.create_cluster();
    w.set_admin_cap(first);
    w
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_make_a_listener_cap() {
    let mut w = with_wrong_cap();
    let mut ctx = tx_context::dummy();
    w.administrate!(|cluster, cap| cluster.create_listener_cap(cap, SEAL, &mut ctx));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_set_minimums() {
    let mut w = with_wrong_cap();
    w.administrate!(|cluster, cap| cluster.set_minimums(cap, vector[1, 1, 1], vector[0, 0, 0], 0));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_set_the_slash_share() {
    let mut w = with_wrong_cap();
    w.administrate!(|cluster, cap| cluster.set_slash_bps(cap, 1));
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

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_revoke() {
    let mut w = with_wrong_cap();
    w.administrate!(|cluster, cap| cluster.revoke_seal(cap, SEAL.to_id()));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_forget() {
    let mut w = with_wrong_cap();
    w.administrate!(|cluster, cap| cluster.forget_seal(cap, SEAL.to_id()));
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
        assert_eq!(cluster.min_stake(2), 3);
        assert_eq!(cluster.lock_ms(1), 5);
        assert_eq!(cluster.write_min_stake(), 7);
        assert_eq!(cluster.slash_bps(), 10_000);
        assert_eq!(cluster.treasury(), SEAL);
        assert_eq!(cluster.tiers().length(), 1);
        assert_eq!(cluster.request_ttl_ms(1), 2);
        assert_eq!(cluster.response_ttl_ms(2), 7);
        assert_eq!(cluster.max_seal_ttl_ms(), 9);
        assert_eq!(cluster.max_envelope_bytes(), 10);
        assert!(cluster.is_paused());
    });
    w.end();
}

#[test, expected_failure(abort_code = cluster::E_WRONG_LENGTH)]
fun two_minimums_are_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_minimums(cap, vector[1, 1], vector[0, 0, 0], 0));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_LENGTH)]
fun four_locks_are_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_minimums(cap, vector[1, 1, 1], vector[0, 0, 0, 0], 0));
    abort
}

#[test, expected_failure(abort_code = cluster::E_ZERO_MINIMUM)]
fun a_minimum_of_zero_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_minimums(cap, vector[1, 0, 1], vector[0, 0, 0], 0));
    abort
}

#[test, expected_failure(abort_code = cluster::E_INVALID_BPS)]
fun a_share_of_zero_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_slash_bps(cap, 0));
    abort
}

#[test, expected_failure(abort_code = cluster::E_INVALID_BPS)]
fun a_share_above_all_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_slash_bps(cap, 10_001));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_LENGTH)]
fun a_tier_without_permissions_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_tiers(cap, vector[1], vector[]));
    abort
}

#[test, expected_failure(abort_code = cluster::E_INVALID_TIERS)]
fun equal_tiers_are_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_tiers(cap, vector[1, 1], vector[vector[], vector[]]));
    abort
}

#[test]
fun sixteen_tiers_of_64_permissions() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| {
        let many = vector::tabulate!(64, |_| text(3));
        cluster.set_tiers(cap, vector::tabulate!(16, |i| i), vector::tabulate!(16, |_| many))
    });
    w.end();
}

#[test, expected_failure(abort_code = cluster::E_INVALID_TIERS)]
fun seventeen_tiers_are_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| {
        cluster.set_tiers(cap, vector::tabulate!(17, |i| i), vector::tabulate!(17, |_| vector[]))
    });
    abort
}

#[test, expected_failure(abort_code = cluster::E_INVALID_TIERS)]
fun sixty_five_permissions_are_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| {
        cluster.set_tiers(cap, vector[1], vector[vector::tabulate!(65, |_| text(3))])
    });
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_LENGTH)]
fun three_request_ttls_are_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_ttls(cap, vector[1, 1, 1], vector[1, 1, 1, 1], 1, 1));
    abort
}

#[test, expected_failure(abort_code = cluster::E_ZERO_LIMIT)]
fun a_ttl_of_zero_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_ttls(cap, vector[1, 1, 1, 1], vector[1, 1, 1, 0], 1, 1));
    abort
}

#[test, expected_failure(abort_code = cluster::E_ZERO_LIMIT)]
fun an_envelope_of_zero_is_refused() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.set_ttls(cap, vector[1, 1, 1, 1], vector[1, 1, 1, 1], 1, 0));
    abort
}

#[test]
fun a_seal_is_revoked_and_forgotten() {
    let mut w = world::begin();
    let seal = SEAL.to_id();
    w.administrate!(|cluster, cap| {
        cluster.revoke_seal(cap, seal);
        assert!(cluster.is_revoked(&seal));
    });
    assert_eq!(w.events(), 1);
    w.administrate!(|cluster, cap| {
        cluster.forget_seal(cap, seal);
        assert!(!cluster.is_revoked(&seal));
    });
    assert_eq!(w.events(), 1);
    w.end();
}

#[test, expected_failure(abort_code = cluster::E_ALREADY_REVOKED)]
fun a_seal_is_revoked_once() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| {
        cluster.revoke_seal(cap, SEAL.to_id());
        cluster.revoke_seal(cap, SEAL.to_id());
    });
    abort
}

#[test, expected_failure(abort_code = cluster::E_NOT_REVOKED)]
fun only_what_is_revoked_is_forgotten() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.forget_seal(cap, SEAL.to_id()));
    abort
}

fun revoke_many(cluster: &mut Cluster, cap: &cluster::AdminCap, n: u256) {
    n.do!(|i| cluster.revoke_seal(cap, sui::address::from_u256(i).to_id()))
}

#[test]
fun the_list_of_revoked_seals_holds_256() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| revoke_many(cluster, cap, 256));
    w.end();
}

#[test, expected_failure(abort_code = cluster::E_TOO_MANY_REVOKED)]
fun the_list_of_revoked_seals_is_bounded() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| revoke_many(cluster, cap, 257));
    abort
}
