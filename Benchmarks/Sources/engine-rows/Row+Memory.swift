import Baselines
import Foundation
import Measuring
import VCM

extension Row {
  /// What a million reservations occupy, by the resident size of the process.
  static var memory: [Row] {
    [
      Row(name: "memory of 1000000 reservations, one buffer", baseline: nil) { scale in
        try memoryContest(scale) { engine, _ in
          let shared = try engine.allocate(PhysicalRequest(length: 4096, blockSizes: [4096]))
          return { shared }
        }
      },
      Row(name: "memory of 1000000 reservations and buffers", baseline: nil) { scale in
        try memoryContest(scale) { engine, _ in
          { try engine.allocate(PhysicalRequest(length: 4096, blockSizes: [4096])) }
        }
      },
    ]
  }

  private static func memoryContest(
    _ scale: Int, _ buffers: (Engine, Int) throws -> () throws -> PhysicalAllocation
  ) throws -> Contest {
    let count = 1_000_000 / scale
    give_back_free_memory()
    let before = try residentBytes()
    let under = try EngineUnderTest(scale: scale)
    let buffer = try buffers(under.engine, count)
    for _ in 0..<count {
      let reservation = try under.engine.reserve(ReservationRequest(length: 4096), in: under.region)
      try under.engine.back(reservation, with: try buffer())
    }
    give_back_free_memory()
    let bytes = Double(try residentBytes() - before) / Double(count)
    return Contest(
      operations: 1, ours: Contest.Side { _ = under.region.largestFree },
      figures: { ["bytes each": bytes] })
  }

  private static func residentBytes() throws -> Int {
    let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { throw Failure("no /proc/self/statm") }
    return pages * Int(getpagesize())
  }
}
