/// The attributes of a leaf in ARM's short-descriptor tables, in the architecture's terms.
struct ARMShortAttributes: Hashable, Sendable {
  /// AP[2:0].
  var accessPermissions: UInt8 = 0b011
  /// The memory class: TEX[2:0]:C:B.
  ///
  /// With TEX remap only its low three bits, TEX[0]:C:B, select the class.
  var memoryClass: UInt8 = 1
  /// S: shared with other observers.
  var isShared = true
  /// nG: tagged with the address space identifier.
  var isNotGlobal = false
  /// XN: no instruction fetch.
  var isExecuteNever = true
  /// PXN: no privileged instruction fetch.
  ///
  /// For pages it stands in the first-level entry.
  var isPrivilegedExecuteNever = false
  /// NS: the non-secure physical address space.
  ///
  /// For pages it stands in the first-level entry.
  var isNonSecure = true
  /// The domain, 0 to 15.
  ///
  /// For pages it stands in the first-level entry; supersections have domain 0.
  var domain: UInt8 = 0
}

extension ARMShortAttributes {
  /// The memory classes under the PRRR and NMRR values that Linux gives ARMv7 processors
  /// (Linux arch/arm/mm/proc-v7.S).
  static let remap = (prrr: 0xFF0A_81A8 as UInt64, nmrr: 0x40E0_40E0 as UInt64)

  /// The class that gives a policy under `remap`.
  static func memoryClass(for policy: MappingAttributes.CachePolicy) -> UInt8 {
    switch policy {
    case .notCached: 1
    case .writeThrough: 2
    case .writeBackNoWriteAllocate: 3
    case .writeBackWriteAllocate: 7
    }
  }

  /// The policy that a class gives under `remap`; classes of device memory count as not cached.
  var cachePolicy: MappingAttributes.CachePolicy {
    switch memoryClass & 7 {
    case 2: .writeThrough
    case 3: .writeBackNoWriteAllocate
    case 7: .writeBackWriteAllocate
    default: .notCached
    }
  }

  /// The attributes that do what is wished, with AFE = 0; shared, and global unless the caller says otherwise.
  ///
  /// - Throws: `cannotExpress` for writing or executing without reading.
  init(_ wish: MappingAttributes, format: String) throws(PageTableError) {
    guard wish.access.contains(.read) || wish.access.isEmpty else {
      throw .cannotExpress(
        attribute: wish.access.contains(.write) ? "write without read" : "execute without read",
        format: format)
    }
    let readOnly: UInt8 = wish.access.contains(.write) ? 0 : 0b100
    let unprivileged: UInt8 = wish.privilege == .user ? 0b010 : 0
    accessPermissions = wish.access.isEmpty ? 0 : readOnly | unprivileged | 0b001
    memoryClass = Self.memoryClass(for: wish.cache)
    isExecuteNever = !wish.access.contains(.execute)
    isNonSecure = !wish.isSecure
  }

  /// What the attributes permit, with AFE = 0 and all domains checked.
  ///
  /// AP = 010 lets privileged code write and others read; it is reported as read for everybody.
  var mapping: MappingAttributes {
    var access: MappingAttributes.Access = []
    var privilege = MappingAttributes.Privilege.user
    switch accessPermissions & 7 {
    case 0b001: (access, privilege) = ([.read, .write], .supervisor)
    case 0b011: access = [.read, .write]
    case 0b101: (access, privilege) = (.read, .supervisor)
    case 0b010, 0b110, 0b111: access = .read
    default: privilege = .supervisor
    }
    if !isExecuteNever, !access.isEmpty { access.insert(.execute) }
    return MappingAttributes(
      access: access, privilege: privilege, isSecure: !isNonSecure, cache: cachePolicy)
  }
}
