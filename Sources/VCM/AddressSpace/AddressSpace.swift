internal import PhysicalMemory

/// Which parts of a range of addresses are taken, and by whom.
///
/// The entries lie in a B+-tree, ordered by address. With each child a node keeps its *reach*: for each order
/// of alignment from 4 KiB to 1 TiB the longest stretch that begins aligned and lies in one gap below that
/// child. So the lowest address that fits is found in O(log n), even where many gaps are long enough but none
/// of them holds an aligned start (an order-only or size-only summary would have to look into each of these).
///
/// ```swift
/// let space = AddressSpace(first: 0x1000, length: 128 << 20)
/// let address = space.reserve(length: 16 << 20, alignmentOrder: 24, occupant: 1)   // 0x1000000
/// ```
///
/// - A gap belongs to the entry after it. An entry of length zero at the very end closes the last gap.
/// - A leaf knows the end of the entry before it (its *floor*), so that all its gaps can be told from itself.
/// - Inside, addresses count pages of 4 KiB, so that the end of the address space is a number like any other.
/// - Nodes are plain blocks of memory of fixed layout; none has a count of references.
/// - Alignments above 1 TiB are right but may look into more than one path.
///
/// What it does not do: say what an occupant is, or round a length.
final class AddressSpace {
  /// The log2 of the page that everything is a multiple of.
  static let pageOrder: UInt64 = 12

  /// The first page of the range, and the page after the last.
  let firstPage: UInt64
  let endPage: UInt64

  @exclusivity(unchecked) var root: UnsafeMutableRawPointer
  /// The number of inner levels: 0 if the root is a leaf.
  @exclusivity(unchecked) var height = 0
  /// The reach of the whole tree.
  let rootReach: Reach
  /// Room for what an operation computes.
  let workspace: Workspace

  /// The number of entries.
  @exclusivity(unchecked) private(set) var count = 0
  @exclusivity(unchecked) private(set) var freePages: UInt64

  /// An inner node and which of its children the way goes through.
  struct Step {
    var node: InnerNode
    var index: Int
  }

  /// Room for what an operation computes, which any number of address spaces may share, one operation at a
  /// time.
  final class Workspace {
    let scratch = Reach.make()
    let scratchBefore = Reach.make()
    let leaves = BlockPool(byteCount: LeafNode.byteCount)
    let inners = BlockPool(byteCount: InnerNode.byteCount)
    /// The way from the root to a leaf, as the last descent went.
    ///
    /// No tree is as deep: that many levels of at least two children hold more leaves than there is memory
    /// for.
    let path = UnsafeMutablePointer<Step>.allocate(capacity: 64)

    init() {}

    deinit {
      scratch.free()
      scratchBefore.free()
      path.deallocate()
    }
  }

  var scratch: Reach { workspace.scratch }
  var scratchBefore: Reach { workspace.scratchBefore }
  var path: UnsafeMutablePointer<Step> { workspace.path }

  /// A range without entries.
  ///
  /// `first` is a multiple of 4096; so is `length`, which is not zero, and the range does not pass the end of
  /// the address space. Values that break this are cut down to it.
  convenience init(first: UInt64, length: UInt64, workspace: Workspace = Workspace()) {
    let firstPage = first >> Self.pageOrder
    let endPage = min(firstPage + length >> Self.pageOrder, 1 << 52)
    self.init(firstPage: firstPage, endPage: endPage, workspace: workspace)
  }

  /// A range of pages without entries; `endPage` is at most 2^52.
  init(firstPage: UInt64, endPage: UInt64, workspace: Workspace = Workspace()) {
    self.firstPage = firstPage
    self.endPage = endPage
    self.workspace = workspace
    freePages = endPage - firstPage
    let leaf = LeafNode.make(floor: firstPage, in: workspace.leaves)
    leaf.insert(at: 0, start: endPage, end: endPage, occupant: 0)
    root = leaf.block
    rootReach = Reach.make()
    leaf.computeReach(into: rootReach)
  }

  deinit {
    freeSubtree(root, level: height)
    rootReach.free()
  }

  /// A taken range.
  struct Entry: Equatable {
    /// The first address.
    var first: UInt64
    /// The last address.
    var last: UInt64
    /// Whom it belongs to, as said when it was taken.
    var occupant: UInt
  }

  /// The bytes that are not taken; 0 also stands for 2^64.
  ///
  /// O(1).
  var freeBytes: UInt64 { freePages << Self.pageOrder }

  /// The bytes of the longest gap; 0 also stands for 2^64.
  ///
  /// O(1).
  var largestFree: UInt64 { rootReach[0] << Self.pageOrder }

  /// Whether the whole range is free.
  var isEmpty: Bool { count == 0 }

  func noteInsertion(pages: UInt64) {
    count += 1
    freePages -= pages
  }

  func noteRemoval(pages: UInt64) {
    count -= 1
    freePages += pages
  }

  private func freeSubtree(_ block: UnsafeMutableRawPointer, level: Int) {
    if level > 0 {
      let node = InnerNode(block: block)
      for index in 0..<node.count { freeSubtree(node.children[index], level: level - 1) }
      workspace.inners.deallocate(block)
    } else {
      workspace.leaves.deallocate(block)
    }
  }
}
