/// Workers: nodes that joined with a stake.
module daas::node_registry;

use daas::cluster::{Cluster, AdminCap, ListenerCap};
use daas::registry::NodeRegistry;
use daas::staking::Stake;
use std::string::String;
use sui::clock::Clock;
use sui::event;

/// The registry or the worker belongs to another cluster.
/// Next: name the registry and the worker of this cluster.
const E_WRONG_CLUSTER: u64 = 1;
/// The stake is not active: it is being withdrawn or it was slashed.
/// Next: make a new stake for the node.
const E_STAKE_NOT_ACTIVE: u64 = 2;
/// The stake is not a node's.
/// Next: stake with stake_for_node.
const E_WRONG_KIND: u64 = 3;
/// The stake is below the cluster's minimum for nodes.
/// Next: add to the stake.
const E_BELOW_MINIMUM: u64 = 4;
/// The administrator revoked the seal.
/// Next: ask the cluster's administrator.
const E_SEAL_REVOKED: u64 = 5;
/// The worker is evicted.
/// Next: make a new stake for a new node name to join again.
const E_EVICTED: u64 = 6;
/// The sender is not the owner of the worker.
/// Next: sign with the key of the address that staked for the node.
const E_NOT_OWNER: u64 = 7;
/// The status is none that a listener can set.
/// Next: give 0 (registered), 1 (ready) or 2 (offline); evict with evict_worker.
const E_INVALID_STATUS: u64 = 8;
/// The reason is longer than 256 bytes.
/// Next: give a shorter reason.
const E_REASON_TOO_LONG: u64 = 9;
/// The score is above 1000.
/// Next: give 0 to 1000.
const E_INVALID_SCORE: u64 = 10;
/// The worker is not evicted: its name is in use.
/// Next: slash the stake of the node; its listener evicts it.
const E_NOT_EVICTED: u64 = 11;

const NODE: u8 = 0;

const NEUTRAL_SCORE: u64 = 500;

const REGISTERED: u8 = 0;
const OFFLINE: u8 = 2;
const EVICTED: u8 = 3;

/// A node of the cluster. Shared.
public struct WorkerNode has key {
    id: UID,
    cluster: ID,
    owner: address,
    stake: ID,
    seal: ID,
    name: String,
    /// Its place in the liveness bitmap.
    index: u64,
    /// 0 to 1000; 500 to begin with.
    score: u64,
    /// 0 registered, 1 ready, 2 offline, 3 evicted.
    status: u8,
    registered_at_ms: u64,
    last_heartbeat_ms: u64,
}

/// A worker was registered.
public struct WorkerRegistered has copy, drop {
    worker: ID,
    cluster: ID,
    stake: ID,
    name: String,
    index: u64,
    owner: address,
    seal: ID,
    registered_at_ms: u64,
}

/// A worker was evicted, for good.
public struct WorkerEvicted has copy, drop {
    worker: ID,
    cluster: ID,
    stake: ID,
    name: String,
    reason: String,
}

/// A worker says that it lives.
public struct WorkerHeartbeat has copy, drop {
    worker: ID,
    at_ms: u64,
}

/// The listener says who lives: bit `index % 8` of byte `index / 8`.
public struct LivenessReported has copy, drop {
    cluster: ID,
    bitmap: vector<u8>,
    at_ms: u64,
}

/// The listener scored a worker.
public struct ScoreSet has copy, drop {
    worker: ID,
    score: u64,
}

/// The listener saw a worker change.
public struct WorkerStatusSet has copy, drop {
    worker: ID,
    status: u8,
}

/// An administrator freed a name; the worker that had it is gone.
public struct NameReleased has copy, drop {
    cluster: ID,
    worker: ID,
    name: String,
}

/// Registers the node of a stake under the stake's node name, once per stake and name, and shares its WorkerNode.
public fun register_worker(
    registry: &mut NodeRegistry,
    cluster: &Cluster,
    cap: &ListenerCap,
    stake: &Stake,
    seal: ID,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    cluster.assert_listener(cap);
    cluster.assert_open();
    assert!(registry.cluster() == object::id(cluster), E_WRONG_CLUSTER);
    stake.assert_cluster(cluster);
    assert!(stake.stake_type() == NODE, E_WRONG_KIND);
    assert!(stake.is_active(), E_STAKE_NOT_ACTIVE);
    assert!(stake.amount() >= cluster.settings().min_stake(NODE), E_BELOW_MINIMUM);
    assert!(!cluster.is_revoked(&seal), E_SEAL_REVOKED);
    let id = object::new(ctx);
    let name = stake.node_id();
    let index = registry.take(name, object::id(stake), id.to_inner());
    let now = clock.timestamp_ms();
    let worker = WorkerNode {
        id,
        cluster: object::id(cluster),
        owner: stake.staker(),
        stake: object::id(stake),
        seal,
        name,
        index,
        score: NEUTRAL_SCORE,
        status: REGISTERED,
        registered_at_ms: now,
        last_heartbeat_ms: now,
    };
    event::emit(WorkerRegistered {
        worker: object::id(&worker),
        cluster: worker.cluster,
        stake: worker.stake,
        name,
        index,
        owner: worker.owner,
        seal,
        registered_at_ms: now,
    });
    transfer::share_object(worker);
}

/// Evicts a worker, for good: neither its stake nor its name can be registered again.
public fun evict_worker(
    registry: &NodeRegistry,
    cluster: &Cluster,
    cap: &ListenerCap,
    worker: &mut WorkerNode,
    reason: String,
) {
    worker.assert_listener(cluster, cap);
    assert!(registry.cluster() == worker.cluster, E_WRONG_CLUSTER);
    assert!(worker.status != EVICTED, E_EVICTED);
    assert!(reason.length() <= 256, E_REASON_TOO_LONG);
    worker.status = EVICTED;
    event::emit(WorkerEvicted {
        worker: object::id(worker),
        cluster: worker.cluster,
        stake: worker.stake,
        name: worker.name,
        reason,
    });
}

/// The owner says that the worker lives.
public fun heartbeat(worker: &mut WorkerNode, cluster: &Cluster, clock: &Clock, ctx: &mut TxContext) {
    worker.assert_cluster(cluster);
    assert!(worker.owner == ctx.sender(), E_NOT_OWNER);
    assert!(worker.status != EVICTED, E_EVICTED);
    worker.last_heartbeat_ms = clock.timestamp_ms();
    event::emit(WorkerHeartbeat { worker: object::id(worker), at_ms: worker.last_heartbeat_ms });
}

/// The listener says who lives, for the whole cluster at once.
public fun report_liveness(cluster: &Cluster, cap: &ListenerCap, bitmap: vector<u8>, clock: &Clock) {
    cluster.assert_listener(cap);
    event::emit(LivenessReported { cluster: object::id(cluster), bitmap, at_ms: clock.timestamp_ms() });
}

/// The listener scores a worker, 0 to 1000.
public fun set_score(worker: &mut WorkerNode, cluster: &Cluster, cap: &ListenerCap, score: u64) {
    worker.assert_listener(cluster, cap);
    assert!(worker.status != EVICTED, E_EVICTED);
    assert!(score <= 1_000, E_INVALID_SCORE);
    worker.score = score;
    event::emit(ScoreSet { worker: object::id(worker), score });
}

/// The listener saw a worker become ready (1), go offline (2) or neither (0).
public fun set_status(worker: &mut WorkerNode, cluster: &Cluster, cap: &ListenerCap, status: u8) {
    worker.assert_listener(cluster, cap);
    assert!(worker.status != EVICTED, E_EVICTED);
    assert!(status <= OFFLINE, E_INVALID_STATUS);
    worker.status = status;
    event::emit(WorkerStatusSet { worker: object::id(worker), status });
}

/// Frees the name of an evicted worker, when no certificate that carries it is valid any more, and deletes the
/// WorkerNode. The stake stays barred for good.
public fun release_name(registry: &mut NodeRegistry, cluster: &Cluster, cap: &AdminCap, worker: WorkerNode) {
    cluster.assert_admin(cap);
    assert!(registry.cluster() == object::id(cluster), E_WRONG_CLUSTER);
    worker.assert_cluster(cluster);
    assert!(worker.is_evicted(), E_NOT_EVICTED);
    let WorkerNode { id, name, .. } = worker;
    registry.release(name);
    event::emit(NameReleased { cluster: object::id(cluster), worker: id.to_inner(), name });
    id.delete();
}

/// Aborts unless the worker is of this cluster, and the cluster of this version of the package.
public fun assert_cluster(worker: &WorkerNode, cluster: &Cluster) {
    cluster.assert_version();
    assert!(worker.cluster == object::id(cluster), E_WRONG_CLUSTER);
}

/// Whether it is evicted.
public fun is_evicted(worker: &WorkerNode): bool { worker.status == EVICTED }
/// The cluster.
public fun cluster(worker: &WorkerNode): ID { worker.cluster }
/// Who staked for it.
public fun owner(worker: &WorkerNode): address { worker.owner }
/// Its stake.
public fun stake(worker: &WorkerNode): ID { worker.stake }
/// Its seal.
public fun seal(worker: &WorkerNode): ID { worker.seal }
/// Its name.
public fun name(worker: &WorkerNode): String { worker.name }
/// Its place in the liveness bitmap.
public fun index(worker: &WorkerNode): u64 { worker.index }
/// 0 to 1000.
public fun score(worker: &WorkerNode): u64 { worker.score }
/// 0 registered, 1 ready, 2 offline, 3 evicted.
public fun status(worker: &WorkerNode): u8 { worker.status }
/// ms since 1970.
public fun registered_at_ms(worker: &WorkerNode): u64 { worker.registered_at_ms }
/// ms since 1970.
public fun last_heartbeat_ms(worker: &WorkerNode): u64 { worker.last_heartbeat_ms }

fun assert_listener(worker: &WorkerNode, cluster: &Cluster, cap: &ListenerCap) {
    cluster.assert_listener(cap);
    worker.assert_cluster(cluster);
}
