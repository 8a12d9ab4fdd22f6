import Measuring
import VCM

/// An engine with one large pool, and a region over it.
struct EngineUnderTest {
  let engine: Engine
  let region: Region

  /// Chunks from 4 KiB to 1 GiB.
  static let chunkSizes: [UInt64] = [1 << 30, 2 << 20, 1 << 20, 64 << 10, 4 << 10]

  /// An engine without devices; its pool has a terabyte, of which callgrind could map only a part.
  init(scale: Int) throws {
    let size: UInt64 = scale == 1 ? 1 << 40 : 1 << 35
    engine = try Engine(
      platform: Platform(
        name: "benchmark",
        memoryTypes: [
          MemoryTypeDescription(name: "pool", base: 1 << 40, size: size, chunkSizes: Self.chunkSizes),
          MemoryTypeDescription(name: "tables", base: 1 << 40 - 64 << 20, size: 64 << 20, holdsTables: true),
        ],
        devices: []))
    region = try engine.createRegion(named: "bench", start: 0, length: 1 << 46)
  }
}
