#[test_only]
module daas::operator_seal_tests;

use daas::cluster::Cluster;
use daas::k8s_gateway;
use daas::node_registry::WorkerNode;
use daas::operator_seal;
use daas::seal_token::{Self, SealToken};
use daas::staking::Stake;
use daas::world::{Self, World};
use std::unit_test::assert_eq;
use sui::test_scenario as ts;

use fun daas::world_nodes::register as World.register;
use fun daas::world_nodes::evict as World.evict;
use fun daas::world_nodes::tend as World.tend;
use fun daas::world_gateway::execute as World.execute;
use fun daas::world_seals::seal_worker as World.seal_worker;
use fun daas::world_seals::rotate as World.rotate;
use fun daas::administration::set_minimums as Cluster.set_minimums;
use fun renew as World.renew;
use fun daas::world_seals::look_seal as World.look_seal;

const ALICE: address = @0xA;
const BOB: address = @0xB;
const HOUR: u64 = 3_600_000;
const HASH: vector<u8> = x"1122334455667788112233445566778811223344556677881122334455667788";

/// Alice's node of 10 SUI is registered; she sends. Stake and worker.
fun registered(): (World, ID, ID) {
    let mut w = world::begin();
    w.sender(ALICE);
    let stake = w.stake_node(10 * world::sui(), b"w1");
    let seal = w.seal_worker(stake, world::hash(), HOUR);
    let worker = w.register(stake, seal);
    (w, stake, worker)
}

fun seal(w: &mut World, stake: ID, worker: ID, ttl_ms: u64): ID {
    let (cluster, clock) = (w.cluster(), w.clock());
    let (stake, worker) = (
        w.scenario().take_shared_by_id<Stake>(stake),
        w.scenario().take_shared_by_id<WorkerNode>(worker),
    );
    operator_seal::create_operator_seal_token(&cluster, &stake, &worker, world::hash(), ttl_ms, &clock, w.ctx());
    ts::return_shared(cluster);
    ts::return_shared(clock);
    ts::return_shared(stake);
    ts::return_shared(worker);
    w.done();
    w.scenario().most_recent_id_for_sender<SealToken>().destroy_some()
}

/// Rotates a seal of Alice's.
fun renew(w: &mut World, seal: ID, stake: ID, worker: ID, ttl_ms: u64) {
    let (cluster, clock) = (w.cluster(), w.clock());
    let (stake, worker) = (
        w.scenario().take_shared_by_id<Stake>(stake),
        w.scenario().take_shared_by_id<WorkerNode>(worker),
    );
    let mut seal = w.scenario().take_from_address_by_id<SealToken>(ALICE, seal);
    operator_seal::rotate(&mut seal, &cluster, &stake, &worker, HASH, ttl_ms, &clock, w.ctx());
    ts::return_to_address(ALICE, seal);
    ts::return_shared(cluster);
    ts::return_shared(clock);
    ts::return_shared(stake);
    ts::return_shared(worker);
    w.done();
}

fun set_score(w: &mut World, worker: ID, score: u64) {
    w.tend!(worker, |worker, cluster, cap| worker.set_score(cluster, cap, score));
    w.quiet();
}

#[test]
fun a_score_weighs_the_stake() {
    let w = world::begin();
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        let mut counts = vector[];
        vector[0, 49, 50, 249, 250, 499, 500, 1_000].do!(|score| {
            let allowed = operator_seal::calculate_permissions_for_node(cluster, 10 * world::sui(), score);
            counts.push_back(allowed.length());
        });
        assert_eq!(counts, vector[0, 0, 3, 3, 6, 6, 7, 7]);
        let most = operator_seal::calculate_permissions_for_node(cluster, 18_446_744_073_709_551_615, 1_000);
        assert_eq!(most.length(), 7);
    });
    w.end();
}

#[test]
fun an_operator_runs_commands_as_far_as_the_score_goes() {
    let (mut w, stake, worker) = registered();
    let full = seal(&mut w, stake, worker, 2 * HOUR);
    assert_eq!(w.events(), 1);
    w.look_seal!(ALICE, full, |seal| {
        assert_eq!(seal.kind(), 4);
        assert_eq!(seal.permissions().length(), 7);
        assert_eq!(seal.expires_at_ms(), HOUR);
    });
    w.quiet();
    w.execute(full, stake, 1, b"delete", b"secrets");
    set_score(&mut w, worker, 250);
    let half = seal(&mut w, stake, worker, 5);
    w.look_seal!(ALICE, half, |seal| {
        assert_eq!(seal_token::permissions(seal).length(), 6);
        assert_eq!(seal_token::expires_at_ms(seal), 5);
    });
    w.end();
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NO_PERMISSION)]
fun a_low_score_takes_permissions() {
    let (mut w, stake, worker) = registered();
    set_score(&mut w, worker, 499);
    let seal = seal(&mut w, stake, worker, HOUR);
    w.execute(seal, stake, 1, b"delete", b"secrets");
    abort
}

#[test, expected_failure(abort_code = seal_token::E_WRONG_KIND)]
fun an_operators_seal_is_not_renewed_by_its_stake() {
    let (mut w, stake, worker) = registered();
    let seal = seal(&mut w, stake, worker, HOUR);
    w.rotate(seal, ALICE, stake, world::hash(), HOUR);
    abort
}

#[test, expected_failure(abort_code = operator_seal::E_NOT_STAKER)]
fun others_are_no_operators() {
    let (mut w, stake, worker) = registered();
    w.sender(BOB);
    seal(&mut w, stake, worker, HOUR);
    abort
}

#[test, expected_failure(abort_code = operator_seal::E_STAKE_UNFIT)]
fun an_unbonding_node_has_no_operator() {
    let (mut w, stake, worker) = registered();
    w.request_unstake(stake);
    seal(&mut w, stake, worker, HOUR);
    abort
}

#[test, expected_failure(abort_code = operator_seal::E_WRONG_WORKER)]
fun another_worker_is_refused() {
    let (mut w, _, worker) = registered();
    let other = w.stake_node(world::sui(), b"w2");
    seal(&mut w, other, worker, HOUR);
    abort
}

#[test, expected_failure(abort_code = operator_seal::E_EVICTED)]
fun an_evicted_node_has_no_operator() {
    let (mut w, stake, worker) = registered();
    w.evict(worker, b"lied".to_string());
    seal(&mut w, stake, worker, HOUR);
    abort
}

#[test]
fun an_operators_seal_is_renewed_by_stake_and_score_as_they_are() {
    let (mut w, stake, worker) = registered();
    let seal = seal(&mut w, stake, worker, HOUR);
    set_score(&mut w, worker, 250);
    w.advance(HOUR + 7);
    w.add_stake(stake, 1);
    w.renew(seal, stake, worker, HOUR + 1);
    assert_eq!(w.events(), 1);
    w.look_seal!(ALICE, seal, |seal| {
        assert_eq!(seal.token_hash(), HASH);
        assert_eq!(seal.permissions().length(), 6);
        assert_eq!(seal.stake_amount(), 10 * world::sui() + 1);
        assert_eq!(seal.expires_at_ms(), 2 * HOUR + 7);
        assert_eq!(seal.revision(), 1);
        assert_eq!(seal.kind(), 4);
    });
    w.end();
}

#[test, expected_failure(abort_code = operator_seal::E_WRONG_SEAL)]
fun a_workers_seal_becomes_no_operators() {
    let (mut w, stake, worker) = registered();
    let seal = w.seal_worker(stake, world::hash(), HOUR);
    w.renew(seal, stake, worker, HOUR);
    abort
}

#[test, expected_failure(abort_code = operator_seal::E_WRONG_SEAL)]
fun an_operators_seal_is_not_renewed_by_another_node() {
    let (mut w, stake, worker) = registered();
    let first = seal(&mut w, stake, worker, HOUR);
    let other = w.stake_node(world::sui(), b"w2");
    let second = w.register(other, first);
    w.renew(first, other, second, HOUR);
    abort
}

#[test, expected_failure(abort_code = operator_seal::E_EVICTED)]
fun an_evicted_nodes_seal_is_not_renewed() {
    let (mut w, stake, worker) = registered();
    let seal = seal(&mut w, stake, worker, HOUR);
    w.evict(worker, b"lied".to_string());
    w.renew(seal, stake, worker, HOUR);
    abort
}

#[test, expected_failure(abort_code = operator_seal::E_STAKE_UNFIT)]
fun an_unbonding_nodes_seal_is_not_renewed() {
    let (mut w, stake, worker) = registered();
    let seal = seal(&mut w, stake, worker, HOUR);
    w.request_unstake(stake);
    w.renew(seal, stake, worker, HOUR);
    abort
}

#[test, expected_failure(abort_code = operator_seal::E_NOT_STAKER)]
fun others_renew_no_operators_seal() {
    let (mut w, stake, worker) = registered();
    let seal = seal(&mut w, stake, worker, HOUR);
    w.sender(BOB);
    w.renew(seal, stake, worker, HOUR);
    abort
}

#[test, expected_failure(abort_code = seal_token::E_REVOKED)]
fun a_revoked_operators_seal_is_not_renewed() {
    let (mut w, stake, worker) = registered();
    let seal = seal(&mut w, stake, worker, HOUR);
    w.revoke_by_admin(seal);
    w.renew(seal, stake, worker, HOUR);
    abort
}

#[test, expected_failure(abort_code = daas::cluster::E_PAUSED)]
fun a_paused_cluster_seals_no_operator() {
    let (mut w, stake, worker) = registered();
    w.administrate!(|cluster, cap| daas::administration::set_paused(cluster, cap, true));
    seal(&mut w, stake, worker, HOUR);
    abort
}

#[test]
fun the_minimum_itself_is_enough_for_an_operator() {
    let mut w = world::begin();
    w.sender(ALICE);
    let stake = w.stake_node(world::sui(), b"w1");
    let worker = w.register(stake, world::admin().to_id());
    seal(&mut w, stake, worker, HOUR);
    assert_eq!(w.events(), 1);
    w.end();
}

#[test, expected_failure(abort_code = operator_seal::E_STAKE_UNFIT)]
fun one_below_the_minimum_is_not() {
    let (mut w, stake, worker) = registered();
    let minimum = 10 * world::sui() + 1;
    w.administrate!(|cluster, cap| {
        cluster.set_minimums(cap, vector[minimum, 1, 1], vector[0, 0, 0], 1)
    });
    seal(&mut w, stake, worker, HOUR);
    abort
}

#[test, expected_failure(abort_code = daas::staking::E_WRONG_CLUSTER)]
fun an_operators_seal_names_the_cluster() {
    let (mut w, stake, worker) = registered();
    w.create_cluster();
    seal(&mut w, stake, worker, HOUR);
    abort
}
