/// Something wrong in a page table.
public struct TableProblem: Sendable, Hashable {
  /// The kinds of problems, with their names in output.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// An entry has a value that the hardware does not accept.
    case reservedEntry = "reserved-entry"
    /// An entry has bits set that no field of the format has.
    case reservedBits = "reserved-bits"
    /// A page's or block's address is not a multiple of its size.
    case misalignedPage = "misaligned-page"
    /// A page takes several entries, and they do not say the same.
    case copiesDiffer = "copies-differ"
    /// A pointer leads to where there is no memory.
    case tableOutsideMemory = "table-outside-memory"
    /// A table's address is not a multiple of what the hardware wants.
    case misalignedTable = "misaligned-table"
    /// A pointer leads back to a table on the way to it.
    case loop
    /// Two pointers lead to the same table.
    case tableShared = "table-shared"
    /// Two tables have bytes in common.
    case tablesOverlap = "tables-overlap"
    /// A physical address is mapped twice, with memory attributes that must not differ.
    case conflict = "attribute-conflict"
    /// There are more tables than are followed.
    case tooManyTables = "too-many-tables"
  }

  /// An entry, as a problem names it.
  public struct Place: Sendable, Hashable {
    /// The manual's name of the level.
    public var levelName: String
    /// The slot in its table.
    public var slot: UInt64
    /// The physical address of the slot.
    public var entryAddress: UInt64
    /// The entry as the hardware reads it.
    public var entry: UInt64
    /// The first device address of the slot, on the first way that leads to its table.
    public var deviceAddress: UInt64
  }

  /// What is wrong.
  public var kind: Kind
  /// The entry in which it is; `nil` for the root.
  public var place: Place?
  /// What is wrong, with the values that are.
  public var sentence: String

  /// The kind, the entry and the sentence, on one line.
  public var line: String {
    guard let place else { return "\(kind.rawValue): \(sentence)" }
    return
      "\(kind.rawValue): \(place.levelName) slot \(hex(place.slot)) at \(hex(place.entryAddress)), entry "
      + "\(hex(place.entry)), device \(hex(place.deviceAddress)): \(sentence)"
  }
}

/// All that is wrong in a page table.
public struct TableProblems: Sendable {
  /// The problems, of each kind at most so many as were asked for, in the order of the tables.
  public private(set) var problems: [TableProblem] = []
  /// How many problems there are of each kind.
  public private(set) var counts: [TableProblem.Kind: Int] = [:]
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// Whether nothing is wrong.
  public var isEmpty: Bool { counts.isEmpty }
  /// How many problems there are.
  public var total: Int { counts.values.reduce(0, +) }

  /// Counts a problem; whether it is to be kept, and so its words are worth making.
  mutating func count(_ kind: TableProblem.Kind) -> Bool {
    let count = counts[kind, default: 0]
    counts[kind] = count + 1
    return count < limit
  }

  /// Keeps a problem that has been counted.
  mutating func keep(_ kind: TableProblem.Kind, _ place: TableProblem.Place?, _ sentence: String) {
    problems.append(TableProblem(kind: kind, place: place, sentence: sentence))
  }
}
