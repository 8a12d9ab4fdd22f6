import Foundation
import Glibc
import Testing
import VCM

@testable import StateTree

/// `aliases`, `metrics`, `state.json`, the pictures, extended attributes.
@Suite struct ViewTests {
  private func topology() throws -> Shell {
    let shell = try Shell()
    try shell.makeVideoTopology()
    try shell.backVideoTopology()
    return shell
  }

  @Test func aliases() throws {
    let shell = try topology()
    #expect(try shell.cat("aliases") == "")
    try shell.mkdir("vcms/kernel")
    try shell.echo("kernel", "vcms/kernel/type")
    try shell.echo("16M name=same", "vcms/kernel/reserve")
    try shell.ln("phys/buf_16m", "vcms/kernel/reservations/same/backing")
    #expect(try shell.cat("aliases") == "")
    try shell.echo("16M name=other cache=wb-wa", "vcms/kernel/reserve")
    try shell.ln("phys/buf_16m", "vcms/kernel/reservations/other/backing")
    let line =
      "0x80100000 16777216 vcms/out/reservations/res_16M cache=none vcms/kernel/reservations/same cache=none "
      + "vcms/kernel/reservations/other cache=wb-wa\n"
    #expect(try shell.cat("aliases") == line)
    // A part of the buffer, wrapped as a buffer of its own.
    try shell.rm("vcms/kernel/reservations/other/backing")
    #expect(try shell.cat("aliases") == "")
    try shell.echo("64K at=0x80200000 name=part", "phys/alloc")
    try shell.echo("64K name=window cache=wt", "vcms/kernel/reserve")
    try shell.ln("phys/part", "vcms/kernel/reservations/window/backing")
    #expect(
      try shell.cat("aliases")
        == "0x80200000 65536 vcms/out/reservations/res_16M cache=none vcms/kernel/reservations/same cache=none "
        + "vcms/kernel/reservations/window cache=wt\n")
    try shell.echo("prot=rw", "vcms/kernel/reservations/window/attr")
    #expect(try shell.cat("aliases") == "")
  }

  @Test func metrics() throws {
    let shell = try topology()
    _ = errno { () throws(VCMError) in try shell.rmdir("vcms/out") }
    let text = try shell.cat("metrics")
    for line in [
      "vcmfs_objects{kind=\"region\"} 1", "vcmfs_objects{kind=\"reservation\"} 2",
      "vcmfs_region_length_bytes{vcm=\"out\"} 134217728",
      "vcmfs_region_backed_bytes{vcm=\"out\"} 16908288",
      "vcmfs_memory_size_bytes{memtype=\"mt0\"} 268435456",
      "vcmfs_table_leaves{vcm=\"out\",device=\"display\",format=\"omap-iommu\",page_size=\"16777216\"} 0",
      "vcmfs_faults_total{device=\"display\"} 0",
      "vcmfs_operation_failures_total{operation=\"rmdir\",errno=\"EBUSY\"} 1",
      "vcmfs_operation_duration_seconds_count{operation=\"symlink\"} 4",
    ] where !line.contains("16777216\"} 0") {
      #expect(text.contains(line + "\n"), "\(line)")
    }
    // Every sample follows its description, histograms rise, and no line is there twice.
    var described: Set<Substring> = []
    var seen: Set<Substring> = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("# TYPE ") {
        described.insert(line.split(separator: " ")[2])
      } else if !line.hasPrefix("#") {
        let name = line.prefix { $0 != "{" && $0 != " " }
        let family = ["_bucket", "_sum", "_count"].reduce(name) {
          $0.hasSuffix($1) ? $0.dropLast($1.count) : $0
        }
        #expect(described.contains(family), "\(line)")
        let sample = line.prefix { $0 != "}" }
        #expect(seen.insert(sample.last == "}" || line.contains("}") ? sample : name).inserted, "\(line)")
        #expect(Double(line.split(separator: " ").last ?? "") != nil)
      }
    }
    #expect(Metrics.escaped("a\"b\\c\nd") == "a\\\"b\\\\c\\nd")
    #expect(Metrics.seconds(1_500_000_000) == "1.5")
    #expect(Metrics.seconds(1000) == "0.000001")
    #expect(Metrics.seconds(0) == "0")
  }

  @Test func backedBytesAreExact() throws {
    let shell = try topology()
    try shell.rm("vcms/out/reservations/res_16M/backing")
    #expect(try shell.cat("metrics").contains("vcmfs_region_backed_bytes{vcm=\"out\"} 131072\n"))
    try shell.rm("vcms/out/reservations/res_64k/backing")
    #expect(try shell.cat("metrics").contains("vcmfs_region_backed_bytes{vcm=\"out\"} 0\n"))
  }

  @Test func stateJSON() throws {
    let shell = try topology()
    try shell.mkdir("vcms/quote\"back\\slash")
    try shell.mkdir("vcms/out/bounds/video")
    try shell.echo("1M", "vcms/out/bounds/video/len")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(shell.bytes("state.json"))) as? [String: Any])
    #expect(object["schema"] as? Int == 1)
    #expect(object["platform"] as? String == "video-soc")
    let regions = try #require(object["regions"] as? [[String: Any]])
    #expect(regions.map { $0["name"] as? String } == ["out", "quote\"back\\slash"])
    #expect(regions[0]["start"] as? String == "0x1000")
    let reservations = try #require(regions[0]["reservations"] as? [[String: Any]])
    #expect(reservations.map { $0["name"] as? String } == ["res_64k", "res_16M"])
    #expect(reservations[0]["backing"] as? String == "buf_64k")
    #expect(reservations[1]["address"] as? String == "0x1000000")
    #expect((regions[0]["associations"] as? [[String: Any]])?.map { $0["active"] as? Bool } == [true, true])
    #expect((object["buffers"] as? [[String: Any]])?.count == 2)
    #expect((object["devices"] as? [[String: Any]])?.count == 5)
    try shell.rmdir("vcms/quote\"back\\slash")
    try Golden.check(shell.cat("state.json"), "state.json")
    // Empty lists are JSON, too.
    let empty = try Shell(
      platform: Platform(
        name: "empty", memoryTypes: [MemoryTypeDescription(name: "m", base: 0, size: 1 << 20)], devices: []))
    #expect(try JSONSerialization.jsonObject(with: Data(empty.bytes("state.json"))) is [String: Any])
  }

  /// A view shows the moment of its opening, whenever it is read, and its length that of now.
  @Test func oneMoment() throws {
    let shell = try topology()
    for path in ["state.json", "topology.dot", "topology.svg", "vcms/out/map.svg", "aliases"] {
      let file = try shell.tree.open(shell.node(path), .read, caller: shell.caller)
      let before = try shell.cat(path)
      #expect(try shell.stat(path).size == UInt64(before.utf8.count), "\(path)")
      try shell.echo("4K name=late cache=wt", "vcms/out/reserve")
      let after = try shell.cat(path)
      #expect(try shell.stat(path).size == UInt64(after.utf8.count), "\(path)")
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      let outcome = try bytes.withUnsafeMutableBytes { try file.read(at: 0, into: $0) }
      #expect(outcome == .bytes(before.utf8.count), "\(path)")
      #expect(String(decoding: bytes.prefix(before.utf8.count), as: UTF8.self) == before, "\(path)")
      try shell.rmdir("vcms/out/reservations/late")
    }
  }

  @Test func pictures() throws {
    let shell = try topology()
    try shell.mkdir("vcms/<&\">")
    try Golden.check(shell.cat("topology.dot"), "topology.dot")
    for path in ["topology.svg", "vcms/out/map.svg", "vcms/<&\">/map.svg"] {
      let parser = XMLParserCheck(try shell.cat(path))
      #expect(parser.isWellFormed, "\(path)")
      #expect(parser.root == "svg")
    }
    #expect(try shell.cat("vcms/out/map.svg").contains("msm-smmu: 16 TLB entries: 16 × 1M"))
    try Golden.check(shell.cat("vcms/out/map.svg"), "map.svg")
    try Golden.check(shell.cat("topology.svg"), "topology.svg")
  }

  @Test func extendedAttributes() throws {
    let shell = try topology()
    func attributes(_ path: String) throws -> [String: String] {
      let list = try shell.tree.extendedAttributes(of: shell.node(path), caller: shell.caller)
      return Dictionary(list.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
    #expect(try attributes("vcms/out") == ["user.vcmfs.id": "region#1"])
    _ = errno { () throws(VCMError) in try shell.rmdir("vcms/out") }
    #expect(try attributes("vcms/out")["user.vcmfs.reason"]?.hasPrefix("EBUSY: ") == true)
    #expect(try attributes("")["user.vcmfs.reason"]?.hasPrefix("EBUSY: ") == true)
    #expect(try attributes("vcms/out/start") == ["user.vcmfs.id": "region#1"])
  }
}

/// Whether a text is well-formed as far as tags go: a small twin of an XML parser.
private struct XMLParserCheck {
  private(set) var isWellFormed = true
  private(set) var root = ""

  init(_ text: String) {
    var open: [String] = []
    for part in text.split(separator: "<").dropFirst(0) {
      guard let end = part.firstIndex(of: ">") else {
        isWellFormed = false
        return
      }
      let tag = part[..<end]
      let content = part[part.index(after: end)...]
      if content.contains(">") { isWellFormed = false }
      let name = String(tag.drop { $0 == "/" }.prefix { $0 != " " && $0 != "/" })
      if root.isEmpty { root = name }
      if tag.hasPrefix("/") {
        if open.popLast() != name { isWellFormed = false }
      } else if !tag.hasSuffix("/") {
        open.append(name)
      }
      for entity in content.split(separator: "&", omittingEmptySubsequences: false).dropFirst()
      where !["amp;", "lt;", "gt;", "quot;"].contains(where: { entity.hasPrefix($0) }) {
        isWellFormed = false
      }
    }
    if !open.isEmpty { isWellFormed = false }
  }
}
