internal import PhysicalMemory

/// Copies the tables that are reachable in memory and counts their lines.
struct SnapshotBuilder<Format: PageTableFormat> {
  private struct Key: Hashable {
    var address: UInt64
    var level: Int
  }

  private let format: Format
  private let memory: PhysicalMemory
  /// No more tables than this are followed: far more than we made, so that only damaged memory can have more.
  private let limit: Int
  /// Told of each table found, with their number.
  private let onTable: ((DecodingOptions.Step, Int, Int?) -> Void)?
  private var found: [Key: Int32] = [:]
  private(set) var tree = SnapshotTree()

  init(_ format: Format, _ state: TableState) {
    self.format = format
    memory = state.memory
    limit = state.figures.pointee.tables * 4 + 1024
    onTable = nil
    tree.bytes.reserveCapacity(Int(clamping: state.figures.pointee.bytes))
    guard state.root != nil else { return }
    _ = add(state.rootAddress, level: format.topLevel)
  }

  /// Copies what is reachable from a root that somebody else made.
  init(_ format: Format, _ memory: PhysicalMemory, rootAddress: UInt64, _ options: DecodingOptions) {
    self.format = format
    self.memory = memory
    limit = options.tableLimit
    onTable = options.onProgress
    _ = add(rootAddress, level: format.topLevel)
  }

  /// Adds the table at an address and all below it; a row's value.
  private mutating func add(_ address: UInt64, level: Int) -> Int32 {
    if let index = found[Key(address: address, level: level)] { return index }
    guard tree.tables.count < limit else { return SnapshotTree.Row.notFollowed }
    let byteCount = 1 << format.tableSizeLog2(level)
    guard let source = memory.pointer(to: address, byteCount: UInt64(byteCount)) else {
      return SnapshotTree.Row.outside
    }
    let index = tree.tables.count
    found[Key(address: address, level: level)] = Int32(index)
    onTable?(.reading, index + 1, nil)
    tree.tables.append(
      SnapshotTree.Table(
        address: address, level: level, byteOffset: tree.bytes.count, byteCount: byteCount))
    tree.bytes.append(contentsOf: UnsafeRawBufferPointer(start: source, count: byteCount))
    let slots = 0..<1 << format.indexBits(level)
    if level > 0, slots.contains(where: { kind(index, $0, level) == .table }) {
      addRows(index, slots, level)
    } else {
      addWords(index, slots, level)
    }
    return Int32(index)
  }

  /// Notes the valid slots of a table without pointers.
  private mutating func addWords(_ index: Int, _ slots: Range<Int>, _ level: Int) {
    let start = tree.live.count
    var rank: UInt32 = 0
    for first in stride(from: 0, to: slots.upperBound, by: 64) {
      var word: UInt64 = 0
      for slot in first..<min(first + 64, slots.upperBound) where kind(index, slot, level) == .leaf {
        word |= 1 << UInt64(slot - first)
      }
      tree.live.append(word)
      tree.ranks.append(rank)
      rank += UInt32(word.nonzeroBitCount)
    }
    tree.tables[index].words = start..<tree.live.count
    tree.tables[index].lineCount = UInt64(rank)
  }

  /// Notes the valid entries of a table with pointers, after the tables below.
  private mutating func addRows(_ index: Int, _ slots: Range<Int>, _ level: Int) {
    var rows: [SnapshotTree.Row] = []
    var lines: UInt64 = 0
    for slot in slots {
      let entry = self.entry(index, slot)
      var row = SnapshotTree.Row(slot: Int32(slot), child: SnapshotTree.Row.leaf, start: lines)
      switch format.kind(of: entry, level: level) {
      case .empty, .reserved: continue
      case .leaf: lines += 1
      case .table:
        row.child = add(format.tableAddress(of: entry, level: level), level: level - 1)
        lines += 1 + (row.child >= 0 ? tree.tables[Int(row.child)].lineCount : 0)
      }
      rows.append(row)
    }
    tree.tables[index].rows = tree.rows.count..<tree.rows.count + rows.count
    tree.rows.append(contentsOf: rows)
    tree.tables[index].lineCount = lines
  }

  /// An entry as copied.
  private func entry(_ index: Int, _ slot: Int) -> Format.Word {
    let offset = tree.tables[index].byteOffset + slot * MemoryLayout<Format.Word>.size
    return tree.bytes.withUnsafeBytes {
      format.stored($0.loadUnaligned(fromByteOffset: offset, as: Format.Word.self))
    }
  }

  private func kind(_ index: Int, _ slot: Int, _ level: Int) -> EntryKind {
    format.kind(of: entry(index, slot), level: level)
  }

  /// Appends the bytes of root structures, and describes all pages.
  mutating func finish(_ structures: [RootStructures.Block]) -> [PageTableSnapshot.TablePage] {
    var pages = tree.tables.map {
      PageTableSnapshot.TablePage(
        physicalAddress: $0.address, levelName: "\(format.levelName($0.level))", byteCount: $0.byteCount,
        offset: UInt64($0.byteOffset))
    }
    for block in structures {
      let byteCount = 1 << block.byteCountLog2
      guard let source = memory.pointer(to: block.address, byteCount: UInt64(byteCount)) else { continue }
      pages.append(
        PageTableSnapshot.TablePage(
          physicalAddress: block.address, levelName: block.name, byteCount: byteCount,
          offset: UInt64(tree.bytes.count)))
      tree.bytes.append(contentsOf: UnsafeRawBufferPointer(start: source, count: byteCount))
    }
    return pages
  }
}
