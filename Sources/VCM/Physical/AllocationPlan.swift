/// What a physical request comes to, once its words are checked against the memory types.
struct AllocationPlan {
  /// The memory types to try, best first.
  let memoryTypes: [MemoryType]
  /// The permitted chunk sizes, largest first.
  let blockSizes: [UInt64]
  /// The bytes wanted.
  let length: UInt64
  /// What the first byte's address must be a multiple of.
  let alignment: UInt64
  /// Whether one contiguous range is wanted.
  let isContiguous: Bool
  /// What the allocation keeps of all this.
  let attributes: PhysicalAttributes

  /// Checks a request.
  ///
  /// - Parameter alone: a list of each memory type by itself, which all buffers of that type share.
  /// - Throws: `invalidLength`, `misaligned`, `invalidArgument` (EINVAL).
  init(_ request: PhysicalRequest, memoryTypes all: [MemoryType], alone: [[MemoryType]]) throws(VCMError) {
    memoryTypes = try Self.resolve(request.memoryTypes, in: all, alone)
    blockSizes = try Self.resolveBlocks(request.blockSizes, memoryTypes: memoryTypes)
    length = request.length
    isContiguous = request.isContiguous
    if let alignment = request.alignment {
      guard alignment.nonzeroBitCount == 1, alignment <= 1 << 40 else {
        throw VCMError(.misaligned, "the alignment \(alignment) is not a power of two up to 1T")
      }
    }
    let smallest = request.address == nil ? blockSizes.last ?? 4096 : 4096
    guard length > 0 else {
      throw VCMError(.invalidLength, "the length is 0; the smallest that would be right is \(smallest)")
    }
    // A contiguous buffer is a single chunk, so that only pages limit its length.
    let unit = request.isContiguous && request.blockSizes.isEmpty ? 4096 : smallest
    try length.requireMultiple(of: unit, "length")
    alignment = max(
      request.alignment ?? 4096, request.isContiguous && !request.blockSizes.isEmpty ? smallest : 4096)
    attributes = PhysicalAttributes(
      blockSizes: blockSizes, isContiguous: request.isContiguous, alignment: request.alignment)
  }

  private static func resolve(
    _ names: [String], in all: [MemoryType], _ alone: [[MemoryType]]
  ) throws(VCMError) -> [MemoryType] {
    guard !names.isEmpty else {
      return alone[all.firstIndex { !$0.description.holdsTables } ?? 0]
    }
    var found: [MemoryType] = []
    for name in names {
      guard let type = all.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
        let known = all.map(\.name).joined(separator: " ")
        throw VCMError(
          .invalidArgument,
          "there is no memory type '\(ObjectName.printable(name))'; the memory types are \(known)")
      }
      if !found.contains(where: { $0 === type }) { found.append(type) }
    }
    guard found.count == 1, let index = all.firstIndex(where: { $0 === found[0] }) else { return found }
    return alone[index]
  }

  private static func resolveBlocks(
    _ sizes: [UInt64], memoryTypes: [MemoryType]
  ) throws(VCMError) -> [UInt64] {
    let permitted = Set(memoryTypes.flatMap(\.description.chunkSizes))
    for size in sizes where !permitted.contains(size) {
      let list = permitted.sorted(by: >).map(String.init).joined(separator: " ")
      throw VCMError(
        .invalidArgument,
        "blocks of \(size) bytes are not permitted in \(memoryTypes.map(\.name).joined(separator: ",")); "
          + "the sizes are \(list)")
    }
    return (sizes.isEmpty ? permitted : Set(sizes)).sorted(by: >)
  }
}
