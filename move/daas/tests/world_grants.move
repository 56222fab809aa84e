#[test_only]
/// Grants, for tests: each method is one transaction.
module daas::world_grants;

use daas::granted_seal;
use daas::grants::{Self, UserPermission};
use daas::k8s_gateway::{Self, KubectlRequest};
use daas::seal_token::SealToken;
use daas::world::{Self, World};
use std::string::String;
use sui::test_scenario as ts;

const ALICE: address = @0xA;
const HOUR: u64 = 3_600_000;

use fun grant_with as World.grant_with;

public fun texts(list: vector<vector<u8>>): vector<String> { list.map!(|text| text.to_string()) }

public fun grant_with(w: &mut World, permissions: vector<String>, namespaces: vector<String>, until: u64): ID {
    let clock = w.clock();
    let (cluster, cap) = w.take_admin();
    grants::grant_permission(&cluster, &cap, ALICE, permissions, namespaces, until, &clock, w.ctx());
    ts::return_shared(clock);
    w.return_admin_all(cluster, cap);
    ts::most_recent_id_shared<UserPermission>().destroy_some()
}

public fun grant(w: &mut World): ID {
    w.grant_with(texts(vector[b"get:pods", b"list:pods", b"get:*"]), texts(vector[b"dev", b"test"]), HOUR)
}

public fun revoke_grant(w: &mut World, grant: ID) {
    let mut grant = w.scenario().take_shared_by_id<UserPermission>(grant);
    w.administrate!(|cluster, cap| {
        grants::revoke_permission(cluster, cap, &mut grant);
        ts::return_shared(grant);
    });
}

public fun seal_grant(w: &mut World, grant: ID, ttl_ms: u64): ID {
    let (cluster, clock, grant) = (w.cluster(), w.clock(), w.scenario().take_shared_by_id<UserPermission>(grant));
    granted_seal::create_granted_seal_token(&cluster, &grant, world::hash(), ttl_ms, &clock, w.ctx());
    ts::return_shared(cluster);
    ts::return_shared(clock);
    ts::return_shared(grant);
    w.done();
    w.scenario().most_recent_id_for_sender<SealToken>().destroy_some()
}

public fun rotate_grant(w: &mut World, seal: ID, grant: ID) {
    let (cluster, clock, grant) = (w.cluster(), w.clock(), w.scenario().take_shared_by_id<UserPermission>(grant));
    let mut seal = w.scenario().take_from_address_by_id<SealToken>(ALICE, seal);
    granted_seal::rotate(&mut seal, &cluster, &grant, world::hash(), HOUR, &clock, w.ctx());
    ts::return_to_address(ALICE, seal);
    ts::return_shared(cluster);
    ts::return_shared(clock);
    ts::return_shared(grant);
    w.done();
}

public fun execute_granted(
    w: &mut World,
    seal: ID,
    grant: ID,
    verb: vector<u8>,
    resource: vector<u8>,
    namespace: vector<u8>,
): ID {
    let (cluster, clock, grant) = (w.cluster(), w.clock(), w.scenario().take_shared_by_id<UserPermission>(grant));
    let mut seal = w.scenario().take_from_address_by_id<SealToken>(ALICE, seal);
    let (verb, resource, namespace) = (verb.to_string(), resource.to_string(), namespace.to_string());
    let id = seal.request_count() as u8;
    k8s_gateway::execute_granted_command_with_id(
        &cluster,
        &mut seal,
        &grant,
        vector::tabulate!(16, |_| id),
        verb,
        resource,
        namespace,
        vector[b"sealed"],
        0,
        &clock,
        w.ctx(),
    );
    ts::return_to_address(ALICE, seal);
    ts::return_shared(cluster);
    ts::return_shared(clock);
    ts::return_shared(grant);
    w.done();
    ts::most_recent_id_shared<KubectlRequest>().destroy_some()
}

public fun prune_grant(w: &mut World, grant: ID) {
    let clock = w.clock();
    let grant = w.scenario().take_shared_by_id<UserPermission>(grant);
    grants::prune(grant, &clock);
    ts::return_shared(clock);
    w.done();
}
