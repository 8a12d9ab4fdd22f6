/// The buffers that wrap existing ranges, by what they lie over: ranges that may overlap in any way.
///
/// A treap ordered by first address and then by age, in which each node knows the last address below it
/// (an interval tree: Cormen et al., *Introduction to Algorithms*, chapter 14.3). The priorities are a mix of
/// the buffers' numbers, so that equal histories make equal trees.
struct WrappedRanges {
  private final class Node {
    let allocation: PhysicalAllocation
    let range: AddressRange
    let priority: UInt64
    var low: Node?
    var high: Node?
    /// The last address of all ranges from here down.
    var reach: UInt64

    init(_ allocation: PhysicalAllocation, _ range: AddressRange) {
      self.allocation = allocation
      self.range = range
      priority = Node.mix(allocation.id.serial)
      reach = range.last
    }

    /// Whether the node comes before a range of a buffer.
    func comes(before range: AddressRange, of allocation: PhysicalAllocation) -> Bool {
      (self.range.first, self.allocation.id.serial) < (range.first, allocation.id.serial)
    }

    func updateReach() {
      reach = max(range.last, low?.reach ?? 0, high?.reach ?? 0)
    }

    /// The finaliser of splitmix64.
    private static func mix(_ number: UInt64) -> UInt64 {
      var mixed = number &* 0x9E37_79B9_7F4A_7C15
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  private var root: Node?
  /// The number of buffers.
  private(set) var count = 0

  /// Adds a buffer, whose range must not be empty.
  ///
  /// O(log n) on average.
  mutating func insert(_ allocation: PhysicalAllocation, over range: AddressRange) {
    root = Self.insert(Node(allocation, range), below: root)
    count += 1
  }

  /// Takes a buffer out that was added with this range.
  ///
  /// O(log n) on average.
  mutating func remove(_ allocation: PhysicalAllocation, over range: AddressRange) {
    var found = false
    root = Self.remove(allocation, range, below: root, &found)
    if found { count -= 1 }
  }

  /// The buffers over an address, oldest first.
  ///
  /// O(log n) on average for each buffer found.
  func over(_ address: UInt64) -> [PhysicalAllocation] {
    guard let root, root.reach >= address else { return [] }
    var found: [PhysicalAllocation] = []
    Self.collect(address, below: root, &found)
    return found.sorted { $0.id < $1.id }
  }

  /// The number of nodes on the longest way down, for tests.
  var height: Int { Self.height(of: root) }

  private static func insert(_ node: Node, below top: Node?) -> Node {
    guard let top else { return node }
    if node.priority > top.priority {
      (node.low, node.high) = split(top, at: node)
      node.updateReach()
      return node
    }
    if top.comes(before: node.range, of: node.allocation) {
      top.high = insert(node, below: top.high)
    } else {
      top.low = insert(node, below: top.low)
    }
    top.updateReach()
    return top
  }

  /// The nodes before and behind another one.
  private static func split(_ top: Node?, at node: Node) -> (low: Node?, high: Node?) {
    guard let top else { return (nil, nil) }
    let isBefore = top.comes(before: node.range, of: node.allocation)
    let (low, high) = split(isBefore ? top.high : top.low, at: node)
    if isBefore { top.high = low } else { top.low = high }
    top.updateReach()
    return isBefore ? (top, high) : (low, top)
  }

  private static func remove(
    _ allocation: PhysicalAllocation, _ range: AddressRange, below top: Node?, _ found: inout Bool
  ) -> Node? {
    guard let top else { return nil }
    if top.allocation === allocation {
      found = true
      return join(top.low, top.high)
    }
    if top.comes(before: range, of: allocation) {
      top.high = remove(allocation, range, below: top.high, &found)
    } else {
      top.low = remove(allocation, range, below: top.low, &found)
    }
    top.updateReach()
    return top
  }

  /// One tree of two, of which the first lies before the second.
  private static func join(_ first: Node?, _ second: Node?) -> Node? {
    guard let first else { return second }
    guard let second else { return first }
    let top: Node
    if first.priority > second.priority {
      first.high = join(first.high, second)
      top = first
    } else {
      second.low = join(first, second.low)
      top = second
    }
    top.updateReach()
    return top
  }

  private static func collect(_ address: UInt64, below top: Node, _ found: inout [PhysicalAllocation]) {
    if let low = top.low, low.reach >= address { collect(address, below: low, &found) }
    guard top.range.first <= address else { return }
    if top.range.last >= address { found.append(top.allocation) }
    if let high = top.high, high.reach >= address { collect(address, below: high, &found) }
  }

  private static func height(of node: Node?) -> Int {
    guard let node else { return 0 }
    return 1 + max(height(of: node.low), height(of: node.high))
  }
}
