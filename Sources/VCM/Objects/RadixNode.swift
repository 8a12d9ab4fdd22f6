internal import CPrefetch
internal import PhysicalMemory

/// A node of an ``ObjectTable``: which of its 32 slots are in use, and a pointer in each of these.
///
/// A node is one block of memory, which this value points to, without a count of references.
struct RadixNode {
  /// The block: the word of occupied bits, then 32 pointers.
  let block: UnsafeMutableRawPointer

  /// Bytes from the block's start to its first slot.
  private static var slotsOffset: Int { 8 }

  /// A new node with no slot in use.
  static func make(in pool: BlockPool) -> RadixNode {
    let block = pool.allocate()
    block.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    return RadixNode(block: block)
  }

  /// The bytes of a node.
  static var byteCount: Int { slotsOffset + 32 * 8 }

  /// One bit for each slot in use.
  var occupied: UInt32 { block.load(as: UInt32.self) }

  /// The pointer in a slot, or nil if it is not in use.
  ///
  /// `index` is below 32.
  subscript(index: Int) -> UnsafeMutableRawPointer? {
    block.load(fromByteOffset: Self.slotsOffset &+ index &* 8, as: UnsafeMutableRawPointer?.self)
  }

  /// Begins to fetch a slot and the occupied bits.
  func prefetch(_ index: Int) {
    prefetch_line(block)
    prefetch_line(block + (Self.slotsOffset &+ index &* 8))
  }

  /// Puts a pointer into a slot.
  func set(_ index: Int, _ pointer: UnsafeMutableRawPointer) {
    block.storeBytes(of: occupied | (1 << UInt32(index)), as: UInt32.self)
    block.storeBytes(
      of: pointer, toByteOffset: Self.slotsOffset + index * 8, as: UnsafeMutableRawPointer.self)
  }

  /// Marks a slot as not in use.
  func clear(_ index: Int) {
    block.storeBytes(of: occupied & ~(1 << UInt32(index)), as: UInt32.self)
    block.storeBytes(
      of: nil, toByteOffset: Self.slotsOffset + index * 8, as: UnsafeMutableRawPointer?.self)
  }

  /// The first slot in use that is not before `index`, which is at most 32.
  func firstOccupied(from index: Int) -> Int? {
    guard index < 32 else { return nil }
    let rest = occupied & (UInt32.max << UInt32(index))
    return rest == 0 ? nil : rest.trailingZeroBitCount
  }
}
