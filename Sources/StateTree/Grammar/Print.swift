/// How values are printed: the one formatter of the tree.
///
/// Lengths are decimal bytes, addresses are `0x` and hexadecimal digits without leading zeros, lists stand on one line
/// with single spaces. Whatever is printed here, ``Number`` reads.
enum Print {
  /// A length in bytes, or a count.
  static func length(_ value: UInt64) -> String { String(value) }

  /// An address.
  ///
  /// Written in place, in no more room than it takes: every `cat start` comes by here, and short strings need no memory.
  static func address(_ value: UInt64) -> String {
    String(unsafeUninitializedCapacity: addressWidth(value)) { write(value, into: $0) }
  }

  /// Calls `body` with the bytes of an address, which lie there until it returns.
  static func withAddress<Result>(_ value: UInt64, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longestAddress) { bytes in
      let count = write(value, into: bytes)
      return body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[..<count])))
    }
  }

  /// `0x` and sixteen digits.
  private static let longestAddress = 18

  /// Writes an address, and says how many bytes it has.
  private static func write(_ value: UInt64, into bytes: UnsafeMutableBufferPointer<UInt8>) -> Int {
    let count = max(1, (67 - value.leadingZeroBitCount) / 4)
    bytes[0] = UInt8(ascii: "0")
    bytes[1] = UInt8(ascii: "x")
    var rest = value
    for index in stride(from: count + 1, to: 1, by: -1) {
      let digit = UInt8(truncatingIfNeeded: rest & 15)
      bytes[index] = digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
      rest >>= 4
    }
    return count + 2
  }

  /// An address with leading zeros up to `digits` hexadecimal digits.
  static func address(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  /// A truth: 1 or 0.
  static func flag(_ value: Bool) -> String { value ? "1" : "0" }

  /// Values on one line.
  static func list(_ values: some Sequence<String>) -> String { values.joined(separator: " ") }

  /// A size as people say it: `4K`, `1M`, `2G`, or plain bytes where no unit divides it.
  static func friendly(_ value: UInt64) -> String {
    guard value != 0 else { return "0" }
    for (shift, unit) in [(60, "E"), (50, "P"), (40, "T"), (30, "G"), (20, "M"), (10, "K")]
    where value.trailingZeroBitCount >= shift {
      return String(value >> UInt64(shift)) + unit
    }
    return String(value)
  }

  /// The number of bytes that ``length(_:)`` prints.
  ///
  /// O(1).
  static func lengthWidth(_ value: UInt64) -> Int {
    var width = 1
    var rest = value / 10
    while rest != 0 {
      width += 1
      rest /= 10
    }
    return width
  }

  /// The number of bytes that ``address(_:)`` prints.
  ///
  /// O(1).
  static func addressWidth(_ value: UInt64) -> Int { 2 + max(1, (67 - value.leadingZeroBitCount) / 4) }
}
