internal import Glibc
internal import PhysicalMemory

/// The encoded entries of a page table at one moment.
///
/// A snapshot is immutable and may be read on any thread. Its text has one line of fixed width for each valid entry,
/// depth first in the order of the slots: a pointer's line, then the lines of the table that it points to. Each line is
/// made from the entry as it stood in memory, and lines are found by number, so a read at any offset costs what it
/// returns.
///
/// Columns: the manual's name of the level, the slot, the slot's physical address, the raw entry, the first device
/// address of the leaf or table, its size in bytes, the output address, what it is the address of (`table`: the
/// table that the entry points to; `pa`: what the leaf maps), and the attributes in words. Where identical copies of an entry make one leaf, every copy's line describes that leaf.
public final class PageTableSnapshot: Sendable {
  /// A table's bytes as they stood in memory.
  public struct TablePage: Sendable {
    /// The physical address of the table.
    public var physicalAddress: UInt64
    /// The manual's name of its level, or of the structure that leads to the root.
    public var levelName: String
    /// The number of bytes.
    public var byteCount: Int
    /// The offset of the first byte in the concatenation of all pages.
    public var offset: UInt64
  }

  /// One valid entry, decoded.
  public struct Entry: Sendable, Hashable {
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
    /// What it is.
    public var kind: EntryKind
    /// The first device address of the leaf or table.
    public var deviceAddress: UInt64
    /// The bytes that the leaf maps or that the table spans.
    public var size: UInt64
    /// The leaf's output address, or the table's address.
    public var outputAddress: UInt64
    /// What the output address is the address of: `table`, or `pa` for what the leaf maps.
    public var outputKind: String { kind == .leaf ? "pa" : "table" }
    /// The attributes in words.
    public var words: String
  }

  /// The number of lines, which is the number of valid entries found.
  public let lineCount: UInt64
  /// The bytes of every line, its newline included.
  public let bytesPerLine: Int
  /// The names of the columns, padded as the lines are; no newline.
  public let columnHeader: String
  /// The tables, in the order in which the text meets them, then the structures that lead to the root.
  public let tablePages: [TablePage]

  /// The bytes of the whole text.
  public var byteCount: UInt64 { lineCount &* UInt64(bytesPerLine) }
  /// The bytes of all table pages together.
  public var tableByteCount: UInt64 { UInt64(tree.bytes.count) }

  /// The format that the entries are in.
  private let encoding: any PageTableFormat
  /// Writes text by code that is compiled for the one format; `nil` where that was not at hand.
  private let compiledRender: Render?

  /// What ``render(offset:into:)`` does.
  typealias Render = @Sendable (PageTableSnapshot, UInt64, UnsafeMutableRawBufferPointer) -> Int
  /// The columns.
  let layout: LineLayout
  /// The tables.
  let tree: SnapshotTree

  init(
    encoding: any PageTableFormat, layout: LineLayout, tree: SnapshotTree, tablePages: [TablePage],
    render: Render? = nil
  ) {
    self.encoding = encoding
    compiledRender = render
    self.layout = layout
    self.tree = tree
    self.tablePages = tablePages
    lineCount = tree.tables.first?.lineCount ?? 0
    bytesPerLine = layout.bytesPerLine
    columnHeader = layout.header
  }

  /// Writes the text from byte `offset` on into `buffer`.
  ///
  /// - Returns: the bytes written: all of the buffer, or what is left of the text.
  /// - Complexity: O(log lines + bytes written), without allocation.
  public func render(offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    if let compiledRender { return compiledRender(self, offset, buffer) }
    return encoding.render(self, offset, buffer)
  }

  /// Calls `body` with `count` bytes of the concatenated table pages from byte `offset` on, or with what is left of them.
  ///
  /// - Complexity: O(1).
  public func withTablePages<Result>(
    offset: UInt64, count: Int, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let start = Int(min(offset, UInt64(tree.bytes.count)))
    let count = min(count, tree.bytes.count - start)
    return tree.bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<start + count])) }
  }

  /// Calls `body` with the entries of the lines from `firstLine` on until it returns false or there are no more.
  public func forEachEntry(from firstLine: UInt64, _ body: (Entry) -> Bool) {
    encoding.forEachEntry(self, firstLine, body)
  }

  /// Calls `body` with the text of the entries that concern a range of device addresses, some lines at a time, until it
  /// returns false.
  ///
  /// An entry concerns the range if what its line shows, a leaf or a table, has an address in it.
  public func renderLines(within range: ClosedRange<UInt64>, _ body: (UnsafeRawBufferPointer) -> Bool) {
    encoding.renderLines(self, range, body)
  }

  /// Calls `body` with the entries that concern a range of device addresses until it returns false.
  public func forEachEntry(within range: ClosedRange<UInt64>, _ body: (Entry) -> Bool) {
    encoding.forEachEntry(self, within: range, body)
  }

  /// Whether memory still holds exactly the bytes of this snapshot.
  ///
  /// O(bytes).
  func isCurrent(in memory: PhysicalMemory) -> Bool {
    tree.bytes.withUnsafeBytes { bytes in
      tablePages.allSatisfy { page in
        guard let now = memory.pointer(to: page.physicalAddress, byteCount: UInt64(page.byteCount)),
          let then = bytes.baseAddress
        else { return false }
        return memcmp(now, then + Int(page.offset), page.byteCount) == 0
      }
    }
  }
}
