internal import PhysicalMemory

extension PageTableFormat {
  static func makeTable(
    _ configuration: TableConfiguration, _ tableMemory: any TableMemory
  ) throws(PageTableError) -> any PageTable {
    var format = try Self(configuration)
    let level = format.topLevel
    let tableMemory = Self.tableMemory(over: tableMemory)
    let records = BlockPool(
      byteCount: TableNode.byteCount(slotCount: 1 << format.indexBits(0), hasGroups: format.hasGroups(0)))
    let (root, structures) = try format.makeRoot(tableMemory, records)
    let state = TableState(
      tableMemory: tableMemory, root: root, records: records, structures: structures)
    state.figures.pointee.tables = 1
    state.figures.pointee.bytes = structures.blocks.reduce(1 << UInt64(format.tableSizeLog2(level))) {
      $0 &+ 1 << UInt64($1.byteCountLog2)
    }
    return EncodedPageTable(
      encoding: format, state: state, operations: CompiledOperations(Engine(format: format, state: state)))
  }

  /// Makes the root table and what leads to it; nothing stays behind on failure.
  private mutating func makeRoot(
    _ tableMemory: any TableMemory, _ records: BlockPool
  ) throws(PageTableError) -> (TableNode.Reference, RootStructures) {
    let level = topLevel
    let root = try Engine<Self>.makeNode(self, level: level, key: 0, tableMemory, records)
    var structures = RootStructures(tableMemory: tableMemory)
    do {
      try prepare(rootAddress: root.pointee.address, structures: &structures)
    } catch {
      structures.free()
      tableMemory.freeTable(at: root.pointee.address, byteCountLog2: tableSizeLog2(level))
      TableNode.free(root, in: records)
      throw error
    }
    Engine<Self>.fillEmpty(self, root, 0..<root.pointee.slotCount)
    return (root, structures)
  }

  func walk(_ state: TableState, _ deviceAddress: UInt64) -> Walk {
    Engine(format: self, state: state).walk(deviceAddress)
  }

  func destroy(_ state: TableState) {
    guard let root = state.root else { return }
    state.figures.pointee.root = nil
    Engine(format: self, state: state).freeTree(root)
    state.structures.free()
    state.figures.pointee.bytes = 0
    state.cachedSnapshot = nil
  }
}
