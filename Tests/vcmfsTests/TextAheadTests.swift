import FUSEKit
import Glibc
import Synchronization
import TestSupport
import Testing
import VCM

@testable import StateTree
@testable import vcmfs

/// Pieces of texts that are made before they are asked for.
@Suite struct TextAheadTests {
  /// A file whose bytes say where they lie, and which notes who made them.
  private final class Text: OpenFile, @unchecked Sendable {
    let length: Int
    private let made = Mutex<[(offset: UInt64, isHere: Bool)]>([])
    private let reader = pthread_self()

    init(length: Int) {
      self.length = length
      super.init(node: .root)
    }

    static func bytes(_ range: Range<Int>) -> [UInt8] {
      range.map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    }

    override func read(
      at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
    ) throws(VCMError) -> ReadOutcome {
      let start = min(Int(offset), length)
      let end = min(start + buffer.count, length)
      buffer.copyBytes(from: Self.bytes(start..<end))
      made.withLock { $0.append((offset, pthread_equal(pthread_self(), reader) != 0)) }
      return .bytes(end - start)
    }

    /// The offsets of what was made by another thread than the reader's.
    var elsewhere: [UInt64] { made.withLock { $0.filter { !$0.isHere }.map(\.offset) } }
    var here: [UInt64] { made.withLock { $0.filter(\.isHere).map(\.offset) } }
  }

  private let longWork = LongWork(threadCount: 1, niceness: 0)

  private func read(_ ahead: TextAhead, _ file: Text, _ offset: Int, _ count: Int) throws -> [UInt8] {
    var room = [UInt8](repeating: 0xEE, count: count)
    var found: [UInt8] = []
    let outcome = room.withUnsafeMutableBytes { room in
      Result { () throws(VCMError) in
        try ahead.read(file, at: UInt64(offset), room: room) { found = Array($0) }
      }
    }
    try outcome.get()
    return found
  }

  private func waitUntil(_ isTrue: () -> Bool) {
    for _ in 0..<10_000 where !isTrue() { usleep(1000) }
  }

  @Test func aReaderFromTheBeginningFindsTheNextPieceMade() throws {
    defer { longWork.close() }
    let ahead = TextAhead(longWork)
    let file = Text(length: 10_000)
    for offset in stride(from: 0, to: 10_000, by: 3000) {
      #expect(try read(ahead, file, offset, 3000) == Text.bytes(offset..<min(offset + 3000, 10_000)))
      waitUntil { offset >= 9000 || file.elsewhere.last == UInt64(offset + 3000) }
    }
    #expect(file.here == [0])
    #expect(file.elsewhere == [3000, 6000, 9000], "nothing is made behind the end")
  }

  @Test func whoeverGoesOnElsewhereGetsWhatIsThere() throws {
    defer { longWork.close() }
    let ahead = TextAhead(longWork)
    let files = (0..<6).map { Text(length: 50_000 + $0) }
    var random = SeededRandom(seed: 3)
    var positions = [Int](repeating: 0, count: files.count)
    for _ in 0..<4000 {
      let number = Int.random(in: 0..<files.count, using: &random)
      let count = random.next() % 3 == 0 ? 4096 : Int.random(in: 1...5000, using: &random)
      if random.next() % 4 == 0 { positions[number] = Int.random(in: 0..<50_000, using: &random) }
      let end = min(positions[number] + count, files[number].length)
      #expect(
        try read(ahead, files[number], positions[number], count) == Text.bytes(positions[number]..<end))
      positions[number] = end
      #expect(ahead.pieceCount <= 4)
      if random.next() % 50 == 0 { ahead.forget(files[number]) }
    }
    for file in files { ahead.forget(file) }
    #expect(ahead.pieceCount == 0)
  }

  @Test func nothingStaysOfAFileThatIsClosed() throws {
    defer { longWork.close() }
    let ahead = TextAhead(longWork)
    weak var closed: Text?
    do {
      let file = Text(length: 10_000)
      closed = file
      _ = try read(ahead, file, 0, 1000)
      waitUntil { file.elsewhere == [1000] }
      #expect(ahead.pieceCount == 1)
      ahead.forget(file)
      #expect(ahead.pieceCount == 0)
    }
    waitUntil { closed == nil }
    #expect(closed == nil)
  }
}
