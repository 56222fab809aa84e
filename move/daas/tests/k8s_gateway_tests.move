#[test_only]
module daas::k8s_gateway_tests;

use daas::administration;
use daas::k8s_gateway::{Self, KubectlRequest};
use daas::world::{Self, World};
use std::unit_test::assert_eq;

use fun daas::world_gateway::execute_with as World.execute_with;
use fun daas::world_gateway::execute as World.execute;
use fun daas::world_seals::seal_worker as World.seal_worker;
use fun daas::world_seals::seal_user as World.seal_user;
use fun daas::world_seals::look_seal as World.look_seal;

const ALICE: address = @0xA;
const BOB: address = @0xB;
const HOUR: u64 = 3_600_000;

/// Alice has staked 5 SUI and sealed them.
public fun ready(): (World, ID, ID) {
    let mut w = world::begin();
    w.sender(ALICE);
    let stake = w.stake_user(5 * world::sui());
    let seal = w.seal_user(stake, world::hash(), HOUR);
    (w, seal, stake)
}

fun with(w: &mut World, seal: ID, stake: ID, verb: vector<u8>, resource: vector<u8>, namespace: vector<u8>): ID {
    w.execute_with(ALICE, seal, stake, world::bytes(16), verb, resource, namespace, vector[b"x"], 0)
}

#[test]
fun a_command_becomes_a_request() {
    let (mut w, seal, stake) = ready();
    w.advance(50);
    let request = w.execute(seal, stake, 1, b"list", b"apps/deployments");
    assert_eq!(w.events(), 1);
    w.look!<KubectlRequest>(request, |request| {
        assert_eq!(request.cluster(), w.cluster_id());
        assert_eq!(request.requester(), ALICE);
        assert_eq!(k8s_gateway::seal(request), seal);
        assert_eq!(k8s_gateway::priority(request), 0);
        assert_eq!(k8s_gateway::created_at_ms(request), 50);
        assert_eq!(request.responded_at_ms(), 0);
        assert_eq!(request.request_id().length(), 16);
        assert_eq!(request.expires_at_ms(), 60_050);
        assert_eq!(request.response_expires_at_ms(), 0);
        assert_eq!(request.status(), 0);
        assert_eq!(request.response_hash(), b"");
        assert!(!request.is_answered());
    });
    w.look_seal!(ALICE, seal, |seal| assert_eq!(seal.request_count(), 1));
    w.end();
}

#[test]
fun priorities_have_their_ttl() {
    let (mut w, seal, stake) = ready();
    let mut ends = vector[];
    vector[0u8, 1, 2, 3].do!(|priority| {
        let id = vector::tabulate!(16, |_| priority);
        let request = w.execute_with(ALICE, seal, stake, id, b"get", b"pods", b"", vector[b"x"], priority);
        w.look!<KubectlRequest>(request, |request| ends.push_back(request.expires_at_ms()));
    });
    assert_eq!(ends, vector[60_000, 120_000, 300_000, 600_000]);
    w.end();
}

#[test]
fun what_the_tier_allows() {
    let (mut w, seal, stake) = ready();
    w.execute(seal, stake, 1, b"get", b"secrets");
    w.execute(seal, stake, 2, b"create", b"configmaps");
    w.execute(seal, stake, 3, b"delete", b"pods");
    w.execute(seal, stake, 4, b"get", b"");
    with(&mut w, seal, stake, b"watch", b"nodes", b"");
    w.end();
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NO_PERMISSION)]
fun what_the_tier_does_not_allow() {
    let (mut w, seal, stake) = ready();
    w.execute(seal, stake, 1, b"create", b"secrets");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NO_PERMISSION)]
fun a_worker_seal_allows_nothing() {
    let mut w = world::begin();
    w.sender(ALICE);
    let stake = w.stake_node(10 * world::sui(), b"w1");
    let seal = w.seal_worker(stake, world::hash(), HOUR);
    w.execute(seal, stake, 1, b"get", b"pods");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NO_PERMISSION)]
fun a_worker_seal_discovers_nothing() {
    let mut w = world::begin();
    w.sender(ALICE);
    let stake = w.stake_node(10 * world::sui(), b"w1");
    let seal = w.seal_worker(stake, world::hash(), HOUR);
    with(&mut w, seal, stake, b"get", b"/api", b"");
    abort
}

#[test]
fun a_narrow_seal_discovers() {
    let mut w = world::begin();
    w.administrate!(|cluster, cap| {
        administration::set_tiers(cluster, cap, vector[world::sui()], vector[vector[b"list:pods".to_string()]])
    });
    w.sender(ALICE);
    let stake = w.stake_user(world::sui());
    let seal = w.seal_user(stake, world::hash(), HOUR);
    with(&mut w, seal, stake, b"get", b"/api", b"");
    w.end();
}

#[test, expected_failure(abort_code = daas::cluster::E_PAUSED)]
fun a_paused_cluster_executes_nothing() {
    let (mut w, seal, stake) = ready();
    w.administrate!(|cluster, cap| administration::set_paused(cluster, cap, true));
    w.execute(seal, stake, 1, b"get", b"pods");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun a_seal_of_another_cluster() {
    let (mut w, seal, stake) = ready();
    w.create_cluster();
    w.execute(seal, stake, 1, b"get", b"pods");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun a_seal_of_another_owner() {
    let (mut w, seal, stake) = ready();
    w.sender(BOB);
    w.execute_with(ALICE, seal, stake, world::bytes(16), b"get", b"pods", b"", vector[b"x"], 0);
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun a_seal_of_another_stake() {
    let (mut w, seal, _) = ready();
    let other = w.stake_user(5 * world::sui());
    w.execute(seal, other, 1, b"get", b"pods");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun a_revoked_seal() {
    let (mut w, seal, stake) = ready();
    w.revoke_by_admin(seal);
    w.execute(seal, stake, 1, b"get", b"pods");
    abort
}

#[test]
fun a_seal_lives_until_its_last_millisecond() {
    let (mut w, seal, stake) = ready();
    w.advance(HOUR - 1);
    w.execute(seal, stake, 1, b"get", b"pods");
    w.end();
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_SEAL_EXPIRED)]
fun a_seal_expires() {
    let (mut w, seal, stake) = ready();
    w.advance(HOUR);
    w.execute(seal, stake, 1, b"get", b"pods");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INSUFFICIENT_STAKE)]
fun a_slashed_stake() {
    let (mut w, seal, stake) = ready();
    w.slash(stake, b"x".to_string());
    w.execute(seal, stake, 1, b"get", b"pods");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INSUFFICIENT_STAKE)]
fun an_ending_stake() {
    let (mut w, seal, stake) = ready();
    w.request_unstake(stake);
    w.execute(seal, stake, 1, b"get", b"pods");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INSUFFICIENT_STAKE)]
fun a_risen_minimum() {
    let (mut w, seal, stake) = ready();
    w.administrate!(|cluster, cap| {
        administration::set_minimums(cluster, cap, vector[1, 5 * world::sui() + 1, 1], vector[0, 0, 0], 0)
    });
    w.execute(seal, stake, 1, b"get", b"pods");
    abort
}

fun writing_needs(amount: u64): (World, ID, ID) {
    let (mut w, seal, stake) = ready();
    w.administrate!(|cluster, cap| administration::set_minimums(cluster, cap, vector[1, 1, 1], vector[0, 0, 0], amount));
    (w, seal, stake)
}

#[test]
fun reading_needs_no_more_than_the_minimum() {
    let (mut w, seal, stake) = writing_needs(5 * world::sui() + 1);
    w.execute(seal, stake, 1, b"get", b"pods");
    w.execute(seal, stake, 2, b"list", b"pods");
    w.execute(seal, stake, 3, b"watch", b"pods");
    w.end();
}

#[test]
fun enough_to_write() {
    let (mut w, seal, stake) = writing_needs(5 * world::sui());
    w.execute(seal, stake, 1, b"create", b"pods");
    w.end();
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INSUFFICIENT_STAKE)]
fun not_enough_to_write() {
    let (mut w, seal, stake) = writing_needs(5 * world::sui() + 1);
    w.execute(seal, stake, 1, b"create", b"pods");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_TARGET)]
fun a_star_is_no_verb() {
    let (mut w, seal, stake) = ready();
    w.execute(seal, stake, 1, b"*", b"pods");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_TARGET)]
fun a_star_is_no_resource() {
    let (mut w, seal, stake) = ready();
    w.execute(seal, stake, 1, b"get", b"*");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_TARGET)]
fun a_namespace_is_a_label() {
    let (mut w, seal, stake) = ready();
    with(&mut w, seal, stake, b"get", b"pods", b"kube_system");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_ENVELOPE)]
fun an_envelope_holds_something() {
    let (mut w, seal, stake) = ready();
    w.execute_with(ALICE, seal, stake, world::bytes(16), b"get", b"pods", b"", vector[], 0);
    abort
}

#[test]
fun an_envelope_of_all_that_is_allowed() {
    let (mut w, seal, stake) = ready();
    let chunks = vector::tabulate!(6, |_| world::bytes(16_384));
    w.execute_with(ALICE, seal, stake, world::bytes(16), b"get", b"pods", b"", chunks, 0);
    w.end();
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_ENVELOPE)]
fun an_envelope_of_one_byte_more() {
    let (mut w, seal, stake) = ready();
    let mut chunks = vector::tabulate!(6, |_| world::bytes(16_384));
    chunks.push_back(b"x");
    w.execute_with(ALICE, seal, stake, world::bytes(16), b"get", b"pods", b"", chunks, 0);
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_ENVELOPE)]
fun a_chunk_that_is_too_large() {
    let (mut w, seal, stake) = ready();
    w.execute_with(ALICE, seal, stake, world::bytes(16), b"get", b"pods", b"", vector[world::bytes(16_385)], 0);
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_PRIORITY)]
fun a_priority_is_at_most_3() {
    let (mut w, seal, stake) = ready();
    w.execute_with(ALICE, seal, stake, world::bytes(16), b"get", b"pods", b"", vector[b"x"], 4);
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_REQUEST_ID)]
fun a_request_id_has_16_bytes() {
    let (mut w, seal, stake) = ready();
    w.execute_with(ALICE, seal, stake, world::bytes(15), b"get", b"pods", b"", vector[b"x"], 0);
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_DUPLICATE_REQUEST)]
fun a_request_is_made_once() {
    let (mut w, seal, stake) = ready();
    w.execute(seal, stake, 1, b"get", b"pods");
    w.execute(seal, stake, 1, b"get", b"pods");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_DUPLICATE_REQUEST)]
fun the_last_64_requests_are_remembered() {
    let (mut w, seal, stake) = ready();
    65u8.do!(|id| { w.execute(seal, stake, id, b"get", b"pods"); });
    w.execute(seal, stake, 1, b"get", b"pods");
    abort
}

#[test]
fun the_oldest_of_65_requests_is_forgotten() {
    let (mut w, seal, stake) = ready();
    65u8.do!(|id| { w.execute(seal, stake, id, b"get", b"pods"); });
    w.execute(seal, stake, 0, b"get", b"pods");
    w.look_seal!(ALICE, seal, |seal| assert_eq!(seal.request_count(), 66));
    w.end();
}

#[test]
fun an_envelope_of_64_chunks() {
    let (mut w, seal, stake) = ready();
    let chunks = vector::tabulate!(64, |_| b"x");
    w.execute_with(ALICE, seal, stake, world::bytes(16), b"get", b"pods", b"", chunks, 0);
    assert_eq!(w.events(), 1);
    w.end();
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_ENVELOPE)]
fun an_envelope_of_65_chunks() {
    let (mut w, seal, stake) = ready();
    let chunks = vector::tabulate!(65, |_| b"");
    w.execute_with(ALICE, seal, stake, world::bytes(16), b"get", b"pods", b"", chunks, 0);
    abort
}
