internal import PhysicalMemory

extension Engine {
  /// Takes memory as a plan says; all of it or none.
  func take(_ plan: AllocationPlan) throws(VCMError) -> ChunkList {
    var hasTriedChunks = false
    for type in plan.memoryTypes {
      if plan.isContiguous || type.description.isContiguous {
        if let address = type.buddy.allocateContiguous(length: plan.length, alignment: plan.alignment) {
          var runs = ChunkList()
          runs.append(address: address, chunkLength: plan.length, count: 1)
          return runs
        }
      } else if !hasTriedChunks {
        hasTriedChunks = true
        if let runs = takeChunks(plan) { return runs }
      }
    }
    throw VCMError(.outOfMemory, Self.shortage(plan))
  }

  /// Takes exactly these chunks, all of them or none.
  func take(_ chunks: [ChunkRun], _ plan: AllocationPlan) throws(VCMError) -> ChunkList {
    var runs = ChunkList()
    do throws(VCMError) {
      for chunk in chunks {
        try take(chunk, plan)
        runs.append(address: chunk.address, chunkLength: chunk.chunkLength, count: chunk.count)
      }
      guard runs.length == plan.length else {
        throw VCMError(
          .invalidLength, "the chunks have \(runs.length) bytes together, and not \(plan.length)")
      }
      guard !plan.isContiguous || runs.isContiguous else {
        throw VCMError(.notContiguous, "the chunks do not follow each other, as contiguous asks")
      }
      let first = chunks.first?.address ?? 0
      guard first % plan.alignment == 0 else {
        throw VCMError(
          .misaligned, "the first chunk's address \(hex(first)) is not a multiple of \(plan.alignment)")
      }
    } catch {
      for index in 0..<runs.runCount {
        if let run = runs.run(index) { giveBackUntouched(run.range) }
      }
      throw error
    }
    return runs
  }

  private func take(_ chunk: ChunkRun, _ plan: AllocationPlan) throws(VCMError) {
    let place = "chunk at \(hex(chunk.address))"
    guard chunk.address % 4096 == 0 else {
      throw VCMError(.misaligned, "the \(place) does not begin at a multiple of 4096")
    }
    try chunk.chunkLength.requireMultiple(of: 4096, "length of the \(place)")
    let (length, overflow) = chunk.chunkLength.multipliedReportingOverflow(by: chunk.count)
    guard length > 0, !overflow, let range = AddressRange(first: chunk.address, length: length),
      let type = plan.memoryTypes.first(where: {
        $0.range.first <= range.first && range.last <= $0.range.last
      })
    else {
      let names = plan.memoryTypes.map(\.name).joined(separator: ",")
      throw VCMError(.invalidAddress, "the \(place) does not lie in \(names) with all of its bytes")
    }
    guard type.buddy.allocate(at: range.first, length: length) else {
      throw VCMError(
        .inUse, "not all of the \(length) bytes at \(hex(range.first)) of '\(type.name)' are free")
    }
  }

  /// Takes chunks, the largest sizes first, each from the first memory type that has it.
  private func takeChunks(_ plan: AllocationPlan) -> ChunkList? {
    let types = plan.memoryTypes.filter { !$0.description.isContiguous }
    // More than there is in all cannot succeed, and would touch every block to find out.
    guard plan.length <= types.reduce(0, { $0 + $1.freeBytes }) else { return nil }
    var runs = ChunkList()
    for size in plan.blockSizes {
      for type in types where type.description.chunkSizes.contains(size) {
        takeChunks(of: size, from: type, plan, into: &runs)
      }
    }
    if runs.length == plan.length { return runs }
    for index in 0..<runs.runCount {
      if let run = runs.run(index) { giveBackUntouched(run.range) }
    }
    return nil
  }

  /// Takes as many chunks of a size as there are and as are wanted.
  private func takeChunks(
    of size: UInt64, from type: MemoryType, _ plan: AllocationPlan, into runs: inout ChunkList
  ) {
    let order = size.trailingZeroBitCount
    while plan.length - runs.length >= size {
      if runs.length == 0, plan.alignment > size {
        guard let address = type.buddy.allocateContiguous(length: size, alignment: plan.alignment) else {
          return
        }
        runs.append(address: address, chunkLength: size, count: 1)
        continue
      }
      let wanted = (plan.length - runs.length) >> UInt64(order)
      guard let block = type.buddy.allocate(order: order, limit: wanted) else { return }
      runs.append(address: block.address, chunkLength: size, count: block.count)
    }
  }

  /// Gives pool memory back that nobody has seen.
  private func giveBackUntouched(_ range: AddressRange) {
    for pool in memoryTypes where pool.range.overlaps(range) {
      let first = max(pool.range.first, range.first)
      pool.buddy.free(at: first, length: min(pool.range.last, range.last) - first + 1)
    }
  }

  private static func shortage(_ plan: AllocationPlan) -> String {
    let sizes = plan.blockSizes.map(String.init).joined(separator: ",")
    let kind = plan.isContiguous ? "contiguous bytes" : "bytes in blocks of \(sizes)"
    let pools = plan.memoryTypes.map {
      "\($0.name) has \($0.freeBytes) free, the largest block \($0.largestFreeBlock)"
    }
    return "no \(plan.length) \(kind) aligned to \(plan.alignment): " + pools.joined(separator: "; ")
  }
}

extension MemoryType {
  /// All addresses of the pool.
  var range: AddressRange { AddressRange(first: base, last: base + (size - 1)) }
}
