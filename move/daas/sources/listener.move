/// What a listener tells of itself: where it is, its keys, and the k3s server's.
module daas::listener;

use std::string::String;

/// A key or a hash is not 32 bytes long.
/// Next: give the raw 32 bytes.
const E_INVALID_KEY: u64 = 1;
/// The listener's URLs are none, more than 8, or one is empty or longer than 512 bytes; or the version of k3s is longer
/// than 64 bytes.
/// Next: announce 1 to 8 URLs and a version as k3s names it.
const E_INVALID_URLS: u64 = 2;
/// The endpoints are more than 8, not in ascending order, or not one list of URLs for each.
/// Next: order the endpoints by their minimum stake, each larger than the one before.
const E_INVALID_ENDPOINTS: u64 = 3;

const KEY_BYTES: u64 = 32;
const MAX_URLS: u64 = 8;
const MAX_URL_BYTES: u64 = 512;
const MAX_VERSION_BYTES: u64 = 64;
const MAX_ENDPOINTS: u64 = 8;

/// Where stakes of at least `min_stake` MIST find the listener.
public struct Endpoint has copy, drop, store {
    min_stake: u64,
    urls: vector<String>,
}

/// A listener as the chain knows it. Nothing of this is secret.
public struct Listener has copy, drop, store {
    /// Where it answers registrations of stakes that no endpoint is for.
    urls: vector<String>,
    /// Ascending by `min_stake`.
    endpoints: vector<Endpoint>,
    /// Where agents find the k3s server.
    k3s_url: String,
    /// SHA-256 of the k3s server's CA, or empty.
    ca_hash: vector<u8>,
    k3s_version: String,
    /// X25519 public key to which requests are sealed, or empty before the first announcement.
    hpke_key: vector<u8>,
    /// SHA-256 of the SPKI DER of its TLS key, or empty.
    tls_pin: vector<u8>,
    /// Counts the HPKE keys announced.
    key_epoch: u64,
    /// The keys before these, or empty; they are good until `previous_until_ms`.
    previous_hpke_key: vector<u8>,
    previous_tls_pin: vector<u8>,
    previous_until_ms: u64,
    announced_at_ms: u64,
}

/// A listener that has not announced itself.
public(package) fun none(k3s_version: String): Listener {
    assert!(k3s_version.length() <= MAX_VERSION_BYTES, E_INVALID_URLS);
    Listener {
        urls: vector[],
        endpoints: vector[],
        k3s_url: b"".to_string(),
        ca_hash: vector[],
        k3s_version,
        hpke_key: vector[],
        tls_pin: vector[],
        key_epoch: 0,
        previous_hpke_key: vector[],
        previous_tls_pin: vector[],
        previous_until_ms: 0,
        announced_at_ms: 0,
    }
}

/// Takes an announcement. New keys make the present ones the previous ones, for `overlap_ms`.
public(package) fun announce(
    listener: &mut Listener,
    urls: vector<String>,
    hpke_key: vector<u8>,
    tls_pin: vector<u8>,
    k3s_url: String,
    ca_hash: vector<u8>,
    k3s_version: String,
    overlap_ms: u64,
    now_ms: u64,
) {
    check_urls(&urls);
    assert!(k3s_url.length() <= MAX_URL_BYTES && k3s_version.length() <= MAX_VERSION_BYTES, E_INVALID_URLS);
    assert!(hpke_key.length() == KEY_BYTES && tls_pin.length() == KEY_BYTES, E_INVALID_KEY);
    assert!(ca_hash.is_empty() || ca_hash.length() == KEY_BYTES, E_INVALID_KEY);
    let is_first = listener.hpke_key.is_empty();
    let has_new_keys = listener.hpke_key != hpke_key || listener.tls_pin != tls_pin;
    if (has_new_keys && !is_first) {
        listener.previous_hpke_key = listener.hpke_key;
        listener.previous_tls_pin = listener.tls_pin;
        listener.previous_until_ms = now_ms + overlap_ms;
    };
    if (listener.hpke_key != hpke_key) listener.key_epoch = listener.key_epoch + 1;
    listener.urls = urls;
    listener.hpke_key = hpke_key;
    listener.tls_pin = tls_pin;
    listener.k3s_url = k3s_url;
    listener.ca_hash = ca_hash;
    listener.k3s_version = k3s_version;
    listener.announced_at_ms = now_ms;
}

/// Ends the overlap: the previous keys are good no more.
public(package) fun drop_previous_keys(listener: &mut Listener) {
    listener.previous_hpke_key = vector[];
    listener.previous_tls_pin = vector[];
    listener.previous_until_ms = 0;
}

/// Sets the endpoints: `urls[i]` are for stakes of at least `min_stakes[i]`.
public(package) fun set_endpoints(
    listener: &mut Listener,
    min_stakes: vector<u64>,
    urls: vector<vector<String>>,
) {
    assert!(min_stakes.length() == urls.length() && urls.length() <= MAX_ENDPOINTS, E_INVALID_ENDPOINTS);
    listener.endpoints = vector::tabulate!(min_stakes.length(), |at| {
        assert!(at == 0 || min_stakes[at] > min_stakes[at - 1], E_INVALID_ENDPOINTS);
        check_urls(&urls[at]);
        Endpoint { min_stake: min_stakes[at], urls: urls[at] }
    });
}

/// Where a stake of an amount finds the listener: the endpoint of the largest minimum that it reaches.
public fun urls_for(listener: &Listener, amount: u64): vector<String> {
    let mut urls = listener.urls;
    listener.endpoints.do_ref!(|endpoint| {
        if (endpoint.min_stake <= amount) urls = endpoint.urls;
    });
    urls
}

/// Where it answers stakes that no endpoint is for.
public fun urls(listener: &Listener): vector<String> { listener.urls }
/// Where the k3s server is.
public fun k3s_url(listener: &Listener): String { listener.k3s_url }
/// SHA-256 of the k3s server's CA, or empty.
public fun ca_hash(listener: &Listener): vector<u8> { listener.ca_hash }
/// The version of k3s that agents must run.
public fun k3s_version(listener: &Listener): String { listener.k3s_version }
/// The HPKE key, or empty.
public fun hpke_key(listener: &Listener): vector<u8> { listener.hpke_key }
/// The pin of the TLS key, or empty.
public fun tls_pin(listener: &Listener): vector<u8> { listener.tls_pin }
/// Counts the HPKE keys announced.
public fun key_epoch(listener: &Listener): u64 { listener.key_epoch }

/// The HPKE key and the TLS pin before the present ones, empty where they are not good any more.
public fun previous_keys(listener: &Listener, now_ms: u64): (vector<u8>, vector<u8>) {
    if (now_ms < listener.previous_until_ms) (listener.previous_hpke_key, listener.previous_tls_pin)
    else (vector[], vector[])
}

/// When it announced itself last; ms since 1970, or 0.
public fun announced_at_ms(listener: &Listener): u64 { listener.announced_at_ms }

fun check_urls(urls: &vector<String>) {
    assert!(!urls.is_empty() && urls.length() <= MAX_URLS, E_INVALID_URLS);
    assert!(urls.all!(|url| url.length() > 0 && url.length() <= MAX_URL_BYTES), E_INVALID_URLS);
}
