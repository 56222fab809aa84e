#[test_only]
/// Commands and answers, for tests: each method is one transaction of the current sender.
module daas::world_gateway;

use daas::k8s_gateway::{Self, KubectlRequest};
use daas::seal_token::SealToken;
use daas::sessions;
use daas::staking::Stake;
use daas::world::World;
use sui::test_scenario as ts;

use fun execute_with as World.execute_with;

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
    let (cluster, clock, stake) = (w.cluster(), w.clock(), w.scenario().take_shared_by_id<Stake>(stake));
    let mut seal = w.scenario().take_from_address_by_id<SealToken>(owner, seal);
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
        w.ctx(),
    );
    ts::return_to_address(owner, seal);
    w.return_sealed(cluster, clock, stake);
    ts::most_recent_id_shared<KubectlRequest>().destroy_some()
}

/// A command of the sender's.
public fun execute(w: &mut World, seal: ID, stake: ID, id: u8, verb: vector<u8>, resource: vector<u8>): ID {
    let owner = w.scenario().sender();
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
    let mut request = w.scenario().take_shared_by_id<KubectlRequest>(request);
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
    let request = w.scenario().take_shared_by_id<KubectlRequest>(request);
    request.prune(&clock);
    ts::return_shared(clock);
    w.done();
}
