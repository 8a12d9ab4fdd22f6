/// A place in a line being written: bytes go forward until the end, and what does not fit is left out.
///
/// It writes into memory that the caller owns and never allocates.
struct TextCursor {
  private let start: UnsafeMutableRawPointer
  private let limit: Int
  private(set) var count = 0
  /// Whether something did not fit.
  private(set) var isTruncated = false

  /// A cursor at the start of a buffer of at least one byte.
  init(start: UnsafeMutableRawPointer, limit: Int) {
    self.start = start
    self.limit = limit
  }

  /// Writes one byte.
  mutating func append(byte: UInt8) {
    guard count < limit else {
      isTruncated = true
      return
    }
    start.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  /// Writes text known at compile time.
  mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { for byte in $0 { append(byte: byte) } }
  }

  /// Writes a space, unless nothing has been written, and a word.
  mutating func append(word: StaticString) {
    if count > 0 { append(byte: 0x20) }
    append(word)
  }

  /// Writes a decimal number.
  mutating func append(decimal value: UInt64) {
    var divisor: UInt64 = 1
    while value / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      append(byte: 0x30 + UInt8(truncatingIfNeeded: value / divisor % 10))
      divisor /= 10
    }
  }

  /// Writes 0x and a hexadecimal number.
  mutating func append(hexadecimal value: UInt64) {
    append("0x")
    var shift = value == 0 ? 0 : (63 - value.leadingZeroBitCount) / 4 * 4
    while shift >= 0 {
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift) & 15)
      append(byte: digit < 10 ? 0x30 + digit : 0x57 + digit)
      shift -= 4
    }
  }

  /// Writes spaces up to a column.
  mutating func pad(to column: Int) {
    while count < min(column, limit) { append(byte: 0x20) }
  }

  /// The text that `body` writes, as a string.
  static func string(capacity: Int, _ body: (inout TextCursor) -> Void) -> String {
    withUnsafeTemporaryAllocation(byteCount: max(capacity, 1), alignment: 1) { buffer in
      guard let base = buffer.baseAddress else { return "" }
      var cursor = TextCursor(start: base, limit: capacity)
      body(&cursor)
      return String(decoding: UnsafeRawBufferPointer(start: base, count: cursor.count), as: UTF8.self)
    }
  }
}

extension TextCursor {
  /// Writes neutral attributes in the words of the tree's grammar: `prot=rw cache=none user`.
  ///
  /// - Parameters:
  ///   - showsCache: false where the format has no bits for a policy.
  mutating func append(_ attributes: MappingAttributes, showsPrivilege: Bool = true, showsCache: Bool = true)
  {
    append(word: "prot=")
    if attributes.access.contains(.read) { append("r") }
    if attributes.access.contains(.write) { append("w") }
    if attributes.access.contains(.execute) { append("x") }
    if attributes.access.isEmpty { append("none") }
    if showsCache {
      append(word: "cache=")
      switch attributes.cache {
      case .notCached: append("none")
      case .writeBackWriteAllocate: append("wb-wa")
      case .writeBackNoWriteAllocate: append("wb-nwa")
      case .writeThrough: append("wt")
      }
    }
    if showsPrivilege {
      append(word: attributes.privilege == .user ? "user" : "supervisor")
    }
  }
}
