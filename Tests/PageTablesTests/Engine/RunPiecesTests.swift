import Testing

@testable import PageTables

struct RunPiecesTests {
  private func pieces(_ runs: [(UInt64, UInt64)], cutAt bits: Int) -> [OutputRun] {
    let runs = runs.map { OutputRun(physicalAddress: $0.0, length: $0.1) }
    return runs.withUnsafeBufferPointer { buffer in
      var pieces = RunPieces(buffer, cutAt: bits)
      var result: [OutputRun] = []
      while let piece = pieces.next() { result.append(piece) }
      return result
    }
  }

  @Test func adjoiningRunsAreOne() {
    let found = pieces([(0x1000, 0x1000), (0x2000, 0x3000), (0x8000, 0x1000), (0x1000, 0x1000)], cutAt: 64)
    #expect(
      found == [
        OutputRun(physicalAddress: 0x1000, length: 0x4000),
        OutputRun(physicalAddress: 0x8000, length: 0x1000),
        OutputRun(physicalAddress: 0x1000, length: 0x1000),
      ])
  }

  @Test func runsAreCutOnceAtTheWidth() {
    let found = pieces([(0xFFFF_F000, 0x1000), (0x1_0000_0000, 0x2000)], cutAt: 32)
    #expect(
      found == [
        OutputRun(physicalAddress: 0xFFFF_F000, length: 0x1000),
        OutputRun(physicalAddress: 0x1_0000_0000, length: 0x2000),
      ])
    #expect(pieces([(0xFFFF_F000, 0x1000)], cutAt: 32).count == 1)
    #expect(pieces([(0x1_0000_0000, 0x1000)], cutAt: 32).count == 1)
  }

  /// The end of the address space and its beginning do not adjoin.
  @Test func theTopDoesNotMeetTheBottom() {
    #expect(pieces([(.max - 0xFFF, 0x1000), (0, 0x1000)], cutAt: 64).count == 2)
  }
}
