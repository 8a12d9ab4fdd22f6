import Baselines
import PageTables

extension Row {
  /// A gigabyte by pages of 4 KiB: tables are made and freed.
  static var mapGigabyte: [Row] {
    ["x86-64", "arm64-4k"].flatMap { format in
      [
        Row(name: "map 1 GiB by 4K pages, \(format)", baseline: "memset of the tables") { scale in
          let (under, length, memset) = try gigabyte(format, scale)
          var isMapped = false
          return Contest(
            operations: Int(length >> 12),
            ours: Contest.Side {
              if isMapped { try under.table.unmap(deviceAddress: 0, length: length) }
              isMapped = true
            } body: {
              try under.table.map(
                deviceAddress: 0, to: OutputRun(physicalAddress: TableUnderTest.output, length: length),
                attributes: MappingAttributes())
            },
            baseline: memset)
        },
        Row(name: "unmap 1 GiB by 4K pages, \(format)", baseline: "memset of the tables") { scale in
          let (under, length, memset) = try gigabyte(format, scale)
          return Contest(
            operations: Int(length >> 12),
            ours: Contest.Side {
              try under.table.map(
                deviceAddress: 0, to: OutputRun(physicalAddress: TableUnderTest.output, length: length),
                attributes: MappingAttributes())
            } body: {
              try under.table.unmap(deviceAddress: 0, length: length)
            },
            baseline: memset)
        },
      ]
    }
  }

  /// A table, what is mapped in it, and a memset of as many bytes as its leaf tables have.
  private static func gigabyte(
    _ format: String, _ scale: Int
  ) throws -> (TableUnderTest, UInt64, Contest.Side) {
    let tables = 512 / scale
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: tables << 12, alignment: 4096)
    bytes.initializeMemory(as: UInt8.self, repeating: 1, count: tables << 12)
    return (
      try TableUnderTest(format, poolSize: 16 << 20), UInt64(tables) * TableUnderTest.span,
      Contest.Side { fill_bytes(bytes, 0, tables << 12) }
    )
  }
}
