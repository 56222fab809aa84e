#[test_only]
/// Answers to commands, and what is left of both when their time is over.
module daas::responses_tests;

use daas::k8s_gateway::{Self, KubectlRequest};
use daas::k8s_gateway_tests::ready;
use daas::world::{Self, World};
use std::unit_test::assert_eq;

use fun daas::world_gateway::execute as World.execute;
use fun daas::world_gateway::respond as World.respond;
use fun daas::world_gateway::prune as World.prune;

const BOB: address = @0xB;

fun asked(): (World, ID) {
    let (mut w, seal, stake) = ready();
    let request = w.execute(seal, stake, 1, b"get", b"pods");
    (w, request)
}

#[test]
fun a_request_is_answered() {
    let (mut w, request) = asked();
    w.advance(7);
    w.respond(request, 200, vector[b"body"], world::hash(), b"");
    assert_eq!(w.events(), 1);
    w.look!<KubectlRequest>(request, |request| {
        assert!(request.is_answered());
        assert_eq!(request.status(), 200);
        assert_eq!(request.response_hash(), world::hash());
        assert_eq!(request.responded_at_ms(), 7);
        assert_eq!(request.response_expires_at_ms(), 600_007);
    });
    w.end();
}

#[test]
fun an_answer_lies_elsewhere_and_has_any_status() {
    let (mut w, seal, stake) = ready();
    let first = w.execute(seal, stake, 1, b"get", b"pods");
    let second = w.execute(seal, stake, 2, b"get", b"pods");
    w.respond(first, 100, vector[], world::hash(), b"/v1/blobs/00");
    w.respond(second, 599, vector[], world::hash(), b"");
    w.end();
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_ALREADY_ANSWERED)]
fun a_request_is_answered_once() {
    let (mut w, request) = asked();
    w.respond(request, 200, vector[], world::hash(), b"");
    w.respond(request, 200, vector[], world::hash(), b"");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_RESPONSE)]
fun a_status_of_99() {
    let (mut w, request) = asked();
    w.respond(request, 99, vector[], world::hash(), b"");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_RESPONSE)]
fun a_status_of_600() {
    let (mut w, request) = asked();
    w.respond(request, 600, vector[], world::hash(), b"");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_RESPONSE)]
fun a_short_hash() {
    let (mut w, request) = asked();
    w.respond(request, 200, vector[], world::bytes(31), b"");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_RESPONSE)]
fun a_body_here_and_elsewhere() {
    let (mut w, request) = asked();
    w.respond(request, 200, vector[b"x"], world::hash(), b"/v1/blobs/00");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_RESPONSE)]
fun a_location_that_is_too_long() {
    let (mut w, request) = asked();
    w.respond(request, 200, vector[], world::hash(), vector::tabulate!(513, |_| 97u8));
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_RESPONSE)]
fun a_body_that_is_too_large() {
    let (mut w, request) = asked();
    w.respond(request, 200, vector::tabulate!(7, |_| world::bytes(16_384)), world::hash(), b"");
    abort
}

#[test, expected_failure(abort_code = daas::cluster::E_WRONG_CAP)]
fun another_listener_cannot_answer() {
    let (mut w, request) = asked();
    let cluster = w.cluster_id();
    w.create_cluster();
    w.set_cluster(cluster);
    w.respond(request, 200, vector[], world::hash(), b"");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_WRONG_CLUSTER)]
fun an_answer_names_the_cluster() {
    let (mut w, request) = asked();
    w.create_cluster();
    w.respond(request, 200, vector[], world::hash(), b"");
    abort
}

#[test]
fun a_request_without_an_answer_is_pruned() {
    let (mut w, request) = asked();
    w.advance(60_000);
    w.sender(BOB);
    w.prune(request);
    assert!(!sui::test_scenario::has_most_recent_shared<KubectlRequest>());
    w.end();
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NOT_EXPIRED)]
fun a_living_request_is_not_pruned() {
    let (mut w, request) = asked();
    w.advance(59_999);
    w.prune(request);
    abort
}

#[test]
fun an_old_answer_is_pruned() {
    let (mut w, request) = asked();
    w.respond(request, 200, vector[], world::hash(), b"");
    w.advance(600_000);
    w.prune(request);
    w.end();
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NOT_EXPIRED)]
fun a_living_answer_is_not_pruned() {
    let (mut w, request) = asked();
    w.respond(request, 200, vector[], world::hash(), b"");
    w.advance(599_999);
    w.prune(request);
    abort
}

#[test]
fun a_location_of_512_bytes() {
    let (mut w, request) = asked();
    w.respond(request, 200, vector[], world::hash(), vector::tabulate!(512, |_| 97));
    assert_eq!(w.events(), 1);
    w.end();
}

#[test]
fun a_body_of_all_that_is_allowed() {
    let (mut w, request) = asked();
    w.respond(request, 200, vector::tabulate!(6, |_| world::bytes(16_384)), world::hash(), b"");
    assert_eq!(w.events(), 1);
    w.end();
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_ENVELOPE)]
fun a_body_of_65_chunks() {
    let (mut w, request) = asked();
    w.respond(request, 200, vector::tabulate!(65, |_| b"x"), world::hash(), b"");
    abort
}
