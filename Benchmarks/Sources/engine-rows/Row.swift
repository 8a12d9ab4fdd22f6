/// One thing that the engine does, and what its speed is compared with.
struct Row: Sendable {
  /// What the table and thresholds.json call it.
  let name: String
  /// What the baseline is; nil if there is none.
  var baseline: String?
  /// Makes everything that the row needs; `scale` divides what is large, where instructions are counted.
  let contest: @Sendable (_ scale: Int) throws -> Contest
}

/// A row made ready: pieces of work that can be done any number of times.
struct Contest {
  /// One side of a comparison.
  struct Side {
    /// Brings everything into the state from which `body` starts; not measured.
    var prepare: () throws -> Void = {}
    /// What is measured: all operations.
    var body: () throws -> Void
  }

  /// The operations in one go, by which times are divided.
  let operations: Int
  /// What one operation is, where the table shows something else than nanoseconds each.
  var unit = Unit.nanoseconds
  /// The engine.
  var ours: Side
  /// What the ratio is taken to.
  var baseline: Side?
  /// Further comparisons by the name of their figure, `x store loop`.
  var others: [String: Side] = [:]
  /// Figures that are not times, taken once after everything else.
  var figures: () throws -> [String: Double] = { [:] }

  /// How a row's own value is shown.
  enum Unit {
    /// Nanoseconds an operation.
    case nanoseconds
    /// Gigabytes a second, an operation being so many bytes.
    case gigabytes(bytes: Int)

    var name: String {
      switch self {
      case .nanoseconds: "ns"
      case .gigabytes: "GB/s"
      }
    }

    func value(nanoseconds: Double) -> Double {
      switch self {
      case .nanoseconds: nanoseconds
      case .gigabytes(let bytes): Double(bytes) / nanoseconds
      }
    }
  }
}

extension Row {
  /// All rows, in the order of the table.
  static let all: [Row] =
    memory + textDumps + mapMany + [mapScattered] + mapGigabyte + singlePages + attributeChanges
    + reservations + physicalChunks + lookups
}
