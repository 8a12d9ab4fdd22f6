import Foundation

/// Reads a whole file by 1 MiB.
private let readLarge: @Sendable (Paths) -> Bool = { paths in
  withUnsafeTemporaryAllocation(byteCount: 1 << 20, alignment: 4096) { buffer in
    var offset: off_t = 0
    while true {
      let count = pread(paths.largeFile, buffer.baseAddress, 1 << 20, offset)
      guard count >= 0 else { return false }
      if count == 0 { return offset > 0 }
      offset += off_t(count)
      if offset >= 64 << 20 { return true }
    }
  }
}

/// Lets the kernel forget the names and attributes that nobody uses; without the right to, they stay.
private let forgetNames: @Sendable (Paths) -> Bool = { paths in
  _ = echo("2\n", "/proc/sys/vm/drop_caches")
  return paths.touch()
}

extension Row {
  static let large: [Row] = [
    Row(name: "list 10,000 names, changed since", pair: .tenThousand, isLong: true, before: { $0.touch() }) {
      list($0.listing, withAttributes: false) == 10_000
    },
    Row(
      name: "the same, beside listings that are not kept", pair: .tenThousandUnkept, isLong: true,
      before: { $0.touch() }
    ) {
      list($0.listing, withAttributes: false) == 10_000
    },
    Row(name: "list 10,000 with attributes, forgotten", pair: .tenThousand, isLong: true, before: forgetNames)
    {
      list($0.listing, withAttributes: true) == 10_000
    },
    Row(name: "list 1,000,000 names, changed since", pair: .million, isLong: true, before: { $0.touch() }) {
      list($0.listing, withAttributes: false) == 1_000_000
    },
    Row(name: "list 1,000,000 with attributes, forgotten", pair: .million, isLong: true, before: forgetNames)
    {
      list($0.listing, withAttributes: true) == 1_000_000
    },
    Row(name: "read pagetable.bin by 1 MiB", pair: .tables, isLong: true, body: readLarge),
    Row(name: "read pagetable by 1 MiB", pair: .text, isLong: true, body: readLarge),
    Row(name: "read pagetable by 1 MiB, on all CPUs", pair: .textOnAll, isLong: true, body: readLarge),
    Row(name: "read scattered data by 1 MiB", pair: .scattered, isLong: true, body: readLarge),
    Row(name: "read memory/physical by 1 MiB", pair: .physical, isLong: true, body: readLarge),
    Row(name: "pread memory/physical, 4K", pair: .physical) { paths in
      withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 4096) {
        pread(paths.largeFile, $0.baseAddress, 4096, 1 << 20) == 4096
      }
    },
  ]
}
