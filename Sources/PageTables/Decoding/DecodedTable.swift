/// A page table that somebody else made, as it was found in memory.
///
/// ```swift
/// let memory = try PhysicalMemory(reading: [MemoryImage(path: "core.bin", base: 0x8000_0000)])
/// let format = FormatRegistry.named("arm-v7s")
/// let table = try format?.decode(memory, rootAddress: 0x8000_4000, configuration: .init(), options: .init())
/// table?.problems(limit: 100).problems.forEach { print($0.line) }
/// ```
///
/// It is made by the walker and the dump that a mount uses for its own tables, from a copy of the tables' bytes, so it shows
/// one moment even if the memory goes on changing. Nothing that memory can hold makes it fail.
public struct DecodedTable {
  /// The format, as configured.
  public let format: FormatDescription
  /// Where the table begins, and what the walker was told; no registers, which nobody has shown.
  public let root: RootDescription
  /// The entries.
  public let snapshot: PageTableSnapshot

  private let encoding: any PageTableFormat
  private let options: DecodingOptions

  init(
    encoding: any PageTableFormat, snapshot: PageTableSnapshot, rootAddress: UInt64,
    configuration: TableConfiguration, options: DecodingOptions
  ) {
    self.encoding = encoding
    self.snapshot = snapshot
    self.options = options
    format = encoding.description
    root = RootDescription(
      tableAddress: rootAddress,
      lines: [RootDescription.Line("table", hex: rootAddress)]
        + Self.lines(encoding.description, configuration, options))
  }

  /// What is wrong in the table.
  ///
  /// - Parameter limit: of each kind of problem no more than this are kept; all are counted.
  /// - Complexity: O(slots of all tables + m log m) for m runs of mappings.
  public func problems(limit: Int) -> TableProblems {
    encoding.problems(snapshot, options, limit: limit)
  }

  /// Calls `body` with the longest ranges of device addresses that lead to consecutive physical addresses with equal
  /// attributes, in the order of the table, until it returns false.
  ///
  /// Entries that do not concern `range` are left out, whole.
  public func forEachRun(within range: ClosedRange<UInt64>, _ body: (DecodedRun) -> Bool) {
    encoding.forEachRun(snapshot, range, body)
  }

  private static func lines(
    _ format: FormatDescription, _ configuration: TableConfiguration, _ options: DecodingOptions
  ) -> [RootDescription.Line] {
    var lines = [
      RootDescription.Line("levels", "\(format.levels)"),
      RootDescription.Line("input_bits", "\(format.inputBits)"),
    ]
    if let log2 = configuration.granuleLog2 {
      lines.append(RootDescription.Line("granule", sizeName(log2: log2)))
    }
    if let window = configuration.window {
      lines.append(RootDescription.Line("base", hex: window.base))
      lines.append(RootDescription.Line("size", "\(window.size)"))
    }
    if configuration.split != 0 {
      lines.append(RootDescription.Line("half", configuration.base == .high ? "high" : "low"))
      lines.append(RootDescription.Line("split", "\(configuration.split)"))
    }
    if let spare = options.sparePage { lines.append(RootDescription.Line("spare", hex: spare)) }
    return lines
  }
}

/// Device addresses that lead to consecutive physical addresses with equal attributes.
public struct DecodedRun: Sendable, Hashable {
  /// The first device address.
  public var deviceAddress: UInt64
  /// The number of bytes; 0 = 2^64.
  public var byteCount: UInt64
  /// The physical address of the first byte.
  public var outputAddress: UInt64
  /// The pages that it is made of, of whatever size.
  public var pageCount: Int
  /// The attributes in words.
  public var words: String

  /// The last device address.
  public var last: UInt64 { deviceAddress &+ (byteCount &- 1) }
}
