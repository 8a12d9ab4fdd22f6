internal import PhysicalMemory

extension Engine {
  /// How following the encoded table ended.
  enum Outcome {
    /// At a leaf, with the flags that the pointers handed down.
    case leaf(Word, level: Int, path: Word)
    /// Without a translation.
    case fault(level: Int, Walk.FaultReason)
  }

  /// Follows the encoded table from the root, reading one entry a level.
  ///
  /// - Parameter visit: told of each entry: level, slot, physical address, value, kind.
  @inline(__always)
  func follow(
    _ offset: UInt64, _ visit: (Int, Int, UInt64, Word, EntryKind) -> Void
  ) -> Outcome {
    var level = format.topLevel
    guard state.root != nil else { return .fault(level: level, .notPresent) }
    let window = state.figures.pointee.window
    var address = state.rootAddress
    var path = Word.max
    while true {
      let slot = format.slot(of: offset, level: level)
      let entryAddress = address &+ UInt64(truncatingIfNeeded: slot) &* UInt64(MemoryLayout<Word>.size)
      guard let bytes = window.pointer(to: entryAddress) ?? elsewhere(entryAddress) else {
        return .fault(level: level, .tableOutsideMemory(address))
      }
      let entry = format.stored(bytes.loadUnaligned(as: Word.self))
      let kind = format.kind(of: entry, level: level)
      visit(level, slot, entryAddress, entry, kind)
      switch kind {
      case .empty: return .fault(level: level, .notPresent)
      case .reserved: return .fault(level: level, .reservedEntry)
      case .leaf: return .leaf(entry, level: level, path: path)
      case .table:
        guard level > 0 else { return .fault(level: level, .reservedEntry) }
        path = format.path(path, through: entry, level: level)
        address = format.tableAddress(of: entry, level: level)
        level -= 1
      }
    }
  }

  /// The bytes of an entry that lies outside of the memory around the root.
  @inline(never)
  private func elsewhere(_ entryAddress: UInt64) -> UnsafeMutableRawPointer? {
    state.memory.pointer(to: entryAddress, byteCount: UInt64(MemoryLayout<Word>.size))
  }

  /// The physical address that a leaf gives to a table offset, and the leaf's size.
  @inline(__always)
  func output(_ entry: Word, level: Int, offset: UInt64) -> (address: UInt64, size: UInt64) {
    let size: UInt64 = 1 &<< UInt64(truncatingIfNeeded: min(format.leafSizeLog2(of: entry, level: level), 63))
    let span =
      Format.groupsAdvance ? min(size, 1 &<< UInt64(truncatingIfNeeded: format.slotShift(level))) : size
    return (format.outputAddress(of: entry, level: level) & ~(span &- 1) | offset & (span &- 1), size)
  }

  /// Translates one address without noting the way.
  func translate(_ deviceAddress: UInt64) -> Translation {
    guard let offset = format.tableOffset(of: deviceAddress) else {
      return .fault(level: format.topLevel, reason: format.inputFault(deviceAddress))
    }
    switch follow(offset, { _, _, _, _, _ in }) {
    case .fault(let level, let reason):
      return .fault(level: level, reason: reason)
    case .leaf(let entry, let level, let path):
      let (address, size) = output(entry, level: level, offset: offset)
      let attributes = format.leafAttributes(of: entry, level: level, path: path)
      return .mapped(
        outputAddress: address, leafSize: size, attributes: format.mappingAttributes(of: attributes))
    }
  }

  /// Translates one address and notes every entry read.
  func walk(_ deviceAddress: UInt64) -> Walk {
    guard let offset = format.tableOffset(of: deviceAddress) else {
      return Walk(
        deviceAddress: deviceAddress, steps: [],
        result: fault(format.topLevel, format.inputFault(deviceAddress)))
    }
    var steps: [Walk.Step] = []
    let outcome = follow(offset) { level, slot, address, entry, kind in
      steps.append(
        Walk.Step(
          levelName: "\(format.levelName(level))", level: level, index: UInt64(slot), entryAddress: address,
          entry: UInt64(truncatingIfNeeded: entry), entryByteCount: MemoryLayout<Word>.size, kind: kind))
    }
    switch outcome {
    case .fault(let level, let reason):
      return Walk(deviceAddress: deviceAddress, steps: steps, result: fault(level, reason))
    case .leaf(let entry, let level, let path):
      let (address, size) = output(entry, level: level, offset: offset)
      let attributes = format.leafAttributes(of: entry, level: level, path: path)
      let mapping = Walk.Mapping(
        outputAddress: address, leafSize: size, attributes: format.mappingAttributes(of: attributes),
        words: TextCursor.string(capacity: Format.wordsWidth) { format.describe(attributes, into: &$0) })
      return Walk(deviceAddress: deviceAddress, steps: steps, result: .mapped(mapping))
    }
  }

  private func fault(_ level: Int, _ reason: Walk.FaultReason) -> Walk.Result {
    .fault(level: level, levelName: "\(format.levelName(level))", reason: reason)
  }
}
