import TestSupport
import Testing
import VCM

@testable import vcmfs

/// What a platform file that is wrong is told, line by line.
@Suite("Mistakes in platform files")
struct PlatformMistakesTests {
  private func complaint(_ text: String) -> String {
    do {
      return "accepted: \(try PlatformFileTests.parse(text))"
    } catch {
      return "\(error)"
    }
  }

  /// A file with one memory type, whose line is 2.
  private func memory(_ description: String) -> String { "memory:\n  m: \(description)\n" }

  /// A file with one device, whose line is 3.
  private func device(_ description: String) -> String {
    "memory: {m: {base: 0, size: 4K}}\ndevices:\n  d: \(description)\n"
  }

  @Test(
    "of a memory type",
    arguments: [
      ("{base: 0, size: 12Q}", "p.yaml:2: the size of memory type `m` '12Q' is not a number"),
      ("{base: 0, size: -4K}", "'-4K' is not a number"),
      ("{base: 0, size: 1.5G}", "'1.5G' is not a number"),
      ("{base: 0, size: 99999999999999999999}", "does not fit in 64 bits"),
      ("{base: 0, size: 16777216T}", "does not fit in 64 bits"),
      ("{base: 0, size: 0}", "the size of memory type `m` is 0"),
      ("{base: 0, size: 5000}", "'5000' is not a multiple of 4096"),
      ("{base: 100, size: 4K}", "the base of memory type `m` '100' is not a multiple of 4096"),
      ("{base: 0xfffffffffffff000, size: 8K}", "ends above the last address of 64 bits"),
      ("{base: 0, size: 4K, file_offset: 10}", "'10' is not a multiple of 4096"),
      ("{base: 0, size: 4K, file_offset: 0x7ffffffffffff000}", "beyond the largest file"),
      ("{size: 4K}", "p.yaml:2: memory type `m` has no `base`"),
      ("{base: 0}", "p.yaml:2: memory type `m` has no `size`"),
      (
        "{base: 0, size: 4K, colour: red}",
        "p.yaml:2: unknown key 'colour' in memory type `m`; known are: base, size"
      ),
      ("{base: 0, size: 4K, chunks: 4K}", "must be a list of sizes"),
      ("{base: 0, size: 4K, chunks: []}", "must be a list of sizes"),
      ("{base: 0, size: 4K, chunks: [3K]}", "the chunk size '3K' of memory type `m` is not a power of two"),
      ("{base: 0, size: 4K, chunks: [2G]}", "from 4K to 1G"),
      ("{base: 0, size: 4K, chunks: [4K, 4096]}", "the chunk size '4096' of memory type `m` is there twice"),
      ("{base: 0, size: 4K, contiguous: maybe}", "must be true or false, not 'maybe'"),
      ("{base: 0, size: 4K, tables: \"true\"}", "must be true or false"),
      ("{base: [0], size: 4K}", "the base of memory type `m` must be one number"),
      ("4K", "p.yaml:2: memory type `m` must be a mapping of base, size"),
      ("", "memory type `m` must be a mapping"),
    ])
  func memoryType(description: String, expected: String) {
    #expect(complaint(memory(description)).contains(expected), "\(complaint(memory(description)))")
  }

  @Test(
    "of a device",
    arguments: [
      ("{type: gpu}", "p.yaml:3: the type of device `d` is 'gpu'; known are: iommu, one-to-one, cpu"),
      (
        "{type: iommu, format: vax}",
        "the format of device `d` is 'vax', which is unknown; `vcmfs formats` lists all"
      ),
      ("{type: iommu, format: [a]}", "must be plain text, not a list"),
      ("{type: one-to-one, format: arm-v7s}", "takes no `format`"),
      ("{type: one-to-one, window: {base: 0, size: 4K}}", "takes no `window`"),
      ("{type: one-to-one, levels: 3}", "takes no `levels`"),
      (
        "{type: iommu, format: omap-iommu, levels: 3}", "device `d`: format omap-iommu does not take levels=3"
      ),
      ("{type: iommu, levels: 7}", "the number of levels of device `d` is '7', which is more than 6"),
      ("{type: iommu, granule: 5K}", "the granule of device `d` is '5K', not a power of two such as 4K"),
      ("{type: iommu, requester: 64K}", "the requester of device `d` is '64K', which is more than 65535"),
      (
        "{type: iommu, root: smmuv2}",
        "the root of device `d` is 'smmuv2'; known are: registers, smmuv3, riscv-iommu, riscv-iommu-msi, legacy,"
      ),
      ("{format: arm-v7s}", "device `d` has no `type`"),
      ("{type: cpu, window: {base: 0}}", "the window of device `d` has no `size`"),
      ("{type: cpu, window: {base: 0, size: 0}}", "the size of the window of device `d` is 0"),
      ("{type: cpu, window: {base: 0, size: 4K, end: 1}}", "unknown key 'end' in the window of device `d`"),
      ("{type: cpu, window: 4K}", "the window of device `d` must be a mapping of base, size"),
      ("{type: cpu, window: {base: 0xfffffffffffff000, size: 8K}}", "ends above the last address"),
      ("iommu", "device `d` must be a mapping of type, format, window"),
    ])
  func deviceMistakes(description: String, expected: String) {
    #expect(complaint(device(description)).contains(expected), "\(complaint(device(description)))")
  }

  @Test(
    "of the whole file",
    arguments: [
      ("", "p.yaml: the file is empty"),
      ("# nothing\n", "p.yaml: the file is empty"),
      ("just words", "p.yaml:1: the platform must be a mapping"),
      ("- a\n- b\n", "the platform must be a mapping"),
      ("name: x\n", "p.yaml:1: the platform has no `memory`"),
      ("memory: {}\n", "p.yaml:1: the platform has no memory type"),
      ("memory:\n", "the platform has no memory type"),
      ("memory: {m: {base: 0, size: 4K}}\nspeed: 9\n", "p.yaml:2: unknown key 'speed' in the platform"),
      ("memory: {m: {base: 0, size: 4K}}\nname: [a]\n", "p.yaml:2: the platform's name must be plain text"),
      (
        "memory: {m: {base: 0, size: 4K}}\nname: .x\n",
        "p.yaml:2: bad platform name '.x': it begins with a dot"
      ),
      ("memory: {m: {base: 0, size: 4K}}\ndevices: [a]\n", "p.yaml:2: devices must be a mapping"),
      ("memory: {m: {base: 0\n", "not YAML"),
      ("memory: {m: {base: 0, size: 4K}}\n\tname: x\n", "p.yaml:2: not YAML"),
      ("memory: {m: {base: 0, size: 4K}}\n--- \nname: x\n", "not YAML"),
      ("memory: *nothing\n", "not YAML"),
      ("memory: {m: {base: 0, size: \u{1}4K}}\n", "not YAML"),
    ])
  func whole(text: String, expected: String) {
    #expect(complaint(text).contains(expected), "\(complaint(text))")
  }

  @Test(
    "names",
    arguments: [
      ("'a/b'", "it has a slash"), ("\"a\\tb\"", "it has a control character"), ("''", "it is empty"),
      (".hidden", "it begins with a dot"), ("[a]", "must be plain text"), ("'a,b'", "commas and blanks"),
      ("'a b'", "commas and blanks"), ("physical", "cannot be named physical"),
      ("\"/\\u0301\"", "it has a slash"),
    ])
  func names(name: String, expected: String) {
    let text = "memory:\n  ? \(name)\n  : {base: 0, size: 4K}\n"
    #expect(complaint(text).contains(expected), "\(complaint(text))")
  }

  @Test("a name of 255 bytes is taken, of 256 not")
  func longNames() {
    func text(_ count: Int) -> String {
      device("{type: cpu}") + "  " + String(repeating: "n", count: count) + ": {type: cpu}"
    }
    #expect(complaint(text(255)).hasPrefix("accepted"))
    #expect(complaint(text(256)).contains("p.yaml:4: bad name"))
  }

  @Test("a name that is there twice, with the line of the second")
  func duplicates() {
    #expect(
      complaint("memory:\n  a: {base: 0, size: 4K}\n  b: {base: 1M, size: 4K}\n  a: {base: 2M, size: 4K}\n")
        == "p.yaml:4: `a` is there twice")
    #expect(
      complaint("memory:\n  a: {base: 0, size: 4K,\n   base: 0}\n") == "p.yaml:3: `base` is there twice")
    #expect(
      complaint("memory: {a: {base: 0, size: 4K}}\nmemory: {}\n") == "p.yaml:2: `memory` is there twice")
  }

  @Test("memory types that share addresses or bytes of the file, and two homes of tables")
  func overlap() {
    #expect(
      complaint("memory:\n  a: {base: 0, size: 8K}\n  b: {base: 4K, size: 1M}\n")
        == "p.yaml:3: memory type `b` overlaps `a`: 0x1000-0x100fff, 0x0-0x1fff")
    #expect(
      complaint("memory:\n  a: {base: 0, size: 8K}\n  b: {base: 1M, size: 1M, file_offset: 4K}\n")
        .contains("p.yaml:3: memory type `b` shares bytes of the memory file with `a`"))
    #expect(
      complaint("memory:\n  a: {base: 0, size: 4K, tables: true}\n  b: {base: 4K, size: 4K, tables: true}\n")
        .contains("p.yaml:3: only one memory type can hold the page tables, and `a` does"))
    #expect(complaint("memory:\n  a: {base: 4K, size: 4K}\n  b: {base: 0, size: 4K}\n").hasPrefix("accepted"))
  }

  @Test("every mistake is told in one run, in the order of lines")
  func allAtOnce() {
    let text = """
      memory:
        a: {base: x, size: y}
        b: {base: 0}
      devices:
        d: {type: z}
      hue: 1
      """
    #expect(
      complaint(text).split(separator: "\n").map { $0.prefix(9) }
        == ["p.yaml:2:", "p.yaml:2:", "p.yaml:3:", "p.yaml:5:", "p.yaml:6:"])
  }

  @Test("depth does not use up the stack", arguments: ["[", "{a: ", "- ", "? "])
  func depth(opening: String) {
    let text = "memory: \n" + String(repeating: opening, count: 100_000)
    #expect(complaint(text).contains("p.yaml:2: nested more than 64 deep"))
  }

  @Test("indentation does not use up the stack")
  func indentation() {
    let text = (0..<3000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    #expect(complaint(text).contains("nested more than 64 deep"))
  }

  @Test("a file that is not there, is a directory, is not text, or is too long")
  func unreadable() {
    func complaint(_ path: String) -> String {
      do {
        return "accepted: \(try PlatformFile(path: path, formats: []).read())"
      } catch {
        return "\(error)"
      }
    }
    #expect(complaint("/nonexistent.yaml") == "/nonexistent.yaml: No such file or directory")
    #expect(complaint("/tmp") == "/tmp: Is a directory")
    #expect(complaint("/proc/self/exe").contains(":"))
    #expect(complaint("/dev/zero") == "/dev/zero: longer than 1048576 bytes")
  }

  @Test("no text crashes the parser", arguments: [UInt64.random(in: 0...UInt64.max)])
  func mutations(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let original = Array(PlatformFileTests.example.utf8)
    for _ in 0..<2000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: at)
        default: bytes.insert(contentsOf: bytes[at..<min(at + 9, bytes.count)], at: at)
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      // Accepted or refused: what counts is that a refusal has a reason.
      #expect(!complaint(text).hasSuffix(": "), "seed \(seed): \(text)")
    }
  }
}
