/// The attributes of a RISC-V leaf.
struct RISCVAttributes: Hashable, Sendable {
  /// The memory types of Svpbmt, with their numbers; 3 is reserved.
  enum MemoryType: UInt8, Hashable, Sendable {
    /// What the platform says of the physical address.
    case platform = 0
    /// NC: main memory, not cached.
    case notCached = 1
    /// IO: not cached, strongly ordered.
    case device = 2
  }

  /// R: loads are permitted.
  var canRead = true
  /// W: stores are permitted.
  var canWrite = true
  /// X: instruction fetches are permitted.
  var canExecute = false
  /// U: unprivileged accesses are permitted; a guest's are all such.
  var isUser = true
  /// G: the same in every address space.
  var isGlobal = false
  /// A: has been accessed.
  var isAccessed = true
  /// D: has been written.
  var isDirty = true
  /// PBMT, in entries of 64 bits.
  var memoryType = MemoryType.platform
}

extension RISCVAttributes {
  /// The attributes that do what is wished, but for the memory type.
  ///
  /// A and D are set beforehand, so that walkers need not write the table, or fault where they cannot.
  ///
  /// - Throws: `cannotExpress` for writing without reading, for mappings that permit nothing, and for secure memory.
  init(_ wish: MappingAttributes, format: String) throws(PageTableError) {
    canRead = wish.access.contains(.read)
    canWrite = wish.access.contains(.write)
    canExecute = wish.access.contains(.execute)
    // Without R, W is reserved; without any of the three the entry is a pointer.
    guard canRead || canExecute && !canWrite else {
      throw .cannotExpress(attribute: wish.accessName, format: format)
    }
    try wish.requireNonSecure(format: format)
    isUser = wish.privilege == .user
    isDirty = canWrite
  }

  /// What the attributes mean; a format without Svpbmt knows no cache policy.
  func mapping(hasMemoryTypes: Bool) -> MappingAttributes {
    var access: MappingAttributes.Access = []
    if canRead { access.insert(.read) }
    if canWrite { access.insert(.write) }
    if canExecute { access.insert(.execute) }
    return MappingAttributes(
      access: access, privilege: isUser ? .user : .supervisor,
      cache: hasMemoryTypes && memoryType == .platform ? .writeBackWriteAllocate : .notCached)
  }

  /// The attributes in a leaf's entry.
  init(entry: UInt64) {
    canRead = entry >> 1 & 1 != 0
    canWrite = entry >> 2 & 1 != 0
    canExecute = entry >> 3 & 1 != 0
    isUser = entry >> 4 & 1 != 0
    isGlobal = entry >> 5 & 1 != 0
    isAccessed = entry >> 6 & 1 != 0
    isDirty = entry >> 7 & 1 != 0
    memoryType = MemoryType(rawValue: UInt8(truncatingIfNeeded: entry >> 61 & 3)) ?? .platform
  }

  /// A leaf's entry without its address: V and the attributes.
  var entry: UInt64 {
    var entry: UInt64 = 1 | UInt64(memoryType.rawValue) << 61
    if canRead { entry |= 2 }
    if canWrite { entry |= 4 }
    if canExecute { entry |= 8 }
    if isUser { entry |= 0x10 }
    if isGlobal { entry |= 0x20 }
    if isAccessed { entry |= 0x40 }
    if isDirty { entry |= 0x80 }
    return entry
  }
}
