#[test_only]
/// Nodes that are thrown out, and their names.
module daas::evictions_tests;

use daas::administration;
use daas::node_registry::{Self, WorkerNode};
use daas::node_registry_tests::registered;
use daas::registry::{Self, NodeRegistry};
use daas::world::{Self, World};
use std::unit_test::assert_eq;

use fun daas::world_nodes::register as World.register;
use fun daas::world_nodes::evict as World.evict;
use fun daas::world_nodes::release_name as World.release_name;
use fun daas::world_nodes::tend as World.tend;

const SEAL: address = @0x5EA1;

#[test]
fun a_worker_is_evicted_even_while_paused() {
    let (mut w, _, worker) = registered();
    w.administrate!(|cluster, cap| administration::set_paused(cluster, cap, true));
    w.evict(worker, b"slashed".to_string());
    assert_eq!(w.events(), 1);
    w.look!<WorkerNode>(worker, |worker| assert_eq!(worker.status(), 3));
    w.end();
}

#[test, expected_failure(abort_code = node_registry::E_EVICTED)]
fun a_worker_is_evicted_once() {
    let (mut w, _, worker) = registered();
    w.evict(worker, b"x".to_string());
    w.evict(worker, b"x".to_string());
    abort
}

#[test, expected_failure(abort_code = registry::E_STAKE_REGISTERED)]
fun an_evicted_stake_cannot_come_back() {
    let (mut w, stake, worker) = registered();
    w.evict(worker, b"x".to_string());
    w.register(stake, SEAL.to_id());
    abort
}

#[test, expected_failure(abort_code = registry::E_NAME_TAKEN)]
fun an_evicted_name_is_not_given_again() {
    let (mut w, _, worker) = registered();
    w.evict(worker, b"x".to_string());
    let stake = w.stake_node(world::sui(), b"w1");
    w.register(stake, SEAL.to_id());
    abort
}

#[test]
fun an_administrator_frees_a_name_and_the_worker_is_gone() {
    let (mut w, stake, worker) = registered();
    w.evict(worker, b"x".to_string());
    assert!(w.release_name(worker).contains(&worker));
    assert_eq!(w.events(), 1);
    w.look!<NodeRegistry>(w.registry_id(), |registry| {
        assert!(!registry.has_name(b"w1".to_string()));
        assert!(registry.has_stake(stake));
    });
    let next = w.stake_node(world::sui(), b"w1");
    let second = w.register(next, SEAL.to_id());
    w.look!<WorkerNode>(second, |worker| assert_eq!(worker.index(), 1));
    w.end();
}

#[test]
fun a_name_is_freed_even_while_paused() {
    let (mut w, _, worker) = registered();
    w.evict(worker, b"x".to_string());
    w.administrate!(|cluster, cap| administration::set_paused(cluster, cap, true));
    w.release_name(worker);
    assert_eq!(w.events(), 1);
    w.end();
}

#[test]
fun a_freed_name_is_given_and_freed_again() {
    let (mut w, _, worker) = registered();
    w.evict(worker, b"x".to_string());
    w.release_name(worker);
    let stake = w.stake_node(world::sui(), b"w1");
    let second = w.register(stake, SEAL.to_id());
    w.evict(second, b"x".to_string());
    w.release_name(second);
    w.look!<NodeRegistry>(w.registry_id(), |registry| assert!(!registry.has_name(b"w1".to_string())));
    w.end();
}

#[test, expected_failure(abort_code = registry::E_STAKE_REGISTERED)]
fun a_freed_name_does_not_free_the_stake() {
    let (mut w, stake, worker) = registered();
    w.evict(worker, b"x".to_string());
    w.release_name(worker);
    w.register(stake, SEAL.to_id());
    abort
}

#[test, expected_failure(abort_code = node_registry::E_NOT_EVICTED)]
fun a_name_in_use_is_not_freed() {
    let (mut w, _, worker) = registered();
    w.release_name(worker);
    abort
}

#[test, expected_failure(abort_code = node_registry::E_NOT_EVICTED)]
fun the_name_of_a_node_that_is_offline_is_not_freed() {
    let (mut w, _, worker) = registered();
    w.tend!(worker, |worker, cluster, cap| worker.set_status(cluster, cap, 2));
    w.quiet();
    w.release_name(worker);
    abort
}

#[test, expected_failure(abort_code = node_registry::E_WRONG_CLUSTER)]
fun a_name_in_another_registry_is_not_freed() {
    let (mut w, _, worker) = registered();
    w.evict(worker, b"x".to_string());
    let (cluster, admin) = (w.cluster_id(), w.admin_cap_id());
    w.create_cluster();
    w.set_cluster(cluster);
    w.set_admin_cap(admin);
    w.release_name(worker);
    abort
}

#[test, expected_failure(abort_code = node_registry::E_WRONG_CLUSTER)]
fun a_worker_of_another_cluster_is_not_freed() {
    let (mut w, _, worker) = registered();
    w.evict(worker, b"x".to_string());
    w.create_cluster();
    w.release_name(worker);
    abort
}

#[test, expected_failure(abort_code = daas::cluster::E_WRONG_CAP)]
fun another_administrator_frees_no_name() {
    let (mut w, _, worker) = registered();
    w.evict(worker, b"x".to_string());
    let (cluster, registry) = (w.cluster_id(), w.registry_id());
    w.create_cluster();
    w.set_cluster(cluster);
    w.set_registry(registry);
    w.release_name(worker);
    abort
}

#[test]
fun a_reason_of_256_bytes() {
    let (mut w, _, worker) = registered();
    w.evict(worker, vector::tabulate!(256, |_| 97u8).to_string());
    assert_eq!(w.events(), 1);
    w.end();
}

#[test, expected_failure(abort_code = node_registry::E_REASON_TOO_LONG)]
fun a_reason_is_short() {
    let (mut w, _, worker) = registered();
    w.evict(worker, vector::tabulate!(257, |_| 97u8).to_string());
    abort
}

#[test, expected_failure(abort_code = node_registry::E_WRONG_CLUSTER)]
fun another_listener_cannot_evict() {
    let (mut w, _, worker) = registered();
    w.create_cluster();
    w.evict(worker, b"x".to_string());
    abort
}

#[test, expected_failure(abort_code = node_registry::E_WRONG_CLUSTER)]
fun an_eviction_names_the_registry() {
    let (mut w, _, worker) = registered();
    let (cluster, cap) = (w.cluster_id(), w.listener_cap_id());
    w.create_cluster();
    w.set_cluster(cluster);
    w.set_listener_cap(cap);
    w.evict(worker, b"x".to_string());
    abort
}
