/// A list of associations that is kept oldest first, so that one of ten thousand is found by halving.
extension [Association] {
  /// Puts an association in at its age.
  ///
  /// O(log n) comparisons; the younger ones move up.
  mutating func insertByAge(_ association: Association) {
    insert(association, at: firstIndex(notOlderThan: association))
  }

  /// Takes an association out if it is there.
  ///
  /// O(log n) comparisons; the younger ones move down.
  mutating func removeByAge(_ association: Association) {
    let index = firstIndex(notOlderThan: association)
    guard index < count, self[index] === association else { return }
    remove(at: index)
  }

  private func firstIndex(notOlderThan association: Association) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].id < association.id { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
