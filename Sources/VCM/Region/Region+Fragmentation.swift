extension Region {
  /// The length of the longest range that can be reserved at a multiple of `2^order` bytes, for orders 12 to 40; 0 also
  /// stands for 2^64.
  ///
  /// O(1).
  public func largestFree(alignmentOrder order: Int) -> UInt64 {
    guard (12...40).contains(order) else { return 0 }
    return space.rootReach[order - 12] << AddressSpace.pageOrder
  }
}
