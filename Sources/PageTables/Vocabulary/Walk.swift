/// The translation of one device address, as a walker made it from the encoded table in memory.
public struct Walk: Sendable, Hashable {
  /// One entry that the walker read.
  public struct Step: Sendable, Hashable {
    /// The manual's name of the level.
    public var levelName: String
    /// The level; 0 holds leaves only.
    public var level: Int
    /// The slot in the table.
    public var index: UInt64
    /// The physical address of the slot.
    public var entryAddress: UInt64
    /// The entry as the hardware reads it.
    public var entry: UInt64
    /// The bytes of the entry.
    public var entryByteCount: Int
    /// What the entry is.
    public var kind: EntryKind
  }

  /// Where the address leads.
  public struct Mapping: Sendable, Hashable {
    /// The physical address of the byte that was asked for.
    public var outputAddress: UInt64
    /// The size in bytes of the leaf that maps it.
    public var leafSize: UInt64
    /// What the entries on the path permit together.
    public var attributes: MappingAttributes
    /// The leaf's attributes in words.
    public var words: String
  }

  /// Why the walk ended without a translation.
  public enum FaultReason: Sendable, Hashable {
    /// The address has more bits than the format translates, or is not canonical.
    case inputTooWide
    /// The address lies outside of the table's window or on the other side of its split.
    case outsideWindow
    /// The entry says that nothing is mapped.
    case notPresent
    /// The entry has a value that the hardware does not accept.
    case reservedEntry
    /// The entry points to a table where there is no memory.
    case tableOutsideMemory(UInt64)

    /// The reason in words.
    public var words: String {
      switch self {
      case .inputTooWide: "address too wide"
      case .outsideWindow: "address outside window"
      case .notPresent: "entry not present"
      case .reservedEntry: "reserved entry"
      case .tableOutsideMemory(let address): "table pointer \(hex(address)) outside memory"
      }
    }
  }

  /// How the walk ended.
  public enum Result: Sendable, Hashable {
    /// The address is mapped.
    case mapped(Mapping)
    /// It is not: the level at which the walk ended, by number and by name, and why.
    case fault(level: Int, levelName: String, reason: FaultReason)
  }

  /// The address that was looked up.
  public var deviceAddress: UInt64
  /// The entries read, from the root down.
  public var steps: [Step]
  /// How the walk ended.
  public var result: Result
}

/// What an entry is.
public enum EntryKind: UInt8, Sendable, Hashable {
  /// Nothing: the walk ends with a fault.
  case empty
  /// A pointer to a table of the next level.
  case table
  /// A translation.
  case leaf
  /// A value that the hardware does not accept: the walk ends with a fault.
  case reserved
}

/// A translation without the steps that led to it.
public enum Translation: Sendable, Hashable {
  /// The physical address of the byte, the size of its leaf, and what the path permits.
  case mapped(outputAddress: UInt64, leafSize: UInt64, attributes: MappingAttributes)
  /// The level at which the walk ended, and why.
  case fault(level: Int, reason: Walk.FaultReason)
}
