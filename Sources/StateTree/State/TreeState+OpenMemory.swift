internal import VCM

// Open files of memory can be mapped, so that the kernel has pages of them, which other files' writes make untrue.
extension TreeState {
  /// Notes that an open file of memory was closed.
  func closeMemory(_ node: NodeID) {
    let count = (openMemory[node] ?? 1) - 1
    openMemory[node] = count > 0 ? count : nil
  }

  /// Notes that memory was written through a file: the pages that the kernel has of it through others are no longer true.
  ///
  /// O(open files of memory).
  ///
  /// - Parameters:
  ///   - node: the file, whose own pages the kernel sees to.
  ///   - subject: the buffer or reservation written; of anything else, it could be all memory.
  func memoryWasWritten(by node: NodeID, in subject: Subject) {
    let written = Self.buffer(of: subject)
    for open in openMemory.keys where open != node {
      guard let other = try? self.subject(of: open) else { continue }
      if let written, let buffer = Self.buffer(of: other), buffer !== written, !Self.overlaps(buffer),
        !Self.overlaps(written)
      {
        continue
      }
      invalidate(open)
    }
  }

  /// Notes that memory was written by the engine: entries of tables, or the zeros of a freed buffer.
  ///
  /// Files of all memory show them; a buffer's own file does not.
  ///
  /// O(open files of memory).
  func memoryBesideBuffersWasWritten() {
    guard !openMemory.isEmpty else { return }
    for open in openMemory.keys {
      guard let subject = try? subject(of: open), Self.buffer(of: subject) == nil else { continue }
      invalidate(open)
    }
  }

  /// Notes that the tables of a region say something else of what is mapped.
  func tablesWereRewritten(of region: Region) {
    guard !openMemory.isEmpty else { return }
    for association in region.associations { invalidate(NodeID(association.device.id, Place.deviceMemory)) }
  }

  private static func buffer(of subject: Subject) -> PhysicalAllocation? {
    switch subject {
    case .allocation(let allocation): allocation
    case .reservation(let reservation): reservation.backing
    default: nil
    }
  }

  /// Whether other buffers may lie over the same memory.
  private static func overlaps(_ buffer: PhysicalAllocation) -> Bool {
    buffer.isWrapped || !buffer.wrappedBy.isEmpty
  }
}
