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

fun at_version(version: u64): world::World {
    let mut w = world::begin();
    w.administrate!(|cluster, _| cluster.set_version_for_testing(version));
    w
}

#[test]
fun an_older_cluster_is_migrated() {
    let mut w = at_version(0);
    w.administrate!(|cluster, cap| cluster.migrate(cap));
    assert_eq!(w.events(), 1);
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        assert_eq!(cluster::version(cluster), 1);
        assert_eq!(cluster.package_of(), @0x0.to_id());
        cluster::assert_version(cluster);
    });
    w.end();
}

#[test, expected_failure(abort_code = cluster::E_NOT_OLDER)]
fun a_cluster_is_migrated_once() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| cluster.migrate(cap));
    abort
}

#[test, expected_failure(abort_code = cluster::E_NOT_OLDER)]
fun a_newer_cluster_is_not_taken_back() {
    let mut w = at_version(2);
    w.administrate!(|cluster, cap| cluster.migrate(cap));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_migrate() {
    let mut w = with_wrong_cap();
    w.administrate!(|cluster, cap| cluster.migrate(cap));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_VERSION)]
fun the_administrator_waits_for_the_migration() {
    let mut w = at_version(0);
    w.revoke_by_admin(SEAL.to_id());
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_VERSION)]
fun the_listener_waits_for_the_migration() {
    let mut w = at_version(2);
    w.listen!(|cluster, cap| cluster.drop_previous_keys(cap));
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_VERSION)]
fun stakers_wait_for_the_migration() {
    let mut w = at_version(2);
    w.stake_user(world::sui());
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_VERSION)]
fun withdrawing_waits_for_the_migration() {
    let mut w = world::begin();
    let stake = w.stake_user(world::sui());
    w.administrate!(|cluster, _| cluster.set_version_for_testing(2));
    let ticket = w.ticket_of(world::admin());
    w.withdraw(stake, ticket, world::admin());
    abort
}

#[test, expected_failure(abort_code = cluster::E_LISTENER_CAP_REVOKED)]
fun a_revoked_listener_does_nothing() {
    let mut w = world::begin();
    let id = w.listener_cap_id();
    w.administrate!(|cluster, cap| {
        assert!(cluster.has_listener_cap(&id));
        cluster.revoke_listener_cap(cap, id);
        assert!(!cluster.has_listener_cap(&id));
    });
    assert_eq!(w.events(), 1);
    w.listen!(|cluster, cap| cluster.drop_previous_keys(cap));
    abort
}

#[test, expected_failure(abort_code = cluster::E_LISTENER_CAP_UNKNOWN)]
fun a_listener_cap_is_revoked_once() {
    let mut w = world::begin();
    let id = w.listener_cap_id();
    w.administrate!(|cluster, cap| {
        cluster.revoke_listener_cap(cap, id);
        cluster.revoke_listener_cap(cap, id);
    });
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_cannot_revoke_a_listener() {
    let mut w = with_wrong_cap();
    let id = w.listener_cap_id();
    w.administrate!(|cluster, cap| cluster.revoke_listener_cap(cap, id));
    abort
}

/// The world has made one of them.
fun make_listeners(w: &mut world::World, n: u64) {
    let mut ctx = tx_context::dummy();
    w.administrate!(|cluster, cap| n.do!(|_| cluster.create_listener_cap(cap, SEAL, &mut ctx)));
}

#[test]
fun sixteen_listeners() {
    let mut w = world::begin();
    make_listeners(&mut w, 15);
    assert_eq!(w.events(), 15);
    w.end();
}

#[test, expected_failure(abort_code = cluster::E_TOO_MANY_LISTENERS)]
fun seventeen_listeners_are_refused() {
    let mut w = world::begin();
    make_listeners(&mut w, 16);
    abort
}

#[test]
fun an_administrator_can_be_anyone_a_multisig_too() {
    let mut w = world::begin();
    let multisig = @0x5165;
    let cap = w.scenario().take_from_sender<cluster::AdminCap>();
    transfer::public_transfer(cap, multisig);
    w.sender(multisig);
    let cap = w.scenario().take_from_sender<cluster::AdminCap>();
    let mut cluster = w.cluster();
    daas::administration::set_slash_bps(&mut cluster, &cap, 1);
    sui::test_scenario::return_shared(cluster);
    w.scenario().return_to_sender(cap);
    w.end();
}

fun create_with_version(bytes: u64) {
    let mut w = world::begin();
    let clock = w.clock();
    let cap = cluster::create(text(1), text(bytes), &clock, w.ctx());
    transfer::public_transfer(cap, SEAL);
    sui::test_scenario::return_shared(clock);
    w.end();
}

#[test]
fun a_version_of_k3s_of_64_bytes() { create_with_version(64) }

#[test, expected_failure(abort_code = daas::listener::E_INVALID_URLS)]
fun a_version_of_k3s_of_65_bytes_is_refused() { create_with_version(65) }
