/// Hashes of the SHA families.
module std::hash;

/// SHA-256.
public native fun sha2_256(data: vector<u8>): vector<u8>;
/// SHA3-256.
public native fun sha3_256(data: vector<u8>): vector<u8>;
