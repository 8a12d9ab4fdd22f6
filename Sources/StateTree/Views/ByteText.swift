/// A text that is being written, as bytes: for texts of a line an object, where strings would cost too much.
struct ByteText {
  private(set) var bytes: [UInt8] = []

  /// Appends a text as it is.
  mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Appends another text.
  mutating func put(_ text: ByteText) { bytes.append(contentsOf: text.bytes) }

  /// Appends a number in decimal.
  mutating func put(decimal value: UInt64) {
    let start = bytes.count
    var rest = value
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest != 0
    bytes[start...].reverse()
  }

  /// Appends an address: `0x` and hexadecimal digits.
  mutating func put(address value: UInt64) {
    put("0x")
    let start = bytes.count
    var rest = value
    repeat {
      let digit = UInt8(truncatingIfNeeded: rest & 15)
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      rest >>= 4
    } while rest != 0
    bytes[start...].reverse()
  }

  /// Appends a string as JSON has it, with its quotes.
  mutating func put(json text: String) {
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    guard isPlain else { return put(TableJSON.string(text)) }
    bytes.append(UInt8(ascii: "\""))
    put(text)
    bytes.append(UInt8(ascii: "\""))
  }
}
