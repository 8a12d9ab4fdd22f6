import Foundation
import Glibc
import TestSupport
import Testing
import VCM

@testable import StateTree

/// Page tables as text, bytes and JSON, and the list of chunks.
@Suite struct DumpTests {
  private func topology() throws -> Shell {
    let shell = try Shell()
    try shell.makeVideoTopology()
    try shell.backVideoTopology()
    return shell
  }

  @Test(arguments: ["video_dec", "display"])
  func golden(device: String) throws {
    let shell = try topology()
    for name in ["root", "pagetable", "pagetable.json"] {
      try Golden.check(shell.cat("vcms/out/associations/\(device)/\(name)"), "\(device)-\(name)")
    }
  }

  @Test func goldenTexts() throws {
    let shell = try topology()
    try Golden.check(shell.cat("help"), "help")
    try Golden.check(shell.cat("vcms/out/reserve"), "reserve")
    try Golden.check(shell.cat("phys/alloc"), "alloc")
    try Golden.check(shell.cat("phys/buf_16m/chunks"), "chunks")
    try Golden.check(shell.cat("memory/mt0/chunks"), "memory-chunks")
  }

  /// A region's dump is its associations' dumps, a device's that of its active ones.
  @Test func concatenation() throws {
    let shell = try topology()
    let decoder = try shell.cat("vcms/out/associations/video_dec/pagetable")
    let display = try shell.cat("vcms/out/associations/display/pagetable")
    #expect(try shell.cat("vcms/out/pagetable") == decoder + display)
    #expect(try shell.cat("devices/display/pagetable") == display)
    try shell.echo("0", "vcms/out/associations/display/active")
    #expect(try shell.cat("devices/display/pagetable") == "")
    #expect(
      try shell.cat("vcms/out/associations/display/pagetable")
        == "# region out\n# device display\n# format omap-iommu\n# inactive\n")
    #expect(try shell.cat("vcms/out/pagetable").hasPrefix(decoder))
  }

  @Test func directDevicesHaveNoTable() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    try shell.ln("devices/dma", "vcms/out/devices/")
    try shell.echo("1", "vcms/out/active")
    #expect(
      try shell.cat("vcms/out/pagetable").contains("# no table: device addresses are physical addresses\n"))
    #expect(try shell.cat("vcms/out/associations/dma/root") == "")
  }

  /// Every line but the header's comes from an entry, has the width of all, and its raw entry is what memory holds.
  @Test(arguments: ["video_dec", "display"])
  func linesShowMemory(device: String) throws {
    let shell = try topology()
    let path = "vcms/out/associations/\(device)"
    let lines = try shell.cat("\(path)/pagetable").split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(lines.count > 16)
    #expect(Set(lines.map(\.utf8.count)).count == 1)
    let physical = try shell.tree.open(shell.node("memory/physical"), .read, caller: shell.caller)
    for line in lines {
      let words = line.split(separator: " ")
      let bytes = try shell.read(physical, at: Number.parse(words[2]), 4)
      let entry = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      #expect(entry == (try Number.parse(words[3])), "\(line)")
    }
  }

  @Test(arguments: ["video_dec", "display"])
  func json(device: String) throws {
    let shell = try topology()
    let path = "vcms/out/associations/\(device)"
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(shell.bytes("\(path)/pagetable.json", step: 1 << 16)))
        as? [String: Any])
    #expect(object["schema"] as? Int == 1)
    #expect(object["region"] as? String == "out")
    #expect(object["device"] as? String == device)
    let root = try #require(object["root"] as? [String: String])
    let rootFile = try shell.cat("\(path)/root").split(separator: "\n").map { String($0) }
    #expect(rootFile.first == "table=\(root["table"] ?? "")")
    #expect(Set(rootFile) == Set(root.map { "\($0.key)=\($0.value)" }))
    let lines = try shell.cat("\(path)/pagetable").split(separator: "\n").filter { !$0.hasPrefix("#") }
    let entries = try #require(object["entries"] as? [[String: Any]])
    #expect(entries.count == lines.count)
    for (entry, line) in zip(entries, lines) {
      #expect(line.contains((entry["entry"] as? String).map { String($0.dropFirst(2)) } ?? "?"))
    }
    // The tables say where in pagetable.bin and in memory they lie.
    let binary = try shell.bytes("\(path)/pagetable.bin", step: 1000)
    let physical = try shell.tree.open(shell.node("memory/physical"), .read, caller: shell.caller)
    var end = 0
    for table in try #require(object["tables"] as? [[String: Any]]) {
      let address = try Number.parse((try #require(table["address"] as? String))[...])
      let offset = try #require(table["offset"] as? Int)
      let count = try #require(table["bytes"] as? Int)
      #expect(offset == end)
      end = offset + count
      #expect(try shell.read(physical, at: address, count) == Array(binary[offset..<end]))
    }
    #expect(end == binary.count)
    try shell.echo("0", "\(path)/active")
    let inactive =
      try JSONSerialization.jsonObject(with: Data(shell.bytes("\(path)/pagetable.json"))) as? [String: Any]
    #expect((inactive?["entries"] as? [Any])?.isEmpty == true)
    #expect(inactive?["root"] is NSNull)
  }

  /// A read at any offset of any length is that part of the whole.
  @Test(arguments: [
    "vcms/out/pagetable", "vcms/out/associations/display/pagetable.json",
    "vcms/out/associations/display/pagetable.bin",
    "phys/scattered/chunks", "help",
  ])
  func anyOffset(path: String) throws {
    let shell = try topology()
    try shell.echo("33M memtype=mt0 blocks=4K name=scattered", "phys/alloc")
    let whole = try shell.bytes(path, step: 1 << 20)
    #expect(whole.count == Int(try shell.stat(path).size))
    let file = try shell.tree.open(shell.node(path), .read, caller: shell.caller)
    var random = SeededRandom(seed: 5)
    for _ in 0..<300 {
      let offset = Int.random(in: 0...whole.count, using: &random)
      let count = Int.random(in: 0...3000, using: &random)
      #expect(try shell.read(file, at: UInt64(offset), count) == Array(whole[offset...].prefix(count)))
    }
    #expect(try shell.read(file, at: .max, 10) == [])
  }

  /// One open file shows one moment.
  @Test func snapshots() throws {
    let shell = try topology()
    let paths = [
      "vcms/out/pagetable", "vcms/out/free", "phys/buf_64k/chunks",
      "vcms/out/associations/display/pagetable.bin",
    ]
    var files: [(OpenFile, [UInt8])] = []
    for path in paths {
      let file = try shell.tree.open(shell.node(path), .read, caller: shell.caller)
      files.append((file, try shell.bytes(path)))
    }
    try shell.rm("vcms/out/reservations/res_16M/backing")
    try shell.rmdir("vcms/out/reservations/res_16M")
    try shell.rm("vcms/out/reservations/res_64k/backing")
    try shell.rmdir("phys/buf_64k")
    for (file, before) in files { #expect(try shell.drain(file, from: 0) == before) }
  }

  /// Addresses get another digit in the middle of a run.
  @Test func chunkLinesChangeTheirWidth() throws {
    let platform = Platform(
      name: "low",
      memoryTypes: [
        MemoryTypeDescription(name: "low", base: 0, size: 1 << 20),
        MemoryTypeDescription(name: "t", base: 1 << 32, size: 1 << 20),
      ], devices: [])
    let shell = try Shell(platform: platform)
    try shell.echo("256K blocks=4K", "phys/alloc")
    let lines = (0..<64).map { "0x\(String($0 * 4096, radix: 16)) 4096\n" }
    #expect(try shell.cat("phys/b0/chunks") == lines.joined())
    #expect(try shell.stat("phys/b0/chunks").size == UInt64(lines.joined().utf8.count))
    #expect(try shell.cat("phys/b0/chunks", step: 3) == lines.joined())
  }
}

/// Texts that were looked at by a person once, and must stay.
enum Golden {
  /// Compares a text with its golden file; with `UPDATE_GOLDEN` set, writes the file.
  static func check(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws
  {
    let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Golden")
    let file = directory.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    let golden = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    #expect(text == golden, "\(name) is not as it was", sourceLocation: sourceLocation)
  }
}
