#[test_only]
module daas::grants_tests;

use daas::cluster;
use daas::granted_seal;
use daas::grants::{Self, GrantTicket, UserPermission};
use daas::k8s_gateway::{Self, KubectlRequest};
use daas::world::{Self, World};
use daas::world_grants::prune_grant;
use daas::world_grants::texts;
use std::unit_test::assert_eq;
use sui::test_scenario as ts;

use fun daas::world_seals::look_seal as World.look_seal;
use fun daas::world_grants::grant_with as World.grant_with;
use fun daas::world_grants::grant as World.grant;
use fun daas::world_grants::revoke_grant as World.revoke_grant;
use fun daas::world_grants::seal_grant as World.seal_grant;
use fun daas::world_grants::rotate_grant as World.rotate_grant;
use fun daas::world_grants::execute_granted as World.execute_granted;

const ALICE: address = @0xA;
const BOB: address = @0xB;
const HOUR: u64 = 3_600_000;

/// A grant of Alice's and a seal of it; she sends.
fun sealed(): (World, ID, ID) {
    let mut w = world::begin();
    let grant = w.grant();
    w.sender(ALICE);
    let seal = w.seal_grant(grant, HOUR);
    (w, grant, seal)
}

#[test]
fun a_permission_is_granted() {
    let mut w = world::begin();
    w.advance(5);
    let id = w.grant();
    assert_eq!(w.events(), 1);
    w.look!<UserPermission>(id, |grant| {
        assert_eq!(grants::cluster(grant), w.cluster_id());
        assert_eq!(grants::user(grant), ALICE);
        assert_eq!(grants::permissions(grant).length(), 3);
        assert_eq!(grants::namespaces(grant), texts(vector[b"dev", b"test"]));
        assert_eq!(grants::granted_at_ms(grant), 5);
        assert_eq!(grants::expires_at_ms(grant), HOUR);
        assert!(!grants::is_revoked(grant));
    });
    w.quiet();
    w.sender(ALICE);
    let ticket = w.scenario().take_from_sender<GrantTicket>();
    assert_eq!(ticket.ticket_grant(), id);
    ticket.discard_ticket();
    w.done();
    assert_eq!(w.events(), 1);
    w.end();
}

#[test]
fun a_grant_holds_until_its_last_millisecond() {
    let mut w = world::begin();
    let id = w.grant();
    w.advance(HOUR - 1);
    let clock = w.clock();
    w.look!<UserPermission>(id, |grant| assert!(grants::is_live(grant, &clock)));
    w.quiet();
    ts::return_shared(clock);
    w.quiet();
    w.advance(1);
    let clock = w.clock();
    w.look!<UserPermission>(id, |grant| assert!(!grants::is_live(grant, &clock)));
    w.quiet();
    ts::return_shared(clock);
    w.end();
}

#[test]
fun namespaces_and_permissions_both_count() {
    let mut w = world::begin();
    let id = w.grant_with(texts(vector[b"get:pods", b"list:*"]), texts(vector[b"dev"]), HOUR);
    let all = w.grant_with(texts(vector[b"*:*"]), texts(vector[b"*"]), HOUR);
    let (get, list, pods, nothing) = (b"get".to_string(), b"list".to_string(), b"pods".to_string(), b"".to_string());
    let (dev, prod) = (b"dev".to_string(), b"prod".to_string());
    w.look!<UserPermission>(id, |grant| {
        assert!(grant.allows(&get, &pods, &dev));
        assert!(!grant.allows(&get, &pods, &prod));
        assert!(!grant.allows(&get, &pods, &nothing));
        assert!(!grant.allows(&get, &b"secrets".to_string(), &dev));
        assert!(grant.allows(&list, &b"secrets".to_string(), &dev));
        // Discovery: `get` of a path, of no namespace; nothing else that has none.
        let api = b"/api".to_string();
        assert!(grant.allows(&get, &api, &nothing));
        assert!(grant.allows(&get, &b"/".to_string(), &nothing));
        assert!(!grant.allows(&list, &api, &nothing));
        assert!(!grant.allows(&get, &api, &prod));
        assert!(!grant.allows(&get, &b"api".to_string(), &nothing));
        assert!(!grant.allows(&list, &nothing, &nothing));
        assert!(!grant.allows(&get, &nothing, &nothing));
    });
    w.quiet();
    w.look!<UserPermission>(all, |grant| {
        assert!(grant.allows(&get, &pods, &nothing));
        assert!(grant.allows(&list, &pods, &prod));
    });
    w.end();
}

#[test]
fun a_grantee_runs_commands_without_a_stake() {
    let (mut w, grant, seal) = sealed();
    w.look_seal!(ALICE, seal, |seal| {
        assert_eq!(seal.kind(), 3);
        assert_eq!(seal.stake(), grant);
        assert_eq!(seal.stake_amount(), 0);
        assert_eq!(seal.permissions().length(), 3);
        assert_eq!(seal.expires_at_ms(), HOUR);
    });
    w.quiet();
    let request = w.execute_granted(seal, grant, b"list", b"pods", b"dev");
    assert_eq!(w.events(), 1);
    w.look!<KubectlRequest>(request, |request| assert_eq!(request.requester(), ALICE));
    w.quiet();
    w.execute_granted(seal, grant, b"get", b"/apis/apps/v1", b"");
    w.rotate_grant(seal, grant);
    assert_eq!(w.events(), 1);
    w.look_seal!(ALICE, seal, |seal| assert_eq!(seal.revision(), 1));
    w.quiet();
    w.execute_granted(seal, grant, b"get", b"pods", b"test");
    w.end();
}

#[test]
fun a_seal_ends_with_its_grant() {
    let mut w = world::begin();
    let grant = w.grant();
    w.sender(ALICE);
    let long = w.seal_grant(grant, HOUR + 1);
    let short = w.seal_grant(grant, 7);
    w.look_seal!(ALICE, long, |seal| assert_eq!(seal.expires_at_ms(), HOUR));
    w.quiet();
    w.look_seal!(ALICE, short, |seal| assert_eq!(seal.expires_at_ms(), 7));
    w.end();
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_GRANT_REVOKED)]
fun a_revoked_user_is_refused_at_once() {
    let (mut w, grant, seal) = sealed();
    w.sender(world::admin());
    w.revoke_grant(grant);
    assert_eq!(w.events(), 1);
    w.sender(ALICE);
    w.execute_granted(seal, grant, b"list", b"pods", b"dev");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NO_PERMISSION)]
fun another_namespace_is_refused() {
    let (mut w, grant, seal) = sealed();
    w.execute_granted(seal, grant, b"list", b"pods", b"prod");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_NO_PERMISSION)]
fun another_verb_is_refused() {
    let (mut w, grant, seal) = sealed();
    w.execute_granted(seal, grant, b"delete", b"pods", b"dev");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun a_seal_of_another_grant_is_refused() {
    let (mut w, _, seal) = sealed();
    let other = w.grant_with(texts(vector[b"*:*"]), texts(vector[b"*"]), HOUR);
    w.sender(ALICE);
    w.execute_granted(seal, other, b"delete", b"pods", b"dev");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_SEAL_EXPIRED)]
fun a_grant_that_is_over_has_no_live_seal() {
    let (mut w, grant, seal) = sealed();
    w.advance(HOUR);
    w.execute_granted(seal, grant, b"list", b"pods", b"dev");
    abort
}

#[test, expected_failure(abort_code = k8s_gateway::ERROR_INVALID_SEAL)]
fun a_revoked_seal_of_a_grant_is_refused() {
    let (mut w, grant, seal) = sealed();
    w.revoke_by_admin(seal);
    w.execute_granted(seal, grant, b"list", b"pods", b"dev");
    abort
}

#[test, expected_failure(abort_code = granted_seal::E_NOT_GRANTEE)]
fun only_the_grantee_seals() {
    let mut w = world::begin();
    let grant = w.grant();
    w.sender(BOB);
    w.seal_grant(grant, HOUR);
    abort
}

#[test, expected_failure(abort_code = granted_seal::E_GRANT_NOT_LIVE)]
fun a_revoked_grant_is_not_sealed() {
    let mut w = world::begin();
    let grant = w.grant();
    w.revoke_grant(grant);
    w.sender(ALICE);
    w.seal_grant(grant, HOUR);
    abort
}

#[test, expected_failure(abort_code = granted_seal::E_GRANT_NOT_LIVE)]
fun a_seal_of_a_revoked_grant_is_not_renewed() {
    let (mut w, grant, seal) = sealed();
    w.revoke_grant(grant);
    w.sender(ALICE);
    w.rotate_grant(seal, grant);
    abort
}

#[test, expected_failure(abort_code = granted_seal::E_WRONG_GRANT)]
fun a_seal_is_not_renewed_with_another_grant() {
    let (mut w, _, seal) = sealed();
    let other = w.grant_with(texts(vector[b"*:*"]), texts(vector[b"*"]), HOUR);
    w.rotate_grant(seal, other);
    abort
}

#[test, expected_failure(abort_code = grants::E_ALREADY_REVOKED)]
fun a_grant_is_revoked_once() {
    let mut w = world::begin();
    let grant = w.grant();
    w.revoke_grant(grant);
    w.revoke_grant(grant);
    abort
}

#[test, expected_failure(abort_code = grants::E_WRONG_CLUSTER)]
fun a_grant_of_another_cluster_is_not_revoked() {
    let mut w = world::begin();
    let grant = w.grant();
    w.create_cluster();
    w.revoke_grant(grant);
    abort
}

#[test, expected_failure(abort_code = grants::E_WRONG_CLUSTER)]
fun a_grant_of_another_cluster_is_not_sealed() {
    let mut w = world::begin();
    let grant = w.grant();
    w.create_cluster();
    w.sender(ALICE);
    w.seal_grant(grant, HOUR);
    abort
}

#[test, expected_failure(abort_code = cluster::E_WRONG_CAP)]
fun another_administrator_grants_nothing() {
    let mut w = world::begin();
    let first = w.admin_cap_id();
    w.create_cluster();
    w.set_admin_cap(first);
    w.grant();
    abort
}

#[test, expected_failure(abort_code = grants::E_INVALID_PERMISSIONS)]
fun a_grant_of_nothing_is_refused() {
    let mut w = world::begin();
    w.grant_with(vector[], texts(vector[b"dev"]), HOUR);
    abort
}

#[test, expected_failure(abort_code = grants::E_INVALID_PERMISSIONS)]
fun a_malformed_permission_is_refused() {
    let mut w = world::begin();
    w.grant_with(texts(vector[b"get:pods", b"get"]), texts(vector[b"dev"]), HOUR);
    abort
}

#[test, expected_failure(abort_code = grants::E_INVALID_PERMISSIONS)]
fun sixty_five_permissions_are_refused() {
    let mut w = world::begin();
    w.grant_with(vector::tabulate!(65, |_| b"get:pods".to_string()), texts(vector[b"dev"]), HOUR);
    abort
}

#[test, expected_failure(abort_code = grants::E_INVALID_NAMESPACES)]
fun a_grant_for_nowhere_is_refused() {
    let mut w = world::begin();
    w.grant_with(texts(vector[b"get:pods"]), vector[], HOUR);
    abort
}

#[test, expected_failure(abort_code = grants::E_INVALID_NAMESPACES)]
fun a_malformed_namespace_is_refused() {
    let mut w = world::begin();
    w.grant_with(texts(vector[b"get:pods"]), texts(vector[b"dev", b""]), HOUR);
    abort
}

#[test, expected_failure(abort_code = grants::E_ALREADY_OVER)]
fun a_grant_that_is_over_is_refused() {
    let mut w = world::begin();
    w.advance(HOUR);
    w.grant();
    abort
}

#[test]
fun a_grant_that_is_over_is_pruned() {
    let mut w = world::begin();
    let grant = w.grant();
    w.advance(HOUR);
    prune_grant(&mut w, grant);
    assert_eq!(w.events(), 1);
    w.end();
}

#[test, expected_failure(abort_code = grants::E_NOT_OVER)]
fun a_grant_is_not_pruned_before() {
    let mut w = world::begin();
    let grant = w.grant();
    w.advance(HOUR - 1);
    prune_grant(&mut w, grant);
    abort
}

#[test]
fun sixty_four_permissions_and_namespaces() {
    let mut w = world::begin();
    let permissions = vector::tabulate!(64, |_| b"get:pods".to_string());
    w.grant_with(permissions, vector::tabulate!(64, |_| b"dev".to_string()), HOUR);
    w.end();
}

#[test, expected_failure(abort_code = grants::E_INVALID_NAMESPACES)]
fun sixty_five_namespaces_are_refused() {
    let mut w = world::begin();
    w.grant_with(texts(vector[b"get:pods"]), vector::tabulate!(65, |_| b"dev".to_string()), HOUR);
    abort
}
