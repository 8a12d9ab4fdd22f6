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
    if line == 1 || line == 2 && bytes.last == UInt8(ascii: "\n") {
      // As most are: a short line then lies in its string itself.
      guard !bytes.isEmpty else { return [] }
      let end = contentEnd(of: bytes, 0..<(line == 1 ? bytes.count : bytes.count - 1))
      return [Substring(try text(UnsafeBufferPointer(rebasing: bytes[..<end])))]
    }
    let whole = Substring(try text(bytes))
    var start = 0
    var result: [Substring] = []
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      result.append(whole.bytes(start..<contentEnd(of: bytes, start..<end)))
      start = end + 1
    }
    return result
  }

  /// Where a line ends without its carriage return.
  private static func contentEnd(of bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Int {
    !line.isEmpty && bytes[line.upperBound - 1] == UInt8(ascii: "\r") ? line.upperBound - 1 : line.upperBound
  }

  private static func text(_ bytes: UnsafeBufferPointer<UInt8>) throws(VCMError) -> String {
    // What is repaired has other bytes; to ask for validation alone takes the long way through a generic function.
    var text = String(decoding: bytes, as: UTF8.self)
    guard text.withUTF8({ $0.hasSameBytes(as: bytes) }) else { throw .invalid("the text is not UTF-8") }
    return text
  }

  /// A line without the blanks at its ends.
  static func trimmed(_ line: Substring) -> Substring {
    var line = line
    let range = line.withUTF8 { bytes in
      var range = 0..<bytes.count
      while let first = range.first, isBlank(bytes[first]) { range = first + 1..<range.upperBound }
      while let last = range.last, isBlank(bytes[last]) { range = range.lowerBound..<last }
      return range
    }
    return range.count == line.utf8.count ? line : line.bytes(range)
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
