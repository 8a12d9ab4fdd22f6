import PageTables

extension PageTableSnapshot {
  /// The whole text, read in pieces of `step` bytes.
  func text(step: Int = 1 << 16) -> String {
    var bytes: [UInt8] = []
    while true {
      let piece = read(offset: UInt64(bytes.count), count: step)
      guard !piece.isEmpty else { break }
      bytes += piece
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Up to `count` bytes of the text from an offset on.
  func read(offset: UInt64, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
      written = render(offset: offset, into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// All entries, decoded.
  var entries: [Entry] {
    var result: [Entry] = []
    forEachEntry(from: 0) {
      result.append($0)
      return true
    }
    return result
  }
}
