#[test_only]
module daas::listener_tests;

use daas::cluster::{Self, Cluster};
use daas::listener;
use daas::world;
use std::string::String;
use std::bcs;
use std::unit_test::assert_eq;
use sui::clock::Clock;

fun text(n: u64): String { vector::tabulate!(n, |_| 97u8).to_string() }

fun announce(
    cluster: &mut Cluster,
    cap: &cluster::ListenerCap,
    urls: vector<String>,
    key: u64,
    pin: u64,
    ca: u64,
    clock: &Clock,
) {
    let version = b"v1.34.1+k3s1".to_string();
    let (key, pin, ca) = (world::bytes(key), world::bytes(pin), world::bytes(ca));
    cluster.announce_listener(cap, urls, key, pin, b"https://k:6443".to_string(), ca, version, clock)
}

fun one_url(): vector<String> { vector[b"https://127.0.0.1:8443".to_string()] }

#[test]
fun a_cluster_begins_with_its_defaults() {
    let w = world::begin();
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        assert_eq!(*cluster.name(), b"test".to_string());
        assert_eq!(cluster.listener().k3s_version(), b"v1.34.1+k3s1".to_string());
        assert_eq!(cluster.listener().k3s_url(), b"".to_string());
        assert_eq!(cluster.listener().urls(), vector[]);
        assert_eq!(cluster.listener().ca_hash(), b"");
        assert_eq!(cluster.listener().hpke_key(), b"");
        assert_eq!(cluster.listener().tls_pin(), b"");
        assert_eq!(cluster.listener().key_epoch(), 0);
        vector[0u8, 1, 2].do!(|kind| {
            assert_eq!(cluster.settings().min_stake(kind), world::sui());
            assert_eq!(cluster.settings().lock_ms(kind), 0);
        });
        assert_eq!(cluster.settings().write_min_stake(), world::sui());
        assert_eq!(cluster.settings().slash_bps(), 1_000);
        assert_eq!(cluster.settings().treasury(), world::admin());
        assert_eq!(cluster.settings().max_seal_ttl_ms(), 2_592_000_000);
        assert_eq!(cluster.settings().max_envelope_bytes(), 98_304);
        assert_eq!(cluster.settings().longest_seal_ttl_ms(), 2_592_000_000);
        assert_eq!(cluster.settings().unbonding_ms(), 0);
        assert_eq!(cluster.settings().key_overlap_ms(), 600_000);
        assert_eq!(cluster.settings().seals_valid_from_ms(), 0);
        let of_priorities = vector[0u8, 1, 2, 3];
        let settings = cluster.settings();
        assert_eq!(
            of_priorities.map!(|priority| settings.request_ttl_ms(priority)),
            vector[60_000, 120_000, 300_000, 600_000],
        );
        assert_eq!(
            of_priorities.map!(|priority| settings.response_ttl_ms(priority)),
            vector[600_000, 600_000, 600_000, 600_000],
        );
        assert_eq!(
            settings.tiers().map_ref!(|tier| tier.tier_min_stake()),
            vector[world::sui(), 5 * world::sui(), 10 * world::sui()],
        );
        assert_eq!(*cluster.settings().tiers()[2].tier_permissions(), vector[b"*:*".to_string()]);
        assert!(!cluster.is_paused());
        assert_eq!(cluster.registry(), w.registry_id());
    });
    w.end();
}

#[test]
fun a_listener_announces_itself() {
    let mut w = world::begin();
    let id = w.cluster_id();
    w.listen_at!(|cluster, cap, clock| {
        assert_eq!(cap.listener_cap_cluster(), id);
        announce(cluster, cap, one_url(), 32, 32, 32, clock);
    });
    assert_eq!(w.events(), 1);
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        assert_eq!(cluster.listener().urls(), one_url());
        assert_eq!(cluster.listener().hpke_key(), world::hash());
        assert_eq!(cluster.listener().tls_pin(), world::hash());
        assert_eq!(cluster.listener().ca_hash(), world::hash());
        assert_eq!(cluster.listener().k3s_url(), b"https://k:6443".to_string());
        assert_eq!(cluster.listener().key_epoch(), 1);
    });
    w.end();
}

#[test]
fun only_a_new_key_is_a_new_epoch() {
    let mut w = world::begin();
    w.listen_at!(|cluster, cap, clock| {
        announce(cluster, cap, one_url(), 32, 32, 0, clock);
        announce(cluster, cap, vector[text(1), text(512)], 32, 32, 32, clock);
        assert_eq!(cluster.listener().key_epoch(), 1);
        let other = vector::tabulate!(32, |_| 9u8);
        cluster.announce_listener(cap, one_url(), other, other, text(0), b"", text(0), clock);
        assert_eq!(cluster.listener().key_epoch(), 2);
    });
    w.end();
}

#[test, expected_failure(abort_code = listener::E_INVALID_URLS)]
fun no_url_is_refused() {
    let mut w = world::begin();
    w.listen_at!(|cluster, cap, clock| announce(cluster, cap, vector[], 32, 32, 32, clock));
    abort
}

#[test, expected_failure(abort_code = listener::E_INVALID_URLS)]
fun an_empty_url_is_refused() {
    let mut w = world::begin();
    w.listen_at!(|cluster, cap, clock| announce(cluster, cap, vector[text(1), text(0)], 32, 32, 32, clock));
    abort
}

#[test, expected_failure(abort_code = listener::E_INVALID_URLS)]
fun a_long_url_is_refused() {
    let mut w = world::begin();
    w.listen_at!(|cluster, cap, clock| announce(cluster, cap, vector[text(1), text(513)], 32, 32, 32, clock));
    abort
}

#[test, expected_failure(abort_code = listener::E_INVALID_URLS)]
fun nine_urls_are_refused() {
    let mut w = world::begin();
    w.listen_at!(|cluster, cap, clock| announce(cluster, cap, vector::tabulate!(9, |_| text(1)), 32, 32, 32, clock));
    abort
}

#[test, expected_failure(abort_code = listener::E_INVALID_KEY)]
fun a_short_key_is_refused() {
    let mut w = world::begin();
    w.listen_at!(|cluster, cap, clock| announce(cluster, cap, one_url(), 31, 32, 32, clock));
    abort
}

#[test, expected_failure(abort_code = listener::E_INVALID_KEY)]
fun a_long_pin_is_refused() {
    let mut w = world::begin();
    w.listen_at!(|cluster, cap, clock| announce(cluster, cap, one_url(), 32, 33, 32, clock));
    abort
}

#[test, expected_failure(abort_code = listener::E_INVALID_KEY)]
fun a_short_ca_hash_is_refused() {
    let mut w = world::begin();
    w.listen_at!(|cluster, cap, clock| announce(cluster, cap, one_url(), 32, 32, 31, clock));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun the_listener_of_another_cluster_cannot_announce() {
    let mut w = world::begin();
    let first = w.listener_cap_id();
    w.create_cluster();
    w.set_listener_cap(first);
    w.listen_at!(|cluster, cap, clock| announce(cluster, cap, one_url(), 32, 32, 32, clock));
    abort
}

fun key(n: u8): vector<u8> { vector::tabulate!(32, |_| n) }

fun announce_keys(w: &mut world::World, hpke: u8, tls: u8) {
    let (hpke, tls) = (key(hpke), key(tls));
    w.listen_at!(|cluster, cap, clock| {
        cluster.announce_listener(cap, one_url(), hpke, tls, text(0), b"", text(0), clock)
    });
}

#[test]
fun previous_keys_stay_good_for_a_while() {
    let mut w = world::begin();
    announce_keys(&mut w, 1, 1);
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        let (hpke, tls) = cluster.listener().previous_keys(0);
        assert_eq!(hpke, b"");
        assert_eq!(tls, b"");
    });
    w.quiet();
    w.advance(1_000);
    announce_keys(&mut w, 2, 1);
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        let listener = cluster.listener();
        assert_eq!(listener::announced_at_ms(listener), 1_000);
        assert_eq!(listener.key_epoch(), 2);
        let (hpke, tls) = listener.previous_keys(600_999);
        assert_eq!(hpke, key(1));
        assert_eq!(tls, key(1));
        let (hpke, _) = listener.previous_keys(601_000);
        assert_eq!(hpke, b"");
    });
    w.quiet();
    // The same keys again, for example after a restart, change nothing of that.
    announce_keys(&mut w, 2, 1);
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        let (hpke, _) = cluster.listener().previous_keys(600_999);
        assert_eq!(hpke, key(1));
    });
    w.end();
}

#[test]
fun previous_keys_are_dropped_at_once() {
    let mut w = world::begin();
    announce_keys(&mut w, 1, 1);
    announce_keys(&mut w, 1, 2);
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        let (hpke, tls) = cluster.listener().previous_keys(0);
        assert_eq!(hpke, key(1));
        assert_eq!(tls, key(1));
        assert_eq!(cluster.listener().key_epoch(), 1);
    });
    w.quiet();
    let mut before = 0;
    w.look!<Cluster>(w.cluster_id(), |cluster| before = bcs::to_bytes(cluster.listener()).length());
    w.quiet();
    w.listen!(|cluster, cap| cluster.drop_previous_keys(cap));
    assert_eq!(w.events(), 1);
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        let (hpke, tls) = cluster.listener().previous_keys(0);
        assert_eq!(hpke, b"");
        assert_eq!(tls, b"");
        // Nor is anything of them kept: of two keys of 32 bytes, and of their end, which stands before the last time.
        let bytes = bcs::to_bytes(cluster.listener());
        assert_eq!(bytes.length(), before - 64);
        8u64.do!(|at| assert_eq!(bytes[bytes.length() - 16 + at], 0));
    });
    w.end();
}

#[test]
fun endpoints_are_by_tier() {
    let mut w = world::begin();
    announce_keys(&mut w, 1, 1);
    let urls = vector[vector[b"https://small".to_string()], vector[b"https://a".to_string(), b"https://b".to_string()]];
    w.listen!(|cluster, cap| cluster.set_endpoints(cap, vector[5, 10], urls));
    assert_eq!(w.events(), 1);
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        let listener = cluster.listener();
        assert_eq!(listener.urls_for(4), one_url());
        assert_eq!(listener.urls_for(5), urls[0]);
        assert_eq!(listener.urls_for(9), urls[0]);
        assert_eq!(listener.urls_for(10), urls[1]);
    });
    w.quiet();
    w.listen!(|cluster, cap| cluster.set_endpoints(cap, vector[], vector[]));
    w.look!<Cluster>(w.cluster_id(), |cluster| assert_eq!(cluster.listener().urls_for(10), one_url()));
    w.end();
}

fun endpoints(n: u64): vector<vector<String>> { vector::tabulate!(n, |_| one_url()) }

#[test, expected_failure(abort_code = listener::E_INVALID_ENDPOINTS)]
fun nine_endpoints_are_refused() {
    let mut w = world::begin();
    w.listen!(|cluster, cap| cluster.set_endpoints(cap, vector::tabulate!(9, |i| i), endpoints(9)));
    abort
}

#[test, expected_failure(abort_code = listener::E_INVALID_ENDPOINTS)]
fun endpoints_ascend() {
    let mut w = world::begin();
    w.listen!(|cluster, cap| cluster.set_endpoints(cap, vector[1, 1], endpoints(2)));
    abort
}

#[test, expected_failure(abort_code = listener::E_INVALID_ENDPOINTS)]
fun each_endpoint_has_urls() {
    let mut w = world::begin();
    w.listen!(|cluster, cap| cluster.set_endpoints(cap, vector[1, 2], endpoints(1)));
    abort
}

#[test, expected_failure(abort_code = listener::E_INVALID_URLS)]
fun an_endpoint_without_urls_is_refused() {
    let mut w = world::begin();
    w.listen!(|cluster, cap| cluster.set_endpoints(cap, vector[1], vector[vector[]]));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_listener_sets_no_endpoints() {
    let mut w = world::begin();
    let first = w.listener_cap_id();
    w.create_cluster();
    w.set_listener_cap(first);
    w.listen!(|cluster, cap| cluster.set_endpoints(cap, vector[], vector[]));
    abort
}

/// Announces where the k3s server is, and its version, of so many bytes; 8 URLs.
fun announce_server(w: &mut world::World, url: u64, version: u64) {
    let (key, urls) = (world::hash(), vector::tabulate!(8, |_| text(1)));
    w.listen_at!(|cluster, cap, clock| {
        cluster.announce_listener(cap, urls, key, key, text(url), b"", text(version), clock)
    });
}

#[test]
fun a_server_of_512_and_64_bytes() {
    let mut w = world::begin();
    announce_server(&mut w, 512, 64);
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        assert_eq!(cluster.listener().urls().length(), 8);
        assert_eq!(cluster.listener().k3s_url(), text(512));
        assert_eq!(cluster.listener().k3s_version(), text(64));
    });
    w.quiet();
    w.listen!(|cluster, cap| cluster.set_endpoints(cap, vector::tabulate!(8, |at| at + 1), endpoints(8)));
    assert_eq!(w.events(), 1);
    w.end();
}

#[test, expected_failure(abort_code = listener::E_INVALID_URLS)]
fun a_server_of_513_bytes_is_refused() {
    let mut w = world::begin();
    announce_server(&mut w, 513, 64);
    abort
}

#[test, expected_failure(abort_code = listener::E_INVALID_URLS)]
fun a_version_of_65_bytes_is_refused() {
    let mut w = world::begin();
    announce_server(&mut w, 512, 65);
    abort
}
