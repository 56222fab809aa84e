/// Seals of operators: who runs a node may run commands, as far as the node's stake and score go.
module daas::operator_seal;

use daas::cluster::Cluster;
use daas::node_registry::WorkerNode;
use daas::seal_token::{Self, SealToken, calculate_permissions};
use daas::staking::Stake;
use std::string::String;
use sui::clock::Clock;

/// The sender is not the staker of the stake.
/// Next: sign with the key of the address that staked.
const E_NOT_STAKER: u64 = 1;
/// The stake is not active, or below the cluster's minimum.
/// Next: add to the stake, or make a new one.
const E_STAKE_UNFIT: u64 = 2;
/// The worker is not the one of this stake.
/// Next: name the WorkerNode of the stake's node.
const E_WRONG_WORKER: u64 = 3;
/// The worker is evicted.
/// Next: make a new stake for a new node name to join again.
const E_EVICTED: u64 = 4;
/// The seal is not an operator's, or of another stake.
/// Next: name an operator's seal of this stake.
const E_WRONG_SEAL: u64 = 5;

const NODE: u8 = 0;
const OPERATOR: u8 = 4;

/// The score from which a stake counts in full.
const FULL_SCORE: u64 = 500;

/// A score may fall: a seal that was made by it does not live longer.
const MAX_TTL_MS: u64 = 3_600_000;

/// What a node's stake of an amount allows at a score: below 500 the stake counts for less, in proportion.
public fun calculate_permissions_for_node(cluster: &Cluster, amount: u64, score: u64): vector<String> {
    let counted = (amount as u128) * (score.min(FULL_SCORE) as u128) / (FULL_SCORE as u128);
    calculate_permissions(cluster, counted as u64)
}

/// Makes a seal for the operator of a registered node, for an hour at most: it goes to the sender, the staker.
public fun create_operator_seal_token(
    cluster: &Cluster,
    stake: &Stake,
    worker: &WorkerNode,
    token_hash: vector<u8>,
    ttl_ms: u64,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    check(cluster, stake, worker, ctx);
    let permissions = calculate_permissions_for_node(cluster, stake.amount(), worker.score());
    let end = expiry(cluster, ttl_ms, clock);
    let (id, amount) = (object::id(stake), stake.amount());
    seal_token::make(cluster, id, amount, OPERATOR, permissions, token_hash, end, clock, ctx)
}

/// Gives an operator's seal a new secret, an hour at most, and the permissions of stake and score as they are now.
public fun rotate(
    seal: &mut SealToken,
    cluster: &Cluster,
    stake: &Stake,
    worker: &WorkerNode,
    token_hash: vector<u8>,
    ttl_ms: u64,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    check(cluster, stake, worker, ctx);
    assert!(seal.kind() == OPERATOR && seal.stake() == object::id(stake), E_WRONG_SEAL);
    let permissions = calculate_permissions_for_node(cluster, stake.amount(), worker.score());
    seal.renew(cluster, stake.amount(), permissions, token_hash, expiry(cluster, ttl_ms, clock), ctx)
}

fun check(cluster: &Cluster, stake: &Stake, worker: &WorkerNode, ctx: &TxContext) {
    cluster.assert_open();
    stake.assert_cluster(cluster);
    assert!(stake.staker() == ctx.sender(), E_NOT_STAKER);
    assert!(stake.is_active() && stake.amount() >= cluster.settings().min_stake(NODE), E_STAKE_UNFIT);
    assert!(worker.stake() == object::id(stake), E_WRONG_WORKER);
    assert!(!worker.is_evicted(), E_EVICTED);
}

fun expiry(cluster: &Cluster, ttl_ms: u64, clock: &Clock): u64 {
    seal_token::expiry(cluster, ttl_ms.min(MAX_TTL_MS), clock)
}
