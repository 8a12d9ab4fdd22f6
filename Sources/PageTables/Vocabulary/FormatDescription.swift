/// What a format says of itself: the content of the files under formats/<name>.
public struct FormatDescription: Hashable, Sendable {
  /// The order of the bytes of an entry in memory.
  public enum Endianness: String, Hashable, Sendable {
    /// Least significant byte first.
    case little
    /// Most significant byte first.
    case big
  }

  /// What a table translates: which kind of address it is asked for, and which it answers.
  public enum Stage: String, Hashable, Sendable {
    /// Virtual addresses to physical ones; nothing can follow.
    case only
    /// Virtual addresses to physical ones, which under a second stage are intermediate physical addresses.
    case first
    /// Intermediate (a guest's) physical addresses to physical ones.
    case second

    /// The kind of the addresses that go in: `va` or `ipa`.
    public var input: String { self == .second ? "ipa" : "va" }
    /// The kind of the addresses that come out while no second stage follows.
    public var output: String { "pa" }

    /// The translation in words, for a dump's header.
    public var words: String {
      "\(input) to \(output)" + (self == .first ? ", ipa under a second stage" : "")
    }
  }

  /// The name in formats/, in platform files and in devices/<dev>/format.
  public var name: String
  /// One sentence: the hardware, and where it was found.
  public var summary: String
  /// The names of the levels, root first, as the manual spells them.
  public var levelNames: [String]
  /// The sizes of pages and blocks in bytes, ascending.
  public var pageSizes: [UInt64]
  /// The width of a device address.
  public var inputBits: Int
  /// The width of a physical address in the smallest page's entry.
  public var outputBits: Int
  /// The bytes of one entry.
  public var entryByteCount: Int
  /// The order of an entry's bytes.
  public var endianness: Endianness
  /// What a table translates.
  public var stage: Stage
  /// What each attribute becomes, one line each: the attribute, a colon, the bits or why there are none.
  public var attributes: [String]

  /// The number of levels.
  public var levels: Int { levelNames.count }
  /// The smallest page in bytes.
  public var smallestPageSize: UInt64 { pageSizes.first ?? 4096 }

  /// A description; see the properties.
  public init(
    name: String, summary: String, levelNames: [String], pageSizes: [UInt64], inputBits: Int, outputBits: Int,
    entryByteCount: Int, endianness: Endianness, stage: Stage = .only, attributes: [String]
  ) {
    self.name = name
    self.summary = summary
    self.levelNames = levelNames
    self.pageSizes = pageSizes
    self.inputBits = inputBits
    self.outputBits = outputBits
    self.entryByteCount = entryByteCount
    self.endianness = endianness
    self.stage = stage
    self.attributes = attributes
  }
}
