/// ECDSA signatures on secp256r1. `hash` says how the message is hashed: 0 Keccak-256, 1 SHA-256.
module sui::ecdsa_r1;

/// The compressed public key that made a recoverable signature (65 bytes).
public native fun secp256r1_ecrecover(signature: &vector<u8>, msg: &vector<u8>, hash: u8): vector<u8>;
/// Whether the signature (64 bytes) is the key's over the message.
public native fun secp256r1_verify(
    signature: &vector<u8>,
    public_key: &vector<u8>,
    msg: &vector<u8>,
    hash: u8,
): bool;
