/// Methods of bool.
#[defines_primitive(bool)]
module std::bool;

use std::string::String;

/// 1 or 0.
public macro fun as_u8($x: bool): u8 { if ($x) 1u8 else 0u8 }

/// `true` or `false`.
public fun to_string(x: bool): String {
    if (x) b"true".to_string() else b"false".to_string()
}
