#[test_only]
#[allow(unused_mut_ref)]
/// A cluster and its people, for tests: each method that does something is one transaction of the current sender.
module daas::world;

use daas::cluster::{Self, AdminCap, Cluster, ListenerCap};
use daas::staking::{Self, Stake, StakeTicket};
use std::string::String;
use sui::clock::{Self, Clock};
use sui::coin::{Self, Coin};
use sui::sui::SUI;
use sui::test_scenario::{Self as ts, Scenario};

use fun return_admin as Scenario.return_admin;

const ADMIN: address = @0xAD;
const LISTENER: address = @0x11;
const SUI_MIST: u64 = 1_000_000_000;

public struct World {
    s: Scenario,
    cluster: ID,
    registry: ID,
    admin: ID,
    listener: ID,
    events: u64,
}

public fun admin(): address { ADMIN }

public fun listener(): address { LISTENER }

public fun sui(): u64 { SUI_MIST }

public fun hash(): vector<u8> { bytes(32) }

public fun bytes(n: u64): vector<u8> { vector::tabulate!(n, |i| (i % 251) as u8) }

/// A world with one open cluster; the sender is the administrator.
public fun begin(): World {
    let mut s = ts::begin(ADMIN);
    clock::create_for_testing(s.ctx()).share_for_testing();
    let nothing = @0x0.to_id();
    let mut w = World {
        s,
        cluster: nothing,
        registry: nothing,
        admin: nothing,
        listener: nothing,
        events: 0,
    };
    w.next(ADMIN);
    w.create_cluster();
    w
}

public fun end(w: World) {
    let World { s, .. } = w;
    s.end();
}

fun next(w: &mut World, sender: address): ts::TransactionEffects {
    let effects = w.s.next_tx(sender);
    w.events = effects.num_user_events();
    effects
}

/// Ends the transaction; the next is of the same sender.
public fun done(w: &mut World): ts::TransactionEffects {
    let sender = w.s.sender();
    w.next(sender)
}

/// Begins the next transaction, so that what was looked at is there again; `events` stays.
public fun quiet(w: &mut World) {
    let sender = w.s.sender();
    w.s.next_tx(sender);
}

/// From now on this one sends.
public fun sender(w: &mut World, sender: address) { w.next(sender); }

/// How many events the last transaction had.
public fun events(w: &World): u64 { w.events }

public fun cluster_id(w: &World): ID { w.cluster }

public fun registry_id(w: &World): ID { w.registry }

public fun admin_cap_id(w: &World): ID { w.admin }

public fun listener_cap_id(w: &World): ID { w.listener }

public fun set_cluster(w: &mut World, id: ID) { w.cluster = id }

public fun set_registry(w: &mut World, id: ID) { w.registry = id }

public fun set_admin_cap(w: &mut World, id: ID) { w.admin = id }

public fun set_listener_cap(w: &mut World, id: ID) { w.listener = id }

/// Creates a cluster of the administrator with a listener, and makes it the current one.
public fun create_cluster(w: &mut World) {
    w.create_cluster_named(b"test".to_string());
    let mut cluster = w.cluster();
    let admin = w.s.take_from_address_by_id<AdminCap>(ADMIN, w.admin);
    cluster.create_listener_cap(&admin, LISTENER, w.s.ctx());
    w.s.return_admin(admin);
    ts::return_shared(cluster);
    w.done();
    w.listener = ts::most_recent_id_for_address<ListenerCap>(LISTENER).destroy_some();
}

public fun create_cluster_named(w: &mut World, name: String) {
    let clock = w.clock();
    let cap = cluster::create(name, b"v1.34.1+k3s1".to_string(), &clock, w.s.ctx());
    w.cluster = cap.admin_cap_cluster();
    w.admin = object::id(&cap);
    transfer::public_transfer(cap, ADMIN);
    ts::return_shared(clock);
    w.done();
    let cluster = w.cluster();
    w.registry = cluster.registry();
    ts::return_shared(cluster);
    w.quiet();
}

/// A transaction of the administrator's that changes the cluster.
public macro fun administrate($w: &mut World, $f: |&mut Cluster, &AdminCap|) {
    let w = $w;
    let (mut cluster, cap) = w.take_admin();
    $f(&mut cluster, &cap);
    w.return_admin_all(cluster, cap);
}

/// As `administrate`, with the time.
public macro fun administrate_at($w: &mut World, $f: |&mut Cluster, &AdminCap, &Clock|) {
    let w = $w;
    let (mut cluster, cap) = w.take_admin();
    let clock = w.clock();
    $f(&mut cluster, &cap, &clock);
    sui::test_scenario::return_shared(clock);
    w.return_admin_all(cluster, cap);
}

/// The administrator revokes a seal.
public fun revoke_by_admin(w: &mut World, seal: ID) {
    w.administrate_at!(|cluster, cap, clock| cluster.revoke_seal(cap, seal, clock));
}

/// The administrator takes a seal off the revoked list.
public fun forget_by_admin(w: &mut World, seal: ID) {
    w.administrate_at!(|cluster, cap, clock| cluster.forget_seal(cap, seal, clock));
}

/// A transaction of the listener's that changes the cluster.
public macro fun listen($w: &mut World, $f: |&mut Cluster, &ListenerCap|) {
    let w = $w;
    let (mut cluster, cap) = w.take_listener();
    $f(&mut cluster, &cap);
    w.return_listener_all(cluster, cap);
}

/// As `listen`, with the time.
public macro fun listen_at($w: &mut World, $f: |&mut Cluster, &ListenerCap, &Clock|) {
    let w = $w;
    let (mut cluster, cap) = w.take_listener();
    let clock = w.clock();
    $f(&mut cluster, &cap, &clock);
    sui::test_scenario::return_shared(clock);
    w.return_listener_all(cluster, cap);
}

/// Looks at an object that is shared.
public macro fun look<$T: key>($w: &World, $id: ID, $f: |&$T|) {
    let w = $w;
    let seen = w.scenario().take_shared_by_id<$T>($id);
    $f(&seen);
    sui::test_scenario::return_shared(seen);
}

public fun scenario(w: &World): &Scenario { &w.s }

public fun ctx(w: &mut World): &mut TxContext { w.s.ctx() }

public fun take_admin(w: &World): (Cluster, AdminCap) {
    (w.cluster(), w.s.take_from_address_by_id<AdminCap>(ADMIN, w.admin))
}

public fun return_admin_all(w: &mut World, cluster: Cluster, cap: AdminCap) {
    w.s.return_admin(cap);
    ts::return_shared(cluster);
    w.done();
}

public fun take_listener(w: &World): (Cluster, ListenerCap) {
    (w.cluster(), w.s.take_from_address_by_id<ListenerCap>(LISTENER, w.listener))
}

public fun return_listener_all(w: &mut World, cluster: Cluster, cap: ListenerCap) {
    ts::return_to_address(LISTENER, cap);
    ts::return_shared(cluster);
    w.done();
}

public fun advance(w: &mut World, ms: u64) {
    let mut clock = w.clock();
    clock.increment_for_testing(ms);
    ts::return_shared(clock);
    w.done();
}

public fun pay(w: &mut World, amount: u64): Coin<SUI> {
    coin::mint_for_testing<SUI>(amount, w.s.ctx())
}

/// Stakes; returns the stake.
public fun stake_node(w: &mut World, amount: u64, name: vector<u8>): ID {
    let payment = w.pay(amount);
    let (cluster, clock) = (w.cluster(), w.clock());
    let stake = staking::stake_for_node(&cluster, payment, name.to_string(), &clock, w.s.ctx());
    w.share(stake, cluster, clock)
}

public fun stake_user(w: &mut World, amount: u64): ID {
    let payment = w.pay(amount);
    let (cluster, clock) = (w.cluster(), w.clock());
    let stake = staking::stake_for_user(&cluster, payment, &clock, w.s.ctx());
    w.share(stake, cluster, clock)
}

public fun stake_admin(w: &mut World, amount: u64): ID {
    let payment = w.pay(amount);
    let (cluster, clock) = (w.cluster(), w.clock());
    let stake = staking::stake_for_admin(&cluster, payment, &clock, w.s.ctx());
    w.share(stake, cluster, clock)
}

fun share(w: &mut World, stake: Stake, cluster: Cluster, clock: Clock): ID {
    let id = object::id(&stake);
    stake.share_stake();
    ts::return_shared(cluster);
    ts::return_shared(clock);
    w.done();
    id
}

public fun add_stake(w: &mut World, stake: ID, amount: u64) {
    let payment = w.pay(amount);
    let (cluster, mut stake) = (w.cluster(), w.s.take_shared_by_id<Stake>(stake));
    staking::add_stake(&cluster, &mut stake, payment, w.s.ctx());
    ts::return_shared(cluster);
    ts::return_shared(stake);
    w.done();
}

public fun request_unstake(w: &mut World, stake: ID) {
    let (cluster, clock, mut stake) = (w.cluster(), w.clock(), w.s.take_shared_by_id<Stake>(stake));
    staking::request_unstake(&cluster, &mut stake, &clock, w.s.ctx());
    ts::return_shared(cluster);
    ts::return_shared(clock);
    ts::return_shared(stake);
    w.done();
}

/// Withdraws with a ticket of `owner`; returns the amount.
public fun withdraw(w: &mut World, stake: ID, ticket: ID, owner: address): u64 {
    let (cluster, clock, stake) = (w.cluster(), w.clock(), w.s.take_shared_by_id<Stake>(stake));
    let ticket = w.s.take_from_address_by_id<StakeTicket>(owner, ticket);
    let coin = staking::withdraw_stake(&cluster, stake, ticket, &clock, w.s.ctx());
    ts::return_shared(cluster);
    ts::return_shared(clock);
    let amount = coin.burn_for_testing();
    w.done();
    amount
}

/// The ticket that an address got last.
public fun ticket_of(_w: &World, owner: address): ID {
    ts::most_recent_id_for_address<StakeTicket>(owner).destroy_some()
}

public fun slash(w: &mut World, stake: ID, reason: String) {
    let (cluster, clock, mut stake) = (w.cluster(), w.clock(), w.s.take_shared_by_id<Stake>(stake));
    let cap = w.s.take_from_address_by_id<AdminCap>(ADMIN, w.admin);
    staking::slash_stake(&cluster, &cap, &mut stake, reason, &clock, w.s.ctx());
    w.return_slashed(cluster, clock, stake, cap);
}

public fun slash_amount(w: &mut World, stake: ID, amount: u64) {
    let (cluster, clock, mut stake) = (w.cluster(), w.clock(), w.s.take_shared_by_id<Stake>(stake));
    let cap = w.s.take_from_address_by_id<AdminCap>(ADMIN, w.admin);
    staking::slash_stake_amount(&cluster, &cap, &mut stake, amount, b"x".to_string(), &clock, w.s.ctx());
    w.return_slashed(cluster, clock, stake, cap);
}

fun return_slashed(w: &mut World, cluster: Cluster, clock: Clock, stake: Stake, cap: AdminCap) {
    w.s.return_admin(cap);
    ts::return_shared(cluster);
    ts::return_shared(clock);
    ts::return_shared(stake);
    w.done();
}

/// What an address was paid last.
public fun paid(w: &World, owner: address): u64 {
    let coin = w.s.take_from_address<Coin<SUI>>(owner);
    let amount = coin.value();
    ts::return_to_address(owner, coin);
    amount
}

/// Gives back what a sealing took.
public fun return_sealed(w: &mut World, cluster: Cluster, clock: Clock, stake: Stake) {
    ts::return_shared(cluster);
    ts::return_shared(clock);
    ts::return_shared(stake);
    w.done();
}

/// The cluster, taken.
public fun cluster(w: &World): Cluster { w.s.take_shared_by_id<Cluster>(w.cluster) }

/// The clock, taken.
public fun clock(w: &World): Clock { w.s.take_shared<Clock>() }

fun return_admin(_s: &Scenario, cap: AdminCap) { ts::return_to_address(ADMIN, cap) }
