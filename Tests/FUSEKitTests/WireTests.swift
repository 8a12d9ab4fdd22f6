internal import CFuse
import Glibc
import TestSupport
import Testing

@testable import FUSEKit

/// Our records against those of libfuse, which packs them from C structures.
@Suite struct WireTests {
  private func randomEntry(_ random: inout SeededRandom) -> Entry {
    let kind = FileKind.allCases.randomElement(using: &random) ?? .regular
    var attributes = FileAttributes(
      inode: InodeNumber(rawValue: random.next()),
      mode: FileMode(kind, UInt16(truncatingIfNeeded: random.next())))
    attributes.size = random.next() >> 1
    attributes.blocks = random.next() >> 1
    attributes.linkCount = UInt32(truncatingIfNeeded: random.next())
    attributes.userID = UInt32(truncatingIfNeeded: random.next())
    attributes.groupID = UInt32(truncatingIfNeeded: random.next())
    attributes.deviceNumber = UInt32(truncatingIfNeeded: random.next())
    attributes.modificationTime = Timestamp(seconds: 123_456, nanoseconds: 789)
    attributes.changeTime = Timestamp(seconds: -5, nanoseconds: 999_999_999)
    var entry = Entry(
      attributes: attributes, entryTimeout: CacheTimeout(seconds: 1.25),
      attributeTimeout: CacheTimeout(seconds: 3600))
    entry.generation = random.next()
    return entry
  }

  @Test(arguments: [false, true]) func directoryRecordsAreThoseOfLibfuse(plus: Bool) {
    let seed: UInt64 = 0xD1_4E
    var random = SeededRandom(seed: seed)
    for length in [1, 2, 7, 8, 9, 15, 16, 255, 1024] {
      let entry = randomEntry(&random)
      let name = (0..<length).map { _ in UInt8.random(in: 0x61...0x7A, using: &random) }
      let text = String(decoding: name, as: UTF8.self)
      var theirs = [CChar](repeating: 0x55, count: 2048)
      var parameters = entry.parameters
      var status = entry.attributes.statValue
      let size =
        plus
        ? fuse_add_direntry_plus(nil, &theirs, 2048, text, &parameters, 42)
        : fuse_add_direntry(nil, &theirs, 2048, text, &status, 42)
      var buffer = RecordBuffer(capacity: size)
      let header = plus ? EntryRecord.size : 0
      let tooMuch = buffer.append(size + 1) == nil
      guard let record = buffer.append(DirectoryRecord.size(nameLength: length) + header) else {
        Issue.record("the record has another size")
        continue
      }
      if plus { EntryRecord.store(entry, into: record) }
      name.withUnsafeBytes { bytes in
        DirectoryRecord.store(
          bytes, inode: entry.attributes.inode, kind: entry.attributes.mode.kind, next: 42,
          into: .init(rebasing: record[header...]))
      }
      #expect(tooMuch)
      #expect(Array(buffer.bytes) == theirs.prefix(size).map { UInt8(bitPattern: $0) }, "seed \(seed)")
    }
  }

  @Test func theAnswerToInitIsCompleted() {
    var request = [UInt8](repeating: 0, count: 104)
    func put(_ value: UInt64, _ size: Int, at offset: Int) {
      for byte in 0..<size { request[offset + byte] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(byte))) }
    }
    put(26, 4, at: 4)
    put(0x1234, 8, at: 8)
    put(7, 4, at: 40)
    put(45, 4, at: 44)
    put(Handshake.extended | Handshake.parallelDirectoryOperations, 4, at: 52)
    put((Handshake.passthrough | Handshake.directIOMemoryMapping) >> 32, 4, at: 56)
    var options = SessionOptions(name: "toy")
    options.wantsPassthrough = true
    var handshake = Handshake()
    request.withUnsafeBytes { handshake.receive($0, options: options) }
    #expect(handshake.unique == 0x1234 && handshake.version == (7, 45))
    var answer = [UInt8](repeating: 0, count: 64)
    answer.withUnsafeMutableBytes { handshake.complete($0) }
    #expect(answer[14] == 1 << 2)
    #expect(answer[32] & 1 << 4 != 0)
    #expect((answer[32] & 1 << 5 != 0) == (geteuid() == 0))
    #expect(answer[36] == (geteuid() == 0 ? 1 : 0))
    var short = [UInt8](repeating: 0, count: 24)
    short.withUnsafeMutableBytes { handshake.complete($0) }
    #expect(short.allSatisfy { $0 == 0 })
  }

  @Test func otherRequestsAndShortOnesAreNoHandshake() {
    var handshake = Handshake()
    for count in 0..<60 {
      let bytes = [UInt8](repeating: 3, count: count)
      bytes.withUnsafeBytes { handshake.receive($0, options: SessionOptions(name: "toy")) }
    }
    #expect(handshake.unique == nil)
  }

  @Test func interruptsAreDeliveredOnceAndNeverTooLate() {
    let registry = InterruptRegistry()
    let fired = Flag()
    let first = registry.begin()
    #expect(registry.activate(first) { fired.set() })
    registry.fire(first)
    #expect(fired.isSet)
    let second = registry.begin()
    registry.fire(second)
    #expect(!registry.activate(second) { Issue.record("delivered within the registration") })
    let third = registry.begin()
    #expect(registry.activate(third) { Issue.record("delivered after the answer") })
    registry.remove(third)
    registry.fire(third)
    registry.fire(0)
  }
}
