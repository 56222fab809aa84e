/// Ed25519 signatures.
module sui::ed25519;

/// Whether the signature is the key's over the message; false if anything is malformed.
public native fun ed25519_verify(signature: &vector<u8>, public_key: &vector<u8>, msg: &vector<u8>): bool;
