/// The names and stakes that are taken in a cluster.
module daas::registry;

use std::string::String;
use sui::table::{Self, Table};

/// Another node has, or had, this name.
/// Next: stake for another node name; a name is not given twice, for old client certificates still carry it.
const E_NAME_TAKEN: u64 = 1;
/// The stake has, or had, a node registered.
/// Next: make a new stake for the node; the stake of an evicted node cannot register again.
const E_STAKE_REGISTERED: u64 = 2;
/// No node of this name is registered.
/// Next: check the name of the node.
const E_NAME_UNKNOWN: u64 = 3;

/// Who is registered. Shared; written by the listener when a worker registers, never by workers.
public struct NodeRegistry has key {
    id: UID,
    cluster: ID,
    /// Node name to its WorkerNode, which lives as long as the entry.
    names: Table<String, ID>,
    /// Stake to its WorkerNode; entries stay for good, whether the WorkerNode is still there or not.
    stakes: Table<ID, ID>,
    /// The index of the next worker.
    next_index: u64,
}

/// Creates and shares the registry of a cluster; returns its id.
public(package) fun create(cluster: ID, ctx: &mut TxContext): ID {
    let registry = NodeRegistry {
        id: object::new(ctx),
        cluster,
        names: table::new(ctx),
        stakes: table::new(ctx),
        next_index: 0,
    };
    let id = object::id(&registry);
    transfer::share_object(registry);
    id
}

/// Takes a name for a stake's worker; returns the worker's index.
public(package) fun take(registry: &mut NodeRegistry, name: String, stake: ID, worker: ID): u64 {
    assert!(!registry.stakes.contains(stake), E_STAKE_REGISTERED);
    assert!(!registry.names.contains(name), E_NAME_TAKEN);
    registry.names.add(name, worker);
    registry.stakes.add(stake, worker);
    let index = registry.next_index;
    registry.next_index = index + 1;
    index
}

/// Frees a name that is taken.
public(package) fun release(registry: &mut NodeRegistry, name: String) {
    registry.names.remove(name);
}

/// The cluster of a registry.
public fun cluster(registry: &NodeRegistry): ID { registry.cluster }
/// Whether a name is taken.
public fun has_name(registry: &NodeRegistry, name: String): bool { registry.names.contains(name) }

/// The worker of a name.
public fun worker_of(registry: &NodeRegistry, name: String): ID {
    assert!(registry.names.contains(name), E_NAME_UNKNOWN);
    *registry.names.borrow(name)
}

/// Whether a stake has, or had, a worker.
public fun has_stake(registry: &NodeRegistry, stake: ID): bool { registry.stakes.contains(stake) }
/// How many workers were ever registered.
public fun next_index(registry: &NodeRegistry): u64 { registry.next_index }
