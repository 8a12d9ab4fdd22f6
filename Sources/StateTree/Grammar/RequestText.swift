internal import VCM

/// The text of one write, taken apart into lines.
enum RequestText {
  /// The lines of a text, without their ends; the last needs none.
  ///
  /// A carriage return before the newline is dropped.
  ///
  /// - Throws: `EINVAL` if the text is not UTF-8 or has a control other than tab and line ends.
  static func lines(_ bytes: UnsafeRawBufferPointer) throws(VCMError) -> [Substring] {
    let bytes = bytes.bindMemory(to: UInt8.self)
    var line = 1
    for byte in bytes where byte < 0x20 || byte == 0x7F {
      if byte == UInt8(ascii: "\n") {
        line += 1
      } else if byte != UInt8(ascii: "\t") && byte != UInt8(ascii: "\r") {
        throw .invalid("line \(line) has a control character (\(Print.address(UInt64(byte), digits: 2)))")
      }
    }
    // What is repaired has other bytes; to ask for validation alone takes the long way through a generic function.
    var text = String(decoding: bytes, as: UTF8.self)
    guard text.withUTF8({ $0.hasSameBytes(as: bytes) }) else { throw .invalid("the text is not UTF-8") }
    let whole = text[...]
    var start = 0
    var result: [Substring] = []
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let hasReturn = end > start && bytes[end - 1] == UInt8(ascii: "\r")
      result.append(whole.bytes(start..<(hasReturn ? end - 1 : end)))
      start = end + 1
    }
    return result
  }

  /// A line without the blanks at its ends.
  static func trimmed(_ line: Substring) -> Substring {
    var bytes = line.utf8[...]
    guard let first = bytes.first, let last = bytes.last, isBlank(first) || isBlank(last) else { return line }
    while let first = bytes.first, isBlank(first) { bytes = bytes.dropFirst() }
    while let last = bytes.last, isBlank(last) { bytes = bytes.dropLast() }
    return Substring(bytes)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }
}

extension Substring {
  /// The part with these bytes, counted from the beginning; a character must not be cut.
  ///
  /// O(1).
  func bytes(_ range: Range<Int>) -> Substring {
    let start = utf8.index(startIndex, offsetBy: range.lowerBound)
    return Substring(utf8[start..<utf8.index(start, offsetBy: range.count)])
  }
}
