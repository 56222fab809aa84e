/// Stakes: SUI that vouches for a node, a user or an administrator.
module daas::staking;

use daas::cluster::{Cluster, AdminCap};
use daas::text;
use std::string::String;
use sui::balance::Balance;
use sui::clock::Clock;
use sui::coin::{Self, Coin};
use sui::event;
use sui::sui::SUI;

/// The amount is zero.
/// Next: give an amount above zero.
const E_ZERO_AMOUNT: u64 = 1;
/// The amount is below the cluster's minimum for this kind of stake.
/// Next: read the minimum with daas status and stake at least that much.
const E_BELOW_MINIMUM: u64 = 2;
/// The node name is no DNS label.
/// Next: use 1 to 63 lower-case letters, digits and dashes, with no dash at either end.
const E_INVALID_NODE_NAME: u64 = 3;
/// The stake belongs to someone else.
/// Next: sign with the key of the address that staked.
const E_NOT_STAKER: u64 = 4;
/// The stake belongs to another cluster.
/// Next: name the cluster of the stake.
const E_WRONG_CLUSTER: u64 = 5;
/// The stake is not active: it is being withdrawn or it was slashed.
/// Next: withdraw what is left and make a new stake.
const E_NOT_ACTIVE: u64 = 6;
/// The stake is still locked.
/// Next: wait until the time in locked_until_ms and run it again.
const E_LOCKED: u64 = 7;
/// The ticket belongs to another stake.
/// Next: give the StakeTicket whose field `stake` is this stake.
const E_WRONG_TICKET: u64 = 8;
/// There is nothing left to slash.
/// Next: nothing is left to do.
const E_NOTHING_TO_SLASH: u64 = 9;
/// The amount to slash is more than the stake has.
/// Next: slash at most the balance of the stake.
const E_SLASH_TOO_LARGE: u64 = 10;
/// The reason is longer than 256 bytes.
/// Next: give a shorter reason.
const E_REASON_TOO_LONG: u64 = 11;

/// The stake is not unbonding yet; this cluster wants that first.
/// Next: run daas unstake, wait for the time that it names, and run it again.
const E_NOT_UNBONDING: u64 = 12;
/// The stake is still unbonding.
/// Next: wait until the time in unbonding_until_ms and run it again.
const E_UNBONDING: u64 = 13;

const NODE: u8 = 0;
const USER: u8 = 1;
const ADMIN: u8 = 2;

const ACTIVE: u8 = 0;
const UNBONDING: u8 = 1;
const SLASHED: u8 = 2;

const BPS: u128 = 10_000;

/// One stake. Shared, so that it can be slashed without its owner.
public struct Stake has key {
    id: UID,
    cluster: ID,
    staker: address,
    balance: Balance<SUI>,
    staked_at_ms: u64,
    locked_until_ms: u64,
    /// 0 active, 1 unbonding, 2 slashed.
    status: u8,
    /// Empty unless it is a node's.
    node_id: String,
    /// 0 node, 1 user, 2 administrator.
    stake_type: u8,
    /// MIST taken so far.
    total_slashed: u64,
    /// When unbonding ends; 0 while it has not begun.
    unbonding_until_ms: u64,
}

/// How a wallet finds its stakes, and half of what a withdrawal needs. Owned by the staker, for good.
public struct StakeTicket has key {
    id: UID,
    stake: ID,
    cluster: ID,
    node_id: String,
    stake_type: u8,
}

/// Someone staked.
public struct StakeCreated has copy, drop {
    stake: ID,
    cluster: ID,
    staker: address,
    amount: u64,
    stake_type: u8,
    node_id: String,
    locked_until_ms: u64,
    staked_at_ms: u64,
}

/// A stake grew.
public struct StakeAdded has copy, drop {
    stake: ID,
    cluster: ID,
    amount: u64,
    total: u64,
}

/// The staker wants out.
public struct UnstakeRequested has copy, drop {
    stake: ID,
    cluster: ID,
    at_ms: u64,
    unbonding_until_ms: u64,
}

/// The staker took what was left.
public struct StakeWithdrawn has copy, drop {
    stake: ID,
    cluster: ID,
    staker: address,
    amount: u64,
}

/// The administrator took a part.
public struct StakeSlashed has copy, drop {
    stake: ID,
    cluster: ID,
    amount: u64,
    remaining: u64,
    reason: String,
    unbonding_until_ms: u64,
}

/// Stakes for a node. Returns the stake, to be sealed and then shared with `share_stake`; the sender gets the ticket.
public fun stake_for_node(
    cluster: &Cluster,
    payment: Coin<SUI>,
    node_id: String,
    clock: &Clock,
    ctx: &mut TxContext,
): Stake {
    assert!(text::is_dns_label(&node_id), E_INVALID_NODE_NAME);
    stake(cluster, payment, node_id, NODE, clock, ctx)
}

/// Stakes for a user. As `stake_for_node`.
public fun stake_for_user(cluster: &Cluster, payment: Coin<SUI>, clock: &Clock, ctx: &mut TxContext): Stake {
    stake(cluster, payment, b"".to_string(), USER, clock, ctx)
}

/// Stakes for an administrator. As `stake_for_node`.
public fun stake_for_admin(cluster: &Cluster, payment: Coin<SUI>, clock: &Clock, ctx: &mut TxContext): Stake {
    stake(cluster, payment, b"".to_string(), ADMIN, clock, ctx)
}

/// Shares a new stake; the last step of staking.
public fun share_stake(stake: Stake) {
    transfer::share_object(stake)
}

/// Adds to an active stake.
public fun add_stake(cluster: &Cluster, stake: &mut Stake, payment: Coin<SUI>, ctx: &mut TxContext) {
    cluster.assert_open();
    stake.assert_own(cluster, ctx);
    assert!(stake.status == ACTIVE, E_NOT_ACTIVE);
    let amount = payment.value();
    assert!(amount > 0, E_ZERO_AMOUNT);
    let total = stake.balance.join(payment.into_balance());
    event::emit(StakeAdded { stake: object::id(stake), cluster: stake.cluster, amount, total });
}

/// Says that the stake is to be withdrawn: seals of it end, a node of it is drained, unbonding begins.
public fun request_unstake(cluster: &Cluster, stake: &mut Stake, clock: &Clock, ctx: &mut TxContext) {
    stake.assert_own(cluster, ctx);
    assert!(stake.status == ACTIVE, E_NOT_ACTIVE);
    let now = clock.timestamp_ms();
    stake.status = UNBONDING;
    stake.unbonding_until_ms = now + cluster.settings().unbonding_ms();
    event::emit(UnstakeRequested {
        stake: object::id(stake),
        cluster: stake.cluster,
        at_ms: now,
        unbonding_until_ms: stake.unbonding_until_ms,
    });
}

/// Ends a stake once its lock and its unbonding are over, and returns what is left of it, pause or not. An active
/// stake can be withdrawn only where the cluster has no unbonding; a slashed one unbonds from its last slash.
public fun withdraw_stake(
    cluster: &Cluster,
    stake: Stake,
    ticket: StakeTicket,
    clock: &Clock,
    ctx: &mut TxContext,
): Coin<SUI> {
    stake.assert_own(cluster, ctx);
    assert!(ticket.stake == object::id(&stake), E_WRONG_TICKET);
    assert!(clock.timestamp_ms() >= stake.locked_until_ms, E_LOCKED);
    assert!(stake.status != ACTIVE || cluster.settings().unbonding_ms() == 0, E_NOT_UNBONDING);
    assert!(clock.timestamp_ms() >= stake.unbonding_until_ms, E_UNBONDING);
    let StakeTicket { id: ticket_id, .. } = ticket;
    ticket_id.delete();
    let Stake { id, cluster: cluster_id, staker, balance, .. } = stake;
    event::emit(StakeWithdrawn { stake: id.to_inner(), cluster: cluster_id, staker, amount: balance.value() });
    id.delete();
    balance.into_coin(ctx)
}

/// Takes the cluster's share (rounded up) of a stake for the treasury and ends its activity.
public fun slash_stake(
    cluster: &Cluster,
    cap: &AdminCap,
    stake: &mut Stake,
    reason: String,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    let share = (stake.balance.value() as u128) * (cluster.settings().slash_bps() as u128);
    let amount = share.divide_and_round_up(BPS) as u64;
    slash(cluster, cap, stake, amount, reason, clock, ctx)
}

/// Takes an amount of a stake for the treasury and ends its activity.
public fun slash_stake_amount(
    cluster: &Cluster,
    cap: &AdminCap,
    stake: &mut Stake,
    amount: u64,
    reason: String,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    assert!(amount > 0, E_ZERO_AMOUNT);
    slash(cluster, cap, stake, amount, reason, clock, ctx)
}

/// Aborts unless the stake is of this cluster, and the cluster of this version of the package.
public fun assert_cluster(stake: &Stake, cluster: &Cluster) {
    cluster.assert_version();
    assert!(stake.cluster == object::id(cluster), E_WRONG_CLUSTER);
}

/// The cluster.
public fun cluster(stake: &Stake): ID { stake.cluster }
/// Who staked.
public fun staker(stake: &Stake): address { stake.staker }
/// MIST.
public fun amount(stake: &Stake): u64 { stake.balance.value() }
/// ms since 1970.
public fun staked_at_ms(stake: &Stake): u64 { stake.staked_at_ms }
/// ms since 1970.
public fun locked_until_ms(stake: &Stake): u64 { stake.locked_until_ms }
/// 0 active, 1 unbonding, 2 slashed.
public fun status(stake: &Stake): u8 { stake.status }
/// Whether it is active.
public fun is_active(stake: &Stake): bool { stake.status == ACTIVE }
/// The node's name, or empty.
public fun node_id(stake: &Stake): String { stake.node_id }
/// 0 node, 1 user, 2 administrator.
public fun stake_type(stake: &Stake): u8 { stake.stake_type }
/// MIST taken so far.
public fun total_slashed(stake: &Stake): u64 { stake.total_slashed }
/// When unbonding ends, ms since 1970; 0 while it has not begun.
public fun unbonding_until_ms(stake: &Stake): u64 { stake.unbonding_until_ms }
/// The stake that a ticket is for.
public fun ticket_stake(ticket: &StakeTicket): ID { ticket.stake }

fun assert_own(stake: &Stake, cluster: &Cluster, ctx: &TxContext) {
    stake.assert_cluster(cluster);
    assert!(stake.staker == ctx.sender(), E_NOT_STAKER);
}

fun stake(
    cluster: &Cluster,
    payment: Coin<SUI>,
    node_id: String,
    stake_type: u8,
    clock: &Clock,
    ctx: &mut TxContext,
): Stake {
    cluster.assert_open();
    let amount = payment.value();
    assert!(amount >= cluster.settings().min_stake(stake_type), E_BELOW_MINIMUM);
    let now = clock.timestamp_ms();
    let stake = Stake {
        id: object::new(ctx),
        cluster: object::id(cluster),
        staker: ctx.sender(),
        balance: payment.into_balance(),
        staked_at_ms: now,
        locked_until_ms: now + cluster.settings().lock_ms(stake_type),
        status: ACTIVE,
        node_id,
        stake_type,
        total_slashed: 0,
        unbonding_until_ms: 0,
    };
    let (id, cluster) = (object::id(&stake), stake.cluster);
    let ticket = StakeTicket { id: object::new(ctx), stake: id, cluster, node_id, stake_type };
    transfer::transfer(ticket, ctx.sender());
    event::emit(StakeCreated {
        stake: object::id(&stake),
        cluster: stake.cluster,
        staker: stake.staker,
        amount,
        stake_type,
        node_id,
        locked_until_ms: stake.locked_until_ms,
        staked_at_ms: now,
    });
    stake
}

fun slash(
    cluster: &Cluster,
    cap: &AdminCap,
    stake: &mut Stake,
    amount: u64,
    reason: String,
    clock: &Clock,
    ctx: &mut TxContext,
) {
    cluster.assert_admin(cap);
    stake.assert_cluster(cluster);
    assert!(reason.length() <= 256, E_REASON_TOO_LONG);
    assert!(stake.balance.value() > 0, E_NOTHING_TO_SLASH);
    assert!(amount <= stake.balance.value(), E_SLASH_TOO_LARGE);
    let unbonding_ms = cluster.settings().unbonding_ms();
    if (unbonding_ms > 0) {
        stake.unbonding_until_ms = stake.unbonding_until_ms.max(clock.timestamp_ms() + unbonding_ms);
    };
    stake.status = SLASHED;
    stake.total_slashed = stake.total_slashed + amount;
    transfer::public_transfer(coin::take(&mut stake.balance, amount, ctx), cluster.settings().treasury());
    event::emit(StakeSlashed {
        stake: object::id(stake),
        cluster: stake.cluster,
        amount,
        remaining: stake.balance.value(),
        reason,
        unbonding_until_ms: stake.unbonding_until_ms,
    });
}
