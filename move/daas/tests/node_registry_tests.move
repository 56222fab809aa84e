#[test_only]
module daas::node_registry_tests;

use daas::administration;
use daas::node_registry::{Self, WorkerNode};
use daas::registry::{Self, NodeRegistry};
use daas::world::{Self, World};
use std::unit_test::assert_eq;

use fun daas::world_nodes::register as World.register;
use fun daas::world_nodes::evict as World.evict;
use fun daas::world_nodes::heartbeat as World.heartbeat;
use fun daas::world_nodes::tend as World.tend;
use fun daas::world_nodes::report_liveness as World.report_liveness;

const ALICE: address = @0xA;
const BOB: address = @0xB;
const SEAL: address = @0x5EA1;

/// Alice's node w1 is registered.
public fun registered(): (World, ID, ID) {
    let mut w = world::begin();
    w.sender(ALICE);
    let stake = w.stake_node(world::sui(), b"w1");
    w.sender(world::listener());
    w.advance(9);
    let worker = w.register(stake, SEAL.to_id());
    (w, stake, worker)
}

#[test]
fun a_worker_is_registered() {
    let (w, stake, worker) = registered();
    assert_eq!(w.events(), 1);
    w.look!<WorkerNode>(worker, |worker| {
        assert_eq!(worker.cluster(), w.cluster_id());
        assert_eq!(worker.owner(), ALICE);
        assert_eq!(worker.stake(), stake);
        assert_eq!(node_registry::seal(worker), SEAL.to_id());
        assert_eq!(worker.name(), b"w1".to_string());
        assert_eq!(worker.index(), 0);
        assert_eq!(worker.score(), 500);
        assert_eq!(worker.status(), 0);
        assert_eq!(worker.last_heartbeat_ms(), 9);
    });
    w.look!<NodeRegistry>(w.registry_id(), |registry| {
        assert_eq!(registry.cluster(), w.cluster_id());
        assert!(registry.has_name(b"w1".to_string()));
        assert!(!registry.has_name(b"w2".to_string()));
        assert_eq!(registry.worker_of(b"w1".to_string()), worker);
        assert!(registry.has_stake(stake));
        assert_eq!(registry.next_index(), 1);
    });
    w.end();
}

#[test]
fun each_worker_has_its_index() {
    let (mut w, _, _) = registered();
    let stake = w.stake_node(world::sui(), b"w2");
    let worker = w.register(stake, SEAL.to_id());
    w.look!<WorkerNode>(worker, |worker| assert_eq!(worker.index(), 1));
    w.end();
}

#[test, expected_failure(abort_code = registry::E_NAME_UNKNOWN)]
fun an_unknown_name_has_no_worker() {
    let (w, _, _) = registered();
    w.look!<NodeRegistry>(w.registry_id(), |registry| { registry.worker_of(b"w2".to_string()); });
    abort
}

#[test, expected_failure(abort_code = registry::E_NAME_TAKEN)]
fun a_name_is_taken_once() {
    let (mut w, _, _) = registered();
    let stake = w.stake_node(world::sui(), b"w1");
    w.register(stake, SEAL.to_id());
    abort
}

#[test, expected_failure(abort_code = registry::E_STAKE_REGISTERED)]
fun a_stake_registers_once() {
    let (mut w, stake, _) = registered();
    w.register(stake, SEAL.to_id());
    abort
}

#[test, expected_failure(abort_code = daas::cluster::E_WRONG_CAP)]
fun another_listener_cannot_register() {
    let mut w = world::begin();
    let stake = w.stake_node(world::sui(), b"w1");
    let (cluster, registry) = (w.cluster_id(), w.registry_id());
    w.create_cluster();
    w.set_cluster(cluster);
    w.set_registry(registry);
    w.register(stake, SEAL.to_id());
    abort
}

#[test, expected_failure(abort_code = node_registry::E_WRONG_CLUSTER)]
fun the_registry_is_the_cluster_s() {
    let mut w = world::begin();
    let registry = w.registry_id();
    w.create_cluster();
    let stake = w.stake_node(world::sui(), b"w1");
    w.set_registry(registry);
    w.register(stake, SEAL.to_id());
    abort
}

#[test, expected_failure(abort_code = daas::staking::E_WRONG_CLUSTER)]
fun the_stake_is_the_cluster_s() {
    let mut w = world::begin();
    let stake = w.stake_node(world::sui(), b"w1");
    w.create_cluster();
    w.register(stake, SEAL.to_id());
    abort
}

#[test, expected_failure(abort_code = node_registry::E_WRONG_KIND)]
fun a_user_is_no_worker() {
    let mut w = world::begin();
    let stake = w.stake_user(world::sui());
    w.register(stake, SEAL.to_id());
    abort
}

#[test, expected_failure(abort_code = node_registry::E_STAKE_NOT_ACTIVE)]
fun a_slashed_stake_does_not_register() {
    let mut w = world::begin();
    let stake = w.stake_node(2 * world::sui(), b"w1");
    w.slash(stake, b"x".to_string());
    w.register(stake, SEAL.to_id());
    abort
}

#[test, expected_failure(abort_code = node_registry::E_BELOW_MINIMUM)]
fun a_risen_minimum_counts() {
    let mut w = world::begin();
    let stake = w.stake_node(world::sui(), b"w1");
    w.administrate!(|cluster, cap| {
        administration::set_minimums(cluster, cap, vector[world::sui() + 1, 1, 1], vector[0, 0, 0], 0)
    });
    w.register(stake, SEAL.to_id());
    abort
}

#[test, expected_failure(abort_code = node_registry::E_SEAL_REVOKED)]
fun a_revoked_seal_does_not_register() {
    let mut w = world::begin();
    let stake = w.stake_node(world::sui(), b"w1");
    w.revoke_by_admin(SEAL.to_id());
    w.register(stake, SEAL.to_id());
    abort
}

#[test, expected_failure(abort_code = daas::cluster::E_PAUSED)]
fun a_paused_cluster_registers_none() {
    let mut w = world::begin();
    let stake = w.stake_node(world::sui(), b"w1");
    w.administrate!(|cluster, cap| administration::set_paused(cluster, cap, true));
    w.register(stake, SEAL.to_id());
    abort
}

#[test]
fun a_worker_beats() {
    let (mut w, _, worker) = registered();
    w.sender(ALICE);
    w.advance(91);
    w.heartbeat(worker);
    assert_eq!(w.events(), 1);
    w.look!<WorkerNode>(worker, |worker| assert_eq!(worker.last_heartbeat_ms(), 100));
    w.end();
}

#[test, expected_failure(abort_code = node_registry::E_NOT_OWNER)]
fun others_do_not_beat_for_it() {
    let (mut w, _, worker) = registered();
    w.sender(BOB);
    w.heartbeat(worker);
    abort
}

#[test, expected_failure(abort_code = node_registry::E_EVICTED)]
fun an_evicted_worker_does_not_beat() {
    let (mut w, _, worker) = registered();
    w.evict(worker, b"x".to_string());
    w.sender(ALICE);
    w.heartbeat(worker);
    abort
}

#[test]
fun the_listener_tends_its_workers() {
    let (mut w, _, worker) = registered();
    w.tend!(worker, |worker, cluster, cap| {
        worker.set_status(cluster, cap, 1);
        worker.set_score(cluster, cap, 1_000);
    });
    assert_eq!(w.events(), 2);
    w.quiet();
    w.look!<WorkerNode>(worker, |worker| {
        assert_eq!(worker.status(), 1);
        assert_eq!(worker.score(), 1_000);
    });
    w.end();
}

#[test, expected_failure(abort_code = node_registry::E_INVALID_STATUS)]
fun a_status_does_not_evict() {
    let (mut w, _, worker) = registered();
    w.tend!(worker, |worker, cluster, cap| worker.set_status(cluster, cap, 3));
    abort
}

#[test, expected_failure(abort_code = node_registry::E_EVICTED)]
fun an_evicted_worker_stays_evicted() {
    let (mut w, _, worker) = registered();
    w.evict(worker, b"x".to_string());
    w.tend!(worker, |worker, cluster, cap| worker.set_status(cluster, cap, 1));
    abort
}

#[test, expected_failure(abort_code = node_registry::E_EVICTED)]
fun an_evicted_worker_is_not_scored() {
    let (mut w, _, worker) = registered();
    w.evict(worker, b"x".to_string());
    w.tend!(worker, |worker, cluster, cap| worker.set_score(cluster, cap, 1));
    abort
}

#[test, expected_failure(abort_code = node_registry::E_INVALID_SCORE)]
fun a_score_is_at_most_1000() {
    let (mut w, _, worker) = registered();
    w.tend!(worker, |worker, cluster, cap| worker.set_score(cluster, cap, 1_001));
    abort
}

#[test, expected_failure(abort_code = node_registry::E_WRONG_CLUSTER)]
fun another_listener_cannot_score() {
    let (mut w, _, worker) = registered();
    w.create_cluster();
    w.tend!(worker, |worker, cluster, cap| worker.set_score(cluster, cap, 1));
    abort
}

#[test, expected_failure(abort_code = node_registry::E_WRONG_CLUSTER)]
fun another_listener_cannot_set_a_status() {
    let (mut w, _, worker) = registered();
    w.create_cluster();
    w.tend!(worker, |worker, cluster, cap| worker.set_status(cluster, cap, 1));
    abort
}

#[test]
fun liveness_is_one_event() {
    let mut w = world::begin();
    w.report_liveness(x"ff01");
    assert_eq!(w.events(), 1);
    w.end();
}

#[test, expected_failure(abort_code = daas::cluster::E_WRONG_CAP)]
fun another_listener_cannot_report() {
    let mut w = world::begin();
    let cap = w.listener_cap_id();
    w.create_cluster();
    w.set_listener_cap(cap);
    w.report_liveness(x"ff01");
    abort
}
