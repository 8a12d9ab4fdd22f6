/// A page-table format: constants and small functions over one entry, from which the engine makes whole tables.
///
/// A format is a value of some configuration. Levels count from 0, the level that holds leaves only, up to `topLevel`,
/// the root's. A *slot* is one entry's place; a *leaf* is one translation, which in some formats takes several slots.
/// Table offsets are what indices are cut from: the device address less the window's base, or without its sign bits.
///
/// Everything here is called with the format's type known at compile time, so the functions dissolve into the engine's
/// loops. None may trap, whatever word it is given.
protocol PageTableFormat: TableOperations, Sendable {
  /// The integer that holds one entry.
  associatedtype Word: FixedWidthInteger & UnsignedInteger & Sendable
  /// The attributes of a leaf in the format's own terms.
  associatedtype LeafAttributes: Hashable & Sendable

  // MARK: Identity

  /// The format as `configuration` makes it.
  init(_ configuration: TableConfiguration) throws(PageTableError)

  /// The configuration of a table that reaches to a device address: the number of levels where that is the format's to
  /// choose. Default: as it is.
  static func configuration(
    _ configuration: TableConfiguration, reaching lastDeviceAddress: UInt64
  ) -> TableConfiguration

  /// The name in the registry.
  static var name: String { get }
  /// One sentence: the hardware, and where it was found.
  static var summary: String { get }
  /// What each attribute becomes, one line each.
  static var attributeLines: [String] { get }
  /// What a table translates. Default: virtual addresses, with nothing to follow.
  static var stage: FormatDescription.Stage { get }

  // MARK: Shape

  /// The width of a device address.
  var inputBits: Int { get }
  /// The width of a physical address in the smallest page's entry.
  var outputBits: Int { get }
  /// The root's level.
  var topLevel: Int { get }
  /// The manual's name of a level.
  func levelName(_ level: Int) -> StaticString
  /// The log2 of the bytes of device addresses that one slot spans.
  func slotShift(_ level: Int) -> Int
  /// The log2 of the number of slots in a table.
  func indexBits(_ level: Int) -> Int
  /// The log2 of the alignment of a table. Default: the table's size.
  func tableAlignmentLog2(_ level: Int) -> Int
  /// The sizes of leaves that a level may hold, bit k for 2^k bytes.
  func leafSizes(_ level: Int) -> UInt64
  /// The bits of physical address that a leaf of 2^sizeLog2 bytes can hold. Default: `outputBits`.
  func outputBits(sizeLog2: Int) -> Int
  /// The lowest physical address that can be mapped. Default: 0; more where an entry with that address says nothing.
  var firstOutputAddress: UInt64 { get }
  /// The bits of physical address that a table pointer or the root can hold. Default: `outputBits`.
  var tableAddressBits: Int { get }
  /// Whether the entries of a leaf of several slots each hold their own slot's address. Default: all are identical.
  static var groupsAdvance: Bool { get }
  /// Whether entries lie in memory most significant byte first. Default: no.
  var isBigEndian: Bool { get }

  // MARK: Device addresses

  /// The table offset of a device address; `nil` if the table does not translate it. Default: all of the input width.
  func tableOffset(of deviceAddress: UInt64) -> UInt64?
  /// The device address of a table offset: the inverse. Default: the same number.
  func deviceAddress(ofTableOffset offset: UInt64) -> UInt64
  /// Why a device address has no table offset. Default: too wide, or else outside of the window.
  func inputFault(_ deviceAddress: UInt64) -> Walk.FaultReason

  // MARK: Entries

  /// The word in a slot that holds nothing. Default: 0.
  func emptyEntry(_ level: Int) -> Word
  /// What a word is at a level. Level 0 never answers `.table`.
  func kind(of entry: Word, level: Int) -> EntryKind
  /// The address of the table that a pointer at a level points to.
  func tableAddress(of entry: Word, level: Int) -> UInt64
  /// A pointer at a level to a table, with the flags that the leaves below need there.
  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> Word
  /// The log2 of the bytes that a leaf maps.
  func leafSizeLog2(of entry: Word, level: Int) -> Int
  /// The address in a leaf's entry: the leaf's first byte, or with `groupsAdvance` the slot's.
  func outputAddress(of entry: Word, level: Int) -> UInt64
  /// A leaf's entry without its address.
  func leafTemplate(level: Int, sizeLog2: Int, attributes: LeafAttributes) -> Word
  /// The bits that put an address into a leaf's entry.
  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> Word
  /// How far right an address is shifted where it stands whole and in place in every leaf's entry, so that entries of
  /// neighbours differ by a constant. Default: `nil`, an address is taken apart.
  var addressShift: Int? { get }

  // MARK: Attributes

  /// The leaf attributes that do what is wished.
  ///
  /// - Throws: `cannotExpress` rather than permit more than is wished.
  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> LeafAttributes
  /// The attributes in a leaf's entry, as restricted or completed by the pointers on the way.
  func leafAttributes(of entry: Word, level: Int, path: Word) -> LeafAttributes
  /// What leaf attributes mean.
  func mappingAttributes(of attributes: LeafAttributes) -> MappingAttributes
  /// The flags that pointers must carry on behalf of such leaves; tables with different keys are never shared.
  /// Default: 0.
  func pointerKey(for attributes: LeafAttributes) -> UInt64
  /// What cannot be had at once when two keys meet in one table, in words. Default: nothing in particular.
  static var pointerKeyConflict: String { get }
  /// What hands down to leaves: the flags of all pointers on the way, beginning with all ones. Default: bitwise and.
  func path(_ path: Word, through pointer: Word, level: Int) -> Word
  /// The most bytes that the words for attributes take.
  static var wordsWidth: Int { get }
  /// Writes a leaf's attributes in words.
  func describe(_ attributes: LeafAttributes, into text: inout TextCursor)
  /// Writes what a pointer permits in words. Default: nothing.
  func describe(pointer: Word, level: Int, into text: inout TextCursor)

  // MARK: Root

  /// Where the tables get their memory from. Default: the table memory itself; a format whose hardware has a fixed number
  /// of tables in one place hands them out of a block.
  static func tableMemory(over tableMemory: any TableMemory) -> any TableMemory
  /// Makes the structures in memory that lead hardware to the root, and other memory that the format needs.
  ///
  /// Called once, before the root table is filled, so that `emptyEntry` may depend on what it makes. Default: nothing.
  mutating func prepare(rootAddress: UInt64, structures: inout RootStructures) throws(PageTableError)
  /// The lines of the root's description after `table=`.
  func rootLines(rootAddress: UInt64) -> [RootDescription.Line]

  // MARK: Tables of others

  /// Tells the format which spare page the unused entries of a table lead to. Default: `badConfiguration`, for formats
  /// without one.
  mutating func adopt(sparePage: UInt64) throws(PageTableError)
  /// The bits of an entry, a pointer or a leaf, that hardware ignores, or that others set although we never do: software's
  /// bits, hints, what pointers restrict. Default: none; what is set beside them and what we write is reported as reserved.
  func ignoredBits(_ kind: EntryKind, level: Int) -> Word
  /// The bits that hardware sets in one entry of a leaf of several: accessed, dirty. Default: none.
  func updatedBits(of entry: Word, level: Int) -> Word
}

extension PageTableFormat {
  /// What the format says of itself in this configuration.
  var description: FormatDescription {
    let levels = (0...topLevel).reversed()
    let sizes = levels.reduce(0) { $0 | leafSizes($1) }
    return FormatDescription(
      name: Self.name, summary: Self.summary, levelNames: levels.map { "\(levelName($0))" },
      pageSizes: (0..<64).filter { sizes >> UInt64($0) & 1 != 0 }.map { 1 << UInt64($0) },
      inputBits: inputBits, outputBits: outputBits, entryByteCount: MemoryLayout<Word>.size,
      endianness: isBigEndian ? .big : .little, stage: Self.stage, attributes: Self.attributeLines)
  }

  /// The log2 of the smallest page.
  var pageShift: Int { leafSizes(0).trailingZeroBitCount }

  /// The log2 of the bytes of a table.
  func tableSizeLog2(_ level: Int) -> Int {
    indexBits(level) + MemoryLayout<Word>.size.trailingZeroBitCount
  }

  /// Whether leaves of a level may span slots.
  func hasGroups(_ level: Int) -> Bool { leafSizes(level) >> UInt64(slotShift(level) + 1) != 0 }

  static func configuration(
    _ configuration: TableConfiguration, reaching lastDeviceAddress: UInt64
  ) -> TableConfiguration { configuration }

  static var stage: FormatDescription.Stage { .only }
  func tableAlignmentLog2(_ level: Int) -> Int { tableSizeLog2(level) }
  func outputBits(sizeLog2: Int) -> Int { outputBits }
  var firstOutputAddress: UInt64 { 0 }
  var tableAddressBits: Int { outputBits }
  static var groupsAdvance: Bool { false }
  var isBigEndian: Bool { false }

  func tableOffset(of deviceAddress: UInt64) -> UInt64? {
    let bits = slotShift(topLevel) + indexBits(topLevel)
    return bits >= 64 || deviceAddress >> UInt64(bits) == 0 ? deviceAddress : nil
  }

  func deviceAddress(ofTableOffset offset: UInt64) -> UInt64 { offset }

  func inputFault(_ deviceAddress: UInt64) -> Walk.FaultReason {
    inputBits < 64 && deviceAddress >> UInt64(inputBits) != 0 ? .inputTooWide : .outsideWindow
  }

  func emptyEntry(_ level: Int) -> Word { 0 }
  var addressShift: Int? { nil }
  func pointerKey(for attributes: LeafAttributes) -> UInt64 { 0 }
  static var pointerKeyConflict: String { "different attributes under one table pointer" }
  func path(_ path: Word, through pointer: Word, level: Int) -> Word { path & pointer }

  func describe(pointer: Word, level: Int, into text: inout TextCursor) {}

  static func tableMemory(over tableMemory: any TableMemory) -> any TableMemory { tableMemory }
  mutating func prepare(rootAddress: UInt64, structures: inout RootStructures) throws(PageTableError) {}

  mutating func adopt(sparePage: UInt64) throws(PageTableError) {
    throw .badConfiguration(key: "spare", value: hex(sparePage), format: Self.name)
  }
  func ignoredBits(_ kind: EntryKind, level: Int) -> Word { 0 }
  func updatedBits(of entry: Word, level: Int) -> Word { 0 }

  /// Refuses memory that begins below the lowest address that entries can hold.
  func checkExpressible(_ run: OutputRun) throws(PageTableError) {
    guard run.physicalAddress >= firstOutputAddress else {
      throw .cannotExpress(attribute: "the physical address \(hex(run.physicalAddress))", format: Self.name)
    }
  }

  /// A whole entry of a leaf: its template and its address.
  func leafEntry(
    outputAddress: UInt64, level: Int, sizeLog2: Int, attributes: LeafAttributes
  ) -> Word {
    leafTemplate(level: level, sizeLog2: sizeLog2, attributes: attributes)
      | addressBits(outputAddress, level: level, sizeLog2: sizeLog2)
  }

  /// The slot of a table that a table offset belongs to.
  @inline(__always)
  func slot(of offset: UInt64, level: Int) -> Int {
    // Both are below 64.
    let mask: UInt64 = (1 &<< UInt64(truncatingIfNeeded: indexBits(level))) &- 1
    return Int(truncatingIfNeeded: (offset &>> UInt64(truncatingIfNeeded: slotShift(level))) & mask)
  }

  /// An entry as it lies in memory, from its value, and back.
  @inline(__always)
  func stored(_ entry: Word) -> Word {
    isBigEndian ? entry.bigEndian : entry.littleEndian
  }
}
