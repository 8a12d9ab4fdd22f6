import TestSupport
import Testing

@testable import VCM

@Suite("Object table")
struct ObjectTableTests {
  private final class Item {
    let number: UInt64
    init(_ number: UInt64) { self.number = number }
  }

  @Test("random insertions and removals give what a sorted list gives", arguments: 0..<4)
  func twin(run: Int) {
    let seed = UInt64(run) + 40
    var random = SeededRandom(seed: seed)
    var table = ObjectTable<Item>()
    var twin: [UInt64: Item] = [:]
    let limit: UInt64 = [50, 3000, 1 << 45, .max][run]
    for step in 0..<3000 {
      let number = UInt64.random(in: 0...limit, using: &random)
      if Int.random(in: 0..<3, using: &random) > 0 {
        if twin[number] == nil {
          let item = Item(number)
          table.insert(item, at: number)
          twin[number] = item
        }
      } else if let victim = twin.keys.randomElement(using: &random) {
        table.remove(victim)
        twin[victim] = nil
      }
      #expect(table.count == twin.count)
      #expect(table[number] === twin[number], "seed \(seed) step \(step)")
      if step % 20 == 0 {
        let next = twin.keys.filter { $0 >= number }.min()
        #expect(table.first(from: number)?.number == next, "seed \(seed) step \(step)")
        #expect(table.first(from: number)?.object.number == next, "seed \(seed) step \(step)")
        var walked: [UInt64] = []
        table.forEach(from: number) {
          walked.append($0.number)
          return walked.count < 7
        }
        let following = twin.keys.filter { $0 >= number }.sorted().prefix(7)
        #expect(walked == Array(following), "seed \(seed) step \(step)")
      }
    }
    for number in twin.keys { table.remove(number) }
    #expect(table.count == 0)
    #expect(table.first(from: 0) == nil)
  }

  @Test("a table owns its objects until they are taken out, or it goes")
  func ownership() {
    weak var first: Item?
    weak var second: Item?
    do {
      var table = ObjectTable<Item>()
      do {
        let items = [Item(1), Item(1 << 40)]
        first = items[0]
        second = items[1]
        table.insert(items[0], at: 1)
        table.insert(items[1], at: 1 << 40)
      }
      #expect(first != nil && second != nil)
      table.remove(1)
      #expect(first == nil && second != nil)
    }
    #expect(second == nil)
  }
}
