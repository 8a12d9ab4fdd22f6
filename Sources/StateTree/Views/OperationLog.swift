internal import VCM

/// How often the operations of the tree were called, how long they took, and how they failed.
struct OperationLog {
  /// The operations that are counted.
  enum Operation: Int, CaseIterable, Sendable {
    case mkdir, rmdir, symlink, unlink, rename, setattr, open, write

    var name: String { "\(self)" }
  }

  /// The upper borders of the buckets, in nanoseconds.
  static let bounds: [UInt64] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000]

  /// What is known of one operation.
  struct Record {
    /// How many took at most as long as each border, and not as the one before; the last is for all others.
    var buckets = [UInt64](repeating: 0, count: OperationLog.bounds.count + 1)
    var nanoseconds: UInt64 = 0
    var failures: [String: UInt64] = [:]
  }

  private(set) var records = [Record](repeating: Record(), count: Operation.allCases.count)

  /// Counts one call.
  mutating func note(_ operation: Operation, nanoseconds: UInt64, failure: VCMError?) {
    let bucket = Self.bounds.firstIndex { nanoseconds <= $0 } ?? Self.bounds.count
    records[operation.rawValue].buckets[bucket] += 1
    records[operation.rawValue].nanoseconds &+= nanoseconds
    if let failure { records[operation.rawValue].failures[failure.code.symbol, default: 0] += 1 }
  }
}
