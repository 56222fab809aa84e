/// Names of types as values.
module std::type_name;

use std::address;
use std::ascii::{Self, String};

/// `name.as_string()`.
public use fun as_string as TypeName.borrow_string;

/// The type belongs to no module.
const ENonModuleType: u64 = 0;

const COLON: u8 = 0x3A;

/// The name of a type: `u8`, `vector<u8>`, `<64 hex digits>::module::Type<…>`.
public struct TypeName has copy, drop, store {
    name: String,
}

/// The name, with the packages that first defined each type.
public native fun with_defining_ids<T>(): TypeName;

/// The name, with the first versions of packages.
public native fun with_original_ids<T>(): TypeName;

/// The package that first defined the type.
public native fun defining_id<T>(): address;

/// The first version of the package of the type.
public native fun original_id<T>(): address;

/// Whether the type belongs to no module.
public fun is_primitive(self: &TypeName): bool {
    let bytes = self.name.as_bytes();
    if (bytes.length() >= 6) {
        let mut head = vector[];
        let mut at = 0;
        while (at < 6) {
            head.push_back(bytes[at]);
            at = at + 1;
        };
        if (head == b"vector") return true;
    };
    bytes == &b"bool" || bytes == &b"address" || bytes == &b"u8" || bytes == &b"u16" || bytes == &b"u32"
        || bytes == &b"u64" || bytes == &b"u128" || bytes == &b"u256"
}

/// The name as text, to read.
public fun as_string(self: &TypeName): &String {
    &self.name
}

/// The 64 hex digits of the package.
public fun address_string(self: &TypeName): String {
    assert!(!self.is_primitive(), ENonModuleType);
    self.name.substring(0, address::length() * 2)
}

/// The name of the module.
public fun module_string(self: &TypeName): String {
    assert!(!self.is_primitive(), ENonModuleType);
    let bytes = self.name.as_bytes();
    let mut at = address::length() * 2 + 2;
    let mut text = vector[];
    while (bytes[at] != COLON) {
        text.push_back(bytes[at]);
        at = at + 1;
    };
    ascii::string(text)
}

/// The name of the type, with its arguments.
public fun datatype_string(self: &TypeName): String {
    assert!(!self.is_primitive(), ENonModuleType);
    let from = address::length() * 2 + 4 + self.module_string().length();
    self.name.substring(from, self.name.length())
}

/// The name as text.
public fun into_string(self: TypeName): String {
    self.name
}

/// As `with_defining_ids`.
public fun get<T>(): TypeName {
    with_defining_ids<T>()
}

/// As `with_original_ids`.
public fun get_with_original_ids<T>(): TypeName {
    with_original_ids<T>()
}

/// As `address_string`.
public fun get_address(self: &TypeName): String {
    self.address_string()
}

/// As `module_string`.
public fun get_module(self: &TypeName): String {
    self.module_string()
}
