/// The listener's own sign of life: what its ListenerCap tells of it.
module daas::heartbeat;

use daas::cluster::{Cluster, ListenerCap};
use sui::clock::Clock;
use sui::event;

/// The status is none that a listener can be in.
/// Next: give 1 (serving), 2 (draining) or 3 (stopped).
const E_INVALID_STATUS: u64 = 1;

const SERVING: u8 = 1;
const STOPPED: u8 = 3;

/// A listener said how it is.
public struct ListenerBeat has copy, drop {
    cluster: ID,
    cap: ID,
    /// 1 serving, 2 draining, 3 stopped.
    status: u8,
    at_ms: u64,
}

/// The listener says that it lives, and how: 1 serving, 2 draining, 3 stopped. It writes its own ListenerCap only, so
/// that it can go into any transaction of the listener, and nobody waits for it.
public fun beat(cap: &mut ListenerCap, cluster: &Cluster, status: u8, clock: &Clock) {
    cluster.assert_listener(cap);
    assert!(status >= SERVING && status <= STOPPED, E_INVALID_STATUS);
    let at_ms = clock.timestamp_ms();
    cap.mark(status, at_ms);
    event::emit(ListenerBeat { cluster: object::id(cluster), cap: object::id(cap), status, at_ms });
}
