/// The attributes of a leaf in x86 tables with 64-bit entries.
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
