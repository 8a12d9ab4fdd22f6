internal import PhysicalMemory

extension Engine {
  /// Makes a buffer of an existing range: `vcm_map_phys_addr`.
  ///
  /// Pool memory in it that is free becomes the buffer's own. Where another buffer lies, that buffer cannot
  /// be freed as long as this one exists. The range may lie outside of all memory, as the registers of a
  /// device do.
  func wrap(
    _ address: UInt64, length: UInt64, plan: AllocationPlan, name: StoredName
  ) throws(VCMError) -> PhysicalAllocation {
    guard address % 4096 == 0 else {
      throw VCMError(.misaligned, "the physical address \(hex(address)) is not a multiple of 4096")
    }
    guard address % plan.alignment == 0 else {
      throw VCMError(
        .misaligned, "the physical address \(hex(address)) is not a multiple of \(plan.alignment)")
    }
    guard let range = AddressRange(first: address, length: length), range.last >> 56 == 0 else {
      throw VCMError(
        .invalidAddress, "\(length) bytes at \(hex(address)) pass the end of physical addresses, 2^56")
    }
    let touched = memoryTypes.filter { $0.range.overlaps(range) }
    try requireNoTables(in: range, of: touched)
    let pinned = holders(of: range)
    let claims = touched.flatMap { claimFree($0, in: range) }
    var runs = ChunkList()
    runs.append(address: address, chunkLength: length, count: 1)
    let allocation = PhysicalAllocation(
      id: makeID(.allocation), attributes: plan.attributes, isWrapped: true, memoryTypes: touched, runs: runs,
      claims: claims, name: name)
    allocation.pinned = pinned
    for holder in pinned { holder.wrappers.append(allocation) }
    wrappedRanges.insert(allocation, over: range)
    return allocation
  }

  /// Refuses a range in which page tables lie: every byte of a pool must be free or belong to a buffer.
  private func requireNoTables(in range: AddressRange, of types: [MemoryType]) throws(VCMError) {
    for type in types {
      let part = type.range.intersection(range)
      let free = type.buddy.freeRanges(at: part.first, length: part.length).reduce(0) { $0 + $1.length }
      var owned: UInt64 = 0
      forEachOwner(in: part) { _, held in owned += held.length }
      guard free + owned == part.length else {
        throw VCMError(
          .inUse,
          "\(part.length) bytes at \(hex(part.first)) of memory type '\(type.name)' have page tables in them")
      }
    }
  }

  /// Takes the free parts of a range out of a pool, by whole pages.
  private func claimFree(_ type: MemoryType, in range: AddressRange) -> [AddressRange] {
    let part = type.range.intersection(range)
    var claims: [AddressRange] = []
    for free in type.buddy.freeRanges(at: part.first, length: part.length) {
      guard type.buddy.allocate(at: free.address, length: free.length) else { continue }
      claims.append(AddressRange(first: free.address, last: free.address + (free.length - 1)))
    }
    return claims
  }

  /// The buffers that own memory in a range, each once.
  private func holders(of range: AddressRange) -> [PhysicalAllocation] {
    var found: [PhysicalAllocation] = []
    var seen: Set<ObjectID> = []
    forEachOwner(in: range) { allocation, _ in
      if seen.insert(allocation.id).inserted { found.append(allocation) }
    }
    return found
  }

  /// Calls `body` with every piece of a range that a buffer owns, by address.
  ///
  /// O(log n) a piece.
  func forEachOwner(in range: AddressRange, _ body: (PhysicalAllocation, AddressRange) -> Void) {
    var entry = owners.entry(containing: range.first) ?? owners.firstEntry(from: range.first)
    while let found = entry, found.first <= range.last {
      if let owner = Self.owner(found.occupant) {
        body(owner, AddressRange(first: found.first, last: found.last).intersection(range))
      }
      guard found.last < range.last else { return }
      entry = owners.firstEntry(from: found.last + 1)
    }
  }

  /// The allocation that an entry of the owners' address space belongs to.
  static func owner(_ word: UInt) -> PhysicalAllocation? {
    // Safe: an allocation lives until its entries are taken out.
    UnsafeRawPointer(bitPattern: word).map {
      Unmanaged<PhysicalAllocation>.fromOpaque($0).takeUnretainedValue()
    }
  }
}

extension AddressRange {
  /// The common part of two ranges that overlap.
  func intersection(_ other: AddressRange) -> AddressRange {
    AddressRange(first: Swift.max(first, other.first), last: Swift.min(last, other.last))
  }
}
