import Glibc
import Testing
import VCM

@testable import StateTree

/// What is where: names, kinds, modes, sizes, numbers.
@Suite struct TreeShapeTests {
  @Test func theTop() throws {
    let shell = try Shell()
    #expect(
      try shell.ls("") == [
        "vcms", "devices", "phys", "memory", "formats", "events", "aliases", "metrics", "state.json",
        "topology.dot", "topology.svg", "last_error", "help", "version",
      ])
    #expect(try shell.ls("vcms") == [])
    #expect(try shell.ls("devices") == ["video_dec", "display", "dma", "cpu0", "pci0"])
    #expect(try shell.ls("phys") == ["alloc", "at"])
    #expect(try shell.ls("memory") == ["physical", "mt0", "mt1", "tables"])
    #expect(try shell.ls("formats").contains("msm-smmu"))
    #expect(try shell.cat("version") == "vcmfs test\n")
    #expect(NodeID.root.rawValue == 1)
    #expect(try shell.stat("").id == .root)
  }

  @Test func objects() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    #expect(
      try shell.ls("vcms/out") == [
        "reservations", "bounds", "devices", "associations", "at", "translate", "start", "len", "type",
        "min_page_size", "free", "largest_free", "fragmentation", "reserve", "map", "clone", "active",
        "pagetable", "map.svg", "last_error",
      ])
    #expect(try shell.ls("vcms/out/reservations") == ["res_64k", "res_16M"])
    #expect(
      try shell.ls("vcms/out/reservations/res_64k") == [
        "addr", "len", "attr", "align", "reach", "data", "last_error",
      ])
    try shell.backVideoTopology()
    #expect(
      try shell.ls("vcms/out/reservations/res_64k") == [
        "backing", "addr", "len", "attr", "align", "reach", "data", "last_error",
      ])
    #expect(try shell.ls("vcms/out/devices") == ["video_dec", "display"])
    #expect(
      try shell.ls("vcms/out/associations/video_dec") == [
        "active", "attr", "root", "pagetable", "pagetable.bin", "pagetable.json", "last_error",
      ])
    #expect(
      try shell.ls("devices/video_dec") == [
        "vcms", "translate", "type", "format", "hw_ver", "reset", "pagetable", "memory", "faults", "on_fault",
        "fault_timeout", "last_error",
      ])
    #expect(try shell.ls("devices/video_dec/vcms") == ["out"])
    #expect(
      try shell.ls("phys/buf_64k") == [
        "users", "len", "memtype", "attr", "chunks", "reach", "data", "last_error",
      ])
    #expect(
      try shell.ls("memory/mt0") == [
        "base", "size", "free", "largest_free", "contiguous", "chunks", "fragmentation", "policy",
        "last_error",
      ])
    #expect(
      try shell.ls("formats/omap-iommu") == [
        "description", "levels", "page_sizes", "input_bits", "output_bits", "entry_bytes", "endianness",
        "attributes",
      ])
  }

  /// The length that stat shows is the length of what a read returns, of every file.
  @Test func sizesAreReal() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    try shell.backVideoTopology()
    var files = 0
    for path in try shell.find() where path != "memory/physical" {
      let attributes = try shell.stat(path)
      switch attributes.kind {
      case .directory: #expect(attributes.size == 0)
      case .symbolicLink: #expect(attributes.size == UInt64(try shell.readlink(path).utf8.count))
      case .file where path == "events" || path.hasSuffix("/faults"): #expect(attributes.size == 0)
      // A read ends where the tables do not permit it; the file goes to the end of what the device walks.
      case .file where path.hasSuffix("/memory"):
        let ends = ["devices/video_dec/memory": 0x1000 + (128 << 20), "devices/dma/memory": 0x9800_0000]
        if path != "devices/display/memory" { #expect(Int(attributes.size) == ends[path] ?? 0, "\(path)") }
      // Looking changes it.
      case .file where path == "metrics": #expect(attributes.size > 1000)
      case .file:
        #expect(attributes.size == UInt64(try shell.bytes(path, step: 1 << 20).count), "\(path)")
        files += 1
      }
    }
    #expect(files > 90)
  }

  /// Every text file's content ends with a newline, and every link resolves.
  @Test func textsAndLinks() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    try shell.backVideoTopology()
    for path in try shell.find() {
      let attributes = try shell.stat(path)
      switch attributes.kind {
      case .symbolicLink: #expect(try shell.stat(path, follow: true).kind == .directory, "\(path)")
      case .file where path == "events" || ["faults", "memory"].contains(path.split(separator: "/").last):
        break
      case .file where !path.hasSuffix("data") && !path.hasSuffix(".bin") && path != "memory/physical":
        let text = try shell.cat(path)
        #expect(text.isEmpty || text.hasSuffix("\n"), "\(path)")
      default: break
      }
    }
  }

  @Test func numbersAreUniqueAndStay() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    try shell.backVideoTopology()
    var seen: [UInt64: String] = [:]
    for path in try shell.find() {
      let id = try shell.stat(path).id
      #expect(seen[id.rawValue] == nil, "\(path) has the number of \(seen[id.rawValue] ?? "")")
      seen[id.rawValue] = path
    }
    try shell.mv("vcms/out", "vcms/other")
    #expect(seen[try shell.stat("vcms/other/start").id.rawValue] == "vcms/out/start")
  }

  @Test func modesAndLinkCounts() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    #expect(try shell.stat("vcms").permissions == 0o755)
    #expect(try shell.stat("vcms/out/start").permissions == 0o644)
    #expect(try shell.stat("vcms/out/free").permissions == 0o444)
    #expect(try shell.stat("memory/physical").permissions == 0o600)
    #expect(try shell.stat("devices/dma/reset").permissions == 0o200)
    #expect(try shell.stat("").linkCount == 7)
    #expect(try shell.stat("vcms").linkCount == 3)
    #expect(try shell.stat("vcms/out").linkCount == 8)
    #expect(try shell.stat("vcms/out/reservations").linkCount == 4)
    #expect(try shell.stat("vcms/out/devices").linkCount == 2)
    #expect(try shell.stat("vcms/out/start").linkCount == 1)
  }

  /// `.` and `..` are the directory and the one above it, everywhere.
  @Test func dots() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    for path in [""] + (try shell.find()) where try shell.stat(path).kind == .directory {
      let entries = try shell.entries(path)
      let parent = path.split(separator: "/").dropLast().joined(separator: "/")
      #expect(entries.first?.name == ".")
      #expect(entries.first?.id == (try shell.stat(path).id))
      #expect(entries.dropFirst().first?.name == "..")
      #expect(entries.dropFirst().first?.id == (try shell.stat(parent).id), "\(path)")
    }
  }

  @Test func lookupsThatFail() throws {
    let shell = try Shell()
    #expect(errno { () throws(VCMError) in _ = try shell.stat("nothing") } == ENOENT)
    #expect(errno { () throws(VCMError) in _ = try shell.stat("version/x") } == ENOTDIR)
    #expect(errno { () throws(VCMError) in _ = try shell.ls("version") } == ENOTDIR)
    let long = String(repeating: "n", count: 256)
    #expect(errno { () throws(VCMError) in _ = try shell.stat("vcms/\(long)") } == ENAMETOOLONG)
    #expect(errno { () throws(VCMError) in _ = try shell.cat("vcms") } == EISDIR)
    #expect(errno { () throws(VCMError) in _ = try shell.readlink("version") } == EINVAL)
    // Numbers that were never given out.
    for raw: UInt64 in [
      0, 2, 0xFF, 1 << 8, 0xFFFF_FFFF_FFFF_FFFF, 5 << 56 | 1, 1 << 56 | 200 << 8, 1 << 56 | 99,
    ] {
      let node = NodeID(rawValue: raw)
      let outcome = errno { () throws(VCMError) in
        _ = try shell.tree.attributes(of: node, caller: shell.caller)
      }
      #expect(outcome == ENOENT || raw == 2, "\(raw)")
    }
  }

  /// `help` names every file that there is, and every declaration says what it is for.
  @Test func helpIsWhole() throws {
    let shell = try Shell()
    let help = try shell.cat("help")
    for family in Family.allCases {
      for node in Catalogue.shared.nodes(family) where node.declaration.name != "" {
        #expect(help.contains(node.declaration.help))
        #expect(!node.declaration.help.isEmpty)
        #expect(!node.declaration.help.hasSuffix("."))
        if node.declaration.permissions & 0o200 != 0, node.declaration.kind == .file {
          #expect(!node.declaration.example.isEmpty, "\(node.declaration.name)")
        }
      }
    }
  }
}
