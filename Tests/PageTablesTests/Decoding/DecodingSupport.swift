import PageTables
import PhysicalMemory
import Testing

extension TableHarness {
  /// The table as somebody reads it who has only the memory, and the root file's lines.
  func decoded(_ options: DecodingOptions = DecodingOptions()) throws -> DecodedTable {
    var options = options
    options.sparePage = table.root.lines.first { $0.key == "spare" }.flatMap {
      UInt64($0.value.dropFirst(2), radix: 16)
    }
    return try format.entry.decode(
      tables.memory, rootAddress: table.root.tableAddress, configuration: format.configuration,
      options: options)
  }

  /// The bytes at a physical address.
  func bytes(_ address: UInt64, _ count: Int) throws -> UnsafeMutableRawPointer {
    try #require(tables.memory.pointer(to: address, byteCount: UInt64(count)))
  }

  /// Turns bits of an entry over, as somebody does who overwrites it.
  func flip(_ bits: UInt64, at entryAddress: UInt64) throws {
    let size = description.entryByteCount
    for byte in 0..<size {
      let shift = 8 * (description.endianness == .big ? size - 1 - byte : byte)
      let place = try bytes(entryAddress + UInt64(byte), 1)
      let old = place.load(as: UInt8.self)
      place.storeBytes(of: old ^ UInt8(truncatingIfNeeded: bits >> UInt64(shift)), as: UInt8.self)
    }
  }
}

extension DecodedTable {
  /// The problems, with a limit that no test reaches.
  var allProblems: [TableProblem] { problems(limit: 10_000).problems }

  /// All runs.
  var runs: [DecodedRun] {
    var runs: [DecodedRun] = []
    forEachRun(within: 0...UInt64.max) {
      runs.append($0)
      return true
    }
    return runs
  }
}

extension PageTableSnapshot {
  /// The text of what concerns a range.
  func text(within range: ClosedRange<UInt64>) -> String {
    var text = ""
    renderLines(within: range) {
      text += String(decoding: $0, as: UTF8.self)
      return true
    }
    return text
  }
}
