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
use fun daas::world_seals::look_seal as World.look_seal;

const ALICE: address = @0xA;
const BOB: address = @0xB;
const HOUR: u64 = 3_600_000;

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
