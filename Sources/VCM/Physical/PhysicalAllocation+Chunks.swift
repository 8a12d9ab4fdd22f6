extension PhysicalAllocation {
  /// Calls `body` with the chunks from one on, in the order of the buffer's bytes, until it gives false:
  /// `vcm_get_next_phys_addr`.
  ///
  /// - Parameters:
  ///   - index: the number of the first chunk wanted, so that a walk can be taken up again.
  ///   - body: takes the chunk's number and the chunk; gives whether to go on.
  /// - Complexity: O(log runs), then O(1) a chunk.
  public func forEachChunk(from index: UInt64 = 0, _ body: (UInt64, MemoryChunk) -> Bool) {
    guard index < chunkCount else { return }
    var index = index
    for number in runs.runIndex(ofChunk: index)..<runs.runCount {
      guard let run = runs.run(number) else { return }
      while index - run.firstIndex < run.count {
        let address = run.address &+ (index - run.firstIndex) &* run.chunkLength
        guard body(index, MemoryChunk(address: address, length: run.chunkLength)) else { return }
        index += 1
      }
    }
  }

  /// The chunk with a number below ``chunkCount``; nil for any other.
  ///
  /// O(log runs).
  public func chunk(at index: UInt64) -> MemoryChunk? {
    var found: MemoryChunk?
    forEachChunk(from: index) { _, chunk in
      found = chunk
      return false
    }
    return found
  }

  /// The number of reservations that it backs.
  ///
  /// O(1).
  public var userCount: Int { users.count }

  /// The reservation that is the allocation's user with this number.
  ///
  /// O(log n).
  public func user(number: UInt64) -> Reservation? { users[number] }

  /// The user with the smallest number that is not below `number`, and its number: `vcm_get_next_phys_res`.
  ///
  /// O(log n).
  public func firstUser(from number: UInt64) -> (number: UInt64, reservation: Reservation)? {
    users.first(from: number)
  }

  /// The buffers that wrap memory of this one.
  public var wrappedBy: [PhysicalAllocation] { wrappers }

  /// Calls `body` with the ranges of memory that belong to this buffer and are given back with it.
  func forEachOwnedRange(_ body: (AddressRange) -> Void) {
    if isWrapped {
      for claim in claims { body(claim) }
      return
    }
    for index in 0..<runs.runCount {
      if let run = runs.run(index) { body(run.range) }
    }
  }

  /// Lets go of all references to other objects.
  func breakCycles() {
    users = UserTable()
    links = nil
  }
}
