/// Sessions: what requests for streams have opened, and how it ended.
module daas::sessions;

use daas::cluster::{Cluster, ListenerCap};
use sui::clock::Clock;
use sui::event;

/// The request id is not 16 bytes long.
/// Next: give the 16 bytes of the request that opened the session.
const E_INVALID_REQUEST_ID: u64 = 1;
/// The reason of a session's end is above 7.
/// Next: give one of the reasons of SessionEnded.
const E_INVALID_REASON: u64 = 2;

const REQUEST_ID_BYTES: u64 = 16;
const MAX_REASON: u8 = 7;

/// A session that a request had opened is over. Its start is the request.
public struct SessionEnded has copy, drop {
    request: ID,
    cluster: ID,
    request_id: vector<u8>,
    /// From the requester to the cluster.
    bytes_in: u64,
    /// From the cluster to the requester.
    bytes_out: u64,
    /// 0 ended by the cluster, 1 by the requester, 2 seal lost, 3 stake lost, 4 time over, 5 listener closed,
    /// 6 failed, 7 never used.
    reason: u8,
    ended_at_ms: u64,
}

/// The listener records that a session is over. The request itself may have been pruned by then, so it is named only.
public fun end_session(
    cluster: &Cluster,
    cap: &ListenerCap,
    request: ID,
    request_id: vector<u8>,
    bytes_in: u64,
    bytes_out: u64,
    reason: u8,
    clock: &Clock,
) {
    cluster.assert_listener(cap);
    assert!(request_id.length() == REQUEST_ID_BYTES, E_INVALID_REQUEST_ID);
    assert!(reason <= MAX_REASON, E_INVALID_REASON);
    event::emit(SessionEnded {
        request,
        cluster: object::id(cluster),
        request_id,
        bytes_in,
        bytes_out,
        reason,
        ended_at_ms: clock.timestamp_ms(),
    });
}
