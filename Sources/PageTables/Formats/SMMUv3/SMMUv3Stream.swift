/// The structures in memory by which an Arm SMMUv3 finds a stream's table, from the stream table's base register on.
///
/// A stream below 256 has an entry in a linear stream table; any other one in a second level of 256 entries, behind a first
/// level for all 16 bits. A first stage has one context descriptor, for transactions without a SubstreamID. Other streams'
/// entries are not valid. ASID and VMID are 1.
/// Facts: Arm SMMUv3 specification, IHI 0070, chapters 3.3, 5 and 6.3; Linux drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.h
/// (`STRTAB_*`, `CTXDESC_*`); QEMU hw/arm/smmuv3-internal.h.
struct SMMUv3Stream: Hashable, Sendable {
  /// What the stream's entry says.
  enum Stage: Hashable, Sendable {
    /// Stage 1 translates, stage 2 does not. The first doubleword of the context descriptor, the table, whether it
    /// hangs from TTB1, and the memory attributes.
    case first(contextDescriptor: UInt64, rootAddress: UInt64, isHigh: Bool, mair: UInt64)
    /// Stage 2 translates, stage 1 does not; VTCR as the processor's register has it.
    case second(control: UInt64, rootAddress: UInt64)
  }

  /// The StreamID.
  let identifier: UInt16
  /// DS: addresses of 52 bits with a granule of 4K or 16K.
  private let hasWideAddresses: Bool
  private var streamTable: UInt64 = 0
  private var secondLevel: UInt64 = 0
  private var contextDescriptor: UInt64 = 0

  /// The stream that a configuration with `root=smmuv3` names; `nil` if registers lead to the table.
  ///
  /// - Parameter allowed: the keys that mean something to the format whatever the root.
  /// - Throws: `badConfiguration`.
  init?(
    _ configuration: TableConfiguration, allowed: Set<String>, addresses: ARMLongAddresses, format: String
  ) throws(PageTableError) {
    let kind = try configuration.root(among: [.registers, .smmuv3], format: format)
    let isStream = kind == .smmuv3
    try configuration.refuse(
      except: allowed.union(isStream ? ["root", "requester"] : ["root"]), format: format)
    guard isStream else { return nil }
    identifier = configuration.requesterOrStandard
    hasWideAddresses = addresses == .lpa2
  }

  /// Whether the stream table has two levels.
  private var hasTwoLevels: Bool { identifier >= 256 }

  mutating func prepare(_ stage: Stage, _ structures: inout RootStructures) throws(PageTableError) {
    if case .first = stage {
      contextDescriptor = try structures.allocate(byteCountLog2: 6, addressBits: 52, name: "CD")
      store(contextDescriptor(stage), at: contextDescriptor, structures)
    }
    if hasTwoLevels {
      secondLevel = try structures.allocate(byteCountLog2: 14, addressBits: 52, name: "L2 stream table")
      streamTable = try structures.allocate(byteCountLog2: 11, addressBits: 52, name: "L1 stream table")
    } else {
      streamTable = try structures.allocate(byteCountLog2: 14, addressBits: 52, name: "stream table")
    }
    store(streamEntry(stage), at: entryAddress, structures)
    if hasTwoLevels { structures.store(firstLevelEntry.littleEndian, at: firstLevelAddress) }
  }

  /// Stores the doublewords of a structure, the first one, which says that it is valid, last.
  private func store(_ words: [UInt64], at address: UInt64, _ structures: RootStructures) {
    for (index, word) in words.enumerated().reversed() {
      structures.store(word.littleEndian, at: address &+ UInt64(index) &* 8)
    }
  }
}

// MARK: - Structures

extension SMMUv3Stream {
  private var entryAddress: UInt64 {
    (hasTwoLevels ? secondLevel : streamTable) &+ UInt64(identifier & 0xFF) &* 64
  }

  private var firstLevelAddress: UInt64 { streamTable &+ UInt64(identifier >> 8) &* 8 }

  /// L2Ptr, and Span = 9: 256 entries.
  private var firstLevelEntry: UInt64 { secondLevel | 9 }

  /// STRTAB_BASE_CFG: Fmt, Split = 8, Log2Size.
  private var tableConfiguration: UInt64 { hasTwoLevels ? 1 << 16 | 8 << 6 | 16 : 8 }

  private func streamEntry(_ stage: Stage) -> [UInt64] {
    // SHCFG: shareability as it comes in.
    let incoming: UInt64 = 1 << 44
    switch stage {
    case .first:
      // V, Config, S1ContextPtr; the descriptor is fetched write-back and inner shareable.
      return [1 | 5 << 1 | contextDescriptor, incoming | 3 << 6 | 1 << 4 | 1 << 2, 0, 0]
    case .second(let control, let rootAddress):
      // V, Config; S2VMID, S2T0SZ to S2PS as in VTCR, S2AA64, S2PTW, S2R; S2TTB.
      let stage2 = 1 | (control & 0x7FFFF) << 32 | 1 << 51 | 1 << 54 | 1 << 58
      // S2DS is bit 195.
      return [1 | 6 << 1, incoming, stage2, rootAddress | (hasWideAddresses ? 1 << 3 : 0)]
    }
  }

  private func contextDescriptor(_ stage: Stage) -> [UInt64] {
    guard case .first(let first, let rootAddress, let isHigh, let mair) = stage else { return [] }
    // DS is bit 186.
    let wide: UInt64 = hasWideAddresses ? 1 << 58 : 0
    return [first, isHigh ? 0 : rootAddress, (isHigh ? rootAddress : 0) | wide, mair]
  }

  /// The lines that lead from the registers to the table.
  func lines(_ stage: Stage) -> [RootDescription.Line] {
    var lines = [
      RootDescription.Line("streamid", hex: UInt64(identifier)),
      RootDescription.Line("strtab_base", hex: streamTable),
      RootDescription.Line("strtab_base_cfg", hex: tableConfiguration),
    ]
    if hasTwoLevels {
      lines += [
        RootDescription.Line("l1std", hex: firstLevelAddress),
        RootDescription.Line("l1std_0", hex: firstLevelEntry),
      ]
    }
    lines.append(RootDescription.Line("ste", hex: entryAddress))
    lines += streamEntry(stage).enumerated().map { RootDescription.Line("ste_\($0.offset)", hex: $0.element) }
    guard case .first = stage else { return lines }
    lines.append(RootDescription.Line("cd", hex: contextDescriptor))
    return lines
      + contextDescriptor(stage).enumerated().map { RootDescription.Line("cd_\($0.offset)", hex: $0.element) }
  }
}

extension ARM64Granule {
  /// The first doubleword of a context descriptor, with one half of the address space in use: tables write-back, inner
  /// shareable.
  static func contextDescriptor(_ region: ARMLongRegion, physicalBits: Int) -> UInt64 {
    // TnSZ, TGn, IRn = ORn = 1, SHn = 3, and EPD of the other half.
    let half = UInt64(region.sizeOffset) | (region.isHigh ? highCode : lowCode) << 6 | 0x3500
    let walks = region.isHigh ? half << 16 | 1 << 14 : half | 1 << 30
    // V, IPS, AA64, R, A, ASET, ASID 1.
    return walks | 1 << 31 | physicalSizeCode(physicalBits) << 32 | 1 << 41 | 1 << 45 | 1 << 46 | 1 << 47
      | 1 << 48
  }
}
