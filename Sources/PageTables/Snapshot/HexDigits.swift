/// Hexadecimal digits eight at a time.
enum HexDigits {
  /// Writes the low `4 * count` bits of a value as lower-case digits; `count` is 1 to 16.
  @inline(__always)
  static func write(_ value: UInt64, count: Int, at place: UnsafeMutableRawPointer) {
    if count < 8 {
      for digit in 0..<count {
        let nibble = UInt8(truncatingIfNeeded: value >> UInt64(4 * (count - 1 - digit)) & 15)
        place.storeBytes(of: nibble + (nibble < 10 ? 0x30 : 0x57), toByteOffset: digit, as: UInt8.self)
      }
      return
    }
    // The first and the last eight digits; where they overlap both say the same.
    let first = value >> UInt64(4 * (count - 8))
    place.storeBytes(of: eight(first), as: UInt64.self)
    place.storeBytes(of: eight(value), toByteOffset: count - 8, as: UInt64.self)
  }

  /// The eight digits of the low 32 bits, the most significant in the first byte.
  @inline(__always)
  private static func eight(_ value: UInt64) -> UInt64 {
    // Spread eight nibbles over eight bytes, then add '0', and 0x27 more from ten on.
    var nibbles = value & 0xFFFF_FFFF
    nibbles = (nibbles | nibbles << 16) & 0x0000_FFFF_0000_FFFF
    nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FF
    nibbles = (nibbles | nibbles << 4) & 0x0F0F_0F0F_0F0F_0F0F
    let letters = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return (nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 0x27).bigEndian
  }
}
