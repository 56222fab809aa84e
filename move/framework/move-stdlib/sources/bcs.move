/// Binary canonical serialisation.
module std::bcs;

/// The bytes of a value.
public native fun to_bytes<MoveValue>(v: &MoveValue): vector<u8>;
