#[test_only]
/// Seals, for tests: each method is one transaction of the current sender.
module daas::world_seals;

use daas::seal_token::{Self, SealToken};
use daas::staking::Stake;
use daas::world::World;
use std::string::String;
use sui::test_scenario as ts;

/// What a seal's owner learns of the listener.
public fun info(w: &mut World, owner: address, seal: ID): (vector<String>, vector<u8>, vector<u8>) {
    let (cluster, clock) = (w.cluster(), w.clock());
    let seal = w.scenario().take_from_address_by_id<SealToken>(owner, seal);
    let (urls, key, pin) = seal_token::get_nautilus_info_for_worker(&cluster, &seal, &clock, w.ctx());
    ts::return_to_address(owner, seal);
    ts::return_shared(cluster);
    ts::return_shared(clock);
    w.done();
    (urls, key, pin)
}

/// Seals a node's stake; returns the seal.
public fun seal_worker(w: &mut World, stake: ID, hash: vector<u8>, ttl_ms: u64): ID {
    let (cluster, clock, stake) = (w.cluster(), w.clock(), w.scenario().take_shared_by_id<Stake>(stake));
    seal_token::create_worker_seal_token(&cluster, &stake, hash, ttl_ms, &clock, w.ctx());
    w.return_sealed(cluster, clock, stake);
    w.scenario().most_recent_id_for_sender<SealToken>().destroy_some()
}

public fun seal_user(w: &mut World, stake: ID, hash: vector<u8>, ttl_ms: u64): ID {
    let (cluster, clock, stake) = (w.cluster(), w.clock(), w.scenario().take_shared_by_id<Stake>(stake));
    seal_token::create_user_seal_token(&cluster, &stake, hash, ttl_ms, &clock, w.ctx());
    w.return_sealed(cluster, clock, stake);
    w.scenario().most_recent_id_for_sender<SealToken>().destroy_some()
}

public fun rotate(w: &mut World, seal: ID, owner: address, stake: ID, hash: vector<u8>, ttl_ms: u64) {
    let (cluster, clock, stake) = (w.cluster(), w.clock(), w.scenario().take_shared_by_id<Stake>(stake));
    let mut seal = w.scenario().take_from_address_by_id<SealToken>(owner, seal);
    seal.rotate(&cluster, &stake, hash, ttl_ms, &clock, w.ctx());
    ts::return_to_address(owner, seal);
    w.return_sealed(cluster, clock, stake);
}

public fun revoke(w: &mut World, seal: ID, owner: address) {
    let seal = w.scenario().take_from_address_by_id<SealToken>(owner, seal);
    seal.revoke(w.ctx());
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
