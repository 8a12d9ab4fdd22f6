import TestSupport
import Testing

@testable import VCM

@Suite("Names")
struct NameIndexTests {
  private final class Item: NamedObject {
    static let namePrefix: UInt8? = UInt8(ascii: "n")
    let storedName: StoredName
    init(_ name: String) { storedName = StoredName(name, prefix: Self.namePrefix) }
  }

  @Test("thousands of names come and go as in a dictionary", arguments: ["n", "n0", "m", "\u{e9}"])
  func twin(prefix: String) {
    var random = SeededRandom(seed: 3)
    var index = NameIndex<Item>()
    var twin: [String: Item] = [:]
    for step in 0..<30_000 {
      let name = prefix + String(Int.random(in: 0..<6000, using: &random))
      #expect(index.find(name) === twin[name], "step \(step)")
      if let item = twin[name] {
        index.remove(item)
        twin[name] = nil
      } else {
        let item = Item(name)
        index.insert(item)
        twin[name] = item
      }
      #expect(index.count == twin.count)
    }
  }

  @Test("every number has a hash of its own, but for one")
  func hashes() {
    let numbers = Set((0..<200_000).map { NameHash.hash(UInt32($0)) })
    #expect(numbers.count >= 199_999)
    #expect(!numbers.contains(0))
  }

  @Test("names that are canonically equal but of other bytes are other names")
  func bytesDecide() throws {
    let engine = try Engine()
    try engine.createRegion(named: "caf\u{e9}")
    try engine.createRegion(named: "cafe\u{301}")
    #expect(engine.regionCount == 2)
    #expect(engine.region(named: "caf\u{e9}") !== engine.region(named: "cafe\u{301}"))
  }

  @Test("a number is a short name only in its plain form", arguments: ["r0", "r7", "r4294967295"])
  func numbered(name: String) {
    guard case .numbered = StoredName(name, prefix: UInt8(ascii: "r")) else {
      Issue.record("\(name) is kept as text")
      return
    }
    #expect(StoredName(name, prefix: UInt8(ascii: "r")).text(prefix: "r") == name)
  }

  @Test(
    "every other name is kept as it is",
    arguments: ["r", "r00", "r01", "r4294967296", "b1", "r1x", "r+1", "rr1"])
  func text(name: String) {
    #expect(StoredName(name, prefix: UInt8(ascii: "r")) == .text(name))
  }

  @Test("names that break a rule are refused")
  func rules() {
    for name in ["", ".", "..", ".x", "a/b", "a\nb", "a\u{7f}", "\u{85}"] {
      expectFailure(.invalidName, 22) { () throws(VCMError) in try ObjectName.check(name) }
    }
    expectFailure(.nameTooLong, 36, naming: "256") { () throws(VCMError) in
      try ObjectName.check(String(repeating: "x", count: 256))
    }
    #expect(
      failure { () throws(VCMError) in try ObjectName.check(String(repeating: "x", count: 255)) } == nil)
    #expect(failure { () throws(VCMError) in try ObjectName.check("a b\u{fc}.-_") } == nil)
    expectFailure(.invalidName, 22, naming: "UTF-8") { () throws(VCMError) in
      _ = try ObjectName.checked([0x61, 0xff])
    }
  }
}
