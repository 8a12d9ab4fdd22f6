import TestSupport
import Testing

@testable import PageTables

/// The bitmap of a table's slots against a plain array of booleans.
struct SlotBitmapTests {
  @Test(arguments: [1, 63, 64, 65, 200] as [Int])
  func agreesWithTwin(count: Int) {
    let words = UnsafeMutablePointer<UInt64>.allocate(capacity: 4)
    words.initialize(repeating: 0, count: 4)
    defer { words.deallocate() }
    let bitmap = SlotBitmap(words: words)
    var twin = [Bool](repeating: false, count: count)
    var random = SeededRandom(seed: UInt64(count))
    for _ in 0..<400 {
      let start = Int.random(in: 0..<count, using: &random)
      let range = start..<Int.random(in: start...count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0:
        bitmap.insert(range)
        for slot in range { twin[slot] = true }
      case 1:
        bitmap.remove(range)
        for slot in range { twin[slot] = false }
      case 2:
        bitmap.insert(every: 4, in: range)
        for slot in stride(from: range.lowerBound, to: range.upperBound, by: 4) { twin[slot] = true }
      case 3:
        bitmap.remove(start)
        twin[start] = false
      case 4:
        bitmap.fill(count)
        twin = [Bool](repeating: true, count: count)
      default:
        bitmap.insert(start)
        twin[start] = true
      }
      #expect((0..<count).allSatisfy { bitmap.contains($0) == twin[$0] }, "count and seed \(count)")
      #expect(bitmap.isFull(count) == twin.allSatisfy { $0 })
      #expect(bitmap.count(in: range) == range.count { twin[$0] })
      #expect(bitmap.first(in: range) == range.first { twin[$0] })
      #expect(bitmap.firstMissing(in: range) == range.first { !twin[$0] })
      #expect(bitmap.last(in: range) == range.last { twin[$0] })
    }
    #expect(words[3] == 0 || count > 192, "no bit beyond the slots")
  }
}
