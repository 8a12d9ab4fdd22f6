internal import PhysicalMemory

extension Engine {
  /// Makes one physical allocation: `vcm_phys_alloc`, `vcm_map_phys_addr`.
  ///
  /// - Throws: as ``allocate(_:)-([PhysicalRequest])``.
  @discardableResult
  public func allocate(_ request: PhysicalRequest) throws(VCMError) -> PhysicalAllocation {
    let allocation = try makeAllocation(request)
    reportAllocation(allocation)
    return allocation
  }

  /// Makes several physical allocations, all of them or none.
  ///
  /// Each block size, largest first, tries the memory types in the order given, and takes the lowest of the
  /// smallest blocks that hold it. A memory type that is contiguous holds a buffer as a whole or not at all.
  ///
  /// - Throws: the error of the first request that cannot be met: `invalidLength` (EINVAL) for a length that
  ///   is zero or not a multiple of the smallest block; `invalidArgument` (EINVAL) for a block size or a
  ///   memory type that there is not; `misaligned` (EINVAL); `outOfMemory` (ENOMEM); `inUse` (EBUSY) for an
  ///   existing range with page tables in it; `invalidAddress` (EINVAL) for one that passes the end of the
  ///   address space; `nameTaken` (EEXIST) and the errors of a name.
  ///   Of chunks that are asked for by their addresses: `inUse` (EBUSY) if one is not free, `invalidAddress`
  ///   (EINVAL) if one lies outside of the memory types, `misaligned`, `invalidLength` and `notContiguous`
  ///   (EINVAL) if they are not what the rest of the request says.
  /// - Parameters:
  ///   - requests: what to make.
  ///   - failure: why a request behind these is wrong already: it is thrown if all of these could be made, so that of a
  ///     list the first bad request decides.
  /// - Complexity: O(orders) a chunk run, plus O(log n).
  @discardableResult
  public func allocate(
    _ requests: [PhysicalRequest], before failure: VCMError? = nil
  ) throws(VCMError) -> [PhysicalAllocation] {
    var made: [PhysicalAllocation] = []
    let number = nextAllocationNumber
    do throws(VCMError) {
      for request in requests { made.append(try makeAllocation(request)) }
      if let failure { throw failure }
    } catch {
      for allocation in made.reversed() { dismantle(allocation) }
      nextAllocationNumber = number
      throw error
    }
    for allocation in made { reportAllocation(allocation) }
    return made
  }

  /// Frees a physical allocation: `vcm_phys_free`.
  ///
  /// Its memory goes back to the system and reads as zero when it is allocated again.
  ///
  /// - Throws: `inUse` (EBUSY) while a reservation is backed by it or a buffer wraps a part of it, naming
  ///   that; `noSuchObject` (ENOENT).
  public func free(_ allocation: PhysicalAllocation) throws(VCMError) {
    try requireLive(allocation.isLive, "buffer", allocation.name)
    if let user = allocation.firstUser(from: 0)?.reservation {
      throw VCMError(
        .inUse,
        "buffer '\(allocation.name)' backs reservation '\(user.name)' of region '\(user.region.name)'")
    }
    if let wrapper = allocation.wrappers.first {
      throw VCMError(.inUse, "buffer '\(wrapper.name)' wraps memory of buffer '\(allocation.name)'")
    }
    dismantle(allocation)
    report(Change(.removed, allocation.id, name: allocation.name))
    reportSpace(of: allocation)
  }

  /// Gives an allocation another name.
  ///
  /// - Throws: the errors of a name; `nameTaken` (EEXIST); `noSuchObject` (ENOENT).
  public func rename(_ allocation: PhysicalAllocation, to name: String) throws(VCMError) {
    try requireLive(allocation.isLive, "buffer", allocation.name)
    try ObjectName.check(name)
    if let holder = allocationNames.find(name) {
      if holder === allocation { return }
      throw .taken(name, "buffer")
    }
    let old = observer == nil ? "" : allocation.name
    allocationNames.remove(allocation)
    allocation.storedName = StoredName(name, prefix: PhysicalAllocation.namePrefix)
    allocationNames.insert(allocation)
    report(Change(.renamed, allocation.id, name: old))
  }

  private func makeAllocation(_ request: PhysicalRequest) throws(VCMError) -> PhysicalAllocation {
    let plan = try AllocationPlan(request, memoryTypes: memoryTypes, alone: aloneMemoryTypes)
    let before = nextAllocationNumber
    let name = try chooseName(request.name)
    do throws(VCMError) {
      let allocation: PhysicalAllocation
      if let address = request.address {
        allocation = try wrap(address, length: request.length, plan: plan, name: name)
      } else {
        let runs = try request.chunks.isEmpty ? take(plan) : take(request.chunks, plan)
        allocation = PhysicalAllocation(
          id: makeID(.allocation), attributes: plan.attributes, isWrapped: false,
          memoryTypes: plan.memoryTypes,
          runs: runs, claims: [], name: name)
      }
      register(allocation)
      return allocation
    } catch {
      nextAllocationNumber = before
      throw error
    }
  }

  private func register(_ allocation: PhysicalAllocation) {
    let word = UInt(bitPattern: Unmanaged.passUnretained(allocation).toOpaque())
    allocation.forEachOwnedRange { range in
      _ = owners.claim(first: range.first, length: range.length, occupant: word)
    }
    allocations.insert(allocation, at: allocation.id.serial)
    allocationNames.insert(allocation)
  }

  /// Takes everything back that ``makeAllocation(_:)`` did.
  private func dismantle(_ allocation: PhysicalAllocation) {
    allocation.forEachOwnedRange { range in
      owners.release(first: range.first)
      giveBack(range)
    }
    for pinned in allocation.pinned { pinned.wrappers.removeAll { $0 === allocation } }
    if !allocation.pinned.isEmpty { allocation.pinned = [] }
    if allocation.isWrapped, let range = allocation.runs.run(0)?.range {
      wrappedRanges.remove(allocation, over: range)
    }
    allocation.isLive = false
    allocationNames.remove(allocation)
    allocations.remove(allocation.id.serial)
  }

  /// Gives a range of pool memory back to its pool and to the system.
  func giveBack(_ range: AddressRange) {
    memory.punchHole(physicalAddress: range.first, length: range.length)
    for pool in memoryTypes {
      let whole = pool.range
      guard whole.overlaps(range) else { continue }
      let first = max(whole.first, range.first)
      pool.buddy.free(at: first, length: min(whole.last, range.last) - first + 1)
    }
  }

  private func chooseName(_ name: String?) throws(VCMError) -> StoredName {
    if let name {
      try ObjectName.check(name)
      guard allocationNames.find(name) == nil else { throw .taken(name, "buffer") }
      return StoredName(name, prefix: PhysicalAllocation.namePrefix)
    }
    while true {
      let candidate = StoredName(number: nextAllocationNumber, prefix: "b")
      nextAllocationNumber += 1
      if candidate.withKey({ allocationNames.find($0) }) == nil { return candidate }
    }
  }

  private func reportAllocation(_ allocation: PhysicalAllocation) {
    report(Change(.created, allocation.id, name: allocation.name))
    reportSpace(of: allocation)
  }

  private func reportSpace(of allocation: PhysicalAllocation) {
    guard observer != nil else { return }
    for type in allocation.memoryTypes { report(Change(.space, type.id)) }
  }
}
