#[test_only]
module daas::cluster_tests;

use daas::cluster::{Self, Cluster};
use daas::world;
use std::string::String;
use std::unit_test::assert_eq;

const SEAL: address = @0x5EA1;

fun text(n: u64): String { vector::tabulate!(n, |_| 97u8).to_string() }

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
