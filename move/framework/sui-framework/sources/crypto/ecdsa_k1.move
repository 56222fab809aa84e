/// ECDSA signatures on secp256k1. `hash` says how the message is hashed: 0 Keccak-256, 1 SHA-256.
module sui::ecdsa_k1;

/// The compressed public key that made a recoverable signature (65 bytes).
public native fun secp256k1_ecrecover(signature: &vector<u8>, msg: &vector<u8>, hash: u8): vector<u8>;
/// A public key of 33 bytes in its form of 65.
public native fun decompress_pubkey(pubkey: &vector<u8>): vector<u8>;
/// Whether the signature (64 bytes) is the key's over the message.
public native fun secp256k1_verify(
    signature: &vector<u8>,
    public_key: &vector<u8>,
    msg: &vector<u8>,
    hash: u8,
): bool;
