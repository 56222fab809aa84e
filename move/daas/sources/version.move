/// The version of this package. The only source that an upgrade which changes what clusters mean must change: it
/// raises VERSION, adds a mark of its own (`V2`), and `cluster::migrate` is called for each cluster.
module daas::version;

use std::type_name;

const VERSION: u64 = 1;

/// Marks the package that brought version 1: a type tells the id of the package that defined it first.
public struct V1 has drop {}

/// The version.
public fun current(): u64 { VERSION }

/// The package that brought it, whose functions are to be called.
public fun package(): ID { type_name::defining_id<V1>().to_id() }
