/// The attributes of a stage 1 leaf in ARM's long descriptors, in the architecture's terms.
struct ARMStage1Attributes: Hashable, Sendable {
  /// AttrIndx: the byte of MAIR that says how memory is cached.
  var memoryIndex: UInt8 = 0
  /// NS: the non-secure physical address space.
  ///
  /// Only the secure state looks at it.
  var isNonSecure = true
  /// AP[1]: unprivileged accesses are permitted.
  var isUser = true
  /// AP[2]: writes are not permitted.
  var isReadOnly = false
  /// SH: 0 not shared, 2 outer, 3 inner shareable.
  var shareability: UInt8 = 3
  /// AF: has been accessed; otherwise the first access faults.
  var isAccessed = true
  /// nG: tagged with the address space identifier.
  var isNotGlobal = true
  /// UXN: no unprivileged instruction fetch; in AArch32 XN: no instruction fetch.
  var isExecuteNever = true
  /// PXN: no privileged instruction fetch.
  var isPrivilegedExecuteNever = true
}

extension ARMStage1Attributes {
  /// The classes of memory: 0 not cached, 1 write-back, 2 device, 3 write-back without write allocation, 4 write-through.
  ///
  /// The first three are those of Linux' io-pgtable.
  static let mair: UInt64 = 0xBB_EE04_FF44

  /// The attributes that do what is wished; inner shareable, accessed beforehand, global for privileged code only.
  ///
  /// - Parameter separatesExecution: whether unprivileged execution has a bit of its own (AArch64).
  /// - Throws: `cannotExpress` for mappings that cannot be read.
  init(_ wish: MappingAttributes, separatesExecution: Bool, format: String) throws(PageTableError) {
    try wish.requireRead(format: format)
    isUser = wish.privilege == .user
    isReadOnly = !wish.access.contains(.write)
    isNonSecure = !wish.isSecure
    isNotGlobal = isUser
    // Unprivileged code could otherwise execute what it cannot read.
    isExecuteNever = !wish.access.contains(.execute) || separatesExecution && !isUser
    isPrivilegedExecuteNever = !wish.access.contains(.execute)
    memoryIndex =
      switch wish.cache {
      case .notCached: 0
      case .writeBackWriteAllocate: 1
      case .writeBackNoWriteAllocate: 3
      case .writeThrough: 4
      }
  }

  /// The attributes of an entry, restricted by what pointers on the way have set.
  init(entry: UInt64, restrictions: UInt64) {
    memoryIndex = UInt8(truncatingIfNeeded: entry >> 2 & 7)
    isNonSecure = entry >> 5 & 1 != 0 || restrictions >> 63 != 0
    isUser = entry >> 6 & 1 != 0 && restrictions >> 61 & 1 == 0
    isReadOnly = entry >> 7 & 1 != 0 || restrictions >> 62 & 1 != 0
    shareability = UInt8(truncatingIfNeeded: entry >> 8 & 3)
    isAccessed = entry >> 10 & 1 != 0
    isNotGlobal = entry >> 11 & 1 != 0
    isPrivilegedExecuteNever = entry >> 53 & 1 != 0 || restrictions >> 59 & 1 != 0
    isExecuteNever = entry >> 54 & 1 != 0 || restrictions >> 60 & 1 != 0
  }

  /// The attributes as they stand in an entry.
  var bits: UInt64 {
    var bits = UInt64(memoryIndex & 7) << 2 | UInt64(shareability & 3) << 8
    if isNonSecure { bits |= 1 << 5 }
    if isUser { bits |= 1 << 6 }
    if isReadOnly { bits |= 1 << 7 }
    if isAccessed { bits |= 1 << 10 }
    if isNotGlobal { bits |= 1 << 11 }
    if isPrivilegedExecuteNever { bits |= 1 << 53 }
    if isExecuteNever { bits |= 1 << 54 }
    return bits
  }

  /// What the attributes permit with the classes of `mair`; classes of device memory count as not cached.
  ///
  /// For unprivileged accesses where those are permitted at all. With bits of their own (AArch64), a page for privileged
  /// data counts as executable if either side may execute it.
  func mapping(separatesExecution: Bool) -> MappingAttributes {
    var access: MappingAttributes.Access = []
    if isAccessed {
      access = isReadOnly ? .read : [.read, .write]
      let isExecutable =
        if isUser {
          !isExecuteNever
        } else if separatesExecution {
          !isExecuteNever || !isPrivilegedExecuteNever
        } else {
          !isExecuteNever && !isPrivilegedExecuteNever
        }
      if isExecutable { access.insert(.execute) }
    }
    let cache: MappingAttributes.CachePolicy =
      switch memoryIndex {
      case 1: .writeBackWriteAllocate
      case 3: .writeBackNoWriteAllocate
      case 4: .writeThrough
      default: .notCached
      }
    return MappingAttributes(
      access: access, privilege: isUser ? .user : .supervisor, isSecure: !isNonSecure, cache: cache)
  }
}
