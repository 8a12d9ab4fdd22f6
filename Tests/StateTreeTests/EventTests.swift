import Glibc
import Testing
import VCM

@testable import StateTree

/// `events`: lines that readers wait for.
@Suite struct EventTests {
  @Test func everyChangeIsALine() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/before")
    let events = try shell.tree.open(shell.node("events"), .read, caller: shell.caller)
    #expect(try events.isWaiting())
    try shell.mkdir("vcms/out")
    try shell.echo("64M", "vcms/out/len")
    try shell.ln("devices/video_dec", "vcms/out/devices/")
    try shell.echo("1", "vcms/out/active")
    try shell.echo("64K name=a", "vcms/out/reserve")
    try shell.echo("64K", "phys/alloc")
    try shell.ln("phys/b0", "vcms/out/reservations/a/backing")
    try shell.mv("vcms/out", "vcms/video")
    try shell.rm("vcms/video/reservations/a/backing")
    try shell.rmdir("vcms/video/reservations/a")
    try shell.rmdir("phys/b0")
    try shell.echo("0", "vcms/video/associations/video_dec/active")
    try shell.rm("vcms/video/devices/video_dec")
    try shell.rmdir("vcms/video")
    let lines = try shell.available(events).split(separator: "\n").map {
      $0.split(separator: " ").map { String($0) }
    }
    // The clock stands still; no two changes have the same time all the same.
    let times = lines.map { $0[1] }
    #expect(times.allSatisfy { $0.hasPrefix("1000000000.0000000") && $0.utf8.count == 20 })
    #expect(times == times.sorted() && times[0] < times[times.count - 1])
    let numbers = lines.compactMap { UInt64($0[0]) }
    #expect(numbers == Array(numbers[0]..<(numbers[0] + UInt64(numbers.count))))
    let texts = lines.map { $0.dropFirst(2).joined(separator: " ") }.filter { $0 != "changed vcms/out" }
    #expect(
      texts == [
        "created vcms/out", "created vcms/out/associations/video_dec",
        "activated vcms/out/associations/video_dec",
        "created vcms/out/reservations/a", "created phys/b0", "backed vcms/out/reservations/a phys/b0",
        "renamed vcms/out vcms/video", "unbacked vcms/video/reservations/a phys/b0",
        "removed vcms/video/reservations/a", "removed phys/b0",
        "deactivated vcms/video/associations/video_dec",
        "removed vcms/video/associations/video_dec", "removed vcms/video",
      ])
    #expect(try events.isWaiting())
    events.close()
  }

  @Test func readersAreCalled() throws {
    let shell = try Shell()
    let events = try shell.tree.open(shell.node("events"), .read, caller: shell.caller)
    let calls = Calls()
    #expect(events.readiness.isEmpty)
    let wait = events.whenReadable { calls.count += 1 }
    #expect(wait != nil)
    let other = events.whenReadable { calls.count += 100 }
    other?.cancel()
    try shell.mkdir("vcms/out")
    #expect(calls.count == 1)
    try shell.mkdir("vcms/in")
    #expect(calls.count == 1)
    #expect(events.readiness == .readable)
    #expect(events.whenReadable { calls.count += 1 } == nil)
    #expect(try shell.available(events).split(separator: "\n").count == 2)
    // A line that is longer than the buffer comes in parts.
    try shell.mkdir("vcms/" + String(repeating: "n", count: 100))
    var text = ""
    while case .bytes(let count) = try events.pull(7) { text += count }
    #expect(text.hasSuffix(String(repeating: "n", count: 100) + "\n"))
    events.close()
    // Nobody reads: nothing is kept, and the numbers go on.
    try shell.mkdir("vcms/unseen")
    let late = try shell.tree.open(shell.node("events"), .read, caller: shell.caller)
    try shell.mkdir("vcms/seen")
    #expect(try shell.available(late).hasPrefix("5 "))
  }

  @Test func slowReadersAreToldWhatTheyLost() throws {
    let stream = LineStream(capacity: 8)
    var position = stream.open()
    for index in 0..<20 { _ = stream.append("\(index)") }
    var lines: [String] = []
    while let line = stream.next(&position) { lines.append(line) }
    #expect(lines.first == "lost 12\n")
    #expect(lines.dropFirst() == ["12\n", "13\n", "14\n", "15\n", "16\n", "17\n", "18\n", "19\n"])
    stream.close()
    #expect(!stream.hasReaders)
  }

  private final class Calls: @unchecked Sendable {
    // Used from one thread.
    var count = 0
  }
}

extension OpenFile {
  enum Pulled {
    case bytes(String)
    case nothing
  }

  /// One read of at most `count` bytes.
  func pull(_ count: Int) throws(VCMError) -> Pulled {
    var buffer = [UInt8](repeating: 0, count: count)
    let outcome = buffer.withUnsafeMutableBytes { bytes in
      Result { () throws(VCMError) in try read(at: 0, into: bytes) }
    }
    guard case .bytes(let got) = try outcome.get() else { return .nothing }
    return .bytes(String(decoding: buffer.prefix(got), as: UTF8.self))
  }

  /// Whether a read would block.
  func isWaiting() throws(VCMError) -> Bool {
    if case .nothing = try pull(1) { true } else { false }
  }
}

extension Shell {
  /// Everything that a stream has now.
  func available(_ file: OpenFile) throws(VCMError) -> String {
    var text = ""
    while case .bytes(let part) = try file.pull(4096) { text += part }
    return text
  }
}
