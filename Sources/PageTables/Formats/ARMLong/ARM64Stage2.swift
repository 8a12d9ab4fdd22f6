/// The attributes of a stage 2 leaf in ARM's long descriptors.
struct ARMStage2Attributes: Hashable, Sendable {
  /// MemAttr: outer policy in bits 3:2, inner in 1:0, each 1 not cached, 2 write-through, 3 write-back; 0 to 3 device.
  var memory: UInt8 = 5
  /// S2AP[0]: reads are permitted.
  var canRead = true
  /// S2AP[1]: writes are permitted.
  var canWrite = true
  /// SH: 0 not shared, 2 outer, 3 inner shareable.
  var shareability: UInt8 = 3
  /// AF: has been accessed; otherwise the first access faults.
  var isAccessed = true
  /// XN[1:0]: 0 executable, 2 not; with FEAT_XNX 1 executable at EL0 only, 3 at EL1 only.
  var executeNever: UInt8 = 2
}

/// Stage 2 tables of AArch64 processors and SMMUs: what a hypervisor puts behind a guest's physical addresses.
///
/// A root of at most 16 entries is left out if two levels remain: as many tables of the next level, put together, are
/// the root. `split` is T0SZ, 64 less the bits of input; 16 without one, 12 with addresses of 52 bits. Pointers have no
/// flags. With `root=smmuv3` the table hangs from a stream table entry.
/// Facts: ARM DDI 0487, D8; Linux drivers/iommu/io-pgtable-arm.c; QEMU target/arm/ptw.c.
struct ARM64Stage2<Granule: ARM64Granule>: ARMLongFormat {
  static var name: String { "arm64-s2-\(Granule.suffix)" }
  static var summary: String {
    "AArch64 processors, SMMUv2 and SMMUv3: stage 2, granule of \(Granule.title)"
  }
  static var attributeLines: [String] {
    [
      "read: S2AP[0]; write: S2AP[1], also without read; none: S2AP = 00",
      "execute: XN = 00, also without read, else XN = 10, which stops everybody with FEAT_XNX and without",
      AttributeLine.noUser, AttributeLine.noSecure,
      "cache none: MemAttr 0101; wt: MemAttr 1010; wb-wa and wb-nwa: MemAttr 1111 (one write-back policy), with FWB off",
      "shared: SH = 3 always; accessed: AF = 1, set beforehand",
    ]
  }
  static var stage: FormatDescription.Stage { .second }
  static var granuleLog2: Int { Granule.sizeLog2 }
  static var addresses: ARMLongAddresses { Granule.addresses }

  let region: ARMLongRegion
  let shape: ARMLongShape
  /// What leads an SMMU to the table; `nil` where registers do.
  private var stream: SMMUv3Stream?

  init() {
    region = Granule.standardRegion
    shape = ARMLongShape(inputBits: region.bits, granuleLog2: Granule.sizeLog2, concatenates: true)
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    stream = try SMMUv3Stream(
      configuration, allowed: ["split"], addresses: Granule.addresses, format: Self.name)
    region = try Granule.region(configuration, format: Self.name)
    shape = ARMLongShape(inputBits: region.bits, granuleLog2: Granule.sizeLog2, concatenates: true)
  }

  func attributeBits(_ attributes: ARMStage2Attributes) -> UInt64 {
    UInt64(attributes.memory & 15) << 2 | (attributes.canRead ? 1 << 6 : 0)
      | (attributes.canWrite ? 1 << 7 : 0) | UInt64(attributes.shareability & 3) << 8
      | (attributes.isAccessed ? 1 << 10 : 0) | UInt64(attributes.executeNever & 3) << 53
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> ARMStage2Attributes {
    try wish.requireNoPrivilegeBit(format: Self.name)
    let memory: UInt8 =
      switch wish.cache {
      case .notCached: 0b0101
      case .writeThrough: 0b1010
      case .writeBackWriteAllocate, .writeBackNoWriteAllocate: 0b1111
      }
    return ARMStage2Attributes(
      memory: memory, canRead: wish.access.contains(.read), canWrite: wish.access.contains(.write),
      executeNever: wish.access.contains(.execute) ? 0 : 2)
  }

  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> ARMStage2Attributes {
    let entry = attributes(entry)
    return ARMStage2Attributes(
      memory: UInt8(truncatingIfNeeded: entry >> 2 & 15), canRead: entry >> 6 & 1 != 0,
      canWrite: entry >> 7 & 1 != 0, shareability: UInt8(truncatingIfNeeded: entry >> 8 & 3),
      isAccessed: entry >> 10 & 1 != 0, executeNever: UInt8(truncatingIfNeeded: entry >> 53 & 3))
  }

  func mappingAttributes(of attributes: ARMStage2Attributes) -> MappingAttributes {
    var access: MappingAttributes.Access = []
    if attributes.isAccessed {
      if attributes.canRead { access.insert(.read) }
      if attributes.canWrite { access.insert(.write) }
      // One level of privilege may execute with 1, and with FEAT_XNX the other one with 3.
      if attributes.executeNever != 2 { access.insert(.execute) }
    }
    let cache: MappingAttributes.CachePolicy =
      switch attributes.memory & 15 {
      case 0b1010: .writeThrough
      case 0b1111: .writeBackWriteAllocate
      default: .notCached
      }
    return MappingAttributes(access: access, cache: cache)
  }

  static var wordsWidth: Int { 47 }

  func describe(_ attributes: ARMStage2Attributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes), showsPrivilege: false)
    text.append(word: "memattr=")
    text.append(decimal: UInt64(attributes.memory))
    text.append(word: "sh=")
    text.append(decimal: UInt64(attributes.shareability))
    if attributes.isAccessed { text.append(word: "AF") }
    text.append(word: "xn=")
    text.append(decimal: UInt64(attributes.executeNever))
  }

  private var control: UInt64 { Granule.vtcr(region, shape, physicalBits: Self.addresses.bits) }

  private func stage(_ rootAddress: UInt64) -> SMMUv3Stream.Stage {
    .second(control: control, rootAddress: rootAddress)
  }

  mutating func prepare(rootAddress: UInt64, structures: inout RootStructures) throws(PageTableError) {
    let stage = stage(rootAddress)
    try stream?.prepare(stage, &structures)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    let shape =
      shapeLines + [
        RootDescription.Line("entries", "\(1 << shape.rootIndexBits)"), RootDescription.Line("stage", "2"),
      ]
    if let stream { return shape + stream.lines(stage(rootAddress)) }
    // VTTBR_EL2 with VMID 0.
    return shape + [
      RootDescription.Line("vttbr_el2", hex: Self.addresses.baseRegister(rootAddress)),
      RootDescription.Line("vtcr_el2", hex: control),
    ]
  }
}
