import ArgumentParser
import PageTables
import PhysicalMemory
import Testing

@testable import vcmfs

/// What the words of `vcmfs decode` ask for.
@Suite("decode's command line")
struct DecodeRequestTests {
  private func request(_ words: String) throws -> DecodeRequest {
    try DecodeRequest(DecodeArguments.parse(words.split(separator: " ").map(String.init)))
  }

  private func refusal(_ words: String) -> String? {
    do {
      _ = try request(words)
      return nil
    } catch let failure as DecodeFailure {
      #expect(failure.exitStatus == 64)
      return failure.sentence
    } catch {
      return "\(error)"
    }
  }

  @Test("images")
  func images() throws {
    let request = try request(
      "--format x86-64 --root 0x1000 --memory a --memory b:0x80000000 --memory c:1G@4K --memory d:e:0@0x10+2M --memory -:4K"
    )
    #expect(
      request.images == [
        MemoryImage(path: "a"), MemoryImage(path: "b", base: 0x8000_0000),
        MemoryImage(path: "c", base: 1 << 30, fileOffset: 4096),
        MemoryImage(path: "d:e", base: 0, fileOffset: 16, byteCount: 2 << 20),
        MemoryImage(path: "/dev/stdin", base: 4096),
      ])
    #expect(try self.request("--format x86-64 --root 0").images == [MemoryImage(path: "/dev/stdin")])
    #expect(try self.request("--format x86-64 --root 0 --memory a:b").images == [MemoryImage(path: "a:b")])
  }

  @Test("what the walker is told")
  func configuration() throws {
    let none = TableConfiguration()
    #expect(try request("--format x86-64 --root 0").configuration == none)
    #expect(
      try request("--format sun4u-iommu --root 0 --granule 64K --window 0x80000000+256M").configuration
        == TableConfiguration(granuleLog2: 16, window: .init(base: 0x8000_0000, size: 1 << 28)))
    #expect(
      try request("--format arm-v7s --root 0 --base high --split 2").configuration
        == TableConfiguration(base: .high, split: 2))
    #expect(try request("--format intel-vtd --root 0 --input-bits 39").configuration.levels == 3)
    #expect(try request("--format intel-vtd --root 0 --input-bits 48").configuration == none)
    #expect(try request("--format arm64-4k --root 0 --input-bits 39").configuration.split == 25)
    #expect(try request("--format arm64-4k --root 0 --input-bits 48").configuration == none)
    #expect(try request("--format pasemi-iob --root 0 --spare 0x5000").sparePage == 0x5000)
  }

  @Test("ranges and outputs")
  func ranges() throws {
    #expect(try request("--format x86-64 --root 0").range == nil)
    #expect(try request("--format x86-64 --root 0 --start 1M").range == 1 << 20...UInt64.max)
    #expect(try request("--format x86-64 --root 0 --last 0xfff").range == 0...0xFFF)
    #expect(try request("--format x86-64 --root 0").output == .text)
    #expect(try request("--format x86-64 --root 0 --json --runs").output == .json)
    #expect(try request("--format x86-64 --root 0 --check --limit 3").limit == 3)
  }

  @Test(
    "mistakes are named",
    arguments: [
      ("--format vax --root 0", "the format 'vax' is unknown"),
      ("--format x86-64 --root 12Q", "--root '12Q' is not a number"),
      ("--format x86-64 --root 0x10000000000000000", "--root '0x10000000000000000' does not fit in 64 bits"),
      ("--format x86-64 --root 0 --levels 9", "format x86-64 does not take levels=9"),
      ("--format x86-64 --root 0 --levels 0xffffffffffffffff", "format x86-64 does not take levels="),
      ("--format x86-64 --root 0 --granule 3K", "--granule '3K' is not a power of two"),
      ("--format alpha-sg --root 0 --window 4K", "--window '4K' is not BASE+SIZE"),
      ("--format alpha-sg --root 0 --window 0+3", "format alpha-sg does not take window="),
      ("--format arm-v7s --root 0 --base middle", "--base 'middle' is not low or high"),
      ("--format arm-v7s --root 0 --input-bits 33", "format arm-v7s has no device addresses of 33 bits"),
      ("--format arm-v7s --root 0 --start 2 --last 1", "--start 2 is above --last 1"),
      ("--format arm-v7s --root 0 --check --json", "--check shows problems only"),
    ])
  func mistakes(words: String, sentence: String) {
    let refusal = refusal(words)
    #expect(refusal?.hasPrefix(sentence) == true, "\(refusal ?? "taken")")
  }
}
