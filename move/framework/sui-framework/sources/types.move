/// Facts about types.
module sui::types;

/// Whether a value is the one witness that `init` gets.
public native fun is_one_time_witness<T: drop>(_: &T): bool;
