/// A content made of parts, one after the other, each of which can be read at any offset.
struct ComposedContent: DumpContent {
  private let parts: [any DumpContent]
  /// Where each part ends.
  private let ends: [UInt64]

  init(_ parts: [any DumpContent]) {
    self.parts = parts.filter { $0.length > 0 }
    var end: UInt64 = 0
    ends = self.parts.map { part in
      end += part.length
      return end
    }
  }

  var length: UInt64 { ends.last ?? 0 }

  /// O(log parts + bytes read).
  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var low = 0
    var high = ends.count
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    var done = 0
    while low < parts.count, done < buffer.count {
      let start = low == 0 ? 0 : ends[low - 1]
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      done += parts[low].read(at: offset + UInt64(done) - start, into: rest)
      low += 1
    }
    return done
  }
}

/// A content that is there as bytes.
struct BytesContent: DumpContent {
  private let bytes: [UInt8]

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  var length: UInt64 { UInt64(bytes.count) }

  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard offset < length else { return 0 }
    let rest = bytes[Int(offset)...].prefix(buffer.count)
    buffer.copyBytes(from: rest)
    return rest.count
  }
}

/// A content of lines that all have the same length, made where they are read.
struct LinesContent: DumpContent {
  let lineCount: UInt64
  let lineLength: Int
  /// Calls its second argument with each line from a number on, until that returns false.
  let forEachLine: @Sendable (UInt64, (String) -> Bool) -> Void

  var length: UInt64 { lineCount &* UInt64(lineLength) }

  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard offset < length, !buffer.isEmpty else { return 0 }
    var skip = Int(offset % UInt64(lineLength))
    var done = 0
    forEachLine(offset / UInt64(lineLength)) { line in
      let bytes = Array(line.utf8)
      let ending = bytes.last == UInt8(ascii: "\n") ? bytes.count - 1 : bytes.count
      for index in skip..<lineLength where done < buffer.count {
        let isLast = index == lineLength - 1
        buffer[done] = isLast ? UInt8(ascii: "\n") : index < ending ? bytes[index] : UInt8(ascii: " ")
        done += 1
      }
      skip = 0
      return done < buffer.count
    }
    return done
  }
}
