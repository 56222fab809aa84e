#[test_only]
/// What every object says of itself, named by its module.
module daas::views_tests;

use daas::administration;
use daas::cluster::{Self, Cluster};
use daas::grants::{Self, UserPermission};
use daas::k8s_gateway::{Self, KubectlRequest};
use daas::node_registry::{Self, WorkerNode};
use daas::registry::{Self, NodeRegistry};
use daas::seal_token;
use daas::world::{Self, World};
use std::unit_test::assert_eq;
use sui::test_scenario as ts;

use fun daas::world_nodes::register as World.register;
use fun daas::world_gateway::execute as World.execute;
use fun daas::world_gateway::respond as World.respond;
use fun daas::world_seals::seal_worker as World.seal_worker;
use fun daas::world_seals::seal_user as World.seal_user;
use fun daas::world_seals::rotate as World.rotate;
use fun daas::world_seals::look_seal as World.look_seal;
use fun daas::world_seals::info as World.info;

const ALICE: address = @0xA;
const BOB: address = @0xB;
const HOUR: u64 = 3_600_000;

/// Alice's node is registered. Stake, seal and worker.
fun registered(): (World, ID, ID, ID) {
    let mut w = world::begin();
    w.sender(ALICE);
    w.advance(9);
    let stake = w.stake_node(10 * world::sui(), b"w1");
    let seal = w.seal_worker(stake, world::hash(), HOUR);
    let worker = w.register(stake, seal);
    (w, stake, seal, worker)
}

#[test]
fun objects_say_what_they_are() {
    let (mut w, stake, seal, worker) = registered();
    let cluster_id = w.cluster_id();
    let clock = w.clock();
    w.look!<Cluster>(cluster_id, |cluster| {
        assert_eq!(*cluster::name(cluster), b"test".to_string());
        assert_eq!(cluster::created_at_ms(cluster), 0);
        assert_eq!(cluster::registry(cluster), w.registry_id());
        assert!(!cluster::is_revoked(cluster, &seal));
        cluster::assert_open(cluster);
        w.look!<WorkerNode>(worker, |worker| {
            node_registry::assert_cluster(worker, cluster);
            assert_eq!(node_registry::cluster(worker), cluster_id);
            assert_eq!(node_registry::owner(worker), ALICE);
            assert_eq!(node_registry::name(worker), b"w1".to_string());
            assert_eq!(node_registry::stake(worker), stake);
            assert_eq!(node_registry::status(worker), 0);
            assert_eq!(node_registry::registered_at_ms(worker), 9);
            assert!(!node_registry::is_evicted(worker));
        });
        w.look_seal!(ALICE, seal, |seal| {
            assert_eq!(seal_token::cluster(seal), cluster_id);
            assert_eq!(seal_token::owner(seal), ALICE);
            assert_eq!(seal_token::stake(seal), stake);
            assert_eq!(seal_token::created_at_ms(seal), 9);
            assert_eq!(seal_token::expires_at_ms(seal), 9 + HOUR);
            assert!(!seal_token::is_revoked(seal, cluster));
            assert!(!seal_token::is_expired(seal, &clock));
        });
    });
    w.look!<NodeRegistry>(w.registry_id(), |registry| assert_eq!(registry::cluster(registry), cluster_id));
    ts::return_shared(clock);
    w.quiet();
    let (admin_cluster, admin_cap) = w.take_admin();
    cluster::assert_admin(&admin_cluster, &admin_cap);
    w.return_admin_all(admin_cluster, admin_cap);
    let (listener_cluster, listener_cap) = w.take_listener();
    cluster::assert_listener(&listener_cluster, &listener_cap);
    w.return_listener_all(listener_cluster, listener_cap);
    w.end();
}

/// Alice asked, for 5 SUI. Seal, stake and request.
fun asked(): (World, ID, ID, ID) {
    let mut w = world::begin();
    w.sender(ALICE);
    let stake = w.stake_user(5 * world::sui());
    let seal = w.seal_user(stake, world::hash(), HOUR);
    let request = w.execute(seal, stake, 1, b"get", b"pods");
    (w, seal, stake, request)
}

#[test]
fun a_request_is_answered_in_its_last_millisecond() {
    let (mut w, _, _, request) = asked();
    w.look!<KubectlRequest>(request, |request| {
        assert_eq!(k8s_gateway::cluster(request), w.cluster_id());
        assert_eq!(k8s_gateway::expires_at_ms(request), 60_000);
        assert_eq!(k8s_gateway::status(request), 0);
    });
    w.quiet();
    w.advance(59_999);
    w.respond(request, 200, vector[], world::hash(), b"");
    w.look!<KubectlRequest>(request, |request| assert_eq!(k8s_gateway::status(request), 200));
    w.end();
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_REQUEST_EXPIRED)]
fun a_late_answer_is_refused() {
    let (mut w, _, _, request) = asked();
    w.advance(60_000);
    w.respond(request, 200, vector[], world::hash(), b"");
    abort
}

#[test]
fun a_pruned_request_is_an_event() {
    let (mut w, _, _, request) = asked();
    w.advance(60_000);
    let clock = w.clock();
    let pruned = w.scenario().take_shared_by_id<KubectlRequest>(request);
    k8s_gateway::prune(pruned, &clock);
    ts::return_shared(clock);
    w.done();
    assert_eq!(w.events(), 1);
    w.end();
}

#[test]
fun a_verb_has_exactly_its_minimum() {
    let (mut w, seal, stake, _) = asked();
    w.administrate!(|cluster, cap| {
        administration::set_verb_minimum(cluster, cap, b"get".to_string(), 5 * world::sui())
    });
    w.execute(seal, stake, 2, b"get", b"pods");
    w.end();
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INSUFFICIENT_STAKE)]
fun a_verb_above_its_minimum_is_refused() {
    let (mut w, seal, stake, _) = asked();
    w.administrate!(|cluster, cap| {
        administration::set_verb_minimum(cluster, cap, b"get".to_string(), 5 * world::sui() + 1)
    });
    w.execute(seal, stake, 2, b"get", b"pods");
    abort
}

fun revoke_before(w: &mut World, at_ms: u64) {
    let clock = w.clock();
    w.administrate!(|cluster, cap| {
        administration::revoke_seals_before(cluster, cap, at_ms, &clock);
        ts::return_shared(clock);
    });
}

#[test]
fun seals_made_at_the_time_itself_stay() {
    let (mut w, seal, stake, _) = asked();
    w.advance(1);
    revoke_before(&mut w, 0);
    w.execute(seal, stake, 2, b"get", b"pods");
    w.end();
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun older_seals_are_revoked_all_at_once() {
    let (mut w, seal, stake, _) = asked();
    w.advance(1);
    revoke_before(&mut w, 1);
    w.execute(seal, stake, 2, b"get", b"pods");
    abort
}

#[test, expected_failure(abort_code = seal_token::E_REVOKED)]
fun an_older_seal_is_not_renewed() {
    let (mut w, seal, stake, _) = asked();
    w.advance(1);
    revoke_before(&mut w, 1);
    w.rotate(seal, ALICE, stake, world::hash(), HOUR);
    abort
}

#[test]
fun a_renewed_seal_is_the_same_seal() {
    let (mut w, seal, stake, _) = asked();
    let (cluster, clock) = (w.cluster(), w.clock());
    let taken = w.scenario().take_shared_by_id<daas::staking::Stake>(stake);
    let mut token = w.scenario().take_from_address_by_id<seal_token::SealToken>(ALICE, seal);
    seal_token::rotate(&mut token, &cluster, &taken, world::bytes(32), HOUR, &clock, w.ctx());
    assert_eq!(token.revision(), 1);
    ts::return_to_address(ALICE, token);
    ts::return_shared(taken);
    ts::return_shared(cluster);
    ts::return_shared(clock);
    w.end();
}

#[test, expected_failure(abort_code = seal_token::E_EXPIRED)]
fun an_expired_seal_finds_no_listener() {
    let (mut w, _, seal, _) = registered();
    w.advance(HOUR);
    let (_, _, _) = w.info(ALICE, seal);
    abort
}

#[test]
fun a_worker_learns_the_urls_of_its_tier() {
    let (mut w, _, seal, _) = registered();
    let large = vector[b"https://large".to_string()];
    w.listen!(|cluster, cap| cluster::set_endpoints(cluster, cap, vector[10 * world::sui()], vector[large]));
    w.listen!(|cluster, cap| cluster::drop_previous_keys(cluster, cap));
    w.sender(ALICE);
    let (urls, _, _) = w.info(ALICE, seal);
    assert_eq!(urls, large);
    w.end();
}

#[test]
fun a_grant_is_of_its_cluster() {
    let mut w = world::begin();
    let clock = w.clock();
    let (cluster, cap) = w.take_admin();
    let (permissions, namespaces) = (vector[b"get:pods".to_string()], vector[b"*".to_string()]);
    grants::grant_permission(&cluster, &cap, BOB, permissions, namespaces, 1, &clock, w.ctx());
    ts::return_shared(clock);
    w.return_admin_all(cluster, cap);
    let id = ts::most_recent_id_shared<UserPermission>().destroy_some();
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        w.look!<UserPermission>(id, |grant| grants::assert_cluster(grant, cluster));
    });
    w.end();
}
