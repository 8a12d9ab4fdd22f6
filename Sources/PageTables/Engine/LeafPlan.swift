extension PageTableFormat {
  /// How many leaves of each size runs of memory take at consecutive device addresses, as `Engine.map` would write them.
  ///
  /// - Parameters:
  ///   - offset: the table offset of the first byte.
  ///   - runs: the memory.
  /// - Returns: the sizes that are used, ascending.
  /// - Throws: `misaligned` if the smallest page does not fit somewhere, `outputTooWide`, `badRange`,
  ///   `cannotExpress`.
  /// - Complexity: O(runs · page sizes).
  func planLeaves(
    from offset: UInt64, _ runs: UnsafeBufferPointer<OutputRun>
  ) throws(PageTableError) -> [(size: UInt64, count: UInt64)] {
    var counts = [UInt64](repeating: 0, count: 64)
    var next = offset
    var pieces = RunPieces(runs, cutAt: outputBits(sizeLog2: pageShift))
    while let piece = pieces.next() {
      guard piece.length > 0, !piece.physicalAddress.addingReportingOverflow(piece.length - 1).overflow else {
        throw .badRange(start: piece.physicalAddress, length: piece.length)
      }
      try checkExpressible(piece)
      try planLeaves(from: next, piece, &counts)
      next = next &+ piece.length
    }
    return counts.enumerated().filter { $0.element > 0 }.map { (1 << UInt64($0.offset), $0.element) }
  }

  /// Counts the leaves of one piece.
  private func planLeaves(
    from first: UInt64, _ piece: OutputRun, _ counts: inout [UInt64]
  ) throws(PageTableError) {
    let last = piece.physicalAddress &+ (piece.length &- 1)
    var sizes: UInt64 = 0
    for level in 0...topLevel { sizes |= leafSizes(level) }
    var isTooWide = false
    for sizeLog2 in 0..<64 where sizes >> UInt64(sizeLog2) & 1 == 1 {
      let bits = outputBits(sizeLog2: sizeLog2)
      if bits < 64, last >> UInt64(bits) != 0 {
        sizes &= ~(1 << UInt64(sizeLog2))
        isTooWide = true
      }
    }
    // A leaf needs offset and address to agree below its size: larger ones fit nowhere in the piece.
    let agreement = min((first ^ piece.physicalAddress).trailingZeroBitCount, 63)
    sizes &= .max >> UInt64(63 - agreement)
    var offset = first
    var rest = piece.length
    while rest > 0 {
      let fitting =
        sizes & (.max >> UInt64(63 - min(offset.trailingZeroBitCount, 63 - rest.leadingZeroBitCount)))
      guard fitting != 0 else {
        if isTooWide {
          throw .outputTooWide(physicalAddress: piece.physicalAddress, bits: outputBits(sizeLog2: pageShift))
        }
        throw .misaligned(value: offset | rest | piece.physicalAddress, pageSize: 1 << UInt64(pageShift))
      }
      let sizeLog2 = 63 - fitting.leadingZeroBitCount
      var length = rest
      let larger = sizes & ~(.max >> UInt64(63 - sizeLog2))
      if larger != 0 {
        let size: UInt64 = 1 << UInt64(larger.trailingZeroBitCount)
        let distance = (0 &- offset) & (size - 1)
        if distance > 0, distance < rest, rest - distance >= size { length = distance }
      }
      let count = length >> UInt64(sizeLog2)
      counts[sizeLog2] += count
      offset = offset &+ count << UInt64(sizeLog2)
      rest -= count << UInt64(sizeLog2)
    }
  }
}

extension RegisteredFormat {
  func planLeaves(
    deviceAddress: UInt64, runs: [OutputRun], configuration: TableConfiguration
  ) throws(PageTableError) -> [(size: UInt64, count: UInt64)] {
    let format = try Format(configuration)
    guard let offset = format.tableOffset(of: deviceAddress) else { throw format.inputError(deviceAddress) }
    return try plan(format, from: offset, runs)
  }

  func planBestLeaves(
    runs: [OutputRun], configuration: TableConfiguration
  ) throws(PageTableError) -> [(size: UInt64, count: UInt64)] {
    try plan(Format(configuration), from: runs.first?.physicalAddress ?? 0, runs)
  }

  private func plan(
    _ format: Format, from offset: UInt64, _ runs: [OutputRun]
  ) throws(PageTableError) -> [(size: UInt64, count: UInt64)] {
    let outcome = runs.withUnsafeBufferPointer { runs in
      Result { () throws(PageTableError) in try format.planLeaves(from: offset, runs) }
    }
    return try outcome.get()
  }
}
