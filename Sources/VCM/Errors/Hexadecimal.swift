/// An address as text, such as `0x80000000`.
func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
