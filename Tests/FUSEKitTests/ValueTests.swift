import Glibc
import TestSupport
import Testing

@testable import FUSEKit

@Suite struct ValueTests {
  @Test func noNumberLeavesACallerWaiting() {
    for number in [0, -1, -5, 512, 1000, Int32.min, Int32.max] {
      #expect(Errno(rawValue: number).wireValue == EIO)
    }
    #expect(Errno.noEntry.wireValue == ENOENT)
    #expect(Errno(rawValue: 511).wireValue == 511)
  }

  @Test func timeoutsHaveLimits() {
    #expect(CacheTimeout(seconds: -1) == .zero)
    #expect(CacheTimeout(seconds: .nan) == .zero)
    #expect(CacheTimeout(seconds: .infinity) == .forever)
    #expect(CacheTimeout(seconds: 1.5).parts == (1, 500_000_000))
    #expect(CacheTimeout.forever.parts == (1_000_000_000, 0))
  }

  @Test func namesKeepTheirBytes() {
    for bytes: [UInt8] in [
      [], [0x61], [0xFF, 0xFE], [0xC3, 0xA4], [0xC3], Array("a long name, beyond fifteen".utf8),
    ] {
      let name = bytes.withUnsafeBufferPointer { FileName(bytes: $0) }
      #expect(name.bytes == bytes && name.byteCount == bytes.count)
      let copy = name.withCString { text, count in (0..<count).map { UInt8(bitPattern: text[$0]) } }
      #expect(copy == bytes)
    }
    #expect(FileName("ä").string == "ä")
    #expect([0xFF].withUnsafeBufferPointer { FileName(bytes: $0) }.string == nil)
  }

  @Test func modesGoThereAndBack() {
    for kind in FileKind.allCases {
      let mode = FileMode(kind, 0o4751)
      #expect(FileMode(rawMode: mode.rawMode) == mode)
    }
    #expect(FileMode(.directory, 0o755).rawMode == S_IFDIR | 0o755)
    #expect(FileMode(.regular, 0xFFFF).rawMode == S_IFREG | 0o7777)
  }

  @Test func attributesOfAnySizeAreSent() {
    var attributes = FileAttributes(inode: InodeNumber(rawValue: .max), mode: FileMode(.regular, 0))
    attributes.size = .max
    attributes.blocks = .max
    attributes.accessTime = Timestamp(seconds: .min, nanoseconds: .max)
    let value = attributes.statValue
    #expect(value.st_size == Int.max && value.st_atim.tv_nsec == 999_999_999)
  }

  @Test func theMountTableIsRead() {
    let line = #"36 35 98:0 /mnt1 /mnt\0402\134x rw,noatime master:1 - fuse.toy /dev/root rw,errors=continue"#
    let mount = MountTable.parse(line)
    #expect(mount == .init(identifier: 36, device: "98:0", path: #"/mnt 2\x"#, type: "fuse.toy"))
    for bad in ["", "a b c", "36 35 98:0 / / rw -", "x 35 98:0 / / rw - t s o"] {
      #expect(MountTable.parse(bad) == nil)
    }
    #expect(MountTable.mounts().contains { $0.path == "/proc" })
  }

  @Test func theCounterMatchesATwin() {
    let seed: UInt64 = 77
    var random = SeededRandom(seed: seed)
    var counter = LookupCounter()
    var twin = [UInt64](repeating: 0, count: 20)
    for _ in 0..<5000 {
      let number = Int.random(in: 2..<20, using: &random)
      let inode = InodeNumber(rawValue: UInt64(number))
      if Bool.random(using: &random) {
        counter.increment(inode)
        twin[number] += 1
      } else {
        let count = UInt64.random(in: 0...5, using: &random)
        let isLast = twin[number] > 0 && count >= twin[number]
        #expect(counter.forget(inode, count: count) == isLast, "seed \(seed)")
        twin[number] -= min(count, twin[number])
      }
      #expect(counter[inode] == twin[number])
    }
    #expect(counter.inodeCount == twin.filter { $0 > 0 }.count)
    counter.increment(.root)
    #expect(counter[.root] == 0)
    #expect(
      Set(counter.removeAll().map(\.rawValue)) == Set(twin.indices.filter { twin[$0] > 0 }.map(UInt64.init)))
    #expect(counter.inodeCount == 0)
  }

  @Test func controlMessagesGoThereAndBack() throws {
    let channel = try #require(ControlChannel())
    let messages: [ControlChannel.Message] = [
      .stop, .signal(15), .refused(107), .answering, .signal(1), .answered, .ended,
    ]
    for message in messages { channel.send(message) }
    for message in messages { #expect(channel.receive(milliseconds: 0) == message) }
    #expect(channel.receive(milliseconds: 0) == nil)
  }
}
