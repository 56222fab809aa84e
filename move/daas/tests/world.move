#[test_only]
#[allow(unused_mut_ref)]
/// A cluster and its people, for tests: each method that does something is one transaction of the current sender.
module daas::world;

use daas::cluster::{Self, AdminCap, Cluster, ListenerCap};
use daas::k8s_gateway::{Self, KubectlRequest};
use daas::node_registry::{Self, WorkerNode};
use daas::registry::NodeRegistry;
use daas::seal_token::{Self, SealToken};
use daas::sessions;
use daas::staking::{Self, Stake, StakeTicket};
use std::string::String;
use sui::clock::{Self, Clock};
use sui::coin::{Self, Coin};
use sui::sui::SUI;
use sui::test_scenario::{Self as ts, Scenario};

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

/// What a seal's owner learns of the listener.
public fun info(w: &mut World, owner: address, seal: ID): (vector<String>, vector<u8>, vector<u8>) {
    let (cluster, clock) = (w.cluster(), w.clock());
    let seal = w.s.take_from_address_by_id<SealToken>(owner, seal);
    let (urls, key, pin) = seal_token::get_nautilus_info_for_worker(&cluster, &seal, &clock, w.s.ctx());
    ts::return_to_address(owner, seal);
    ts::return_shared(cluster);
    ts::return_shared(clock);
    w.done();
    (urls, key, pin)
}

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

/// Seals a node's stake; returns the seal.
public fun seal_worker(w: &mut World, stake: ID, hash: vector<u8>, ttl_ms: u64): ID {
    let (cluster, clock, stake) = (w.cluster(), w.clock(), w.s.take_shared_by_id<Stake>(stake));
    seal_token::create_worker_seal_token(&cluster, &stake, hash, ttl_ms, &clock, w.s.ctx());
    w.return_sealed(cluster, clock, stake);
    w.s.most_recent_id_for_sender<SealToken>().destroy_some()
}

public fun seal_user(w: &mut World, stake: ID, hash: vector<u8>, ttl_ms: u64): ID {
    let (cluster, clock, stake) = (w.cluster(), w.clock(), w.s.take_shared_by_id<Stake>(stake));
    seal_token::create_user_seal_token(&cluster, &stake, hash, ttl_ms, &clock, w.s.ctx());
    w.return_sealed(cluster, clock, stake);
    w.s.most_recent_id_for_sender<SealToken>().destroy_some()
}

fun return_sealed(w: &mut World, cluster: Cluster, clock: Clock, stake: Stake) {
    ts::return_shared(cluster);
    ts::return_shared(clock);
    ts::return_shared(stake);
    w.done();
}

public fun rotate(w: &mut World, seal: ID, owner: address, stake: ID, hash: vector<u8>, ttl_ms: u64) {
    let (cluster, clock, stake) = (w.cluster(), w.clock(), w.s.take_shared_by_id<Stake>(stake));
    let mut seal = w.s.take_from_address_by_id<SealToken>(owner, seal);
    seal.rotate(&cluster, &stake, hash, ttl_ms, &clock, w.s.ctx());
    ts::return_to_address(owner, seal);
    w.return_sealed(cluster, clock, stake);
}

public fun revoke(w: &mut World, seal: ID, owner: address) {
    let seal = w.s.take_from_address_by_id<SealToken>(owner, seal);
    seal.revoke(w.s.ctx());
    w.done();
}

/// Looks at a seal.
public macro fun look_seal($w: &World, $owner: address, $id: ID, $f: |&SealToken|) {
    let w = $w;
    let owner = $owner;
    let seen = w.scenario().take_from_address_by_id<SealToken>(owner, $id);
    $f(&seen);
    sui::test_scenario::return_to_address(owner, seen);
}

/// Registers a stake's node; returns the worker.
public fun register(w: &mut World, stake: ID, seal: ID): ID {
    let (cluster, clock, stake) = (w.cluster(), w.clock(), w.s.take_shared_by_id<Stake>(stake));
    let mut registry = w.s.take_shared_by_id<NodeRegistry>(w.registry);
    let cap = w.s.take_from_address_by_id<ListenerCap>(LISTENER, w.listener);
    node_registry::register_worker(&mut registry, &cluster, &cap, &stake, seal, &clock, w.s.ctx());
    ts::return_to_address(LISTENER, cap);
    ts::return_shared(registry);
    w.return_sealed(cluster, clock, stake);
    ts::most_recent_id_shared<WorkerNode>().destroy_some()
}

public fun evict(w: &mut World, worker: ID, reason: String) {
    let cluster = w.cluster();
    let registry = w.s.take_shared_by_id<NodeRegistry>(w.registry);
    let mut worker = w.s.take_shared_by_id<WorkerNode>(worker);
    let cap = w.s.take_from_address_by_id<ListenerCap>(LISTENER, w.listener);
    node_registry::evict_worker(&registry, &cluster, &cap, &mut worker, reason);
    ts::return_to_address(LISTENER, cap);
    ts::return_shared(registry);
    ts::return_shared(worker);
    ts::return_shared(cluster);
    w.done();
}

public fun heartbeat(w: &mut World, worker: ID) {
    let (cluster, clock) = (w.cluster(), w.clock());
    let mut worker = w.s.take_shared_by_id<WorkerNode>(worker);
    worker.heartbeat(&cluster, &clock, w.s.ctx());
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

public fun release_name(w: &mut World, name: String) {
    let mut registry = w.s.take_shared_by_id<NodeRegistry>(w.registry);
    w.administrate!(|cluster, cap| {
        node_registry::release_name(&mut registry, cluster, cap, name);
        ts::return_shared(registry);
    });
}

/// A command with all its parts; the seal is of `owner`. Returns the request.
public fun execute_with(
    w: &mut World,
    owner: address,
    seal: ID,
    stake: ID,
    request_id: vector<u8>,
    verb: vector<u8>,
    resource: vector<u8>,
    namespace: vector<u8>,
    envelope: vector<vector<u8>>,
    priority: u8,
): ID {
    let (cluster, clock, stake) = (w.cluster(), w.clock(), w.s.take_shared_by_id<Stake>(stake));
    let mut seal = w.s.take_from_address_by_id<SealToken>(owner, seal);
    k8s_gateway::execute_kubectl_command_with_id(
        &cluster,
        &mut seal,
        &stake,
        request_id,
        verb.to_string(),
        resource.to_string(),
        namespace.to_string(),
        envelope,
        priority,
        &clock,
        w.s.ctx(),
    );
    ts::return_to_address(owner, seal);
    w.return_sealed(cluster, clock, stake);
    ts::most_recent_id_shared<KubectlRequest>().destroy_some()
}

/// A command of the sender's.
public fun execute(w: &mut World, seal: ID, stake: ID, id: u8, verb: vector<u8>, resource: vector<u8>): ID {
    let owner = w.s.sender();
    let request_id = vector::tabulate!(16, |i| if (i == 0) id else 7u8);
    w.execute_with(owner, seal, stake, request_id, verb, resource, b"default", vector[b"sealed"], 0)
}

public fun respond(
    w: &mut World,
    request: ID,
    status: u16,
    body: vector<vector<u8>>,
    hash: vector<u8>,
    location: vector<u8>,
) {
    let clock = w.clock();
    let mut request = w.s.take_shared_by_id<KubectlRequest>(request);
    w.listen!(|cluster, cap| {
        request.store_k8s_response(cluster, cap, status, body, hash, location.to_string(), &clock);
        ts::return_shared(clock);
        ts::return_shared(request);
    });
}

/// The current listener records the end of a session.
public fun end_session(w: &mut World, request: ID, request_id: vector<u8>, reason: u8) {
    let clock = w.clock();
    w.listen!(|cluster, cap| {
        sessions::end_session(cluster, cap, request, request_id, 10, 20, reason, &clock);
        ts::return_shared(clock);
    });
}

public fun prune(w: &mut World, request: ID) {
    let clock = w.clock();
    let request = w.s.take_shared_by_id<KubectlRequest>(request);
    request.prune(&clock);
    ts::return_shared(clock);
    w.done();
}

/// The cluster, taken.
public fun cluster(w: &World): Cluster { w.s.take_shared_by_id<Cluster>(w.cluster) }

/// The clock, taken.
public fun clock(w: &World): Clock { w.s.take_shared<Clock>() }

use fun return_admin as Scenario.return_admin;

fun return_admin(_s: &Scenario, cap: AdminCap) { ts::return_to_address(ADMIN, cap) }
