/// The structures in memory by which VT-d hardware finds a requester's table, from the root table address register on.
///
/// In legacy mode a root and a context entry lead to a second-stage table. In scalable mode a root and a context entry lead
/// to a PASID directory, and the entry of PASID 0, which requests without a PASID use, to a table of either stage. Whoever
/// is not the requester finds entries that are not present. The domain is 1.
/// Facts: Intel Virtualization Technology for Directed I/O, chapters 3 and 9; Linux drivers/iommu/intel/iommu.h, pasid.h,
/// pasid.c; QEMU hw/i386/intel_iommu.c.
struct VTdRoot: Hashable, Sendable {
  /// What a table translates, and its levels.
  enum Table: Hashable, Sendable {
    /// A second stage, of 2 to 5 levels.
    case second(levels: Int)
    /// A first stage, of 4 or 5 levels.
    case first(levels: Int)
  }

  /// The domain that entries name.
  private static let domain: UInt64 = 1

  let requester: UInt16
  let table: Table
  /// Whether the structures are those of scalable mode; always for a first stage.
  let isScalable: Bool
  private var rootTable: UInt64 = 0
  private var contextTable: UInt64 = 0
  private var directory: UInt64 = 0
  private var pasidTable: UInt64 = 0

  init(requester: UInt16, table: Table, isScalable: Bool) {
    self.requester = requester
    self.table = table
    self.isScalable = isScalable
  }

  mutating func prepare(rootAddress: UInt64, _ structures: inout RootStructures) throws(PageTableError) {
    rootTable = try structures.allocate(byteCountLog2: 12, addressBits: 52, name: "root")
    contextTable = try structures.allocate(byteCountLog2: 12, addressBits: 52, name: "context")
    if isScalable {
      directory = try structures.allocate(byteCountLog2: 12, addressBits: 52, name: "PASID directory")
      pasidTable = try structures.allocate(byteCountLog2: 12, addressBits: 52, name: "PASID")
      Self.store(pasidEntry(rootAddress), at: pasidTable, structures)
      Self.store([pasidTable | 1], at: directory, structures)
    }
    Self.store(contextEntry(rootAddress), at: contextAddress, structures)
    Self.store(rootEntry, at: rootTable &+ UInt64(requester >> 8) &* 16, structures)
  }

  /// Stores the quadwords of an entry, the first one, which says that it is present, last.
  private static func store(_ entry: [UInt64], at address: UInt64, _ structures: RootStructures) {
    for (index, word) in entry.enumerated().reversed() {
      structures.store(word.littleEndian, at: address &+ UInt64(index) &* 8)
    }
  }

  // MARK: - Entries

  /// RTADDR: the root table, and in bits 11:10 the mode.
  private var register: UInt64 { rootTable | (isScalable ? 1 << 10 : 0) }

  /// In scalable mode the low half leads to the contexts of devices 0 to 15 of the bus, the high half to those of 16 to 31.
  private var rootEntry: [UInt64] {
    isScalable && requester & 0x80 != 0 ? [0, contextTable | 1] : [contextTable | 1, 0]
  }

  private var contextAddress: UInt64 {
    contextTable &+ (isScalable ? UInt64(requester & 0x7F) &* 32 : UInt64(requester & 0xFF) &* 16)
  }

  private func contextEntry(_ rootAddress: UInt64) -> [UInt64] {
    // PDTS = 0: a directory of 128 entries. RID_PASID = 0.
    if isScalable { return [directory | 1, 0, 0, 0] }
    return [rootAddress | 1, addressWidth | Self.domain << 8]
  }

  /// AW: 30 bits and 9 more for each step.
  private var addressWidth: UInt64 {
    switch table {
    case .second(let levels), .first(let levels): UInt64(levels - 2)
    }
  }

  /// The entry of PASID 0: AW and PGTT, the domain and PWSNP, and for a first stage FSPM, NXE and its table.
  private func pasidEntry(_ rootAddress: UInt64) -> [UInt64] {
    let domain = Self.domain | 1 << 23
    return switch table {
    case .second: [rootAddress | 1 | addressWidth << 2 | 2 << 6, domain, 0]
    case .first(let levels):
      [1 | addressWidth << 2 | 1 << 6, domain, rootAddress | 1 << 5 | (levels == 5 ? 1 << 2 : 0)]
    }
  }

  // MARK: - Lines

  /// The lines that lead from the register to the table.
  func lines(rootAddress: UInt64) -> [RootDescription.Line] {
    let start = [
      RootDescription.Line(requester: requester), RootDescription.Line("rtaddr", hex: register),
      RootDescription.Line("root_lo", hex: rootEntry[0]), RootDescription.Line("root_hi", hex: rootEntry[1]),
    ]
    let context = contextEntry(rootAddress)
    guard isScalable else {
      return start + [
        RootDescription.Line("context_lo", hex: context[0]),
        RootDescription.Line("context_hi", hex: context[1]),
      ]
    }
    return start + [
      RootDescription.Line("context_addr", hex: contextAddress),
      RootDescription.Line("context_0", hex: context[0]),
      RootDescription.Line("pasid", "0"),
      RootDescription.Line("pasid_dir_0", hex: pasidTable | 1),
      RootDescription.Line("pasid_addr", hex: pasidTable),
    ]
      + pasidEntry(rootAddress).enumerated().map {
        RootDescription.Line("pasid_\($0.offset)", hex: $0.element)
      }
  }
}
