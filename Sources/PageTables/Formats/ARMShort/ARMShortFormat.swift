/// What formats with ARM's short descriptors have in common: two levels of 32-bit entries.
///
/// First level: 4096 entries of 1M; sections of 1M, supersections of 16M (16 identical entries), pointers. Second level:
/// 256 entries; small pages of 4K, large pages of 64K (16 identical entries).
///
/// Facts: ARM DDI 0406C, B3.5; the names in Linux drivers/iommu/io-pgtable-arm-v7s.c.
protocol ARMShortFormat: PageTableFormat where Word == UInt32, LeafAttributes == ARMShortAttributes {
  /// Which addresses the table translates.
  var split: ARMShortSplit { get }
  /// The bits of a supersection's physical address: 36, or 40 with PA[39:36] in bits 8:5.
  static var supersectionBits: Int { get }
  /// Whether a first-level entry of type 3 is a section with PXN; otherwise it is reserved.
  static var hasPrivilegedExecuteNever: Bool { get }
}

extension ARMShortFormat {
  var inputBits: Int { 32 }
  var outputBits: Int { 32 }
  var topLevel: Int { 1 }

  func levelName(_ level: Int) -> StaticString { level == 0 ? "L2" : "L1" }
  func slotShift(_ level: Int) -> Int { level == 0 ? 12 : 20 }
  func indexBits(_ level: Int) -> Int { level == 0 ? 8 : split.rootIndexBits }
  func leafSizes(_ level: Int) -> UInt64 { level == 0 ? 1 << 12 | 1 << 16 : 1 << 20 | 1 << 24 }
  func outputBits(sizeLog2: Int) -> Int { sizeLog2 == 24 ? Self.supersectionBits : 32 }

  func tableOffset(of deviceAddress: UInt64) -> UInt64? {
    split.contains(deviceAddress) ? deviceAddress : nil
  }

  func kind(of entry: UInt32, level: Int) -> EntryKind {
    switch entry & 3 {
    case 0: .empty
    case 1: level == 0 ? .leaf : .table
    case 2: .leaf
    default: level == 0 || Self.hasPrivilegedExecuteNever ? .leaf : .reserved
    }
  }

  func tableAddress(of entry: UInt32, level: Int) -> UInt64 { UInt64(entry & 0xFFFF_FC00) }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: address) & 0xFFFF_FC00 | UInt32(truncatingIfNeeded: key) & 0x1EC | 1
  }

  func leafSizeLog2(of entry: UInt32, level: Int) -> Int {
    if level == 0 { entry & 3 == 1 ? 16 : 12 } else { entry >> 18 & 1 != 0 ? 24 : 20 }
  }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 {
    switch leafSizeLog2(of: entry, level: level) {
    case 12: UInt64(entry & 0xFFFF_F000)
    case 16: UInt64(entry & 0xFFFF_0000)
    case 20: UInt64(entry & 0xFFF0_0000)
    default:
      UInt64(entry & 0xFF00_0000) | UInt64(entry >> 20 & 15) << 32
        | (Self.supersectionBits > 36 ? UInt64(entry >> 5 & 15) << 36 : 0)
    }
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 {
    let low = UInt32(truncatingIfNeeded: outputAddress) & UInt32.max << UInt32(sizeLog2)
    guard sizeLog2 == 24 else { return low }
    return low | UInt32(truncatingIfNeeded: outputAddress >> 32 & 15) << 20
      | (Self.supersectionBits > 36 ? UInt32(truncatingIfNeeded: outputAddress >> 36 & 15) << 5 : 0)
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: ARMShortAttributes) -> UInt32 {
    let permissions = UInt32(attributes.accessPermissions)
    let tex = UInt32(attributes.memoryClass >> 2 & 7)
    let executeNever: UInt32 = attributes.isExecuteNever ? 1 : 0
    let shared: UInt32 = attributes.isShared ? 1 : 0
    let notGlobal: UInt32 = attributes.isNotGlobal ? 1 : 0
    let cached = UInt32(attributes.memoryClass & 3) << 2
    let page =
      cached | (permissions & 3) << 4 | (permissions >> 2 & 1) << 9 | shared << 10 | notGlobal << 11
    switch sizeLog2 {
    case 12: return 0b10 | executeNever | page | tex << 6
    case 16: return 0b01 | page | tex << 12 | executeNever << 15
    default:
      let privilegedExecuteNever: UInt32 =
        Self.hasPrivilegedExecuteNever && attributes.isPrivilegedExecuteNever ? 1 : 0
      let kind: UInt32 = sizeLog2 == 24 ? 1 << 18 : UInt32(attributes.domain & 15) << 5
      return 0b10 | privilegedExecuteNever | cached | executeNever << 4 | (permissions & 3) << 10
        | tex << 12 | (permissions >> 2 & 1) << 15 | shared << 16 | notGlobal << 17 | kind
        | (attributes.isNonSecure ? 1 << 19 : 0)
    }
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> ARMShortAttributes {
    var result = ARMShortAttributes()
    let isSection = level > 0
    let isLarge = !isSection && entry & 3 == 1
    let permissions = isSection ? entry >> 10 : entry >> 4
    let readOnly = isSection ? entry >> 15 : entry >> 9
    let tex = isSection || isLarge ? entry >> 12 : entry >> 6
    let executeNever = isSection ? entry >> 4 : isLarge ? entry >> 15 : entry
    let shared = isSection ? entry >> 16 : entry >> 10
    result.accessPermissions = UInt8(permissions & 3 | (readOnly & 1) << 2)
    result.memoryClass = UInt8((tex & 7) << 2 | entry >> 2 & 3)
    result.isExecuteNever = executeNever & 1 != 0
    result.isShared = shared & 1 != 0
    result.isNotGlobal = shared & 2 != 0
    result.isNonSecure = (isSection ? entry >> 19 : path >> 3) & 1 != 0
    result.isPrivilegedExecuteNever =
      Self.hasPrivilegedExecuteNever && (isSection ? entry : path >> 2) & 1 != 0
    let isSupersection = isSection && entry >> 18 & 1 != 0
    result.domain = isSupersection ? 0 : UInt8((isSection ? entry : path) >> 5 & 15)
    return result
  }

  func pointerKey(for attributes: ARMShortAttributes) -> UInt64 {
    (attributes.isNonSecure ? 1 << 3 : 0) | UInt64(attributes.domain & 15) << 5
      | (Self.hasPrivilegedExecuteNever && attributes.isPrivilegedExecuteNever ? 1 << 2 : 0)
  }

  static var pointerKeyConflict: String {
    "secure and non-secure pages in the same 1M of device addresses"
  }

  func mappingAttributes(of attributes: ARMShortAttributes) -> MappingAttributes { attributes.mapping }

  static var wordsWidth: Int { 82 }

  func describe(_ attributes: ARMShortAttributes, into text: inout TextCursor) {
    text.append(attributes.mapping)
    text.append(word: attributes.isNonSecure ? "nonsecure" : "secure")
    if attributes.isShared { text.append(word: "shared") }
    if attributes.isNotGlobal { text.append(word: "nG") }
    text.append(word: "class=")
    text.append(decimal: UInt64(attributes.memoryClass))
    if attributes.accessPermissions & 7 == 0b010 { text.append(word: "priv=rw") }
    describe(domain: attributes.domain, isPrivilegedExecuteNever: attributes.isPrivilegedExecuteNever, &text)
  }

  func describe(pointer: UInt32, level: Int, into text: inout TextCursor) {
    text.append(word: pointer >> 3 & 1 != 0 ? "nonsecure" : "secure")
    describe(
      domain: UInt8(pointer >> 5 & 15),
      isPrivilegedExecuteNever: Self.hasPrivilegedExecuteNever && pointer >> 2 & 1 != 0, &text)
  }

  private func describe(domain: UInt8, isPrivilegedExecuteNever: Bool, _ text: inout TextCursor) {
    if domain != 0 {
      text.append(word: "domain=")
      text.append(decimal: UInt64(domain))
    }
    if isPrivilegedExecuteNever { text.append(word: "PXN") }
  }
}

/// The lines of `formats/<format>/attributes` that short-descriptor formats share.
let armShortAttributeLines = [
  "read: AP[2:1] with AP[0] = 1; every mapping that permits anything permits reading",
  "write: AP[2] = 0; write without read cannot be expressed",
  "execute: XN = 0, else XN = 1; execute without read cannot be expressed",
  "none: AP = 000",
  "user: AP[1] = 1; supervisor: AP[1] = 0",
  "secure: NS = 0, else NS = 1; NS of pages stands in the first-level entry, so one 1M of device addresses holds"
    + " either secure or non-secure pages",
  "cache none: class 1; wt: class 2; wb-nwa: class 3; wb-wa: class 7 (class = TEX[0]:C:B with TEX remap)",
  "shared: S = 1 always",
]
