import PageTables
import PhysicalMemory
import TestSupport
import Testing

@testable import VCM

/// The engine, its twin and a mounted tree, driven by the same random calls.
@Suite("Random operations", .serialized)
struct RandomOperationTests {
  @Test("the engine gives the state and the errnos of its twin", arguments: 0..<6)
  func twin(run: Int) throws {
    var driver = try Driver(seed: UInt64(run) + 900)
    for _ in 0..<500 { guard try driver.step() else { return } }
  }

  /// `VCMFS_TEST_SECONDS=N` makes each last N seconds.
  @Test(
    "the engine, its twin and the mounted tree give the same state and errnos",
    .enabled(if: MountedTree.isPossible),
    arguments: 0..<2)
  func threeWays(run: Int) throws {
    let tree = try MountedTree(.small)
    defer { tree.unmount() }
    var driver = try Driver(seed: UInt64(run) + 7700, tree: tree)
    let limit = MountedTree.seconds
    let end = ContinuousClock.now + .seconds(limit ?? 0)
    var steps = 0
    while limit == nil ? steps < 400 : ContinuousClock.now < end {
      guard try driver.step() else { return }
      steps += 1
    }
    #expect(driver.successes > steps / 5)
  }

  struct Driver {
    private let engine: Engine
    private let tree: MountedTree?
    private var twin: EngineTwin
    private var random: SeededRandom
    private let seed: UInt64
    private var count = 0
    /// How many calls were not refused.
    private(set) var successes = 0

    init(seed: UInt64, tree: MountedTree? = nil) throws {
      engine = try Engine(platform: .small)
      self.tree = tree
      self.seed = seed
      var formats: [String: String] = [:]
      for name in ["video", "display", "server"] { formats[name] = engine.device(named: name)?.formatName }
      twin = EngineTwin(devices: formats)
      random = SeededRandom(seed: seed)
    }

    /// Makes one random call on all, and compares; false if they disagree.
    mutating func step() throws -> Bool {
      let before = (twin: twin, summary: engine.summary)
      let call = RandomCall.next(twin, using: &random)
      let comment: Comment = "seed \(seed) step \(count): \(call)"
      count += 1
      let found = call.make(on: engine)
      let expected = call.make(on: &twin)
      if case .allocate = call { twin.buffers = engine.bufferLengths }
      // Memory for buffers or tables may run out, which the twin does not know.
      if found == 12, expected == 0 {
        #expect(engine.summary == before.summary, comment)
        twin = before.twin
      } else {
        #expect(found == expected, comment)
      }
      #expect(engine.summary == twin.summary, comment)
      #expect(engine.checkInvariants() == [], comment)
      if found == 0 { successes += 1 }
      return try compareTree(call, found, comment) && (found == expected || found == 12)
    }

    private func compareTree(_ call: RandomCall, _ found: Int32, _ comment: Comment) throws -> Bool {
      guard let tree else { return true }
      let mounted = tree.make(call)
      let summary = try tree.summary()
      #expect(mounted == MountedTree.errno(found, of: call), comment)
      #expect(summary == engine.summary, comment)
      return mounted == MountedTree.errno(found, of: call) && summary == engine.summary
    }
  }
}
