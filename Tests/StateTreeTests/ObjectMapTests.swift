import TestSupport
import Testing

@testable import StateTree

/// The table of objects against a dictionary.
@Suite struct ObjectMapTests {
  /// Few keys are hit again and again; serials, as objects have them; keys that agree in all but their upper bits.
  @Test(arguments: [(12, 1), (5000, 8), (600, 1 << 40)] as [(UInt64, UInt64)])
  func doesWhatADictionaryDoes(range: UInt64, stride: UInt64) {
    var random = SeededRandom(seed: range)
    var map = ObjectMap<UInt64>(absent: 7)
    var twin: [UInt64: UInt64] = [:]
    for step in 0..<20_000 {
      let key = UInt64.random(in: 0..<range, using: &random) &* stride
      // Grows first, then shrinks.
      if UInt64.random(in: 0..<20_000, using: &random) > UInt64(step) {
        let value = map.update(key) { value in
          value &+= key &+ 1
          return value
        }
        twin[key, default: 7] &+= key &+ 1
        #expect(value == twin[key])
      } else {
        map.remove(key)
        twin[key] = nil
      }
      #expect(map[key] == twin[key] ?? 7, "step \(step)")
      #expect(map.count == twin.count && map.isEmpty == twin.isEmpty, "step \(step)")
    }
    for key in 0..<range { #expect(map[key &* stride] == twin[key &* stride] ?? 7) }
  }
}
