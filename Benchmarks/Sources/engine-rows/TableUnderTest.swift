import Baselines
import Measuring
import PageTables

/// A table of the engine and one of the C mapper, in memory of their own.
final class TableUnderTest {
  let table: any PageTable
  private let pool: PoolTableMemory
  private let mapperMemory: UnsafeMutableRawPointer
  private let mapperState: UnsafeMutablePointer<mapper>

  /// Bytes of a leaf table's range.
  static let span: UInt64 = 2 << 20
  /// P, RW, US, A, D, as the engine's entries have them.
  static let flags: UInt64 = 0x67
  /// Where the output of mappings begins: one page off, so that no leaf larger than a page fits.
  static let output: UInt64 = 0x40_0000_1000

  /// Two empty tables.
  init(_ format: String, poolSize: UInt64 = 16 << 20) throws {
    guard let entry = FormatRegistry.named(format) else { throw Failure("there is no format \(format)") }
    pool = try PoolTableMemory(size: poolSize)
    table = try entry.makeTable(configuration: TableConfiguration(), tableMemory: pool)
    mapperMemory = .allocate(byteCount: Int(poolSize), alignment: 4096)
    mapperMemory.initializeMemory(as: UInt8.self, repeating: 1, count: Int(poolSize))
    mapperState = .allocate(capacity: 1)
    mapperState.initialize(to: mapper())
    guard mapper_start(mapperState, mapperMemory, 0x8000_0000, poolSize) == 0 else {
      throw Failure("no memory for the C mapper")
    }
  }

  deinit {
    table.destroy()
    mapperState.deallocate()
    mapperMemory.deallocate()
  }

  /// Maps in the C mapper.
  func mapInC(_ address: UInt64, to output: UInt64, length: UInt64) throws {
    let error = mapper_map(mapperState, address, output, length, Self.flags)
    if error != 0 { throw Failure("the C mapper answers \(error) at \(address)") }
  }

  /// Unmaps in the C mapper.
  func unmapInC(_ address: UInt64, length: UInt64) throws {
    let error = mapper_unmap(mapperState, address, length)
    if error != 0 { throw Failure("the C mapper answers \(error) at \(address)") }
  }

  /// Translates in the C mapper.
  func translateInC(_ address: UInt64) -> UInt64 { mapper_translate(mapperState, address) }

  /// Maps the last page of each of `count` leaf tables from address 0 on in both, so that these tables exist and stay.
  func warm(count: Int) throws {
    for index in 1...count {
      let address = UInt64(index) * Self.span - 4096
      try table.map(
        deviceAddress: address, to: OutputRun(physicalAddress: 0x1000, length: 4096),
        attributes: MappingAttributes())
      try mapInC(address, to: 0x1000, length: 4096)
    }
  }
}
