import Baselines
import PageTables

extension Row {
  /// Other attributes for 16 MiB mapped by the smallest pages.
  static var attributeChanges: [Row] {
    ["x86-64", "arm64-4k", "arm-v7s"].map { format in
      Row(name: "change attributes, an entry, \(format)", baseline: "store loop") { _ in
        let under = try TableUnderTest(format)
        let length: UInt64 = 16 << 20
        let output: UInt64 = 0x4000_1000
        try under.table.map(
          deviceAddress: 0, to: OutputRun(physicalAddress: output, length: length),
          attributes: MappingAttributes())
        let entries = UnsafeMutablePointer<UInt64>.allocate(capacity: 4096)
        entries.initialize(repeating: 0, count: 4096)
        var isReadOnly = false
        return Contest(
          operations: 4096,
          ours: Contest.Side {
            isReadOnly.toggle()
            try under.table.changeAttributes(
              deviceAddress: 0, length: length,
              attributes: MappingAttributes(access: isReadOnly ? .read : [.read, .write]))
          },
          baseline: Contest.Side { store_entries(entries, 4096, 0x67, 4096) })
      }
    }
  }
}
