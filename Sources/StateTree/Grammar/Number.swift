internal import VCM

/// Sizes, addresses and counts as people write them.
///
/// A number is decimal or, after `0x`, hexadecimal digits, with at most one of the units K M G T P E (powers of 1024;
/// `KB` and `KiB` mean the same, in capitals or not) behind it: `4096`, `0x1000`, `4K`, `16MiB`. A hexadecimal number
/// takes no `E`, which is a digit, and a plain `B` stands for nothing. There are no signs, fractions or spaces.
package enum Number {
  /// Why a text is no number.
  package enum Failure: Error, Equatable {
    /// It has another shape.
    case malformed
    /// It is one, but does not fit in 64 bits.
    case tooLarge
  }

  /// Reads a number.
  ///
  /// - Throws: `.malformed` or `.tooLarge`. Never traps.
  /// - Complexity: O(length).
  package static func parse(_ text: Substring) throws(Failure) -> UInt64 {
    var text = text
    return try text.withUTF8(parse).get()
  }

  private static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<UInt64, Failure> {
    var radix: UInt64 = 10
    var index = 0
    if bytes.count > 2, bytes[0] == UInt8(ascii: "0"), bytes[1] | 0x20 == UInt8(ascii: "x") {
      radix = 16
      index = 2
    }
    let first = index
    var value: UInt64 = 0
    var isTooLarge = false
    while index < bytes.count, let digit = digit(bytes[index]), digit < radix {
      let (product, overflow) = value.multipliedReportingOverflow(by: radix)
      let (sum, carry) = product.addingReportingOverflow(digit)
      isTooLarge = isTooLarge || overflow || carry
      value = sum
      index += 1
    }
    guard index > first, let shift = unitShift(bytes[index...]) else { return .failure(.malformed) }
    guard !isTooLarge, (value << shift) >> shift == value else { return .failure(.tooLarge) }
    return .success(value << shift)
  }

  /// The value of a digit in base 36, or nil.
  private static func digit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }

  /// The power of two of a unit, 0 of none, nil of what is no unit.
  private static func unitShift(_ unit: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
    guard let first = unit.first else { return 0 }
    let tail = unit.dropFirst()
    switch tail.count {
    case 0: break
    case 1, 2:
      guard tail.last.map({ $0 | 0x20 }) == UInt8(ascii: "b"),
        tail.count == 1 || tail.first.map({ $0 | 0x20 }) == UInt8(ascii: "i")
      else { return nil }
    default: return nil
    }
    switch first | 0x20 {
    case UInt8(ascii: "k"): return 10
    case UInt8(ascii: "m"): return 20
    case UInt8(ascii: "g"): return 30
    case UInt8(ascii: "t"): return 40
    case UInt8(ascii: "p"): return 50
    case UInt8(ascii: "e"): return 60
    default: return nil
    }
  }

  /// Reads a size that a person wrote as `what`.
  ///
  /// - Throws: `EINVAL` with a sentence.
  static func size(_ text: Substring, as what: String) throws(VCMError) -> UInt64 {
    do throws(Failure) {
      return try parse(text)
    } catch {
      switch error {
      case .malformed:
        throw .invalid(
          "\(what) \(quoted(text)) is not a number: decimal or 0x hex digits, then K, M, G, T or nothing")
      case .tooLarge:
        throw .invalid("\(what) \(quoted(text)) does not fit in 64 bits")
      }
    }
  }

  /// A person's text inside a sentence: in single quotes, cut after 64 characters, controls shown as `?`.
  package static func quoted(_ text: some StringProtocol) -> String {
    var shown = ""
    for character in text.unicodeScalars.prefix(64) {
      shown.unicodeScalars.append(character.properties.generalCategory == .control ? "?" : character)
    }
    let isCut = text.unicodeScalars.dropFirst(64).first != nil
    return "'\(shown)\(isCut ? "..." : "")'"
  }
}
