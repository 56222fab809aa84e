#[test_only]
/// Nodes, for tests: each method is one transaction.
module daas::world_nodes;

use daas::cluster::{Cluster, ListenerCap};
use daas::node_registry::{Self, WorkerNode};
use daas::registry::NodeRegistry;
use daas::staking::Stake;
use daas::world::{Self, World};
use std::string::String;
use sui::test_scenario as ts;

/// Registers a stake's node; returns the worker.
public fun register(w: &mut World, stake: ID, seal: ID): ID {
    let (cluster, clock, stake) = (w.cluster(), w.clock(), w.scenario().take_shared_by_id<Stake>(stake));
    let mut registry = w.scenario().take_shared_by_id<NodeRegistry>(w.registry_id());
    let cap = w.scenario().take_from_address_by_id<ListenerCap>(world::listener(), w.listener_cap_id());
    node_registry::register_worker(&mut registry, &cluster, &cap, &stake, seal, &clock, w.ctx());
    ts::return_to_address(world::listener(), cap);
    ts::return_shared(registry);
    w.return_sealed(cluster, clock, stake);
    ts::most_recent_id_shared<WorkerNode>().destroy_some()
}

public fun evict(w: &mut World, worker: ID, reason: String) {
    let cluster = w.cluster();
    let registry = w.scenario().take_shared_by_id<NodeRegistry>(w.registry_id());
    let mut worker = w.scenario().take_shared_by_id<WorkerNode>(worker);
    let cap = w.scenario().take_from_address_by_id<ListenerCap>(world::listener(), w.listener_cap_id());
    node_registry::evict_worker(&registry, &cluster, &cap, &mut worker, reason);
    ts::return_to_address(world::listener(), cap);
    ts::return_shared(registry);
    ts::return_shared(worker);
    ts::return_shared(cluster);
    w.done();
}

public fun heartbeat(w: &mut World, worker: ID) {
    let (cluster, clock) = (w.cluster(), w.clock());
    let mut worker = w.scenario().take_shared_by_id<WorkerNode>(worker);
    worker.heartbeat(&cluster, &clock, w.ctx());
    ts::return_shared(worker);
    ts::return_shared(cluster);
    ts::return_shared(clock);
    w.done();
}

/// A transaction of the listener's that changes a worker.
public macro fun tend($w: &mut World, $worker: ID, $f: |&mut WorkerNode, &Cluster, &ListenerCap|) {
    let w = $w;
    let mut worker = w.scenario().take_shared_by_id<WorkerNode>($worker);
    w.listen!(|cluster, cap| $f(&mut worker, cluster, cap));
    sui::test_scenario::return_shared(worker);
}

public fun report_liveness(w: &mut World, bitmap: vector<u8>) {
    let clock = w.clock();
    w.listen!(|cluster, cap| {
        node_registry::report_liveness(cluster, cap, bitmap, &clock);
        ts::return_shared(clock);
    });
}

/// The administrator frees the name of a worker; returns what is deleted.
public fun release_name(w: &mut World, worker: ID): vector<ID> {
    let mut registry = w.scenario().take_shared_by_id<NodeRegistry>(w.registry_id());
    let worker = w.scenario().take_shared_by_id<WorkerNode>(worker);
    let (cluster, cap) = w.take_admin();
    node_registry::release_name(&mut registry, &cluster, &cap, worker);
    ts::return_to_address(world::admin(), cap);
    ts::return_shared(cluster);
    ts::return_shared(registry);
    w.done().deleted()
}
