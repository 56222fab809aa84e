/// More hashes.
module sui::hash;

/// BLAKE2b with 32 bytes.
public native fun blake2b256(data: &vector<u8>): vector<u8>;
/// Keccak-256.
public native fun keccak256(data: &vector<u8>): vector<u8>;
