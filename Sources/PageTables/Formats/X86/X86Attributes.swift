/// The attributes of a leaf in the tables of x86 processors.
struct X86Attributes: Hashable, Sendable {
  /// RW: writes are permitted.
  var canWrite = true
  /// US: unprivileged accesses are permitted.
  var isUser = true
  /// XD: instruction fetches are not permitted.
  var isExecuteDisabled = true
  /// The entry of the page attribute table: PAT, PCD, PWT.
  var cacheIndex: UInt8 = 3
  /// G: kept in the TLB when CR3 changes.
  var isGlobal = false
  /// A: has been accessed.
  var isAccessed = true
  /// D: has been written.
  var isDirty = true
}

extension X86Attributes {
  /// The page attribute table after reset: 0 write-back, 1 write-through, 2 UC-, 3 uncacheable, then the same again.
  static let pat: UInt64 = 0x0007_0406_0007_0406

  /// The attributes that do what is wished.
  ///
  /// A and D are set beforehand, so that walkers need not write the table.
  ///
  /// - Throws: `cannotExpress` for mappings that cannot be read, and for secure memory.
  init(_ wish: MappingAttributes, format: String) throws(PageTableError) {
    guard wish.access.contains(.read) else {
      throw .cannotExpress(attribute: wish.accessName, format: format)
    }
    try wish.requireNonSecure(format: format)
    canWrite = wish.access.contains(.write)
    isUser = wish.privilege == .user
    isExecuteDisabled = !wish.access.contains(.execute)
    isDirty = canWrite
    switch wish.cache {
    case .notCached: cacheIndex = 3
    case .writeBackWriteAllocate, .writeBackNoWriteAllocate: cacheIndex = 0
    case .writeThrough: cacheIndex = 1
    }
  }

  /// What the attributes mean with the page attribute table of reset.
  @inline(__always)
  var mapping: MappingAttributes {
    var access: MappingAttributes.Access = .read
    if canWrite { access.insert(.write) }
    if !isExecuteDisabled { access.insert(.execute) }
    let cache: MappingAttributes.CachePolicy =
      switch cacheIndex & 3 {
      case 0: .writeBackWriteAllocate
      case 1: .writeThrough
      default: .notCached
      }
    return MappingAttributes(access: access, privilege: isUser ? .user : .supervisor, cache: cache)
  }
}

// MARK: - Bits

extension X86Attributes {
  /// The attributes in a leaf's entry.
  ///
  /// - Parameters:
  ///   - isLarge: whether the leaf stands above the last level.
  ///   - path: RW and US of all pointers on the way, and the inverse of their XD, each and-ed.
  @inline(__always)
  init(entry: UInt64, isLarge: Bool, path: UInt64) {
    let high = isLarge ? entry >> 12 & 1 : entry >> 7 & 1
    canWrite = entry & path & 2 != 0
    isUser = entry & path & 4 != 0
    isExecuteDisabled = (entry | ~path) >> 63 != 0
    cacheIndex = UInt8(truncatingIfNeeded: entry >> 3 & 3 | high << 2)
    isGlobal = entry >> 8 & 1 != 0
    isAccessed = entry >> 5 & 1 != 0
    isDirty = entry >> 6 & 1 != 0
  }

  /// A leaf's entry without its address.
  func entry(isLarge: Bool) -> UInt64 {
    let index = UInt64(cacheIndex)
    var entry: UInt64 = 1 | (index & 3) << 3
    if canWrite { entry |= 2 }
    if isUser { entry |= 4 }
    if isAccessed { entry |= 0x20 }
    if isDirty { entry |= 0x40 }
    if isGlobal { entry |= 0x100 }
    if isExecuteDisabled { entry |= 1 << 63 }
    // The index's high bit stands where a page's entry has it, or behind PS = 1 in a larger leaf's.
    let high = index >> 2 & 1
    return entry | (isLarge ? 0x80 | high << 12 : high << 7)
  }

  /// Writes the attributes in words.
  func describe(into text: inout TextCursor) {
    text.append(mapping)
    text.append(word: "pat=")
    text.append(decimal: UInt64(cacheIndex))
    if isGlobal { text.append(word: "G") }
    if isAccessed { text.append(word: "A") }
    if isDirty { text.append(word: "D") }
  }

  /// Writes what a pointer permits in words.
  static func describe(pointer: UInt64, into text: inout TextCursor) {
    text.append(word: "r")
    text.append(pointer >> 1 & 1 != 0 ? "w" : "-")
    text.append(pointer >> 63 == 0 ? "x" : "-")
    text.append(word: pointer >> 2 & 1 != 0 ? "user" : "supervisor")
    if pointer >> 5 & 1 != 0 { text.append(word: "A") }
  }
}
