import Baselines
import Measuring
import PageTables

extension Row {
  /// The text of a table of 256 MiB by pages, rendered into a buffer of 1 MiB piece by piece.
  static var textDumps: [Row] { ["x86-64", "arm64-4k"].map(textDump) }

  private static func textDump(_ format: String) -> Row {
    Row(name: "text dump, \(format)", baseline: "memset of the text") { scale in
      let under = try TableUnderTest(format)
      try under.table.map(
        deviceAddress: 0,
        to: OutputRun(physicalAddress: TableUnderTest.output, length: UInt64(256 / scale) << 20),
        attributes: MappingAttributes())
      let snapshot = under.table.snapshot()
      let size = Int(snapshot.byteCount)
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
      buffer.initializeMemory(as: UInt8.self, repeating: 0)
      let render = {
        var offset: UInt64 = 0
        while case let count = snapshot.render(offset: offset, into: buffer), count > 0 {
          offset += UInt64(count)
        }
        guard offset == snapshot.byteCount else { throw Failure("the text ends at \(offset)") }
      }
      return Contest(
        operations: size / snapshot.bytesPerLine, unit: .gigabytes(bytes: snapshot.bytesPerLine),
        ours: Contest.Side(body: render),
        baseline: Contest.Side {
          var rest = size
          while rest > 0 {
            fill_bytes(buffer.baseAddress, 0x20, min(rest, buffer.count))
            rest -= min(rest, buffer.count)
          }
        },
        figures: {
          let before = allocation_count()
          try render()
          return ["allocations a MiB": Double(allocation_count() - before) / (Double(size) / 1_048_576)]
        })
    }
  }
}
